-- Reading lists to their end while they change, against a service of a few lines.
local pages = require("pages")
local test = require("test")

-- A service with a list of rows; `change(rows, number)` may alter it before request `number` is
-- answered. `ask` counts the requests.
local Service = {}
Service.__index = Service

local function service(count, change)
  local rows = {}
  for i = 1, count do rows[i] = { id = "row-" .. i } end
  return setmetatable({ rows = rows, change = change or function() end, requests = 0 }, Service)
end

local function slice(rows, first, limit)
  local page = {}
  for i = first + 1, math.min(first + limit, #rows) do page[#page + 1] = rows[i] end
  return page
end

local ANSWER = {
  none = function(rows) return { rows = rows } end,
  offset = function(rows, query)
    return { rows = slice(rows, query.offset, query.limit or 1000), count = 1 }
  end,
  body = function(rows, query)
    assert(type(query.offset) == "string" and type(query.limit) == "string")
    return { rows = slice(rows, tonumber(query.offset), tonumber(query.limit)), total_count = 1 }
  end,
  start_number = function(rows, query)
    return { rows = slice(rows, query.start_number, query.limit), total_number = #rows }
  end,
  page_number = function(rows, query)
    local first = (query.offset - 1) * query.limit
    return { rows = slice(rows, first, query.limit), count = #rows }
  end,
}

function Service:list(paging)
  return function(query)
    self.requests = self.requests + 1
    if self.requests > 5000 then error("asked 5000 times") end
    self.change(self.rows, self.requests)
    return ANSWER[paging](self.rows, query)
  end
end

local function shape(paging)
  return { resource = "row", result = "rows", paging = paging, id = "id" }
end

local function collect(list, paging, filters)
  local ids, seen = {}, {}
  for id in pages.each(list, shape(paging), filters or {}, function(row) return row.id end) do
    assert(not seen[id], id .. " was given twice")
    ids[#ids + 1], seen[id] = id, true
  end
  return ids, seen
end

local PAGED = { "offset", "body", "start_number", "page_number" }

test.case("every kind of list gives every row once and in order, whatever the size of its pages",
  function(check)
    for _, paging in ipairs(PAGED) do
      for _, count in ipairs({ 0, 1, 2, 3, 7, 50, 101 }) do
        for _, limit in ipairs({ 1, 2, 3, 7, 10, 100 }) do
          local here = service(count)
          local ids = collect(here:list(paging), paging, { limit = limit })
          local what = ("%s, %d rows by %d"):format(paging, count, limit)
          check.equal(#ids, count, what)
          for i, id in ipairs(ids) do
            if id ~= "row-" .. i then check.equal(id, "row-" .. i, what) end
          end
        end
      end
    end
  end)

test.case("a list that fits into a page takes one request where the total is told, else two",
  function(check)
    for paging, wanted in pairs({ none = 1, offset = 2, start_number = 1, page_number = 1 }) do
      local here = service(20)
      check.equal(#collect(here:list(paging), paging), 20)
      check.equal(here.requests, wanted, paging)
      here = service(0)
      check.equal(#collect(here:list(paging), paging), 0)
      check.equal(here.requests, 1, paging .. ", empty")
    end
  end)

test.case("a thousand rows by pages of a hundred take one request more than there are pages",
  function(check)
    for _, paging in ipairs(PAGED) do
      local here = service(1000)
      check.equal(#collect(here:list(paging), paging, { limit = 100 }), 1000)
      check.truthy(here.requests <= 12, ("%s: %d requests"):format(paging, here.requests))
    end
  end)

test.case("a page is asked for only when the one before is used up", function(check)
  local here = service(10)
  local each = pages.each(here:list("offset"), shape("offset"), { limit = 4 },
    function(row) return row.id end)
  check.equal(here.requests, 0)
  for i = 1, 4 do check.equal(each(), "row-" .. i) end
  check.equal(here.requests, 1)
  check.equal(each(), "row-5")
  check.equal(here.requests, 2)
end)

test.case("rows that vanish in front lose none of those behind", function(check)
  for _, paging in ipairs(PAGED) do
    for _, gone in ipairs({ 1, 5, 10, 17, 60 }) do
      local here = service(100, function(rows, number)
        if number ~= 2 then return end
        for _ = 1, gone do table.remove(rows, 1) end
      end)
      local _, seen = collect(here:list(paging), paging, { limit = 10 })
      for i = gone + 1, 100 do
        if not seen["row-" .. i] then
          check.truthy(false, ("%s, %d gone: row-%d is lost"):format(paging, gone, i))
        end
      end
      check.truthy(here.requests < 40, paging .. ": " .. here.requests)
    end
  end
end)

test.case("rows that come in front are no reason to give others twice, or none", function(check)
  for _, paging in ipairs(PAGED) do
    local here = service(60, function(rows, number)
      for i = 1, number == 3 and 45 or 0 do table.insert(rows, 1, { id = "new-" .. i }) end
    end)
    local _, seen = collect(here:list(paging), paging, { limit = 10 })
    for i = 1, 60 do check.truthy(seen["row-" .. i], ("%s: row-%d"):format(paging, i)) end
  end
end)

test.case("one row out and one in between two pages changes no total, and loses nothing",
  function(check)
    for _, paging in ipairs(PAGED) do
      local here = service(50, function(rows, number)
        if number ~= 2 then return end
        table.remove(rows, 3)
        rows[#rows + 1] = { id = "new" }
      end)
      local _, seen = collect(here:list(paging), paging, { limit = 25 })
      check.truthy(seen["row-26"], paging)
    end
  end)

-- A generator of its own, so that a failure can be had again from its seed.
local function dice(seed)
  local state = seed
  return function(most)
    state = (state * 16807) % 2147483647
    return state % most + 1
  end
end

test.case("however a list changes, what stays in it is given once and the reading ends",
  function(check)
    local SEEDS = 300
    for seed = 1, SEEDS do
      local roll = dice(seed * 7919)
      local count, limit, paging = roll(120), roll(20), PAGED[roll(#PAGED)]
      local stays, fresh, most = {}, 0, roll(12)
      local here = service(count, function(rows, number)
        if number > 60 then return end
        for _ = 1, roll(most) do
          if roll(2) == 1 and #rows > 0 then
            local at = roll(#rows)
            stays[rows[at].id] = nil
            table.remove(rows, at)
          else
            fresh = fresh + 1
            table.insert(rows, roll(#rows + 1), { id = "new-" .. fresh })
          end
        end
      end)
      for i = 1, count do stays["row-" .. i] = true end
      local _, seen = collect(here:list(paging), paging, { limit = limit })
      for id in pairs(stays) do
        if not seen[id] then
          check.truthy(false, ("seed %d, %s by %d: %s is lost"):format(seed, paging, limit, id))
        end
      end
    end
    check.truthy(true, "seeds 1 to " .. SEEDS)
  end)

test.case("a service that answers the same page for ever is kind conflict, not a loop",
  function(check)
    for _, paging in ipairs(PAGED) do
      local here = service(40)
      local list = function()
        here.requests = here.requests + 1
        return { rows = slice(here.rows, 0, 20), total_number = 1e9, count = 1e9 }
      end
      local err = check.raises(function() collect(list, paging) end, "conflict")
      check.truthy(err.hint and here.requests < 40, paging .. ": " .. here.requests)
    end
  end)

test.case("reading can begin further on, and goes back no further than there", function(check)
  local here = service(30, function(rows, number)
    if number == 2 then table.remove(rows, 1) end
  end)
  local ids = collect(here:list("offset"), "offset", { offset = 10, limit = 5 })
  check.equal(ids[1], "row-11")
  check.equal(#ids, 20)
  ids = collect(service(30):list("start_number"), "start_number", { start_number = 28 })
  check.equal(ids, { "row-29", "row-30" })
end)

test.case("rows without an id are told apart by all they say", function(check)
  local all = { { a = 1 }, { a = 2 }, { a = 2, b = 1 } }
  local list = function(query) return { rows = slice(all, query.offset, query.limit) } end
  local rows = {}
  for row in pages.each(list, shape("offset"), { limit = 2 }, function(row) return row end) do
    rows[#rows + 1] = row
  end
  check.equal(rows, all)
end)
