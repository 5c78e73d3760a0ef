-- What tests of scripts share: a fresh world for every case, and the administrator's side of it.
local test = require("test")

local support = {}

-- A rehearsal hands every path to its simulator, the administrator's among them.
function support.admin(method, path, body, query)
  return cloud:request({
    service = "sdrs", method = method, path = "/_sim" .. path, body = body, query = query,
  })
end

--- Plants a fault of docs/guide/simulator.md.
function support.plant(fault)
  support.admin("POST", "/faults", fault)
end

--- The requests that arrived for an operation of the catalogue.
function support.arrived(operation)
  return support.admin("GET", "/receipts", nil, { operation = operation }).receipts
end

--- The group "demo" of a fresh world: protected, with 3 instances and 5 pairs.
function support.demo()
  return sdrs.groups:find("demo")
end

--- Sets the power of all servers of the group "demo".
function support.power(state)
  support.admin("POST", "/groups/demo/power", { state = state })
end

local function check_faults_fired(check)
  for _, fault in ipairs(support.admin("GET", "/faults").faults) do
    check.truthy(fault.fired > 0, ("the fault %s fired"):format(fault.kind))
  end
end

--- A test.case in a fresh world. Every fault that it plants must fire, or it has proved nothing.
function support.case(sentence, fn)
  test.case(sentence, function(check)
    support.admin("POST", "/reset", {})
    fn(check)
    check_faults_fired(check)
  end)
end

return support
