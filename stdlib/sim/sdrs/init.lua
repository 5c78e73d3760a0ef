-- Storage Disaster Recovery Service: protection groups, protected instances, replication pairs,
-- drills, and what belongs to them.
local jobs = require("sim.jobs")
local versions = require("sim.versions")
local wire = require("sim.wire")
local codes = require("sim.sdrs.codes")
local transitions = require("sim.sdrs.transitions")
local groups = require("sim.sdrs.groups")
local instances = require("sim.sdrs.instances")
local replications = require("sim.sdrs.replications")
local quotas = require("sim.sdrs.quotas")
local failures = require("sim.sdrs.failures")
local drills = require("sim.sdrs.drills")
local scenery = require("sim.sdrs.scenery")

local sdrs = {
  name = "sdrs", fail_code = "SDRS.0201", action_code = "SDRS.0206",
  codes = codes.by_parameter, operation_codes = codes.by_operation, bond_codes = codes.by_bond,
  quotas = quotas.defaults, concluded = transitions.concluded, fresh = scenery.fresh,
  admin = require("sim.sdrs.admin"), answers = {},
  resources = {
    server_group = groups, protected_instance = instances, replication_pair = replications,
    dr_drill = drills,
  },
  versions = { {
    id = "v1", status = "CURRENT", updated = "2018-05-30T15:00:00Z", host = "sdrs.localdomain.com",
  } },
}

sdrs.stores = {
  { name = "domains" },
  { name = "groups" },
  { name = "vpcs", arrays = { "cidrs", "subnets" } },
  { name = "dedicated_hosts" },
  { name = "instances", arrays = instances.arrays },
  { name = "replications", arrays = replications.arrays },
  { name = "drills", arrays = drills.arrays },
  { name = "failures" },
  { name = "violations" },
}

-- The rules of the operations enter themselves under their resources.
require("sim.sdrs.group_verbs")
require("sim.sdrs.protect")
require("sim.sdrs.unprotect")
require("sim.sdrs.pairing")
require("sim.sdrs.attaching")
require("sim.sdrs.nics")
require("sim.sdrs.resizing")

for _, module in ipairs({
  quotas, failures, require("sim.sdrs.domains"), require("sim.sdrs.tags"),
  require("sim.sdrs.tag_query"), require("sim.sdrs.rpo"),
}) do
  for name, answer in pairs(module.answers) do
    sdrs.answers[name] = answer
  end
end

--- UUIDs, and the 32 characters of old resources (sdrs.md section 7).
function sdrs.is_id(text, name)
  return name == "api_version" or #text >= 32 and #text <= 36 and text:find("^[%w-]+$") ~= nil
end

sdrs.answers.list_api_versions = versions.list
sdrs.answers.show_specified_api_version = versions.show("SDRS.0201")

function sdrs.answers.show_job_status(world, call)
  local id = call.path.job_id
  if not jobs.is_of(world, id, "sdrs") then
    return wire.service_error(world, "SDRS.0201", 404, "The job does not exist.", "itemNotFound")
  end
  return wire.answer(world, call.operation.success, jobs.render(world, world.jobs:get(id)))
end

-- Job ids say nothing about their service; that of an unknown one is refused here.
sdrs.owns = {
  show_job_status = function(world, path) return jobs.is_of(world, path.job_id, "sdrs") end,
}

function sdrs.clear(world)
  world.members = {}
end

function sdrs.index(world)
  for group in world.groups:each() do
    groups.index(world, group)
  end
  for instance in world.instances:each() do
    instances.index(world, instance)
  end
  for pair in world.replications:each() do
    replications.index(world, pair)
  end
  for drill in world.drills:each() do
    drills.index(world, drill)
  end
end

--- An instance or a pair that lost a server or a volume is invalid.
function sdrs.deleted_natively(world, what, record)
  local instance = what == "server" and world.instances:get(record.protected_instance_id)
  local pair = what == "volume" and world.replications:get(record.replication_id)
  if instance then instances.set_status(world, instance, "invalid", world:now()) end
  if pair then replications.set_status(world, pair, "invalid", world:now()) end
end

--- The reason why an exported state is none: a member without its group.
function sdrs.check(document)
  local known = {}
  for _, group in ipairs(document.groups) do
    known[group.id] = true
  end
  for _, name in ipairs({ "instances", "replications", "drills" }) do
    for _, member in ipairs(document[name]) do
      if not known[member.server_group_id] then
        return name .. " holds " .. member.id .. ", whose group is missing"
      end
    end
  end
  return nil
end

return sdrs
