-- Runbooks: what a header may say, how words become parameters, and what `ctx` does.
local test = require("test")
local parameters = require("parameters")

local function header(changes)
  local fields = {
    name = "sample", summary = "A sample", needs = {}, params = {}, run = function() end,
  }
  for field, value in pairs(changes or {}) do fields[field] = value end
  return fields
end

local function without(field)
  local fields = header()
  fields[field] = nil
  return fields
end

-- The message of the usage error that `fn` raises.
local function refusal(check, fn, what)
  return check.raises(fn, "usage", what).message
end

local ROWS = {
  group = { required = true, help = "which group" },
  count = { type = "integer", default = 3 },
  share = { type = "number" },
  dry_run = { type = "boolean", default = false },
  timeout = { type = "duration", default = "30m" },
  site = { choices = { "source", "target" } },
}

local function read(...)
  return parameters.read(ROWS, { "--group", "demo", ... })
end

test.case("a list is texts between commas, each once", function(check)
  local rows = { servers = { type = "list" }, sides = { type = "list", choices = { "a", "b" } } }
  local function list(name, value) return parameters.read(rows, { "--" .. name, value })[name] end
  check.equal(list("servers", "one"), { "one" })
  check.equal(list("servers", "one, two,three"), { "one", "two", "three" })
  for _, value in ipairs({ "", ",", "one,", "one,,two", ",one" }) do
    local err = check.raises(function() list("servers", value) end, "usage")
    check.truthy(err.message:find("empty item", 1, true), value)
  end
  check.raises(function() list("servers", "one,two,one") end, "usage")
  check.equal(list("sides", "b,a"), { "b", "a" })
  check.raises(function() list("sides", "a,c") end, "usage")
end)

test.case("a list may have a default, which help shows as it would be written", function(check)
  local rows = { servers = { type = "list", default = { "one", "two" } } }
  check.equal(parameters.describe(rows)[1].default, "one,two")
  check.equal(parameters.read(rows, {}).servers, { "one", "two" })
end)

test.case("describe gives the header as plain data, required parameters first", function(check)
  local described = runbook.describe(header({ params = ROWS, rto = "15m", needs = { "sdrs:GET" } }))
  check.equal(described.name, "sample")
  check.equal(described.rto, "15m")
  check.equal(described.needs, { "sdrs:GET" })
  local names = {}
  for i, row in ipairs(described.params) do names[i] = row.name end
  check.equal(names, { "group", "count", "dry_run", "share", "site", "timeout" })
  check.equal(described.params[1], {
    name = "group", type = "string", required = true, help = "which group",
  })
  check.equal(described.params[2].default, "3")
end)

test.case("describe refuses a file that returns no header, and says how one ends", function(check)
  for _, value in ipairs({ "text", 42, true, print }) do
    local err = check.raises(function() runbook.describe(value) end, "usage")
    check.truthy(err.message:find(type(value), 1, true) and err.hint:find("return {", 1, true))
  end
  check.raises(function() runbook.describe(nil) end, "usage")
end)

test.case("describe names the field that is missing", function(check)
  for _, field in ipairs({ "name", "summary", "needs", "run" }) do
    local message = refusal(check, function() runbook.describe(without(field)) end, field)
    check.truthy(message:find("no `" .. field .. "`", 1, true), message)
  end
end)

test.case("describe names the field that is unknown or has the wrong type", function(check)
  for field, value in pairs({
    name = 1, summary = {}, params = "group", needs = "sdrs:GET", rto = 15, run = "run",
    parameters = {}, [1] = "positional",
  }) do
    local message = refusal(check, function()
      runbook.describe(header({ [field] = value }))
    end, tostring(field))
    check.truthy(message:find("`" .. tostring(field) .. "`", 1, true), message)
  end
end)

test.case("describe refuses needs that are no list of strings", function(check)
  for _, needs in ipairs({ { "sdrs:GET", 2 }, { sdrs = "GET" }, { "sdrs:GET", extra = "x" } }) do
    check.raises(function() runbook.describe(header({ needs = needs })) end, "usage")
  end
end)

