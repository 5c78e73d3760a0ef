-- Identity and Access Management: who one is and where one may work.
local host = require "host.iam"

local iam = {}

--- The projects that the credentials may work in: { name } narrows them to a region's.
function iam.projects(filters)
  return host.projects(filters or {}).projects
end

--- The accounts that the credentials belong to.
function iam.domains()
  return host.domains().domains
end

--- Logs a user in by password and returns what the token would be good for, never the token: neap
--- gets its own where it needs one. { identity, scope } as the API has them. A run keeps no
--- parameter of this call, only their digest.
function iam.token(parameters)
  return host.token(parameters).token
end

return iam
