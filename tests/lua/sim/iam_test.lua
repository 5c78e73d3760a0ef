-- Tokens, projects and the account; and the table of choices.
local test = require("test")
local support = require("support")
local choices = require("sim.choices")
local errors = require("catalog").errors

local function login(client, password, scope)
  return client:send("POST", "/v3/auth/tokens", { auth = {
    identity = { methods = { "password" }, password = { user = {
      name = "simulator", password = password, domain = { name = "simulator" },
    } } },
    scope = scope,
  } })
end

-- A client whose requests all have a wrong signature.
local function unsigned()
  return support.client({ verify = function()
    return { http_status = 401, code = "APIGW.0301", message = "no signature" }
  end })
end

local function with_token(client, token)
  return client.world:handle({
    method = "GET", path = support.project .. "/server-groups", query = "", body = "",
    headers = { ["x-auth-token"] = token },
  })
end

test.case("a password gives a token, and a token stands for a signature for 24 hours",
  function(check)
    local client = unsigned()
    local response, body = login(client, "simulator-password-known-to-everyone",
      { project = { name = "cn-north-4" } })
    check.equal(response.status, 201, "status")
    check.equal(body.token.project.id, "5147d0000000400080000000000000a1", "project")
    check.equal(body.token.expires_at, "2023-11-15T22:13:20.000000Z", "expires_at")
    local token = response.headers["X-Subject-Token"]
    check.equal(client:call("GET", "/server-groups").status, 401, "without it")
    check.equal(with_token(client, token).status, 200, "with it")
    local refusal = with_token(client, "MIInonsense")
    check.equal(support.code(support.json.decode(refusal.body)), "APIGW.0301", "another")
    client:wait(86401)
    refusal = with_token(client, token)
    check.equal(support.code(support.json.decode(refusal.body)), "APIGW.0307", "a day later")
  end)

test.case("a wrong password or project is refused in the shape of IAM", function(check)
  local client = unsigned()
  local response, body = login(client, "guess")
  check.equal({ response.status, body.error.code, body.error.title }, { 401, 401, "Unauthorized" },
    "password")
  response = login(client, "simulator-password-known-to-everyone", { project = { name = "moon" } })
  check.equal(response.status, 404, "project")
  check.equal(client:send("POST", "/v3/auth/tokens", { auth = {} }).status, 400, "nothing")
end)

test.case("projects and the account are listed", function(check)
  local client = support.client()
  local _, body = client:send("GET", "/v3/projects?name=cn-north-4")
  check.equal({ #body.projects, body.projects[1].name }, { 1, "cn-north-4" }, "by name")
  _, body = client:send("GET", "/v3/projects")
  check.equal(#body.projects, 2, "all")
  _, body = client:send("GET", "/v3/auth/domains")
  check.equal(body.domains[1].name, "simulator", "account")
end)

test.case("every choice has an id of its own, a kind, a reason and a source", function(check)
  local kinds = { documented = true, inferred = true, chosen = true }
  local seen, known = {}, {}
  for _, entry in ipairs(errors) do
    known[entry.code] = true
  end
  for _, row in ipairs(choices) do
    check.truthy(not seen[row.id], "twice: " .. row.id)
    seen[row.id] = true
    check.truthy(kinds[row.kind], row.id .. ": kind")
    for _, name in ipairs({ "service", "subject", "choice", "reason", "source" }) do
      check.truthy(type(row[name]) == "string" and #row[name] > 1, row.id .. ": " .. name)
    end
    for code in row.choice:gmatch("SDRS%.%d%d%d%d") do
      check.truthy(known[code], row.id .. ": " .. code)
    end
  end
  check.truthy(#choices > 100, "rows: " .. #choices)
end)