test.case("describe refuses parameters that no command line could give", function(check)
  for what, params in pairs({
    ["capitals"] = { Group = {} },
    ["a dash"] = { ["dry-run"] = {} },
    ["a list"] = { { type = "string" } },
    ["no table"] = { group = "string" },
    ["an unknown field"] = { group = { requred = true } },
    ["an unknown type"] = { group = { type = "text" } },
    ["choices that are no list"] = { group = { choices = "a, b" } },
    ["no choices"] = { group = { choices = {} } },
    ["a default of another type"] = { group = { type = "integer", default = "many" } },
    ["a default that is no choice"] = { group = { choices = { "a" }, default = "b" } },
    ["required with a default"] = { group = { required = true, default = "a" } },
  }) do
    local message = refusal(check, function()
      runbook.describe(header({ params = params }))
    end, what)
    check.truthy(message:find("parameter", 1, true), message)
  end
end)

test.case("values are written --name value or --name=value, with dashes for underscores",
  function(check)
    check.equal(parameters.read(ROWS, { "--group=demo" }).group, "demo")
    check.equal(parameters.read(ROWS, { "--group=" }).group, "")
    check.equal(parameters.read(ROWS, { "--group=a=b --c" }).group, "a=b --c")
    check.equal(read("--dry-run").dry_run, true)
    check.equal(read("--dry_run").dry_run, true)
  end)

test.case("booleans stand alone, take a value with =, and are denied by --no-", function(check)
  check.equal(read().dry_run, false)
  check.equal(read("--no-dry-run").dry_run, false)
  check.equal(read("--dry-run=yes").dry_run, true)
  check.equal(read("--dry-run=false").dry_run, false)
  check.truthy(refusal(check, function() read("--dry-run=perhaps") end):find("perhaps", 1, true))
  refusal(check, function() read("--no-count") end, "no boolean")
end)

test.case("values get their type, and what does not fit is refused by name", function(check)
  local values = read("--count", "-7", "--share", "0.5", "--timeout", "1h30m")
  check.equal(values.count, -7)
  check.equal(values.share, 0.5)
  check.equal(values.timeout, 5400)
  for _, words in ipairs({
    { "--count", "many" }, { "--count", "1.5" }, { "--count", "" }, { "--share", "half" },
    { "--share", "nan" }, { "--share", "inf" }, { "--timeout", "soon" }, { "--timeout", "-5m" },
  }) do
    local message = refusal(check, function() read(unpack(words)) end, table.concat(words, " "))
    check.truthy(message:find(words[1], 1, true), message)
  end
end)

test.case("defaults are read like values", function(check)
  local values = read()
  check.equal(values.count, 3)
  check.equal(values.timeout, 1800)
  check.equal(values.share, nil)
  check.equal(values.site, nil)
end)

test.case("a choice must be one of the choices, which are listed", function(check)
  check.equal(read("--site", "target").site, "target")
  local message = refusal(check, function() read("--site", "middle") end)
  check.truthy(message:find("source, target", 1, true), message)
end)

test.case("a missing parameter is named with its help", function(check)
  local message = refusal(check, function() parameters.read(ROWS, {}) end)
  check.truthy(message:find("--group is missing: which group", 1, true), message)
end)

test.case("an unknown parameter gets the nearest name", function(check)
  local message = refusal(check, function() read("--gruop", "x") end)
  check.truthy(message:find("--gruop (did you mean --group?)", 1, true), message)
  refusal(check, function() read("stray") end, "a word without a name")
  refusal(check, function() read("--") end, "nothing after the dashes")
end)

test.case("a parameter without its value, or given twice, is refused", function(check)
  refusal(check, function() read("--site") end, "at the end")
  refusal(check, function() parameters.read(ROWS, { "--group", "--dry-run" }) end, "a flag follows")
  refusal(check, function() read("--group", "other") end, "twice")
  refusal(check, function() read("--dry-run", "--no-dry-run") end, "yes and no")
end)

