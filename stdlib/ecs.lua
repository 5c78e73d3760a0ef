-- Elastic Cloud Server: servers and their power. Fields are exactly the API's; parameters too.
local collection = require "collection"
local host = require "host.servers"
local job = require "job"
local kinds = require "host.kinds"
local pages = require "pages"

local ecs = {}

local Server = {}

local servers = collection.kind {
  class = Server,
  host = host,
  list = "ecs:list_servers_details",
  show = "ecs:show_server",
  id = "server_id",
  filter = "name",
  what = "server",
  -- No status tells of starting and stopping (ecs.md section 7).
  settled = function(server) return server["OS-EXT-STS:task_state"] == nil end,
}

local Servers = {}

local function act(verb, list, options)
  local rows = {}
  for i, id in ipairs(collection.ids(servers, list)) do rows[i] = { id = id } end
  return job.new(host[verb](collection.merged(options, { servers = rows })).job_id, "ecs")
end

-- Each takes a list of servers or their ids, up to 1000, and returns one job for all.

--- Powers servers on.
---@param list (ecs.Server|string)[]
function Servers:start(list) -- luacheck: ignore self
  return act("start", list)
end

--- Powers servers off: { type = "SOFT" } asks the guest, the service's default; "HARD" cuts the
--- power, which loses unsaved data.
---@param list (ecs.Server|string)[]
function Servers:stop(list, options) -- luacheck: ignore self
  return act("stop", list, options)
end

--- Restarts servers: { type = "SOFT" or "HARD" } must be given.
---@param list (ecs.Server|string)[]
function Servers:reboot(list, options) -- luacheck: ignore self
  return act("reboot", list, options)
end

--- Powers the server on.
function Server:start()
  return act("start", self)
end

--- Powers the server off: { type = "SOFT" } asks the guest, the service's default; "HARD" cuts the
--- power, which loses unsaved data.
function Server:stop(options)
  return act("stop", self, options)
end

--- Restarts the server: { type = "SOFT" or "HARD" } must be given.
function Server:reboot(options)
  return act("reboot", self, options)
end

ecs.servers = collection.new(servers, {}, Servers)

--- Re-attaches to any job of ECS by its id; it is kept for a day.
---@param id string
function ecs.job(id)
  return job.new(id, "ecs")
end

local flavors = kinds.describe("ecs:list_resize_flavors")

--- Iterates over the flavors that a server can be resized to: { instance_uuid = id } or
--- { source_flavor_id = … }. One that is listed may still be out of stock.
function ecs.flavors(filters)
  return pages.each(host.flavors, flavors, filters, function(row) return row end)
end

job.things("ecs", {
  { entity = "server_id", get = function(id) return ecs.servers:get(id) end },
})

return ecs
