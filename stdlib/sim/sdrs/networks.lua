-- VPCs with their subnets, as far as groups, drills and NICs name them. Their own service is not
-- simulated: an unknown id is taken for one that fits, unless the world is strict (choice
-- sdrs.unknown-network).
local seeded = require("sim.seeded")
local wire = require("sim.wire")

local networks = {}

--- Adds a VPC with subnets of these address ranges.
function networks.add(world, name, cidrs)
  local vpc = {
    id = seeded.uuid(world), name = name, cidrs = world.json.array(cidrs),
    subnets = world.json.array({}),
  }
  for index = 1, #cidrs do
    vpc.subnets[index] = seeded.uuid(world)
  end
  world.vpcs:add(vpc)
  return vpc
end

--- Refuses an unknown VPC in a strict world.
function networks.check_vpc(world, id, code)
  if world.settings.strict and not world.vpcs:get(id) then wire.refuse(code) end
end

--- Refuses a subnet that is none of a VPC, in a strict world.
function networks.check_subnet(world, vpc_id, subnet_id)
  if not world.settings.strict then return end
  local vpc = world.vpcs:get(vpc_id)
  for _, id in ipairs(vpc and vpc.subnets or {}) do
    if id == subnet_id then return end
  end
  wire.refuse("SDRS.1335")
end

--- Refuses what is no IPv4 address, or one that a server of the VPC has.
function networks.check_address(world, vpc_id, address)
  local octets = { address:match("^(%d+)%.(%d+)%.(%d+)%.(%d+)$") }
  if #octets ~= 4 then wire.refuse("SDRS.0219") end
  for _, octet in ipairs(octets) do
    if tonumber(octet) > 255 then wire.refuse("SDRS.0219") end
  end
  for server in world.servers:each() do
    if server.vpc_id == vpc_id then
      for _, nic in ipairs(server.nics or {}) do
        if nic.address == address then wire.refuse("SDRS.1334") end
      end
    end
  end
end

--- Refuses a VPC for a drill that lacks the subnets of the group's VPC.
function networks.check_drill_vpc(world, group_vpc_id, drill_vpc_id)
  networks.check_vpc(world, drill_vpc_id, "SDRS.1928")
  local ours, theirs = world.vpcs:get(group_vpc_id), world.vpcs:get(drill_vpc_id)
  if not ours or not theirs then return end
  if #theirs.cidrs == 0 then wire.refuse("SDRS.1908") end
  local known = {}
  for _, cidr in ipairs(theirs.cidrs) do
    known[cidr] = true
  end
  for _, cidr in ipairs(ours.cidrs) do
    if not known[cidr] then wire.refuse("SDRS.1909") end
  end
end

return networks
