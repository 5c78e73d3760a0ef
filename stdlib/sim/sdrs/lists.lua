-- Paged lists and the filters that they share (sdrs.md section 7).
local wire = require("sim.wire")

local lists = {}

--- The zone that serves a group now.
function lists.zone_of(group)
  if group.priority_station == "source" then return group.source_availability_zone end
  return group.target_availability_zone
end

--- Whether a member of a group is served from a zone; nil stands for any zone.
function lists.is_in_zone(world, member, zone)
  return not zone or lists.zone_of(world.groups:get(member.server_group_id)) == zone
end

--- Takes a value out of a list.
function lists.take_out(list, value)
  for index, candidate in ipairs(list) do
    if candidate == value then
      table.remove(list, index)
      return
    end
  end
end

--- Takes the rows out of a list whose field has a value.
function lists.take_out_where(list, field, value)
  for index = #list, 1, -1 do
    if list[index][field] == value then table.remove(list, index) end
  end
end

--- Whether a status counts as abnormal for query_type=status_abnormal.
function lists.is_abnormal(status)
  return status == "invalid" or status == "fault" or status:find("^error") ~= nil
end

--- The filters by status, part of the name and query_type that all resources know.
function lists.matches(thing, query)
  if query.status and thing.status ~= query.status then return false end
  if query.name and not thing.name:find(query.name, 1, true) then return false end
  return query.query_type ~= "status_abnormal" or lists.is_abnormal(thing.status)
end

--- Iterates over the members of the groups that a query names, or over the whole store. A list of
--- ids beats a single one, and ids that are unknown are passed over.
function lists.candidates(world, query, store)
  local ids = query.server_group_ids
  if not ids and query.server_group_id then ids = { query.server_group_id } end
  if not ids then return world[store]:each() end
  local group, member, seen = 0, 0, {}
  local members = {}
  return function()
    member = member + 1
    while not members[member] do
      group, member = group + 1, 1
      local id = ids[group]
      if id == nil then return nil end
      members = not seen[id] and world.members[id] and world.members[id][store] or {}
      seen[id] = true
    end
    return members[member]
  end
end

--- Answers a page: the rows of `each` that `matches(thing, query)`, from `offset` on, at most
--- `limit` of them, drawn by `render`; `count` is how many match in all.
function lists.answer(world, call, each, matches, render)
  local query = call.query
  local limit, offset = query.limit or 1000, query.offset or 0
  local rows, count = world.json.array({}), 0
  for thing in each do
    if matches(thing, query) then
      count = count + 1
      if count > offset and #rows < limit then rows[#rows + 1] = render(world, thing) end
    end
  end
  return wire.answer(world, call.operation.success, {
    count = count, [call.operation.result or "items"] = rows,
  })
end

return lists
