-- Tests in Lua: test.case("the sentence it proves", function(check) … end), run by `neap test`.
local classes = require "manual.classes"
local host = require "host.run"
local json = require "json"
local timer = require "host.timer"

local test = {}

local cases = {}

local function show(value)
  local ok, text = pcall(json.encode, value)
  return ok and text or tostring(value)
end

local function same(a, b)
  if a == b then return true end
  if type(a) ~= "table" or type(b) ~= "table" then return false end
  for key, value in pairs(a) do
    if not same(value, b[key]) then return false end
  end
  for key in pairs(b) do
    if a[key] == nil then return false end
  end
  return true
end

local function refuse(what, text)
  error((what and what .. ": " or "") .. text, 3)
end

local function new_check()
  local check = { count = 0 }

  --- The two must be the same; tables are compared by what they hold.
  ---@param actual any
  ---@param expected any
  ---@param what? string
  function check.equal(actual, expected, what)
    check.count = check.count + 1
    if not same(actual, expected) then
      refuse(what, ("expected %s, got %s"):format(show(expected), show(actual)))
    end
  end

  --- The value must be neither nil nor false.
  ---@param value any
  ---@param what? string
  function check.truthy(value, what)
    check.count = check.count + 1
    if not value then refuse(what, "expected something true, got " .. show(value)) end
  end

  --- The error must have this kind, or a text in which the pattern is found; it is returned.
  ---@param fn fun()
  ---@param wanted neap.ErrorKind|string
  ---@param what? string
  ---@return any
  function check.raises(fn, wanted, what)
    check.count = check.count + 1
    local ok, err = pcall(fn)
    if ok then refuse(what, "expected an error: " .. wanted) end
    local kind = type(err) == "table" and err.kind
    if kind ~= wanted and not tostring(err):find(wanted) then
      refuse(what, ("expected the error %s, got %s"):format(wanted, tostring(err)))
    end
    return err
  end

  return check
end

--- What a case checks with, called with dots: check.equal(actual, expected, "what").
classes.named("neap.Check", {}, { at = "check", make = new_check })

--- Registers a case: the sentence that it proves, and the function that does.
---@param sentence string
---@param fn fun(check: neap.Check)
function test.case(sentence, fn)
  cases[#cases + 1] = { sentence = sentence, fn = fn }
end

--- Runs the cases that the files have registered; returns how many passed, failed and checked.
---@private
function test.run_all()
  local result = { passed = 0, failed = 0, checks = 0 }
  for _, case in ipairs(cases) do
    local check, started = new_check(), timer.now()
    local ok, err = pcall(case.fn, check)
    if ok and check.count == 0 then ok, err = false, "it checked nothing" end
    result.checks = result.checks + check.count
    result[ok and "passed" or "failed"] = result[ok and "passed" or "failed"] + 1
    host.tell("test_ended", {
      sentence = case.sentence,
      ok = ok,
      error = not ok and tostring(err) or nil,
      elapsed = timer.now() - started,
    })
  end
  return result
end

return test
