-- JSON as scripts see it: nothing is lost on the way in and out.
local test = require("test")

test.case("null is a value that round-trips, apart from nil", function(check)
  local value = json.decode([[{"a":null,"b":[null,1]}]])
  check.truthy(value.a == json.null and value.b[1] == json.null)
  check.truthy(value.c == nil)
  check.equal(json.encode(value), [[{"a":null,"b":[null,1]}]])
  check.equal(json.encode(json.null), "null")
  check.equal(json.decode("null"), json.null)
end)

test.case("an empty array and an empty object stay apart", function(check)
  check.equal(json.encode(json.decode([[{"a":[],"o":{}}]])), [[{"a":[],"o":{}}]])
  check.equal(json.encode(json.array({})), "[]")
  check.equal(json.encode({}), "{}")
  check.equal(json.encode(json.array({ 1, 2 })), "[1,2]")
end)

test.case("integers beyond 2^53 keep every digit", function(check)
  check.equal(json.decode("9007199254740991"), 9007199254740991)
  check.equal(json.decode("9007199254740993"), "9007199254740993")
  check.equal(json.decode("-9223372036854775808"), "-9223372036854775808")
  check.equal(json.decode("123456789012345678901234567890"), "123456789012345678901234567890")
end)

test.case("the same value always gives the same text, with sorted keys", function(check)
  local value = { zeta = 1, alpha = { true, false }, Beta = "b", ["1"] = "one" }
  check.equal(json.encode(value), [[{"1":"one","Beta":"b","alpha":[true,false],"zeta":1}]])
  check.equal(json.encode(json.decode(json.encode(value))), json.encode(value))
end)

test.case("numbers are written so that they read back the same", function(check)
  for _, number in ipairs({ 0, -1, 0.1, 1e-9, 1e21, 123456789.125, 2 ^ 53, 1 / 3 }) do
    check.equal(tonumber(json.encode(number)), number)
    if number ~= 2 ^ 53 then check.equal(json.decode(json.encode(number)), number) end
  end
  check.equal(json.encode(3), "3")
end)

test.case("text keeps every character, and control characters are escaped", function(check)
  local text = "q\" b\\ n\n t\t z\0 é 保护组 😀"
  check.equal(json.decode(json.encode(text)), text)
  check.truthy(not json.encode(text):find("[%z\1-\31]"), "no raw control characters")
  check.equal(json.decode([["\u4fdd\ud83d\ude00"]]), "保😀")
end)

test.case("what is not JSON is refused with kind argument and the place", function(check)
  for _, text in ipairs({
    "", "{", "[1,]", "{\"a\":}", "nul", "1 2", "{'a':1}", "\"\\x\"", "[01]", "\"\255\"",
    "{\"a\":1}}", "NaN", "// comment",
  }) do
    local err = check.raises(function() json.decode(text) end, "argument", text)
    check.truthy(#err.message > 0)
  end
end)

test.case("what has no JSON is refused with kind argument", function(check)
  local circle = {}
  circle.self = circle
  for name, value in pairs({
    ["a function"] = print, nan = 0 / 0, infinity = math.huge, circle = circle,
    ["mixed keys"] = { 1, a = 2 }, ["a coroutine"] = coroutine.create(print),
    ["bad UTF-8"] = "\255", ["a boolean key"] = { [true] = 1 },
  }) do
    check.raises(function() json.encode(value) end, "argument", name)
  end
  check.raises(function() json.encode() end, "argument", "nothing")
end)

test.case("nesting has a limit in both directions", function(check)
  check.raises(function() json.decode(("["):rep(5000) .. ("]"):rep(5000)) end, "argument")
  local deep = {}
  for _ = 1, 5000 do deep = { deep } end
  check.raises(function() json.encode(deep) end, "argument")
  check.truthy(json.decode(("["):rep(50) .. ("]"):rep(50)))
end)
