-- Receipts: every request that arrived, whatever became of it. Signatures, tokens and the bodies of
-- calls that carry secrets are never kept.
local moment = require("sim.moment")
local wire = require("sim.wire")

local receipts = {}

-- The oldest are dropped beyond this many, so that a simulator may run for weeks.
local kept = 200000

function receipts.new()
  return { last = 0, first = 1 }
end

-- Only the AK is taken out of the Authorization header.
local function access_key(headers)
  return (headers["authorization"] or ""):match("Access=([%w_-]+)")
end

-- The query as it may be kept: what confirms a subscription is a secret.
local function shown_query(json, query)
  if query == "" then return nil end
  return wire.printable(json, (("&" .. query):gsub("&token=[^&]*", "&token=***"):sub(2)))
end

--- Notes a request on arrival; the caller fills in `status` and `fault` once they are known.
function receipts.add(world, request, operation)
  local log = world.receipts
  local json = world.json
  log.last = log.last + 1
  local receipt = {
    seq = log.last, at = moment.zulu(world:now()), method = request.method,
    path = wire.printable(json, request.path),
    query = shown_query(json, request.query),
    operation = operation and operation.name, access_key = access_key(request.headers),
  }
  if operation and operation.service ~= "iam" and request.body ~= "" then
    receipt.body = wire.printable(json, request.body)
  end
  log[log.last] = receipt
  if log.last - log.first >= kept then
    log[log.first] = nil
    log.first = log.first + 1
  end
  return receipt
end

--- The receipts after number `seq`, of one operation if it is given, oldest first.
function receipts.after(world, seq, operation)
  local log, rows = world.receipts, world.json.array({})
  for number = math.max(log.first, seq + 1), log.last do
    local receipt = log[number]
    if not operation or receipt.operation == operation then rows[#rows + 1] = receipt end
  end
  return rows
end

return receipts
