-- Structured concurrency as scripts see it: who waits for whom, and what a failure does.
local test = require("test")

-- A function that ends after so many seconds and returns the rest.
local function after(seconds, ...)
  local results, count = { ... }, select("#", ...)
  return function()
    task.sleep(seconds)
    return unpack(results, 1, count)
  end
end

-- A function that fails after so many seconds with this very value.
local function failing_after(seconds, value)
  return function()
    task.sleep(seconds)
    error(value, 0)
  end
end

-- How many seconds of virtual time `fn` takes, rounded to milliseconds.
local function duration_of(fn)
  local started = os.clock()
  fn()
  return math.floor((os.clock() - started) * 1000 + 0.5) / 1000
end

test.case("all returns the results in the order of the functions, not of their ends",
  function(check)
    check.equal({ task.all({ after(3, "a"), after(1, "b"), after(2, "c") }) }, { "a", "b", "c" })
  end)

test.case("all keeps the places of results that are nil", function(check)
  local function count(...) return select("#", ...), ... end
  local n, first, second, third = count(task.all({ after(1, nil), after(2, "b"), after(0) }))
  check.equal(n, 3, "how many")
  check.equal(first, nil)
  check.equal(second, "b")
  check.equal(third, nil)
  check.equal(count(task.all({})), 0, "of no functions")
end)

test.case("all takes as long as the slowest, not as all together", function(check)
  check.equal(duration_of(function() task.all({ after(3), after(7), after(5) }) end), 7)
end)

test.case("the first failure in all cancels the others and is raised as the very same value",
  function(check)
    local went_on = false
    local value = { kind = "custom", extra = {} }
    local ok, err
    local took = duration_of(function()
      ok, err = pcall(task.all, {
        function() task.sleep(9) went_on = true end,
        failing_after(2, value),
        failing_after(3, "too late"),
      })
    end)
    check.truthy(not ok and rawequal(err, value), "the value")
    check.equal(took, 2, "seconds")
    task.sleep(60)
    check.truthy(not went_on, "the sibling is gone")
  end)

test.case("all refuses what is no function", function(check)
  local err = check.raises(function() task.all({ after(1), "not a function" }) end, "argument")
  check.truthy(err.message:find("item 2", 1, true), err.message)
end)

test.case("race returns all results of the first to end and cancels the rest", function(check)
  local went_on = false
  local function count(...) return select("#", ...), ... end
  local n, first, second, third
  local took = duration_of(function()
    n, first, second, third = count(task.race({
      function() task.sleep(5) went_on = true end,
      after(1, "x", nil, "z"),
    }))
  end)
  check.equal({ n, first, second == nil, third }, { 3, "x", true, "z" })
  check.equal(took, 1, "seconds")
  task.sleep(60)
  check.truthy(not went_on, "the loser is gone")
end)

test.case("race is decided by a failure too", function(check)
  local value = {}
  local ok, err = pcall(task.race, { after(5, "late"), failing_after(1, value) })
  check.truthy(not ok and rawequal(err, value))
end)

test.case("of two that end at the same moment the earlier in the list wins", function(check)
  check.equal(task.race({ after(1, "first"), after(1, "second") }), "first")
  check.equal(task.race({ function() return "at once" end, failing_after(0, "no") }), "at once")
  check.equal(select("#", task.race({})), 0, "of no functions")
end)

test.case("map never runs more than its limit at once, and always as many as it may",
  function(check)
    for _, limit in ipairs({ 1, 2, 7, 20, 100 }) do
      local items, running, most, steady = {}, 0, 0, true
      for i = 1, 20 do items[i] = i end
      local results = task.map(items, limit, function(item, index)
        running = running + 1
        most = math.max(most, running)
        task.sleep((item * 7) % 5 + 1)
        running = running - 1
        steady = steady and item == index
        return item * item
      end)
      check.equal(most, math.min(limit, 20), "most at once")
      check.equal(running, 0, "left running")
      check.truthy(steady, "item and index belong together")
      for i = 1, 20 do check.equal(results[i], i * i) end
    end
  end)

