-- RPO statistics: every five minutes, how many pairs do not keep the recovery point (choice
-- sdrs.rpo-violations: those whose fault level is not 0).
local moment = require("sim.moment")
local seeded = require("sim.seeded")
local wire = require("sim.wire")

local rpo = {}

local interval = 300 * moment.second

--- Notes that a pair begins or ceases to violate its RPO.
function rpo.note(world, pair)
  local open = pair.violation and world.violations:get(pair.violation)
  if pair.fault_level == "0" then
    if open then open.till = world:now() end
    pair.violation = nil
  elseif not open then
    local violation = { id = seeded.uuid(world), since = world:now() }
    world.violations:add(violation)
    pair.violation = violation.id
  end
end

-- The moments of the samples with how many violations each saw, newest first.
local function samples(world)
  local counts, first, last = {}, nil, nil
  for violation in world.violations:each() do
    local from = math.ceil(violation.since / interval)
    local to = math.floor((violation.till or world:now()) / interval)
    for point = from, to do
      counts[point] = (counts[point] or 0) + 1
    end
    if from <= to then
      first, last = math.min(first or from, from), math.max(last or to, to)
    end
  end
  local rows = {}
  for point = last or 0, first or 1, -1 do
    if counts[point] then rows[#rows + 1] = { at = point * interval, count = counts[point] } end
  end
  return rows
end

local function render(sample)
  local at = moment.spaced(sample.at)
  return {
    id = ("%08x-0000-4000-a000-%012x"):format(sample.at / interval, sample.at / interval),
    point_time = at:sub(1, 16), resource_num = sample.count, resource_type = "replication",
    created_at = at, updated_at = at,
  }
end

rpo.answers = {
  list_rpo_statistics = function(world, call)
    local query = call.query
    local limit, offset = query.limit or 1000, query.offset or 0
    local rows, count = world.json.array({}), 0
    for _, sample in ipairs(samples(world)) do
      local at = moment.spaced(sample.at)
      local is_wanted = (not query.start_time or at >= query.start_time)
        and (not query.end_time or at <= query.end_time)
      if is_wanted then
        count = count + 1
        if count > offset and #rows < limit then rows[#rows + 1] = render(sample) end
      end
    end
    return wire.answer(world, call.operation.success, {
      count = count, [call.operation.result] = rows,
    })
  end,
}

return rpo
