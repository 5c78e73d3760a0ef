-- Auto Scaling: groups that keep a number of servers, hooks that hold them on the way in and out,
-- policies that change the number.
local versions = require("sim.versions")
local rows = require("sim.as.rows")
local codes = require("sim.as.codes")
local groups = require("sim.as.groups")
local holds = require("sim.as.holds")
local lifecycle = require("sim.as.lifecycle")
local activities = require("sim.as.activities")
local scaling = require("sim.as.scaling")
local quotas = require("sim.as.quotas")
local policy_runs = require("sim.as.policy_runs")
local tasks = require("sim.as.tasks")

local as = {
  name = "as", fail_code = "AS.0022", action_code = "AS.0022", no_body_code = "AS.0002",
  codes = codes.by_parameter, operation_codes = codes.by_operation, bond_codes = codes.by_bond,
  quotas = quotas.defaults, admin = require("sim.as.admin"), answers = {},
  stores = {
    { name = "scaling_configurations" },
    { name = "scaling_groups", arrays = groups.arrays },
    { name = "scaling_instances", arrays = lifecycle.arrays },
    { name = "lifecycle_holds" },
    { name = "hold_outcomes" },
    { name = "scaling_activities", arrays = activities.arrays },
    { name = "scaling_policies" },
    { name = "policy_executions" },
    { name = "scheduled_tasks" },
  },
  events = {
    as_step = lifecycle.stepped, as_hold = lifecycle.timed_out, as_settle = scaling.settle,
    as_audit = scaling.audit, as_policy = policy_runs.fire, as_task = tasks.fire,
  },
  stands = { as_step = lifecycle.goes_on, as_hold = lifecycle.hangs },
  versions = { {
    id = "v1", status = "CURRENT", updated = "2016-06-30T00:00:00Z",
    host = "as.cn-north-4.myhuaweicloud.com",
  }, {
    id = "v2", status = "SUPPORTED", updated = "2018-03-30T00:00:00Z",
    host = "as.cn-north-4.myhuaweicloud.com",
  } },
}

for _, module in ipairs({
  groups, require("sim.as.configurations"), require("sim.as.instances"), require("sim.as.hooks"),
  activities, require("sim.as.policies"), policy_runs, require("sim.as.notices"), quotas, tasks,
}) do
  for name, answer in pairs(module.answers) do
    as.answers[name] = answer
  end
end

function as.clear(world)
  rows.clear(world)
  holds.clear(world)
end

function as.index(world)
  rows.index(world)
  holds.index(world)
end

--- An instance whose server was deleted becomes unhealthy.
function as.deleted_natively(world, what, record)
  local instance = what == "server" and world.scaling_instances:get(record.id)
  if instance then scaling.lost_server(world, instance) end
end

as.answers.list_api_versions = versions.list
as.answers.show_api_version = versions.show("AS.0033")

return as
