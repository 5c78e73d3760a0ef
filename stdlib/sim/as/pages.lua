-- Lists in pages of start_number and limit, with total_number (as.md section 1).
local wire = require("sim.wire")

local pages = {}

local default_limit = 20

--- Iterates over a list from its end: logs show the latest first.
function pages.backwards(list)
  local at = #list + 1
  return function()
    at = at - 1
    return list[at]
  end
end

--- Iterates over a list from its start.
function pages.forwards(list)
  local at = 0
  return function()
    at = at + 1
    return list[at]
  end
end

--- Answers the rows of `each` that `matches(row)`, from start_number on, at most `limit`, drawn by
--- render(world, row).
function pages.answer(world, call, each, matches, render)
  local start, limit = call.query.start_number or 0, call.query.limit or default_limit
  local out, total = world.json.array({}), 0
  for row in each do
    if matches(row) then
      total = total + 1
      if total > start and #out < limit then out[#out + 1] = render(world, row) end
    end
  end
  return wire.answer(world, call.operation.success, {
    total_number = total, start_number = start, limit = limit, [call.operation.result] = out,
  })
end

return pages
