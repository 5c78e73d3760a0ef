-- Hundreds of waits and reads before the one change at the end.
return {
  name = "long-loop",
  summary = "Watch a group for a while, then rename it",
  params = {
    group = { default = "demo", help = "a group" },
    rounds = { type = "integer", default = 200, help = "how often to look at it" },
  },
  needs = {
    "sdrs:list_protection_groups",
    "sdrs:show_protection_group",
    "sdrs:update_protection_group_name",
  },
  run = function(ctx, p)
    local group = sdrs.groups:find(p.group)
    local seen = 0
    ctx:step("watch", function()
      for _ = 1, p.rounds do
        task.sleep("1s")
        if group:refresh().status == "protected" then seen = seen + 1 end
      end
    end)
    ctx:step("rename", function() group:rename(p.group .. "-watched") end)
    return { seen = seen, name = group.name }
  end,
}
