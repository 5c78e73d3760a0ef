-- The platform's own book of held instances: what every record that ever was came to, who said so,
-- and which callbacks named it. No call of the platform shows it; tests judge by it whoever answers
-- hooks.
local moment = require("sim.moment")

local outcomes = {}

-- Records that have ended are dropped beyond this many, the oldest first.
local kept = 100000

local function drop_oldest(world)
  while world.hold_outcomes.count > kept do
    local oldest = world.hold_outcomes:each()()
    if not oldest.result then return end
    world.hold_outcomes:remove(oldest.id)
    world.counters.dropped_outcome = (world.counters.dropped_outcome or 0) + 1
  end
end

--- A hook of a type has begun to hold an instance.
function outcomes.began(world, hold, hook_type)
  world.hold_outcomes:add({
    id = hold.id, group_id = hold.group_id, instance_id = hold.instance_id, hook = hold.hook,
    type = hook_type, default_result = hold.default_result, began = world:now(),
    deadline = hold.deadline, extended = 0, accepted = 0, refused = 0, late_extends = 0,
  })
  drop_oldest(world)
end

--- A hold has ended with a result that came `by` a "callback", the "default" at its deadline, a
--- "sibling" whose ABANDON cut it short, or the loss of its "server".
function outcomes.ended(world, hold, result, by)
  local outcome = world.hold_outcomes:get(hold.id)
  outcome.result, outcome.by, outcome.ended = result, by, world:now()
end

--- A callback was accepted for a hold.
function outcomes.accepted(world, hold, result)
  local outcome = world.hold_outcomes:get(hold.id)
  if result == "EXTEND" then
    outcome.extended, outcome.deadline = outcome.extended + 1, hold.deadline
  else
    outcome.accepted = outcome.accepted + 1
  end
end

--- A callback was refused with AS.7042; one that does not name a key of the book is a stray.
function outcomes.refused(world, key, result)
  local outcome = world.hold_outcomes:get(key or "")
  if not outcome then
    world.counters.stray_callback = (world.counters.stray_callback or 0) + 1
  elseif result == "EXTEND" then
    outcome.late_extends = outcome.late_extends + 1
  else
    outcome.refused = outcome.refused + 1
  end
end

local function render(world, outcome)
  local null, ended = world.json.null, outcome.ended
  return {
    lifecycle_action_key = outcome.id, scaling_group_id = outcome.group_id,
    instance_id = outcome.instance_id, lifecycle_hook_name = outcome.hook,
    lifecycle_hook_type = outcome.type, default_result = outcome.default_result,
    result = outcome.result or null, by = outcome.by or null,
    began = moment.zulu(outcome.began), deadline = moment.zulu(outcome.deadline),
    ended = ended and moment.zulu(ended) or null,
    seconds_left = ended and (outcome.deadline - ended) / moment.second or null,
    extended = outcome.extended, accepted = outcome.accepted, refused = outcome.refused,
    late_extends = outcome.late_extends,
  }
end

local function count(totals, outcome)
  totals.holds = totals.holds + 1
  local fate = outcome.by or "hanging"
  totals[fate] = totals[fate] + 1
  totals.refused = totals.refused + outcome.refused
  totals.late_extends = totals.late_extends + outcome.late_extends
  totals.extended = totals.extended + outcome.extended
  if outcome.accepted + outcome.refused > 1 then
    totals.answered_again = totals.answered_again + 1
  end
end

--- The book, of one group if it is given: totals of all of it, and the records after a key, at most
--- `most` of them.
function outcomes.book(world, group_id, after, most)
  local rows, is_after = world.json.array({}), after == nil
  local totals = {
    holds = 0, hanging = 0, callback = 0, default = 0, sibling = 0, server = 0, extended = 0,
    refused = 0, late_extends = 0, answered_again = 0,
    strays = world.counters.stray_callback or 0, dropped = world.counters.dropped_outcome or 0,
  }
  for outcome in world.hold_outcomes:each() do
    if not group_id or outcome.group_id == group_id then
      count(totals, outcome)
      if is_after and #rows < most then rows[#rows + 1] = render(world, outcome) end
    end
    if outcome.id == after then is_after = true end
  end
  return { totals = totals, outcomes = rows }
end

return outcomes
