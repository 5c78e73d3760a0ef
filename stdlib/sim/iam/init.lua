-- Identity and Access Management: tokens for the simulator's one user, its projects and account
-- (auth.md section 4).
local seeded = require("sim.seeded")
local moment = require("sim.moment")
local wire = require("sim.wire")

-- Known to everyone, like the simulator's key pair.
local user = { name = "simulator", password = "simulator-password-known-to-everyone" }
local account = { id = "d78cbac1860000000000000000000001", name = "simulator" }
local projects = {
  { id = "5147d0000000400080000000000000a1", name = "cn-north-4" },
  { id = "5147d0000000400080000000000000a2", name = "cn-north-1" },
}
local lifetime = 86400 * moment.second

local titles = { [400] = "Bad Request", [401] = "Unauthorized", [404] = "Not Found" }

local iam = {
  name = "iam", fail_code = "400", action_code = "400",
  stores = { { name = "tokens" } },
  answers = {},
}

--- Errors here have the HTTP status for a code.
function iam.refusal(world, code, message)
  local status = tonumber(code) or 400
  return wire.answer(world, status, {
    error = { code = status, message = message or "Request body is invalid.",
      title = titles[status] or "Error" },
  })
end

-- The project that a scope names, by id or by name; nil for a scope of the whole account.
local function project_of(scope)
  local wish = scope and scope.project
  if not wish then return nil end
  for _, project in ipairs(projects) do
    if project.id == wish.id or project.name == wish.name then return project end
  end
  wire.refuse("404", "Could not find project: " .. (wish.id or wish.name or "") .. ".")
end

function iam.answers.keystone_create_user_token_by_password(world, call)
  local login = call.body.identity.password and call.body.identity.password.user
  if not login then wire.refuse("400") end
  if login.name ~= user.name or login.password ~= user.password
    or login.domain.name ~= account.name then
    wire.refuse("401", "The username or password is wrong.")
  end
  local project = project_of(call.body.scope)
  local now = world:now()
  local token = {
    id = "MII" .. seeded.hex(world, "token") .. seeded.hex(world, "token"),
    expires_at = now + lifetime, project_id = project and project.id,
  }
  world.tokens:add(token)
  local response = wire.answer(world, call.operation.success, { token = {
    methods = { "password" }, issued_at = moment.micros(now) .. "Z",
    expires_at = moment.micros(token.expires_at) .. "Z",
    project = project and { id = project.id, name = project.name, domain = account },
    domain = not project and account or nil,
    user = { id = "d78cbac1860000000000000000000002", name = user.name, domain = account },
    roles = { { id = "0", name = "te_admin" } }, catalog = world.json.array({}),
  } })
  response.headers["X-Subject-Token"] = token.id
  return response
end

function iam.answers.keystone_list_projects(world, call)
  local rows = world.json.array({})
  for _, project in ipairs(projects) do
    if not call.query.name or call.query.name == project.name then
      rows[#rows + 1] = {
        id = project.id, name = project.name, domain_id = account.id, parent_id = account.id,
        enabled = true, is_domain = false, description = "",
      }
    end
  end
  return wire.answer(world, call.operation.success, { projects = rows })
end

function iam.answers.keystone_list_auth_domains(world, call)
  return wire.answer(world, call.operation.success, {
    domains = { { id = account.id, name = account.name, enabled = true, description = "" } },
  })
end

--- Whether a request may pass without a signature: one for a token, or one with a token. A token
--- that is unknown or too old gives the gateway's refusal; nil leaves it to the signature.
function iam.admits(world, request, operation)
  if operation and operation.name == "keystone_create_user_token_by_password" then return true end
  local id = request.headers["x-auth-token"]
  if not id then return nil end
  local token = world.tokens:get(id)
  if token and world:now() < token.expires_at then return true end
  return {
    http_status = 401, code = token and "APIGW.0307" or "APIGW.0301",
    message = token and "The token must be updated." or "Incorrect IAM authentication "
      .. "information: decrypt token fail",
  }
end

return iam
