-- Scaling activities: one at a time in a group, from its start until the last of its instances has
-- come to an end, and the logs of both versions (as.md section 10).
local moment = require("sim.moment")
local seeded = require("sim.seeded")
local agenda = require("sim.agenda")
local wire = require("sim.wire")
local rows = require("sim.as.rows")
local times = require("sim.as.times")
local pages = require("sim.as.pages")
local notices = require("sim.as.notices")

local activities = {}

-- The lists of an activity, by what has become of an instance.
local lists = { "added", "deleted", "removed", "failed", "standby" }
activities.arrays = { "added", "deleted", "removed", "failed", "standby", "reasons" }

--- The instances of a group that count: as the choice has it, held ones do.
function activities.current(world, group)
  local count = 0
  for _, instance in ipairs(rows.of(world, "scaling_instances", group.id)) do
    if instance.created then count = count + 1 end
  end
  return count
end

--- One entry of an activity's description: why the number changed.
function activities.reason(world, change_reason, old_value, new_value, policy)
  return {
    change_reason = change_reason, old_value = old_value, new_value = new_value,
    change_time = times.text(world:now()),
    scaling_policy_id = policy and policy.id, scaling_policy_name = policy and policy.name,
  }
end

--- Starts an activity of a type that works on `count` instances and leads to `target`.
function activities.start(world, group, type_name, count, target, reasons)
  local activity = {
    id = seeded.uuid(world), group_id = group.id, type = type_name, status = "DOING",
    started_at = world:now(), instance_value = activities.current(world, group),
    desire_value = target, open = count, reasons = world.json.array(reasons),
    cool_down = group.policy_cool_down,
  }
  for _, name in ipairs(lists) do
    activity[name] = world.json.array({})
  end
  rows.add(world, "scaling_activities", activity)
  group.activity_id, group.activity_type = activity.id, type_name
  group.policy_cool_down = nil
  return activity
end

-- The scene that subscribers of the group hear about.
local function announce(world, group, activity)
  local failed = #activity.failed > 0
  if #activity.added > 0 or failed then
    notices.publish(world, group, failed and "SCALING_UP_FAIL" or "SCALING_UP", activity)
  end
  if #activity.deleted + #activity.removed > 0 then
    notices.publish(world, group, "SCALING_DOWN", activity)
  end
  if group.status == "ERROR" then
    notices.publish(world, group, "SCALING_GROUP_ABNORMAL", activity)
  end
end

local function finish(world, group, activity)
  local failure = activity.failed[1]
  activity.status = failure and "FAIL" or "SUCCESS"
  activity.ended_at = world:now()
  group.activity_id = nil
  group.detail = failure and failure.failed_details or nil
  local cool_down = activity.cool_down or group.cool_down
  group.cooled_at = world:now() + cool_down * moment.second
  if activity.fatal and group.status == "INSERVICE" then group.status = "ERROR" end
  announce(world, group, activity)
  agenda.at(world, world:now(), "as_settle", group.id)
end

--- Notes that one instance of the current activity has come to its end in a list of the log; with
--- the last one the activity ends. failure = { reason, details } for the list "failed".
function activities.done(world, group, list, instance, failure)
  local activity = world.scaling_activities:get(group.activity_id)
  table.insert(activity[list], {
    instance_id = instance.id, instance_name = instance.name,
    failed_reason = failure and failure.reason, failed_details = failure and failure.details,
  })
  if failure and failure.fatal then activity.fatal = true end
  activity.open = activity.open - 1
  if activity.open == 0 then finish(world, group, activity) end
end

local function common(world, activity)
  return {
    id = activity.id, status = activity.status, start_time = times.text(activity.started_at),
    end_time = activity.ended_at and times.text(activity.ended_at) or world.json.null,
    instance_value = activity.instance_value, desire_value = activity.desire_value,
    scaling_value = math.abs(activity.desire_value - activity.instance_value),
    description = world.json.encode({ reason = activity.reasons }),
  }
end

local function names(world, entries)
  local list = {}
  for index, entry in ipairs(entries) do
    list[index] = entry.instance_name
  end
  return #list > 0 and table.concat(list, ",") or world.json.null
end

local function render_v1(world, activity)
  local view = common(world, activity)
  view.instance_added_list = names(world, activity.added)
  view.instance_deleted_list = names(world, activity.deleted)
  view.instance_removed_list = names(world, activity.removed)
  return view
end

local function render_v2(world, activity)
  local view = common(world, activity)
  view.type = activity.type
  for _, name in ipairs(lists) do
    view["instance_" .. name .. "_list"] = activity[name]
  end
  for _, name in ipairs({ "bind_success", "bind_failed", "unbind_success", "unbind_failed" }) do
    view["lb_" .. name .. "_list"] = world.json.array({})
  end
  return view
end

local function time_filter(query, name, code)
  if not query[name] then return nil end
  return times.to_second(query[name]) or wire.refuse(code)
end

-- Whether `text` is among words separated by commas.
local function is_named(words, text)
  return ("," .. words .. ","):find("," .. text .. ",", 1, true) ~= nil
end

local types = "NORMAL,MANNUAL_REMOVE,MANNUAL_DELETE,MANNUAL_ADD,ELB_CHECK_DELETE,"
  .. "AUDIT_CHECK_DELETE,DIFF,MODIFY_ELB,ENTER_STANDBY,EXIT_STANDBY"

local function list(world, call, render)
  local query = call.query
  if not world.scaling_groups:get(call.path.scaling_group_id) then wire.refuse("AS.2007") end
  local from = time_filter(query, "start_time", "AS.9001")
  local to = time_filter(query, "end_time", "AS.9002")
  for word in (query.type or ""):gmatch("[^,]+") do
    if not is_named(types, word) then wire.refuse("AS.9012") end
  end
  local function matches(activity)
    return (not from or activity.started_at >= from) and (not to or activity.started_at <= to)
      and (not query.log_id or activity.id == query.log_id)
      and (not query.status or activity.status == query.status)
      and (not query.type or is_named(query.type, activity.type))
  end
  local of_group = rows.of(world, "scaling_activities", call.path.scaling_group_id)
  return pages.answer(world, call, pages.backwards(of_group), matches, render)
end

activities.answers = {
  list_scaling_activity_logs = function(world, call) return list(world, call, render_v1) end,
  list_scaling_activity_v2_logs = function(world, call) return list(world, call, render_v2) end,
}

return activities
