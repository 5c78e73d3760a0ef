-- Simple Message Notification: topics, subscriptions, and messages delivered over HTTP.
local wire = require("sim.wire")
local topics = require("sim.smn.topics")
local subscriptions = require("sim.smn.subscriptions")
local messages = require("sim.smn.messages")
local deliveries = require("sim.smn.deliveries")

local smn = {
  name = "smn", fail_code = "SMN.0001", action_code = "SMN.0001",
  codes = {
    topic_urn = "SMN.0005", subscription_urn = "SMN.0013", protocol = "SMN.0011",
    endpoint = "SMN.0012",
  },
  stores = {
    { name = "topics" },
    { name = "subscriptions" },
    { name = "farewells" },
    { name = "deliveries", arrays = deliveries.arrays },
    { name = "endpoints" },
    { name = "mishaps" },
  },
  events = { smn_due = deliveries.due }, stands = { smn_due = deliveries.waits },
  pages = require("sim.smn.pages"), admin = require("sim.smn.admin"), answers = {},
}

for _, module in ipairs({ topics, subscriptions, messages }) do
  for name, answer in pairs(module.answers) do
    smn.answers[name] = answer
  end
end

--- Errors are flat here.
function smn.refusal(world, code, message)
  local known = world.errors[code] or {}
  return wire.answer(world, known.http_status or 400, {
    request_id = world.request_id, code = code,
    message = message or known.meaning or "The request is invalid.",
  })
end

--- The token confirms by itself; a signature is looked at only where there is one.
function smn.admits(_, request, operation)
  local signed = request.headers["authorization"] or request.headers["x-auth-token"]
  return operation ~= nil and operation.name == "confirm_subscription" and not signed or nil
end

function smn.clear(world)
  subscriptions.clear(world)
  deliveries.clear(world)
end

function smn.index(world)
  subscriptions.index(world)
  deliveries.index(world)
end

return smn
