-- Creations only: a group, and pairs that are made side by side; all of it stays.
local VOLUME = "77777777-aaaa-4bbb-8ccc-%012d"

local function wish(name)
  local domain = sdrs.domains()[1]
  return {
    name = name,
    source_availability_zone = domain.local_replication_cluster.availability_zone,
    target_availability_zone = domain.remote_replication_cluster.availability_zone,
    domain_id = domain.id,
    source_vpc_id = VOLUME:format(1),
    dr_type = "migration",
  }
end

return {
  name = "create",
  summary = "Create a protection group with its pairs",
  params = {
    name = { default = "made", help = "name of the new group" },
    count = { type = "integer", default = 3, help = "how many pairs" },
  },
  needs = {
    "sdrs:list_protection_groups",
    "sdrs:list_active_active_domains",
    "sdrs:create_protection_group",
    "sdrs:show_protection_group",
    "sdrs:create_replication",
    "sdrs:show_replication",
    "sdrs:list_replications",
    "sdrs:show_job_status",
  },
  run = function(ctx, p)
    local group = ctx:step("create the group", function()
      return sdrs.groups:create(wish(p.name)):wait():resource()
    end)
    local numbers = {}
    for i = 1, p.count do numbers[i] = i end
    ctx:step("create the pairs", function()
      task.map(numbers, 2, function(number)
        group.pairs:create({
          name = p.name .. "-disk-" .. number, volume_id = VOLUME:format(number),
        }):wait()
      end)
    end)
    return { group = group.name, pairs = #group.pairs:all() }
  end,
}