test.case("map calls nothing for an empty list, and refuses a limit below 1", function(check)
  check.equal(task.map({}, 3, function() error("called") end), {})
  check.raises(function() task.map({ 1 }, 0, after(0)) end, "argument")
  check.raises(function() task.map({ 1 }, "two", after(0)) end, "argument")
  check.raises(function() task.map({ 1 }, 0 / 0, after(0)) end, "argument")
end)

test.case("a failure in map keeps the items after it from being started", function(check)
  local started = 0
  local err = check.raises(function()
    task.map({ 1, 2, 3, 4, 5, 6 }, 2, function(item)
      started = started + 1
      task.sleep(1)
      if item == 2 then error({ kind = "conflict", message = "second" }) end
      task.sleep(1)
    end)
  end, "conflict")
  check.equal(err.message, "second")
  task.sleep(60)
  check.equal(started, 2)
end)

test.case("timeout gives the results of what was done in time", function(check)
  local first, second = task.timeout("1m", after(59, "a", "b"))
  check.equal({ first, second }, { "a", "b" })
end)

test.case("timeout cancels what takes longer and raises kind timeout at that moment",
  function(check)
    local went_on = false
    local err
    local took = duration_of(function()
      err = check.raises(function()
        task.timeout("90s", function() task.sleep(100) went_on = true end)
      end, "timeout")
    end)
    check.truthy(err.message:find("90s", 1, true), err.message)
    check.equal(took, 90, "seconds")
    task.sleep(60)
    check.truthy(not went_on, "it is gone")
  end)

test.case("of nested timeouts the shorter one decides, whichever stands outside", function(check)
  local function nested(outer, inner)
    local ok, err = pcall(task.timeout, outer, function()
      return task.timeout(inner, after(100, "done"))
    end)
    return ok and "done" or err.message
  end
  check.truthy(nested(3, 7):find("within 3", 1, true))
  check.truthy(nested(7, 3):find("within 3", 1, true))
  check.equal(nested(101, 102), "done")
end)

test.case("an inner timeout can be caught and the work go on", function(check)
  local result = task.timeout("1h", function()
    check.raises(function() task.timeout(1, after(2)) end, "timeout")
    task.sleep("30m")
    return "went on"
  end)
  check.equal(result, "went on")
end)

test.case("timeout passes on the error of what it bounds, and refuses a bad limit",
  function(check)
    local value = {}
    local ok, err = pcall(task.timeout, 10, failing_after(1, value))
    check.truthy(not ok and rawequal(err, value))
    check.raises(function() task.timeout("soon", after(1)) end, "argument")
  end)

