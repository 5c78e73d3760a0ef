-- Disaster recovery drills: copies of a group's servers, started in a network of their own.
local collection = require "collection"
local host = require "host.drills"
local job = require "job"

local Drill = {}

local kind = collection.kind {
  class = Drill,
  host = host,
  list = "sdrs:list_disaster_recovery_drills",
  show = "sdrs:show_disaster_recovery_drill",
  id = "disaster_recovery_drill_id",
  filter = "name",
  what = "drill",
  job = job.new,
}

--- Removes the drill with its servers, disks and network cards; its VPC and subnets stay.
function Drill:delete()
  return job.new(host.delete({ disaster_recovery_drill_id = self.id }).job_id)
end

return kind
