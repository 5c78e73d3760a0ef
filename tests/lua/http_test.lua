-- HTTP to other hosts: only where the header asks and the operator grants.
local test = require("test")

test.case("a host that was not granted is refused before anything is sent", function(check)
  for _, call in ipairs({
    function() return http.get("http://other.example/") end,
    function() return http.post("https://other.example/hook", "body") end,
    function() return http.request({ method = "DELETE", url = "http://127.0.0.1:1/x" }) end,
  }) do
    local before = os.clock()
    local err = check.raises(call, "permission")
    check.truthy(err.hint:find("--allow net:", 1, true), err.hint)
    check.equal(os.clock(), before, "no time passed")
  end
end)

test.case("a host hidden behind credentials, case or a port is the host that is judged",
  function(check)
    for _, url in ipairs({
      "http://other.example:8080/", "http://OTHER.example/", "http://other.example?x=1",
    }) do
      local err = check.raises(function() http.get(url) end, "permission", url)
      check.truthy(err.message:find("other.example", 1, true), err.message)
    end
    check.raises(function() http.get("http://granted.example@other.example/") end, "argument")
  end)

test.case("requests that make no sense are refused with kind argument", function(check)
  for what, options in pairs({
    ["no url"] = {},
    ["no scheme"] = { url = "other.example" },
    ["another scheme"] = { url = "file:///etc/passwd" },
    ["unknown method"] = { url = "http://a.example/", method = "TRACE" },
    ["unknown option"] = { url = "http://a.example/", retries = 3 },
    ["body that is no text"] = { url = "http://a.example/", body = { a = 1 } },
    ["header that is no text"] = { url = "http://a.example/", headers = { a = 1 } },
  }) do
    check.raises(function() http.request(options) end, "argument", what)
  end
  check.raises(function() http.request("http://a.example/") end, "argument", "no table")
end)
