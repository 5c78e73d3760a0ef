-- Storage Disaster Recovery Service: protection groups, what they hold, and the jobs that change
-- them. Fields are exactly the API's; parameters too.
local collection = require "collection"
local drills = require "sdrs.drills"
local failures = require "sdrs.failures"
local groups = require "sdrs.groups"
local host = require "host.sdrs"
local instances = require "sdrs.instances"
local job = require "job"
local kinds = require "host.kinds"
local pages = require "pages"
local replication_pairs = require "sdrs.pairs"
local statistics = require "host.statistics"

local sdrs = {}

sdrs.groups = collection.new(groups)
sdrs.instances = instances.collection()
sdrs.pairs = collection.new(replication_pairs)
sdrs.drills = collection.new(drills)
--- Failed jobs of groups themselves; with the filter server_group_id, of what is inside one.
sdrs.failures = failures.of_groups

--- Re-attaches to any job of SDRS by its id.
---@param id string
function sdrs.job(id)
  return job.new(id)
end

--- The active-active domains, each a pair of availability zones.
function sdrs.domains()
  return host.domains().domains
end

--- Used and allowed numbers of groups and pairs.
---@return table[] rows of { type, used, quota, min, max }
function sdrs.quotas()
  return host.quotas().quotas.resources
end

--- The tags of all instances of the project: a list of { key, values }.
---@return { key: string, values: string[] }[]
function sdrs.tags()
  return instances.project_tags()
end

local rpo = kinds.describe("sdrs:list_rpo_statistics")

--- Iterates over the statistics of pairs that missed their recovery point objective, one row for
--- every moment looked at: { start_time, end_time, resource_type }.
function sdrs.rpo_statistics(filters)
  return pages.each(statistics.rpo, rpo, filters or {}, function(row) return row end)
end

--- The versions of the interface.
function sdrs.versions()
  return host.versions().versions
end

--- One version of the interface, "v1".
---@param name string
function sdrs.version(name)
  return host.version({ api_version = name }).version
end

job.things("sdrs", {
  { entity = "server_group_id", get = function(id) return sdrs.groups:get(id) end },
  { entity = "replication_pair_id", get = function(id) return sdrs.pairs:get(id) end },
  { entity = "protected_instance_id", get = function(id) return sdrs.instances:get(id) end },
  { entity = "disaster_recovery_drill_id", get = function(id) return sdrs.drills:get(id) end },
})

return sdrs
