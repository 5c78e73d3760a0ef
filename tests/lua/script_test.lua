-- What a script finds around it: globals, modules, output, and what is out of its reach.
local test = require("test")

test.case("the modules are there without require, and require gives the same", function(check)
  local globals = {
    cloud = cloud, http = http, json = json, log = log, runbook = runbook, sdrs = sdrs, task = task,
  }
  for name, module in pairs(globals) do
    check.truthy(rawequal(module, require(name)), name)
  end
  check.truthy(require("retry").backoff)
end)

test.case("nothing of the machine is in reach", function(check)
  local found = {
    _G = _G, io = io, package = package, debug = debug, jit = jit, loadfile = loadfile,
    dofile = dofile, setfenv = setfenv, getfenv = getfenv, module = module,
    collectgarbage = collectgarbage, newproxy = newproxy,
  }
  check.equal(next(found), nil)
  for _, name in ipairs({ "execute", "getenv", "remove", "rename", "exit", "tmpname" }) do
    check.truthy(os[name] == nil, "os." .. name)
  end
  check.truthy(string.dump == nil, "string.dump")
end)

test.case("inner modules cannot be required, and a slip gets the nearest name", function(check)
  for _, name in ipairs({ "host.cloud", "host.run", "sim", "sim.admin", "prelude", "ffi", "io" }) do
    check.raises(function() require(name) end, "not_found", name)
  end
  for _, name in ipairs({ "../support", "/etc/passwd", "", ".hidden", "a/b" }) do
    check.raises(function() require(name) end, "argument", name)
  end
  local err = check.raises(function() require("retri") end, "not_found")
  check.truthy(err.message:find("retry", 1, true), err.message)
end)

test.case("a module beside the script is loaded once", function(check)
  check.truthy(rawequal(require("support"), require("support")))
end)

test.case("time is the world's: it passes only in waits", function(check)
  local before, utc = os.clock(), os.time()
  for _ = 1, 1000 do math.sqrt(2) end
  check.equal(os.clock(), before)
  task.sleep("1h")
  check.equal(os.clock(), before + 3600)
  check.equal(os.difftime(os.time(), utc), 3600)
end)

test.case("print and log take any values", function(check)
  local ok, err = pcall(function()
    print()
    print("one", nil, 2, true, json.null)
    log.debug("%d of %s", 1, "two")
    log.debug("100 % plain when there are no values")
    log.debug(nil)
  end)
  check.truthy(ok, tostring(err))
  check.raises(function() log.info("%d", "no number") end, "number expected")
end)

test.case("errors of the host carry kind, message and the line that called", function(check)
  local err = check.raises(function() task.sleep("soon") end, "argument")
  check.truthy(err.where:find("script_test.lua:%d+"), tostring(err.where))
  check.truthy(tostring(err):find("soon", 1, true), "tostring shows the whole line")
end)

test.case("the shared libraries cannot be changed", function(check)
  for name, library in pairs({ string = string, table = table, math = math, os = os }) do
    check.raises(function() library.added = 1 end, "", name)
    check.equal(library.added, nil, name)
  end
end)
