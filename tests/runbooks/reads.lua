-- Everything that a script can learn from outside without changing anything, and one change.
local retry = require("retry")

local function times(ctx)
  local utc, clock = os.time(), os.clock()
  task.sleep("90s")
  ctx:check(os.time() - utc >= 89, "UTC went on by %d seconds", os.time() - utc)
  ctx:check(os.clock() - clock >= 89, "the clock went on by %d seconds", os.clock() - clock)
end

local function pauses()
  local list = {}
  for pause in retry.backoff({ attempts = 8 }) do list[#list + 1] = pause end
  return list
end

-- In the order of their names, page by page.
local function members(group)
  local names = {}
  for _, kind in ipairs({ "pairs", "instances" }) do
    for row in group[kind]:each({ limit = 2 }) do names[#names + 1] = row.name end
  end
  table.sort(names)
  return names
end

return {
  name = "reads",
  summary = "Read whatever there is to read, then rename the group",
  params = { group = { default = "demo", help = "a group" } },
  needs = {
    "sdrs:list_protection_groups",
    "sdrs:show_protection_group",
    "sdrs:list_replications",
    "sdrs:list_protected_instances",
    "sdrs:list_active_active_domains",
    "sdrs:show_quota",
    "sdrs:update_protection_group_name",
  },
  run = function(ctx, p)
    local group = ctx:step("find the group", function() return sdrs.groups:find(p.group) end)
    ctx:step("time", function() times(ctx) end)
    local waits = ctx:step("chance", pauses)
    local names = ctx:step("pages", function() return members(group) end)
    local others = ctx:step("the rest", function()
      return { domains = #sdrs.domains(), quotas = #sdrs.quotas() }
    end)
    local ok, err = pcall(sdrs.groups.find, sdrs.groups, "nobody is called this")
    ctx:check(not ok and err.kind == "not_found", "there is such a group")
    ctx:step("rename", function() group:rename(p.group .. "-read") end)
    return { pauses = #waits, names = names, domains = others.domains, quotas = others.quotas }
  end,
}