test.case("execute runs the runbook with its parameters and returns what it returns",
  function(check)
    local result = runbook.execute(header({
      params = { name = { required = true } },
      run = function(ctx, p)
        check.equal(ctx.params, p)
        return { hello = p.name }
      end,
    }), { "--name", "world" })
    check.equal(result, { hello = "world" })
  end)

test.case("a step returns what its function returns, and passes its error on unchanged",
  function(check)
    local value = {}
    runbook.execute(header({ run = function(ctx)
      local function results() return "a", nil, "c" end
      local a, b, c = ctx:step("outer", function() return ctx:step("inner", results) end)
      check.equal({ a, b == nil, c }, { "a", true, "c" })
      local ok, err = pcall(function() ctx:step("fails", { expect = "1m" }, error) end)
      check.equal(ok, false)
      check.equal(err, nil)
      ok, err = pcall(function() ctx:step("fails", function() error(value) end) end)
      check.truthy(not ok and rawequal(err, value))
      check.equal(#ctx.open, 0, "steps are closed")
      check.raises(function() ctx:step("empty") end, "argument")
    end }), {})
  end)

test.case("a check raises kind precondition with its message", function(check)
  runbook.execute(header({ run = function(ctx)
    check.equal(ctx:check("kept", "unused"), "kept")
    local err = check.raises(function()
      ctx:check(false, "group %s is %s", "demo", "busy")
    end, "precondition")
    check.equal(err.message, "group demo is busy")
    check.equal(check.raises(function() ctx:check(nil, "100 %") end, "precondition").message,
      "100 %")
  end }), {})
end)

test.case("a rehearsal confirms every question", function(check)
  runbook.execute(header({ run = function(ctx)
    ctx:confirm("Fail group %s over?", "demo")
    check.truthy(ctx:confirm({ deadline = "4h" }, "Sure about %d%%?", 100).by)
    check.raises(function() ctx:confirm({ dead_line = "4h" }, "Sure?") end, "argument")
    check.raises(function() ctx:confirm({ deadline = "soon" }, "Sure?") end, "argument")
    ctx:log("100 % sure")
  end }), {})
end)

test.case("a step needs a name and a function", function(check)
  runbook.execute(header({ run = function(ctx)
    check.raises(function() ctx:step("empty") end, "argument")
    check.raises(function() ctx:step(7, print) end, "argument")
    check.raises(function() ctx:step(print) end, "argument")
  end }), {})
end)

-- Runs a runbook with this `run`; returns whether it went well, and what it returned or raised.
local function execute(run)
  return pcall(runbook.execute, header({ run = run }), {})
end

test.case("what is registered for the end runs newest first, however the run ends", function(check)
  for _, fails in ipairs({ false, true }) do
    local order, outcomes = {}, {}
    local ok, result = execute(function(ctx)
      for _, name in ipairs({ "first", "second" }) do
        ctx:on_exit(name, function(outcome)
          task.sleep("1m")
          order[#order + 1] = name
          outcomes[#outcomes + 1] = outcome
        end)
        ctx:on_failure(function() order[#order + 1] = "undo " .. name end)
      end
      task.sleep("1s")
      if fails then error({ kind = "conflict", message = "on purpose" }) end
      return "done"
    end)
    check.equal(ok, not fails)
    check.equal(fails and result.message or result, fails and "on purpose" or "done")
    check.equal(order, fails and { "undo second", "second", "undo first", "first" }
      or { "second", "first" })
    for _, outcome in ipairs(outcomes) do
      check.equal(outcome.ok, not fails)
      check.truthy(rawequal(outcome.error, fails and result or nil), "the error itself")
    end
  end
end)

test.case("an error at the end hides neither the run's own nor keeps the others from running",
  function(check)
    local ran = 0
    local function blocks(ctx)
      ctx:on_exit(function() ran = ran + 1 end)
      ctx:on_exit(function() error("text") end)
      ctx:on_exit(function() error({ kind = "conflict", message = "table" }) end)
      ctx:on_exit(function() error(nil) end)
    end
    check.equal({ execute(function(ctx)
      blocks(ctx)
      return "done"
    end) }, { true, "done" })
    local ok, err = execute(function(ctx)
      blocks(ctx)
      error({ kind = "not_found", message = "the run's own" })
    end)
    check.truthy(not ok and err.message == "the run's own", tostring(err))
    check.equal(ran, 2)
  end)

test.case("a block may register another one, and steps of its own count on", function(check)
  local names = {}
  execute(function(ctx)
    ctx:step("first", function() end)
    ctx:on_exit(function()
      names[#names + 1] = "outer"
      ctx:step("inner", function() names[#names + 1] = "step" end)
      ctx:on_exit(function() names[#names + 1] = "added" end)
      check.equal(ctx.steps, 3)
    end)
  end)
  check.equal(names, { "outer", "step", "added" })
  for _, name in ipairs({ "on_exit", "on_failure" }) do
    local ok, err = execute(function(ctx) ctx[name](ctx, "no function") end)
    check.truthy(not ok and err.kind == "argument")
  end
end)

test.case("tasks that a run has left behind end before its blocks begin", function(check)
  local order = {}
  execute(function(ctx)
    ctx:on_exit(function() order[#order + 1] = "exit" end)
    task.spawn(function()
      task.sleep("1m")
      order[#order + 1] = "spawned"
    end)
  end)
  check.equal(order, { "spawned", "exit" }, "a run that went well waits for them")
  order = {}
  execute(function(ctx)
    ctx:on_exit(function()
      task.sleep("1h")
      order[#order + 1] = "exit"
    end)
    task.spawn(function()
      task.sleep("1m")
      order[#order + 1] = "spawned"
    end)
    error("at once")
  end)
  check.equal(order, { "exit" }, "a run that failed ends them")
end)

test.case("steps of tasks stand below the step that started them, whatever else goes on",
  function(check)
    local depths = {}
    local function note(ctx, name, fn)
      ctx:step(name, function()
        depths[name] = ctx.open[#ctx.open].depth
        if fn then fn() end
      end)
    end
    execute(function(ctx)
      note(ctx, "outer", function()
        task.all({
          function()
            note(ctx, "a", function() task.sleep("3s") end)
            note(ctx, "a after b began")
          end,
          function() note(ctx, "b", function() task.sleep("9s") note(ctx, "inside b") end) end,
        })
        task.map({ 1 }, 1, function() note(ctx, "mapped") end)
        task.race({ function() note(ctx, "raced") end })
        task.spawn(function() note(ctx, "spawned") end):wait()
      end)
      task.spawn(function() note(ctx, "outside") end):wait()
    end)
    check.equal(depths, {
      ["outer"] = 0, ["a"] = 1, ["a after b began"] = 1, ["b"] = 1, ["inside b"] = 2,
      ["mapped"] = 1, ["raced"] = 1, ["spawned"] = 1, ["outside"] = 0,
    })
  end)

test.case("a step of a task that was ended is closed when the run ends", function(check)
  local open
  execute(function(ctx)
    ctx:on_exit(function() open = #ctx.open end)
    pcall(task.timeout, "1s", function()
      ctx:step("never done", function() task.sleep("1h") end)
    end)
    check.equal(#ctx.open, 1)
  end)
  check.equal(open, 1, "the block's own")
end)

test.case("a lock is asked for by a thing of the platform or the id of a group", function(check)
  execute(function(ctx)
    local group = sdrs.groups:find("demo")
    check.equal(group:lock_name(), "server_group " .. group.id)
    check.equal(group.pairs:all()[1]:lock_name():match("^%S+"), "replication_pair")
    check.equal(group.instances:all()[1]:lock_name():match("^%S+"), "protected_instance")
    ctx:lock(group)
    ctx:lock(group.id)
    for _, wrong in ipairs({ "demo", 7, {}, group.pairs }) do
      check.raises(function() ctx:lock(wrong) end, "argument")
    end
    check.raises(function() ctx:lock() end, "argument")
  end)
end)
