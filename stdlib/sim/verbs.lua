-- Operations whose catalogue entry says all: showing, listing and renaming a resource.
local wire = require("sim.wire")

local verbs = {}

function verbs.show(world, call, resource)
  local thing = resource.find(world, call)
  return wire.answer(world, call.operation.success, {
    [call.operation.result or resource.kind] = resource.render(world, thing),
  })
end

function verbs.rename(world, call, resource)
  local thing = resource.find(world, call)
  thing.name, thing.updated_at = call.body.name, world:now()
  local render = resource.render_renamed or resource.render
  return wire.answer(world, call.operation.success, {
    [call.operation.result or resource.kind] = render(world, thing),
  })
end

function verbs.list(world, call, resource)
  return resource.list(world, call)
end

--- The function(world, call, resource) that carries out an operation; nil when none does.
function verbs.of(operation, service, resource)
  local answer = service.answers[operation.name]
  if answer then return answer end
  if not resource then return nil end
  if #operation.transitions > 0 then
    return resource.rules[operation.name] and resource.change
  end
  if operation.method == "PUT" then return verbs.rename end
  if operation.effect ~= "read" or operation.method ~= "GET" then return nil end
  if operation.paging ~= "none" then return resource.list and verbs.list end
  return resource.find and verbs.show
end

return verbs
