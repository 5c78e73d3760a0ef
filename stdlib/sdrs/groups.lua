-- Protection groups: what fails over together.
local collection = require "collection"
local drills = require "sdrs.drills"
local failures = require "sdrs.failures"
local host = require "host.groups"
local instances = require "sdrs.instances"
local job = require "job"
local replication_pairs = require "sdrs.pairs"

local Group = {}

-- A group's own pairs, instances and drills are collections bound to its id.
local function bound(self)
  return { server_group_id = self.id }
end

local kind = collection.kind {
  class = Group,
  host = host,
  list = "sdrs:list_protection_groups",
  show = "sdrs:show_protection_group",
  id = "server_group_id",
  filter = "name",
  what = "protection group",
  job = job.new,
  parts = {
    pairs = function(self) return collection.new(replication_pairs, bound(self)) end,
    instances = function(self) return instances.collection(bound(self)) end,
    drills = function(self) return collection.new(drills, bound(self)) end,
    failures = function(self) return failures.in_group(self.id) end,
  },
}

local function change(verb, self, parameters)
  return job.new(host[verb](collection.merged(parameters, bound(self))).job_id)
end

--- Moves production to the other site, now. Allowed from protected, error-failing-over and
--- error-reversing; afterwards the data is unprotected until reprotect().
function Group:failover()
  return change("failover", self)
end

--- Planned switchover to `station`, "source" or "target" as at creation; servers must be off.
function Group:reverse(station)
  return change("reverse", self, { priority_station = station })
end

--- Enables protection. Allowed from available and error-starting.
function Group:start()
  return change("start", self)
end

--- Protects the data again after a failover: the same call as start().
function Group:reprotect()
  return self:start()
end

--- Ends protection; the pairs stay and can be started again.
function Group:stop()
  return change("stop", self)
end

--- Deletes the group, which must hold no instances, pairs and drills any more.
function Group:delete()
  return change("delete", self)
end

--- The availability zone that is production now.
---@return string
function Group:production()
  local on_source = self.priority_station == "source"
  return on_source and self.source_availability_zone or self.target_availability_zone
end

--- The availability zone that is the disaster-recovery site now.
---@return string
function Group:recovery()
  local on_source = self.priority_station == "source"
  return on_source and self.target_availability_zone or self.source_availability_zone
end

return kind
