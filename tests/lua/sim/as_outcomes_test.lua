-- The platform's own book: what every held instance came to, and who said so.
local test = require("test")
local scaling = require("scaling")

local function hook(name, kind, result, timeout)
  return {
    name = name, type = "INSTANCE_" .. kind, default_result = result, timeout = timeout or 600,
  }
end

-- A group with hooks and `count` launched instances that they hold.
local function held(count, ...)
  local client = scaling.client()
  local id = client:group({ hooks = { ... } })
  client:desire(id, count)
  client:wait(60)
  return client, id, client:held(id)
end

local function book(client, filter)
  return client:admin("GET", "/as/outcomes" .. (filter or ""))
end

local function answer(client, id, hold, result)
  return client:callback(id, {
    lifecycle_action_key = hold.lifecycle_action_key, lifecycle_action_result = result,
  })
end

test.case("a hold stands in the book from its beginning, with its deadline", function(check)
  local client, _, holds = held(1, hook("up", "LAUNCHING", "CONTINUE", 300))
  local row = book(client).outcomes[1]
  check.equal(row.lifecycle_action_key, holds[1].lifecycle_action_key, "key")
  check.equal(row.instance_id, holds[1].instance_id, "instance")
  check.equal(row.lifecycle_hook_name, "up", "hook")
  check.equal(row.lifecycle_hook_type, "INSTANCE_LAUNCHING", "type")
  check.equal(row.default_result, "CONTINUE", "default")
  check.equal(row.deadline:sub(1, 19) .. "Z", holds[1].timeout, "deadline")
  check.equal({ row.result, row.by, row.ended, row.seconds_left },
    { scaling.null, scaling.null, scaling.null, scaling.null }, "open")
  check.equal(book(client).totals.hanging, 1, "counted")
end)

test.case("the book says what was answered, how early, and counts what came again", function(check)
  local client, id, holds = held(1, hook("up", "LAUNCHING"))
  client:wait(100)
  answer(client, id, holds[1], "CONTINUE")
  check.equal(answer(client, id, holds[1], "CONTINUE"), "400 AS.7042", "again")
  check.equal(answer(client, id, holds[1], "EXTEND"), "400 AS.7042", "too late")
  client:wait(100)
  local row = book(client).outcomes[1]
  check.equal({ row.result, row.by }, { "CONTINUE", "callback" }, "outcome")
  check.truthy(row.seconds_left > 440 and row.seconds_left < 500, "early")
  check.equal({ row.accepted, row.refused, row.late_extends }, { 1, 1, 1 }, "callbacks")
  local totals = book(client).totals
  check.equal({ totals.holds, totals.callback, totals.hanging }, { 1, 1, 0 }, "totals")
  check.equal({ totals.answered_again, totals.refused, totals.late_extends }, { 1, 1, 1 }, "again")
end)

test.case("an EXTEND moves the deadline in the book", function(check)
  local client, id, holds = held(1, hook("up", "LAUNCHING"))
  local before = book(client).outcomes[1].deadline
  answer(client, id, holds[1], "EXTEND")
  local row = book(client).outcomes[1]
  check.equal(row.extended, 1, "extended")
  check.truthy(row.deadline > before, "deadline")
  answer(client, id, holds[1], "CONTINUE")
  check.truthy(book(client).outcomes[1].seconds_left > 4100, "left")
end)

test.case("a default, a sibling cut short and a lost server are told apart", function(check)
  local client, id, holds = held(1, hook("a", "LAUNCHING"), hook("b", "LAUNCHING"))
  answer(client, id, holds[2], "ABANDON")
  local rows = book(client).outcomes
  check.equal({ rows[1].result, rows[1].by, rows[1].accepted }, { "ABANDON", "sibling", 0 },
    "cut short")
  check.equal({ rows[2].result, rows[2].by, rows[2].accepted }, { "ABANDON", "callback", 1 },
    "answered")

  client = held(1, hook("up", "LAUNCHING", "CONTINUE", 300))
  client:wait(310)
  local row = book(client).outcomes[1]
  check.equal({ row.result, row.by, row.seconds_left }, { "CONTINUE", "default", 0 }, "default")

  local other, _, lost = held(1, hook("up", "LAUNCHING"))
  other:admin("DELETE", "/servers/" .. lost[1].instance_id)
  check.equal(book(other).outcomes[1].by, "server", "server")
end)

