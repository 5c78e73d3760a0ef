-- Doing a thing again until it works.
local test = require("test")
local retry = require("retry")

-- A function that fails so many times before it returns `...`.
local function failing(times, err, ...)
  local results, count = { ... }, select("#", ...)
  local calls = { made = 0 }
  return calls, function()
    calls.made = calls.made + 1
    if calls.made <= times then error(err, 0) end
    return unpack(results, 1, count)
  end
end

local NETWORK = { kind = "network", message = "connection refused" }

test.case("backoff gives one pause fewer than there are attempts", function(check)
  for attempts = 1, 6 do
    local pauses = 0
    for _ in retry.backoff({ attempts = attempts }) do pauses = pauses + 1 end
    check.equal(pauses, attempts - 1)
  end
end)

test.case("pauses lie between nothing and a ceiling that grows up to the most", function(check)
  for _ = 1, 200 do
    local ceiling = 1
    for pause in retry.backoff({ attempts = 8, first = "1s", most = "10s", factor = 3 }) do
      check.truthy(pause >= 0 and pause < ceiling, ("%f below %f"):format(pause, ceiling))
      ceiling = math.min(ceiling * 3, 10)
    end
  end
end)

test.case("call returns all results of the attempt that worked", function(check)
  local calls, fn = failing(3, NETWORK, "a", nil, "c")
  local first, second, third = retry.call({ attempts = 4 }, fn)
  check.equal({ first, second == nil, third }, { "a", true, "c" })
  check.equal(calls.made, 4)
end)

test.case("call raises the last error as it is when the attempts are used up", function(check)
  local calls, fn = failing(99, NETWORK)
  local ok, err = pcall(retry.call, { attempts = 3 }, fn)
  check.truthy(not ok and rawequal(err, NETWORK))
  check.equal(calls.made, 3)
end)

test.case("only the kinds that are worth it are tried again", function(check)
  local function attempts_for(err, options)
    local calls, fn = failing(99, err)
    pcall(retry.call, options, fn)
    return calls.made
  end
  check.equal(attempts_for({ kind = "throttled" }), 5, "throttled")
  check.equal(attempts_for({ kind = "conflict" }), 1, "conflict")
  check.equal(attempts_for({ kind = "in_doubt" }), 1, "in_doubt")
  check.equal(attempts_for("a plain text"), 1, "text")
  check.equal(attempts_for({ kind = "conflict" }, { kinds = { "conflict" }, attempts = 2 }), 2)
  check.equal(attempts_for(NETWORK, { kinds = { "conflict" } }), 1, "other kinds asked for")
end)

test.case("a call in doubt can never be asked to be sent again", function(check)
  local calls, fn = failing(99, { kind = "in_doubt" })
  check.raises(function() retry.call({ kinds = { "network", "in_doubt" } }, fn) end, "argument")
  check.equal(calls.made, 0)
end)

test.case("a cancelled caller stops retrying", function(check)
  local calls, fn = failing(99, NETWORK)
  check.raises(function()
    task.timeout(3600, function()
      retry.call({ attempts = 100, first = "1h", most = "1h" }, fn)
    end)
  end, "timeout")
  local made = calls.made
  task.sleep(36000)
  check.equal(calls.made, made)
  check.truthy(made < 30, "attempts in an hour: " .. made)
end)
