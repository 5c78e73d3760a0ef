-- Which instances a scale-in takes (as.md section 3): zones that the group does not use any more
-- first, then the fullest zone, inside it the removal policy; those the user added come last.
local victims = {}

--- How many instances there are by zone.
function victims.by_zone(instances)
  local counts = {}
  for _, instance in ipairs(instances) do
    counts[instance.zone] = (counts[instance.zone] or 0) + 1
  end
  return counts
end

local function older(a, b)
  if a.joined_at ~= b.joined_at then return a.joined_at < b.joined_at end
  return a.order < b.order
end

local function newer(a, b)
  return older(b, a)
end

-- Instances of the oldest configuration first, `then_by` among equals.
local function of_old_configuration(world, then_by)
  local function age(instance)
    local configuration = world.scaling_configurations:get(instance.configuration_id)
    return configuration and configuration.created_at or 0
  end
  return function(a, b)
    local age_a, age_b = age(a.instance), age(b.instance)
    if age_a ~= age_b then return age_a < age_b end
    return then_by(a, b)
  end
end

local function comparison(world, policy)
  if policy == "OLD_INSTANCE" then return older end
  if policy == "NEW_INSTANCE" then return newer end
  return of_old_configuration(world, policy == "OLD_CONFIG_NEW_INSTANCE" and newer or older)
end

-- Those that may go: automatic ones by zone, and the added ones.
local function candidates(instances)
  local by_zone, added = {}, {}
  for order, instance in ipairs(instances) do
    if instance.state == "INSERVICE" and not instance.protected then
      local row = { instance = instance, joined_at = instance.joined_at, order = order }
      local list = added
      if instance.automatic then
        list = by_zone[instance.zone] or {}
        by_zone[instance.zone] = list
      end
      list[#list + 1] = row
    end
  end
  return by_zone, added
end

-- The zone to take the next from: one that is not configured, else the fullest; by name among
-- equals.
local function next_zone(by_zone, taken, counts, configured)
  local best = nil
  for zone, list in pairs(by_zone) do
    if taken[zone] < #list then
      local weight = configured[zone] and counts[zone] or math.huge
      if not best or weight > best.weight or (weight == best.weight and zone < best.zone) then
        best = { zone = zone, weight = weight }
      end
    end
  end
  return best and best.zone
end

--- Chooses at most `count` of a group's instances.
function victims.choose(world, group, instances, count)
  local by_zone, added = candidates(instances)
  local compare, taken, configured = comparison(world, group.terminate_policy), {}, {}
  for zone, list in pairs(by_zone) do
    table.sort(list, compare)
    taken[zone] = 0
  end
  for _, zone in ipairs(group.zones) do
    configured[zone] = true
  end
  local counts, chosen = victims.by_zone(instances), {}
  while #chosen < count do
    local zone = next_zone(by_zone, taken, counts, configured)
    if not zone then break end
    taken[zone], counts[zone] = taken[zone] + 1, counts[zone] - 1
    chosen[#chosen + 1] = by_zone[zone][taken[zone]].instance
  end
  table.sort(added, older)
  for index = 1, math.min(#added, count - #chosen) do
    chosen[#chosen + 1] = added[index].instance
  end
  return chosen
end

return victims
