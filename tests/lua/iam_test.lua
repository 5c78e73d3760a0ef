-- Projects, accounts and logins as scripts see them, against the simulator.
local support = require("support")

local function login(password)
  return iam.token({
    identity = { methods = { "password" }, password = { user = {
      name = "simulator", password = password, domain = { name = "simulator" },
    } } },
    scope = { project = { name = "cn-north-4" } },
  })
end

support.case("projects are listed, or found by their region", function(check)
  check.truthy(#iam.projects() >= 1)
  local here = iam.projects({ name = "cn-north-4" })
  check.equal({ #here, here[1].name }, { 1, "cn-north-4" })
  check.equal(iam.domains()[1].id, here[1].domain_id)
end)

support.case("a login tells what its token is good for, and not the token", function(check)
  local token = login("simulator-password-known-to-everyone")
  check.equal(token.project.name, "cn-north-4")
  check.truthy(token.expires_at)
  check.equal(token.id, nil)
end)
