-- The records of failed jobs, which stay until somebody deletes them.
local collection = require "collection"
local host = require "host.failures"

local Failure = {}

local failures = {}

local kind = collection.kind {
  class = Failure, host = host, list = "sdrs:list_failure_jobs", what = "failed job",
}

--- Deletes the record; what failed stays as it is.
function Failure:delete()
  host.delete({ failure_job_id = self.job_id })
end

local OfGroups = {}

--- Deletes the records of all groups' own jobs that failed.
function OfGroups:delete_all() -- luacheck: ignore self
  host.delete_of_groups()
end

local InGroup = {}

--- Deletes the records of all jobs that failed inside the group.
function InGroup:delete_all()
  host.delete_in_group({ server_group_id = self.bound.server_group_id })
end

--- Failed jobs of groups themselves; with the filter server_group_id, of what is inside one.
failures.of_groups = collection.new(kind, {}, OfGroups)

--- Failed jobs of what is inside the group.
function failures.in_group(id)
  return collection.new(kind, { server_group_id = id }, InGroup)
end

return failures
