-- Protected instances: a production server and the one that stands in for it on the other site.
local collection = require "collection"
local host = require "host.instances"
local host_tags = require "host.tags"
local job = require "job"
local kinds = require "host.kinds"
local pages = require "pages"

local Instance = {}
local instances = {}

local kind = collection.kind {
  class = Instance,
  host = host,
  list = "sdrs:list_protected_instances",
  show = "sdrs:show_protected_instance",
  id = "protected_instance_id",
  filter = "name",
  what = "protected instance",
  job = job.new,
}

local function with_id(self, parameters)
  return collection.merged(parameters, { protected_instance_id = self.id })
end

local function change(verb, self, parameters)
  return job.new(host[verb](with_id(self, parameters)).job_id)
end

--- Ends the protection; the production server stays. `options` are delete_target_server and
--- delete_target_eip, false unless given.
function Instance:delete(options)
  return change("delete", self, options)
end

--- Attaches a pair's disks as `device`, "/dev/vdb"; `pair` is one of sdrs.pairs, or its id.
---@param pair sdrs.ReplicationPair|string
function Instance:attach(pair, device)
  local id = type(pair) == "table" and pair.id or pair
  return change("attach", self, { replication_id = id, device = device })
end

--- Detaches a pair's disks; that of the system only while the server is off.
---@param pair sdrs.ReplicationPair|string
function Instance:detach(pair)
  return change("detach", self, { replication_id = type(pair) == "table" and pair.id or pair })
end

--- Adds a network card to both servers: { subnet_id, security_groups, ip_address }.
function Instance:add_nic(parameters)
  return change("add_nic", self, parameters)
end

--- Removes a network card from both servers, never the first.
function Instance:delete_nic(nic_id)
  return change("delete_nic", self, { nic_id = nic_id })
end

--- Resizes servers that are off: flavorRef both, production_flavorRef and dr_flavorRef each its
--- own; servers on dedicated hosts need production_dedicated_host_id and dr_dedicated_host_id.
function Instance:resize(parameters)
  return change("resize", self, parameters)
end

--- Reads the tags of the instance: a list of { key, value }.
---@return { key: string, value: string }[]
function Instance:list_tags()
  return host_tags.list(with_id(self)).tags
end

--- Sets tags, a list of { key, value }; a key that is there gets the new value.
function Instance:add_tags(tags)
  host_tags.batch_add(with_id(self, { tags = tags }))
end

--- Deletes tags, a list of { key }; those that are not there are passed over.
function Instance:delete_tags(tags)
  host_tags.batch_delete(with_id(self, { tags = tags }))
end

--- Sets one tag.
function Instance:add_tag(key, value)
  host_tags.add(with_id(self, { key = key, value = value }))
end

--- Deletes one tag; raises kind not_found when there is none of this key.
function Instance:delete_tag(key)
  host_tags.delete(with_id(self, { key = key }))
end

local Instances = {}

--- Protects up to 5 servers by one job: { name_prefix, servers = { { server_id } }, … }.
function Instances:batch_create(parameters)
  return job.new(host.batch_create(collection.merged(parameters, self.bound)).job_id)
end

--- Ends the protection of up to 20 instances of one group by one job: a list of instances or ids,
--- and the options of Instance:delete.
---@param list (sdrs.ProtectedInstance|string)[]
function Instances:batch_delete(list, options) -- luacheck: ignore self
  local rows = {}
  for i, id in ipairs(collection.ids(kind, list)) do rows[i] = { id = id } end
  return job.new(host.batch_delete(
    collection.merged(options, { protected_instances = rows })).job_id)
end

local tagged = kinds.describe("sdrs:list_protected_instances_by_tags")

--- Iterates over { resource_id, resource_name, resource_detail, tags } of instances that have the
--- tags: { tags, tags_any, not_tags, not_tags_any = { { key, values } }, matches }.
function Instances:each_tagged(filters) -- luacheck: ignore self
  return pages.each(host_tags.query, tagged, collection.merged(filters, { action = "filter" }),
    function(row) return row end)
end

--- How many instances have the tags.
---@return integer
function Instances:count_tagged(filters) -- luacheck: ignore self
  return host_tags.query(collection.merged(filters, { action = "count" })).total_count
end

--- Instances, all of them or those of one group.
function instances.collection(bound)
  return collection.new(kind, bound, Instances)
end

--- The tags of all instances of the project: a list of { key, values }.
function instances.project_tags()
  return host_tags.of_project().tags
end

return instances
