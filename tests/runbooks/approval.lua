-- One change, a question in the middle, another change after a yes.
return {
  name = "approval",
  summary = "Fail a group over once somebody has agreed",
  params = {
    group = { default = "demo", help = "a protected group" },
    deadline = { default = "24h", help = "how long the question stays open" },
  },
  needs = {
    "sdrs:list_protection_groups",
    "sdrs:show_protection_group",
    "sdrs:update_protection_group_name",
    "sdrs:start_failover_protection_group",
    "sdrs:show_job_status",
  },
  run = function(ctx, p)
    local group = ctx:step("find the group", function() return sdrs.groups:find(p.group) end)
    ctx:lock(group)
    ctx:step("announce", function() group:rename(p.group .. "-asked") end)
    ctx:confirm({ deadline = p.deadline }, "Fail group %s over?", group.name)
    ctx:step("fail over", function() group:failover():wait() end)
    ctx:step("report", function() group:rename(p.group .. "-approved") end)
    group:refresh()
    return { name = group.name, status = group.status }
  end,
}
