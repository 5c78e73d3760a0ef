-- Any signed call of the platform, for services that have no module of their own.
local host = require "host.cloud"

local cloud = {}

--- cloud:request { service = "vpc", method = "GET", path = "/v1/{project_id}/vpcs", query = {…},
--- body = {…} } returns the decoded answer. A method other than GET is sent once; `needs` must
--- name "vpc:GET", or the catalogue's operation where there is one.
function cloud:request(options) -- luacheck: ignore self
  return host.request(options)
end

return cloud
