-- What is done at the end changes the cloud too: a name in any case, protection after a failure.
return {
  name = "cleanup",
  summary = "Stop the protection of a group, and tidy up afterwards",
  params = {
    group = { default = "demo", help = "a protected group" },
    fail = { type = "boolean", default = false, help = "fail on purpose after the change" },
  },
  needs = {
    "sdrs:list_protection_groups",
    "sdrs:show_protection_group",
    "sdrs:update_protection_group_name",
    "sdrs:stop_protection_group",
    "sdrs:start_protection_group",
    "sdrs:show_job_status",
  },
  run = function(ctx, p)
    local group = ctx:step("find the group", function() return sdrs.groups:find(p.group) end)
    ctx:on_exit("name what became of it", function(outcome)
      group:rename(p.group .. (outcome.ok and "-done" or "-failed"))
    end)
    ctx:step("stop protection", function()
      ctx:on_failure("protect again", function() group:start():wait() end)
      group:stop():wait()
    end)
    ctx:step("maintain", function()
      task.sleep("30s")
      if p.fail then error({ kind = "conflict", message = "failed on purpose" }) end
    end)
    return { group = group.id }
  end,
}
