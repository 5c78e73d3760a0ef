-- A changing call of every class, one after the other: I, G, C and X; one of them is refused.
local VOLUME = "77777777-aaaa-4bbb-8ccc-000000000001"

-- The servers of production run, so the platform refuses before anything happens.
local function expect_refusal(ctx, group)
  local ok, err = pcall(group.reverse, group, "target")
  ctx:check(not ok, "the switchover of %s was not refused", group.name)
  if err.kind ~= "conflict" then error(err, 0) end
end

local function make_group(name)
  local domain = sdrs.domains()[1]
  return sdrs.groups:create({
    name = name,
    source_availability_zone = domain.local_replication_cluster.availability_zone,
    target_availability_zone = domain.remote_replication_cluster.availability_zone,
    domain_id = domain.id,
    source_vpc_id = VOLUME,
    dr_type = "migration",
  }):wait():resource()
end

return {
  name = "each-class",
  summary = "Make a changing call of every class",
  params = { group = { default = "demo", help = "a protected group whose servers run" } },
  needs = {
    "sdrs:list_protection_groups",
    "sdrs:show_protection_group",
    "sdrs:list_active_active_domains",
    "sdrs:show_job_status",
    "sdrs:show_replication",
    "sdrs:update_protection_group_name",
    "sdrs:stop_protection_group",
    "sdrs:start_protection_group",
    "sdrs:start_reverse_protection_group",
    "sdrs:start_failover_protection_group",
    "sdrs:create_protection_group",
    "sdrs:create_replication",
    "sdrs:delete_replication",
    "sdrs:delete_protection_group",
    "sdrs:PUT",
  },
  run = function(ctx, p)
    local group = ctx:step("find the group", function() return sdrs.groups:find(p.group) end)
    ctx:step("I: rename", function() group:rename(p.group .. "-renamed") end)
    ctx:step("G: stop", function() group:stop():wait() end)
    ctx:step("G: start", function() group:start():wait() end)
    ctx:step("G: refused", function() expect_refusal(ctx, group) end)
    ctx:step("G: fail over", function() group:failover():wait() end)
    local made = ctx:step("C: create a group", function() return make_group("each-class") end)
    local pair = ctx:step("C: create a pair", function()
      return made.pairs:create({ name = "each-class-disk", volume_id = VOLUME }):wait():resource()
    end)
    ctx:step("I: delete the pair", function() pair:delete():wait() end)
    ctx:step("I: delete the group", function() made:delete():wait() end)
    ctx:step("X: rename with a raw call", function()
      cloud:request({
        service = "sdrs",
        method = "PUT",
        path = "/v1/{project_id}/server-groups/" .. group.id,
        body = { server_group = { name = p.group } },
      })
    end)
    group:refresh()
    return { name = group.name, status = group.status, production = group:production() }
  end,
}
