-- What the links in messages lead to, and calls of the SDK that do the same; none of them is signed
-- (smn.md sections 1 and 3). The call that confirms is an operation of the catalogue.
local wire = require("sim.wire")
local subscriptions = require("sim.smn.subscriptions")

local function refusal(world, code)
  local known = world.errors[code] or {}
  return wire.answer(world, known.http_status or 400, {
    request_id = world.request_id, code = code, message = known.meaning,
  })
end

local function confirm(world, query)
  local subscription = subscriptions.confirm(world, {
    token = query.token, topic_urn = query.topic_urn,
  })
  if not subscription then return refusal(world, "SMN.0013") end
  return wire.answer(world, 200, {
    request_id = world.request_id, subscription_urn = subscription.id,
  })
end

local function cancel(world, query)
  if not subscriptions.cancel(world, query.subscription_urn) then
    return refusal(world, "SMN.0013")
  end
  return wire.answer(world, 200, {
    request_id = world.request_id, subscription_urn = query.subscription_urn,
  })
end

-- By path; each takes (world, query).
return {
  ["/smn/subscription/confirm"] = confirm,
  ["/smn/subscription/unsubscribe"] = cancel,
  ["/v2/notifications/subscriptions/unsubscribe"] = cancel,
  ["/rest/v2/notifications/subscription/confirm"] = confirm,
  ["/rest/v2/notifications/subscription/unsubscribe"] = cancel,
}
