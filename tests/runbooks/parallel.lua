-- Every group of the project is renamed and failed over, all of them side by side.
local function move(ctx, group)
  ctx:step("move " .. group.name, function()
    ctx:lock(group)
    group:rename(group.name .. "-moved")
    task.all({
      function() group:failover():wait() end,
      function() task.sleep("7s") end,
    })
    group:refresh()
  end)
  return { name = group.name, status = group.status }
end

return {
  name = "parallel",
  summary = "Fail all protected groups over at once",
  params = { limit = { type = "integer", default = 3, help = "how many at once" } },
  needs = {
    "sdrs:list_protection_groups",
    "sdrs:show_protection_group",
    "sdrs:update_protection_group_name",
    "sdrs:start_failover_protection_group",
    "sdrs:show_job_status",
  },
  run = function(ctx, p)
    local groups = ctx:step("find the groups", function() return sdrs.groups:all() end)
    table.sort(groups, function(a, b) return a.name < b.name end)
    return task.map(groups, p.limit, function(group) return move(ctx, group) end)
  end,
}
