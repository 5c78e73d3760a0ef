-- Storage Disaster Recovery Service: protection groups, what they hold, and the jobs that change
-- them. Fields are exactly the API's; parameters too.
local host_groups = require "host.groups"
local host_instances = require "host.instances"
local host_pairs = require "host.pairs"
local job = require "job"
local resource = require "resource"

local sdrs = {}

-- A collection: what `sdrs.groups` and `group.pairs` have in common. `bound` filters every list.
local Collection = {}
Collection.__index = Collection

local function collection(kind, bound)
  return setmetatable({ kind = kind, bound = bound or {} }, Collection)
end

function Collection:wrap(row)
  return resource.wrap(self.kind.class, row)
end

--- The thing with this id; raises kind not_found.
function Collection:get(id)
  return self:wrap(self.kind.host.show({ [self.kind.id] = id })[self.kind.one])
end

--- Iterates over all that match the filters, page by page.
function Collection:each(filters)
  local all = {}
  for name, value in pairs(filters or {}) do all[name] = value end
  for name, value in pairs(self.bound) do all[name] = value end
  return resource.each(self.kind.host.list, self.kind.many, all, function(row)
    return self:wrap(row)
  end)
end

--- The list of all that match the filters.
function Collection:all(filters)
  local rows = {}
  for row in self:each(filters) do rows[#rows + 1] = row end
  return rows
end

--- The one thing with this id or exactly this name; raises kind not_found or conflict.
function Collection:find(text)
  if resource.looks_like_id(text) then
    local ok, found = pcall(self.get, self, text)
    if ok then return found end
    if found.kind ~= "not_found" then error(found, 0) end
  end
  local same = {}
  for row in self:each { name = text } do -- the service matches parts of names
    if row.name == text then same[#same + 1] = row end
  end
  return resource.only(same, self.kind.what, text, function() return self:each() end)
end

--- Starts making a new one and returns the job; its `resource()` is the new thing.
function Collection:create(parameters)
  local all = {}
  for name, value in pairs(parameters or {}) do all[name] = value end
  for name, value in pairs(self.bound) do all[name] = value end
  return job.new(self.kind.host.create(all).job_id)
end

local Group = {}
local Pair = {}
local Instance = {}

local groups = {
  class = Group, host = host_groups, what = "protection group",
  id = "server_group_id", one = "server_group", many = "server_groups", lock = "server_group",
}
local pairs_kind = {
  class = Pair, host = host_pairs, what = "replication pair",
  id = "replication_id", one = "replication", many = "replications", lock = "replication_pair",
}
local instances = {
  class = Instance, host = host_instances, what = "protected instance",
  id = "protected_instance_id", one = "protected_instance", many = "protected_instances",
  lock = "protected_instance",
}

-- Methods of every resource.
local function common(class, kind)
  function class:refresh()
    return resource.renew(self, kind.host.show({ [kind.id] = self.id })[kind.one])
  end

  --- What a run holds so that no other run changes the thing: see ctx:lock.
  function class:lock_name()
    return kind.lock .. " " .. self.id
  end

  if kind.host.rename then
    function class:rename(name)
      return resource.renew(self, kind.host.rename({ [kind.id] = self.id, name = name })[kind.one])
    end
  end
  class.__index = class.__index or class
end

-- A group's own pairs and instances are collections bound to its id.
local PARTS = {
  pairs = function(self) return collection(pairs_kind, { server_group_id = self.id }) end,
  instances = function(self) return collection(instances, { server_group_id = self.id }) end,
}

function Group.__index(self, field)
  local part = PARTS[field]
  if part and rawget(self, "id") then return part(self) end
  return Group[field]
end

local function change(verb, parameters)
  return job.new(host_groups[verb](parameters).job_id)
end

--- Moves production to the other site, now. Allowed from protected, error-failing-over and
--- error-reversing; afterwards the data is unprotected until reprotect().
function Group:failover()
  return change("failover", { server_group_id = self.id })
end

--- Planned switchover to `station`, "source" or "target" as at creation; servers must be off.
function Group:reverse(station)
  return change("reverse", { server_group_id = self.id, priority_station = station })
end

--- Enables protection. Allowed from available and error-starting.
function Group:start()
  return change("start", { server_group_id = self.id })
end

--- Protects the data again after a failover: the same call as start().
function Group:reprotect()
  return self:start()
end

function Group:stop()
  return change("stop", { server_group_id = self.id })
end

function Group:delete()
  return change("delete", { server_group_id = self.id })
end

--- The availability zone that is production now.
function Group:production()
  local on_source = self.priority_station == "source"
  return on_source and self.source_availability_zone or self.target_availability_zone
end

--- The availability zone that is the disaster-recovery site now.
function Group:recovery()
  local on_source = self.priority_station == "source"
  return on_source and self.target_availability_zone or self.source_availability_zone
end

common(Group, groups)

--- Ends the pair; the recovery disk stays unless `options.delete_target_volume`.
function Pair:delete(options)
  return job.new(host_pairs.delete({
    replication_id = self.id,
    server_group_id = self.server_group_id,
    delete_target_volume = options and options.delete_target_volume,
  }).job_id)
end

common(Pair, pairs_kind)
common(Instance, instances)

job.resources = {
  { entity = "server_group_id", get = function(id) return sdrs.groups:get(id) end },
  { entity = "replication_pair_id", get = function(id) return sdrs.pairs:get(id) end },
  { entity = "protected_instance_id", get = function(id) return sdrs.instances:get(id) end },
}

sdrs.groups = collection(groups)
sdrs.pairs = collection(pairs_kind)
sdrs.instances = collection(instances)

--- Re-attaches to any job by its id.
function sdrs.job(id)
  return job.new(id)
end

--- The active-active domains, each a pair of availability zones.
function sdrs.domains()
  return host_groups.domains().domains
end

--- Used and allowed numbers of groups and pairs.
function sdrs.quotas()
  return host_groups.quotas().quotas.resources
end

return sdrs
