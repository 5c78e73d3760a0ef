-- Records that belong to a scaling group: its instances, activities, policies, tasks and held
-- instances, found by the group's id in the order they were added.
local store = require("sim.store")

local rows = {}

local stores = {
  "scaling_instances", "lifecycle_holds", "scaling_activities", "scaling_policies",
  "policy_executions", "scheduled_tasks",
}

local function index(world, name, record)
  local by_group = world.scaling_rows[name]
  local of_group = by_group[record.group_id] or store.new()
  by_group[record.group_id] = of_group
  of_group:add(record)
end

--- Empties the index.
function rows.clear(world)
  world.scaling_rows = {}
  for _, name in ipairs(stores) do
    world.scaling_rows[name] = {}
  end
end

--- Fills the index from the stores.
function rows.index(world)
  for _, name in ipairs(stores) do
    for record in world[name]:each() do
      index(world, name, record)
    end
  end
end

--- Adds a record, which names its group in `group_id`, to a store.
function rows.add(world, name, record)
  world[name]:add(record)
  index(world, name, record)
end

function rows.remove(world, name, record)
  world[name]:remove(record.id)
  world.scaling_rows[name][record.group_id]:remove(record.id)
end

local none = {}

--- The records of a group; the list must not change while it is walked.
function rows.of(world, name, group_id)
  local of_group = world.scaling_rows[name][group_id]
  return of_group and of_group:list() or none
end

--- Removes all records of a group.
function rows.drop(world, name, group_id)
  for _, record in ipairs(rows.of(world, name, group_id)) do
    world[name]:remove(record.id)
  end
  world.scaling_rows[name][group_id] = nil
end

return rows