test.case("sleep takes numbers and durations, and wakes sleepers in the order they are due",
  function(check)
    check.equal(duration_of(function() task.sleep("1m30s") end), 90)
    check.equal(duration_of(function() task.sleep(0.25) end), 0.25)
    local order = {}
    local function sleeper(seconds)
      return function()
        task.sleep(seconds)
        order[#order + 1] = seconds
      end
    end
    task.all({ sleeper(3), sleeper(1), sleeper(2), sleeper(0) })
    check.equal(order, { 0, 1, 2, 3 })
    check.raises(function() task.sleep("tomorrow") end, "argument")
    check.raises(function() task.sleep({}) end, "argument")
  end)

test.case("a handle can be waited for again and again, and keeps nils", function(check)
  local function count(...) return select("#", ...), ... end
  local handle = task.spawn(after(2, "a", nil, "c", nil))
  check.equal(handle:status(), "running")
  for _ = 1, 2 do
    local n, a, b, c = count(handle:wait())
    check.equal({ n, a, b == nil, c }, { 4, "a", true, "c" })
  end
  check.equal(handle:status(), "done")
end)

test.case("spawn hands its arguments on, and several tasks may wait for one", function(check)
  local handle = task.spawn(function(a, b, c)
    task.sleep(1)
    return a + c, b
  end, 1, nil, 3)
  local sums = { task.all({
    function() return (handle:wait()) end,
    function() return (handle:wait()) end,
  }) }
  check.equal(sums, { 4, 4 })
end)

test.case("a failing child cancels its siblings, and its parent sees the very value",
  function(check)
    local value, went_on = { kind = "job_failed", message = "m" }, false
    local ok, err
    local took = duration_of(function()
      ok, err = pcall(function()
        task.spawn(function() task.sleep(10) went_on = true end)
        task.spawn(failing_after(1, value))
        task.sleep(100)
      end)
    end)
    check.truthy(not ok and rawequal(err, value), "the value")
    check.equal(took, 1, "seconds")
    task.sleep(60)
    check.truthy(not went_on, "the sibling is gone")
  end)

test.case("waiting for a child that fails raises its value", function(check)
  local value = { kind = "conflict" }
  local handle = task.spawn(failing_after(1, value))
  local ok, err = pcall(handle.wait, handle)
  check.truthy(not ok and rawequal(err, value))
  check.equal(handle:status(), "failed")
  ok, err = pcall(handle.wait, handle)
  check.truthy(not ok and rawequal(err, value), "again")
end)

test.case("waiting for a cancelled task raises kind cancelled, and hurts nobody else",
  function(check)
    local went_on = false
    local handle = task.spawn(function() task.sleep(10) went_on = true end)
    task.sleep(1)
    handle:cancel()
    check.equal(handle:status(), "failed")
    check.raises(function() handle:wait() end, "cancelled")
    check.raises(function() handle:wait() end, "cancelled", "again")
    handle:cancel()
    task.sleep(60)
    check.truthy(not went_on, "it is gone")
  end)

test.case("who waits when a task is cancelled is told at once", function(check)
  local handle = task.spawn(after(100))
  local took = duration_of(function()
    task.all({
      function() check.raises(function() handle:wait() end, "cancelled") end,
      function() task.sleep(3) handle:cancel() end,
    })
  end)
  check.equal(took, 3, "seconds")
end)

test.case("cancelling a task that has ended changes nothing", function(check)
  local handle = task.spawn(after(1, "kept"))
  check.equal(handle:wait(), "kept")
  handle:cancel()
  check.equal(handle:status(), "done")
  check.equal(handle:wait(), "kept")
end)

test.case("a task cannot wait for itself", function(check)
  local handle
  handle = task.spawn(function()
    task.sleep(1)
    check.raises(function() handle:wait() end, "argument")
  end)
  handle:wait()
end)

test.case("a branch of all does not end before the tasks that it started", function(check)
  local done = false
  local took = duration_of(function()
    task.all({
      function() task.spawn(function() task.sleep(8) done = true end) end,
      after(1),
    })
  end)
  check.truthy(done)
  check.equal(took, 8, "seconds")
end)

test.case("cancelling reaches the innermost of all, map, race, timeout and coroutines",
  function(check)
    local went_on = 0
    local function innermost()
      task.sleep(50)
      went_on = went_on + 1
    end
    check.raises(function()
      task.timeout(5, function()
        task.all({
          function() task.map({ 1, 2, 3 }, 2, innermost) end,
          function() task.race({ innermost, function() task.timeout("1h", innermost) end }) end,
          function() coroutine.wrap(innermost)() end,
          function() task.spawn(innermost):wait() end,
        })
      end)
    end, "timeout")
    task.sleep(1000)
    check.equal(went_on, 0)
  end)

test.case("waits work inside iterators and nested coroutines of a script", function(check)
  local function pages()
    return coroutine.wrap(function()
      for page = 1, 3 do
        task.sleep(1)
        coroutine.yield(page, task.all({ after(1, page * 10) }))
      end
    end)
  end
  local sum = 0
  local took = duration_of(function()
    for page, tens in pages() do sum = sum + page + tens end
  end)
  check.equal(sum, 66)
  check.equal(took, 6, "seconds")
end)

test.case("errors of any type pass through waits unchanged", function(check)
  for _, value in ipairs({ "text", 42, true, { "a table" }, print, json.null }) do
    local ok, err = pcall(task.all, { failing_after(1, value) })
    check.truthy(not ok and rawequal(err, value), type(value))
  end
  local ok, err = pcall(task.all, { failing_after(1, nil) })
  check.equal(ok, false)
  check.equal(err, nil)
end)
