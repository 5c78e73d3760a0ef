-- Elastic Cloud Server: the servers of the world, their power and their flavors.
local moment = require("sim.moment")
local wire = require("sim.wire")
local jobs = require("sim.jobs")
local servers = require("sim.ecs.servers")
local volumes = require("sim.ecs.volumes")
local flavors = require("sim.ecs.flavors")
local power = require("sim.ecs.power")
local listing = require("sim.ecs.listing")

-- Finished jobs are forgotten after a day (ecs.md section 5).
local kept = 86400 * moment.second

local ecs = {
  name = "ecs", fail_code = "Ecs.0005", action_code = "Ecs.0000",
  codes = {
    servers = { missing = "Ecs.0005", wrong = "Ecs.0118" },
    job_id = "Common.0011",
  },
  resources = { server = servers },
  stores = {
    { name = "servers", arrays = servers.arrays },
    { name = "volumes", arrays = volumes.arrays },
  },
  events = power.events, admin = require("sim.ecs.admin"),
  answers = {
    list_servers_details = listing.list_servers_details,
    list_resize_flavors = flavors.list_resize_flavors,
    batch_start_servers = power.answers.batch_start_servers,
    batch_stop_servers = power.answers.batch_stop_servers,
    batch_reboot_servers = power.answers.batch_reboot_servers,
  },
}

local function job_of(world, id)
  if not jobs.is_of(world, id, "ecs") then return nil end
  local job = world.jobs:get(id)
  if job.finished and world:now() > job.end_at + kept then return nil end
  return job
end

function ecs.answers.show_job(world, call)
  local job = job_of(world, call.path.job_id)
  if not job then wire.refuse("Common.0011") end
  local view = jobs.render(world, job)
  view.entities.sub_jobs_total = #job.sub_jobs
  return wire.answer(world, call.operation.success, view)
end

ecs.owns = {
  show_job = function(world, path) return jobs.is_of(world, path.job_id, "ecs") end,
}

function ecs.clear(world)
  world.attached = {}
end

function ecs.index(world)
  for volume in world.volumes:each() do
    volumes.index(world, volume)
  end
end

--- What happened to servers happens in their sub-jobs; nothing is left for the job.
function ecs.concluded() end

return ecs
