-- Replication pairs: a production disk and its copy on the other site.
local collection = require "collection"
local host = require "host.pairs"
local job = require "job"

local Pair = {}

local kind = collection.kind {
  class = Pair,
  host = host,
  list = "sdrs:list_replications",
  show = "sdrs:show_replication",
  id = "replication_id",
  filter = "name",
  what = "replication pair",
  job = job.new,
}

--- Ends the pair; the recovery disk stays unless `options.delete_target_volume`.
function Pair:delete(options)
  return job.new(host.delete({
    replication_id = self.id,
    server_group_id = self.server_group_id,
    delete_target_volume = options and options.delete_target_volume,
  }).job_id)
end

--- Grows both disks to `new_size` gigabytes in all; there is no way back.
function Pair:expand(new_size)
  return job.new(host.expand({ replication_id = self.id, new_size = new_size }).job_id)
end

return kind
