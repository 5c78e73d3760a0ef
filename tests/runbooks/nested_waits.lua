-- Waits inside waits: races, limits and spawned tasks, some of which are ended from outside.
local function expect_timeout(ctx, fn)
  local ok, err = pcall(task.timeout, "5s", fn)
  ctx:check(not ok, "it was done in time")
  if err.kind ~= "timeout" then error(err, 0) end
end

local function race_of_reads(group)
  return task.race({
    function()
      task.sleep("3s")
      return group:refresh().status
    end,
    function()
      task.sleep("1h")
      return "the slower one"
    end,
  })
end

return {
  name = "nested-waits",
  summary = "Wait inside of waits, then fail a group over within a limit",
  params = { group = { default = "demo", help = "a protected group" } },
  needs = {
    "sdrs:list_protection_groups",
    "sdrs:show_protection_group",
    "sdrs:start_failover_protection_group",
    "sdrs:update_protection_group_name",
    "sdrs:show_job_status",
  },
  run = function(ctx, p)
    local group = sdrs.groups:find(p.group)
    local ticks = 0
    local status = ctx:step("races", function()
      expect_timeout(ctx, function()
        task.all({
          function() task.sleep("1m") end,
          function()
            while true do
              task.sleep("2s")
              ticks = ticks + 1
            end
          end,
        })
      end)
      return race_of_reads(group)
    end)
    -- Fewer where a process died meanwhile: the five seconds go on without it.
    ctx:check(ticks <= 2, "%d ticks in five seconds", ticks)
    local renaming = task.spawn(function()
      task.sleep("2s")
      group:rename(p.group .. "-waited")
    end)
    ctx:step("fail over", function()
      task.timeout("2h", function()
        renaming:wait()
        group:failover():wait()
      end)
    end)
    group:refresh()
    return { before = status, after = group.status, name = group.name }
  end,
}
