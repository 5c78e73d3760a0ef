-- Any signed call of the platform, for services that have no module of their own.
local host = require "host.cloud"

--- A signed call to a service of the platform.
---@class neap.RawRequest
---@field service string such as "vpc"
---@field method neap.Method
---@field path string such as "/v1/{project_id}/vpcs"
---@field query? table<string, any>
---@field body? any
local cloud = {}

--- Sends any signed call and returns the decoded answer: { service = "vpc", method = "GET", path =
--- "/v1/{project_id}/vpcs", query = {…}, body = {…} }. A method other than GET is sent once; in
--- `needs` stands "vpc:GET", or the catalogue's operation where there is one.
---@param options neap.RawRequest
---@return any
function cloud:request(options) -- luacheck: ignore self
  return host.request(options)
end

return cloud
