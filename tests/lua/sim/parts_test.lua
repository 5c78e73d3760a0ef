-- The simulator's small parts: heap, store, times, seeded values, routes.
local test = require("test")
local heap = require("sim.heap")
local store = require("sim.store")
local moment = require("sim.moment")
local texts = require("sim.texts")
local seeded = require("sim.seeded")
local router = require("sim.router")

test.case("the heap gives the earliest first, and ties in order of arrival", function(check)
  local due = heap.new()
  local world = { seed = 3, counters = {} }
  for sequence = 1, 500 do
    local at = math.floor(seeded.fraction(world, "chance") * 40)
    due:push({ due = at, sequence = sequence })
    if sequence % 7 == 0 then due:pop() end
  end
  local last = due:pop()
  while due:first() do
    local entry = due:pop()
    local in_order = entry.due > last.due
      or (entry.due == last.due and entry.sequence > last.sequence)
    check.truthy(in_order, "order")
    last = entry
  end
  check.equal(due.size, 0, "size")
end)

test.case("the store keeps the order of arrival through many removals", function(check)
  local things = store.new()
  for number = 1, 1000 do
    things:add({ id = "n" .. number, number = number })
  end
  for number = 1, 1000 do
    if number % 10 ~= 0 then things:remove("n" .. number) end
  end
  things:remove("unknown")
  things:add({ id = "n1", number = 1001 })
  check.equal(things.count, 101, "count")
  check.equal(things:get("n5"), nil, "a removed one")
  check.equal(things:get("n1").number, 1001, "one added again")
  local last, seen = 0, 0
  for thing in things:each() do
    check.truthy(thing.number > last, "order")
    last, seen = thing.number, seen + 1
  end
  check.equal(seen, 101, "seen")
  check.truthy(things.last < 500, "holes are closed")
end)

test.case("times are written in every documented form, leap days included", function(check)
  local at = moment.from_seconds(1525405464.108526)
  check.equal(moment.micros(at), "2018-05-04T03:44:24.108526", "pairs")
  check.equal(moment.zulu(at), "2018-05-04T03:44:24.108Z", "jobs")
  check.equal(moment.spaced(at), "2018-05-04 03:44:24.108", "groups")
  check.equal(moment.tenths(at), "2018-05-04 03:44:24.1", "renames")
  check.equal(moment.http_date(at), "Fri, 04 May 2018 03:44:24 GMT", "Date")
  local days = {
    [0] = "1970-01-01", [951782400] = "2000-02-29", [951868800] = "2000-03-01",
    [1709164800] = "2024-02-29", [1735603200] = "2024-12-31", [1735689600] = "2025-01-01",
    [1738368000] = "2025-02-01", [4107542400] = "2100-03-01",
  }
  for seconds, day in pairs(days) do
    check.equal(moment.micros(seconds * 1e6):sub(1, 10), day, day)
  end
end)

test.case("seeded values differ from each other, by seed and by stream", function(check)
  local seen = {}
  for seed = 0, 20 do
    local world = { seed = seed * 4294967296 + seed, counters = {} }
    for _ = 1, 500 do
      local job, request, uuid =
        seeded.hex(world, "job"), seeded.hex(world, "request"), seeded.uuid(world)
      check.truthy(not seen[job] and not seen[request] and not seen[uuid], "repeated")
      seen[job], seen[request], seen[uuid] = true, true, true
      check.equal(#job, 32, "length")
      check.truthy(uuid:find("^%x%x%x%x%x%x%x%x%-%x%x%x%x%-4%x%x%x%-a%x%x%x%-%x+$"), uuid)
      check.equal(#uuid, 36, "length")
    end
  end
end)

test.case("fractions are spread evenly", function(check)
  local world, buckets = { seed = 1, counters = {} }, {}
  for _ = 1, 10000 do
    local bucket = math.floor(seeded.fraction(world, "chance") * 10)
    buckets[bucket] = (buckets[bucket] or 0) + 1
  end
  for bucket = 0, 9 do
    check.truthy(math.abs(buckets[bucket] - 1000) < 150, "bucket " .. bucket)
  end
end)

test.case("a static segment wins over a placeholder, which is tried when nothing fits",
  function(check)
    local operations = {
      { name = "one", method = "DELETE", path = "/jobs/{id}" },
      { name = "all", method = "DELETE", path = "/jobs/batch" },
      { name = "nic", method = "POST", path = "/jobs/{id}/nic" },
      { name = "start", method = "POST", path = "/jobs/{id}/action", envelope = "start" },
      { name = "stop", method = "POST", path = "/jobs/{id}/action", envelope = "stop" },
    }
    local routes = router.new(operations)
    local function found(method, path, body)
      local route = routes:find(method, path, body)[1]
      return route.operation.name, route.path.id
    end
    check.equal({ found("DELETE", "/jobs/batch") }, { "all" }, "static")
    check.equal({ found("DELETE", "/jobs/a%20b") }, { "one", "a b" }, "placeholder")
    check.equal({ found("POST", "/jobs/batch/nic") }, { "nic", "batch" }, "behind a static one")
    check.equal({ found("POST", "/jobs/7/action", { stop = {} }) }, { "stop", "7" }, "envelope")
    local fitting, nearest = routes:find("POST", "/jobs/7/action", {})
    check.equal({ #fitting, nearest.name }, { 0, "start" }, "unknown envelope")
    check.equal(routes:find("GET", "/jobs/7"), nil, "other method")
    check.equal(routes:find("DELETE", "/jobs"), nil, "too short")
  end)

test.case("constants of the body tell operations apart, and services may share a path",
  function(check)
    local function action(name, value)
      return {
        name = name, method = "POST", path = "/tags/action",
        params = { { name = "action", place = "body", constant = value } },
      }
    end
    local routes = router.new({
      action("add", "create"), action("remove", "delete"),
      { name = "ours", method = "GET", path = "/jobs/{job_id}" },
      { name = "theirs", method = "GET", path = "/jobs/{id}" },
    })
    local found = routes:find("POST", "/tags/action", { action = "delete", tags = {} })
    check.equal(found[1].operation.name, "remove", "constant")
    check.equal(#routes:find("POST", "/tags/action", { action = "count" }), 0, "unknown constant")
    check.equal(#routes:find("POST", "/tags/action"), 0, "no body")
    local shared = routes:find("GET", "/jobs/7")
    check.equal({ shared[1].path.job_id, shared[2].path.id }, { "7", "7" }, "shared path")
  end)

test.case("rules for text count bytes or characters and know their classes", function(check)
  local name = texts.checker({
    unit = "bytes", min = 1, max = 6, letters = true, digits = true, chinese = true, extra = "._-",
  })
  for text, good in pairs({
    ["a.b_-9"] = true, ["灾备"] = true, [""] = false, ["a b"] = false, ["灾备1"] = false,
    ["é"] = false, ["a\255"] = false, ["<"] = false,
  }) do
    check.equal(name(text), good, text)
  end
  local note = texts.checker({
    unit = "characters", min = 0, max = 3, any = true, forbidden = "<>",
  })
  for text, good in pairs({ [""] = true, ["灾备é"] = true, ["a\n"] = false, ["a>"] = false,
    ["abcd"] = false }) do
    check.equal(note(text), good, text)
  end
end)
