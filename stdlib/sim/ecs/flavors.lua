-- The flavors that the simulator knows, and which of them a server may be resized to. A flavor that
-- is not here is taken for one of 2 vCPUs and 4 GB (choice ecs.unknown-flavor).
local wire = require("sim.wire")

local flavors = {}

local rows = {
  { "s3.medium.2", 1, 2048 }, { "s3.large.2", 2, 4096 }, { "s3.large.4", 2, 8192 },
  { "s3.xlarge.2", 4, 8192 }, { "s3.xlarge.4", 4, 16384 }, { "s3.2xlarge.2", 8, 16384 },
  { "s3.2xlarge.4", 8, 32768 }, { "s3.4xlarge.2", 16, 32768 },
  { "c3.large.2", 2, 4096 }, { "c3.xlarge.2", 4, 8192 }, { "c3.2xlarge.2", 8, 16384 },
  { "c6.large.2", 2, 4096 }, { "c6.xlarge.2", 4, 8192 }, { "c6.2xlarge.2", 8, 16384 },
  { "m3.large.8", 2, 16384 }, { "m3.xlarge.8", 4, 32768 },
  { "s2.large.2", 2, 4096, "sellout" }, { "c1.large", 2, 4096, "abandon" },
}

local by_id = {}
for index, row in ipairs(rows) do
  by_id[row[1]] = { id = row[1], vcpus = row[2], ram = row[3], state = row[4] or "normal" }
  rows[index] = by_id[row[1]]
end

--- vCPUs and MB of a flavor, by its id.
function flavors.get(id)
  return by_id[id] or { id = id, vcpus = 2, ram = 4096, state = "normal" }
end

--- Whether a server can be given a flavor now: `strict` refuses those that are not known.
function flavors.is_offered(id, strict)
  if strict and not by_id[id] then return false end
  return flavors.get(id).state == "normal"
end

local function render(world, flavor)
  local null = world.json.null
  local generation = flavor.id:match("^[^.]+")
  return {
    id = flavor.id, name = flavor.id, vcpus = tostring(flavor.vcpus), ram = flavor.ram, disk = "0",
    swap = "", ["OS-FLV-EXT-DATA:ephemeral"] = 0, ["OS-FLV-DISABLED:disabled"] = false,
    ["os-flavor-access:is_public"] = true, rxtx_factor = 1, rxtx_quota = null, rxtx_cap = null,
    links = { {
      rel = "self", href = "https://ecs.localdomain.com/v2.1/flavors/" .. flavor.id, type = null,
    } },
    extra_specs = {
      ["ecs:generation"] = generation, ["ecs:performancetype"] = "normal",
      ["cond:operation:status"] = flavor.state,
    },
  }
end

local sorted_by = {
  flavorid = function(flavor) return flavor.id end,
  name = function(flavor) return flavor.id end,
  memory_mb = function(flavor) return flavor.ram end,
  vcpus = function(flavor) return flavor.vcpus end,
  root_gb = function(flavor) return flavor.id end,
}

-- The flavor to change from: of the server, of the id, of the name, in that order.
local function source_of(world, query)
  if query.instance_uuid then
    local server = world.servers:get(query.instance_uuid)
    if not server then wire.refuse("Ecs.0114") end
    return server.flavor
  end
  return query.source_flavor_id or query.source_flavor_name or wire.refuse("Ecs.0005")
end

--- Every flavor but the present one; undocumented is which families fit together (choice
--- ecs.resize-flavors).
function flavors.list_resize_flavors(world, call)
  local query, source = call.query, source_of(world, call.query)
  local key = sorted_by[query.sort_key or "flavorid"] or sorted_by.flavorid
  local chosen = {}
  for _, flavor in ipairs(rows) do
    if flavor.id ~= source then chosen[#chosen + 1] = flavor end
  end
  table.sort(chosen, function(a, b)
    if query.sort_dir == "desc" then a, b = b, a end
    if key(a) ~= key(b) then return key(a) < key(b) end
    return a.id < b.id
  end)
  local out, passed = world.json.array({}), query.marker == nil
  for _, flavor in ipairs(chosen) do
    if passed and #out < (query.limit or 1000) then out[#out + 1] = render(world, flavor) end
    passed = passed or flavor.id == query.marker
  end
  return wire.answer(world, call.operation.success, { flavors = out })
end

return flavors