test.case("callbacks that name no key of the book are strays", function(check)
  local client, id, holds = held(1, hook("up", "LAUNCHING"))
  answer(client, id, { lifecycle_action_key = "00000000-0000-4000-a000-000000000000" }, "CONTINUE")
  check.equal(client:callback(id, {
    instance_id = holds[1].instance_id, lifecycle_hook_name = "down",
    lifecycle_action_result = "CONTINUE",
  }), "400 AS.7042", "another hook")
  check.equal(book(client).totals.strays, 2, "strays")
  check.equal(client:callback(id, {
    instance_id = holds[1].instance_id, lifecycle_hook_name = "up",
    lifecycle_action_result = "CONTINUE",
  }), "204", "by names")
  check.equal(book(client).outcomes[1].accepted, 1, "accepted by names")
end)

test.case("the book is read by group and in pages, and goes out with the state", function(check)
  local client = scaling.client()
  local ids = {}
  for index, name in ipairs({ "web", "db" }) do
    ids[index] = client:group({ name = name, hooks = { hook("up", "LAUNCHING") } })
    client:admin("POST", "/as/groups/" .. name .. "/set", { desire = index == 1 and 1200 or 3 })
  end
  client:wait(60)
  local first = book(client, "?group=web")
  check.equal({ #first.outcomes, first.totals.holds }, { 1000, 1200 }, "first page")
  local last = first.outcomes[1000].lifecycle_action_key
  check.equal(#book(client, "?group=web&after=" .. last).outcomes, 200, "second page")
  check.equal(#book(client, "?group=" .. ids[2]).outcomes, 3, "the other group")
  local state = client:admin("GET", "/state")
  local other = scaling.client(99)
  other:admin("PUT", "/state", state)
  check.equal(book(other), book(client), "in another world")
end)

test.case("the book forgets the oldest that have ended, and says how many", function(check)
  local client, id, holds = held(1, hook("up", "LAUNCHING"))
  local world, outcomes = client:world(), require("sim.as.outcomes")
  answer(client, id, holds[1], "CONTINUE")
  for index = 1, 100000 do
    outcomes.began(world, { id = "hold-" .. index, group_id = id, deadline = 0 },
      "INSTANCE_LAUNCHING")
  end
  local totals = book(client).totals
  check.equal({ totals.holds, totals.dropped }, { 100000, 1 }, "the one that had ended")
  outcomes.began(world, { id = "one-more", group_id = id, deadline = 0 }, "INSTANCE_LAUNCHING")
  check.equal(book(client).totals.holds, 100001, "never one that hangs")
end)

test.case("callbacks and the list can be throttled by chance, and the faults count", function(check)
  local client, id, holds = held(200, hook("up", "LAUNCHING"))
  local operations = { "attach_callback_instance_life_cycle_hook", "list_hook_instances" }
  for _, operation in ipairs(operations) do
    client:admin("POST", "/faults", {
      operation = operation, kind = "throttle", probability = 0.5, retry_after = 2,
    })
  end
  local throttled = { 0, 0 }
  for _, hold in ipairs(holds) do
    if answer(client, id, hold, "CONTINUE") == "429 APIGW.0308" then
      throttled[1] = throttled[1] + 1
    end
    local path = "/scaling_instance_hook/" .. id .. "/list"
    if client:result("GET", path) == "429 APIGW.0308" then throttled[2] = throttled[2] + 1 end
  end
  for index, fault in ipairs(client:admin("GET", "/faults").faults) do
    check.equal({ fault.matched, fault.fired }, { 200, throttled[index] }, fault.operation)
    check.truthy(fault.fired > 60 and fault.fired < 140, "by chance")
  end
  local totals = book(client).totals
  check.equal({ totals.callback, totals.hanging }, { 200 - throttled[1], throttled[1] }, "effects")
end)

test.case("a number that is changed while instances are held is followed afterwards",
  function(check)
    local client, id, holds = held(3, hook("up", "LAUNCHING", "CONTINUE", 1))
    check.equal(#holds, 0, "a second has passed")
    client:wait(60)
    check.equal(client:states(id), "INSERVICE 3", "by default")
    client = scaling.client()
    id = client:group({
      hooks = { hook("up", "LAUNCHING"), hook("too", "LAUNCHING"), hook("down", "TERMINATING") },
    })
    client:desire(id, 2)
    client:wait(60)
    client:admin("POST", "/as/groups/web/set", { desire = 1 })
    check.equal(client:states(id), "PENDING_WAIT 2", "held")
    for _, hold in ipairs(client:held(id)) do
      answer(client, id, hold, "CONTINUE")
    end
    client:wait(30)
    check.equal(client:states(id), "INSERVICE 1, REMOVING_WAIT 1", "then scaled in")
    check.equal(client:held(id)[1].lifecycle_hook_name, "down", "and held")
    local totals = book(client).totals
    check.equal({ totals.holds, totals.callback, totals.hanging }, { 5, 4, 1 }, "the book")
  end)
