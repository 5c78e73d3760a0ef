-- What runbooks of disaster recovery share: finding a group and keeping others off it, waiting for
-- its jobs, and reading it again before and after.
local sdrs = require "sdrs"

local recovery = {}

--- As the first step: the group with this id or name, leased to the run until it ends.
---@param ctx neap.Context
---@param name string
---@return sdrs.ProtectionGroup
function recovery.find_group(ctx, name)
  return ctx:step("find the group", function()
    local group = sdrs.groups:find(name)
    ctx:lock(group)
    ctx:log("%s (%s) is %s, production is %s",
      group.name, group.id, group.status, group:production())
    return group
  end)
end

local OTHERWISE = "wait for what is under way, or clear its error status, and run this again"

--- Words as people list them: "a, b and c".
---@param words string[]
---@return string
function recovery.enumerate(words)
  if #words < 2 then return words[1] or "" end
  return table.concat(words, ", ", 1, #words - 1) .. " and " .. words[#words]
end

--- A number of things for people: "1 server", "2 servers".
---@param number integer
---@param what string
---@return string
function recovery.count(number, what)
  return ("%d %s%s"):format(number, what, number == 1 and "" or "s")
end

--- Raises kind precondition unless the status of the group is one of `rule.from`; the way there is
--- that of `rule.remedies`, by status. `rule.what` is what is to be done: "failover".
---@param ctx neap.Context
---@param group sdrs.ProtectionGroup
---@param rule { from: string[], remedies: table<string, string>, what: string }
function recovery.check_status(ctx, group, rule)
  for _, status in ipairs(rule.from) do
    if group.status == status then return end
  end
  ctx:check(false, "group %s is %s, and %s is allowed from %s; nothing was sent; %s",
    group.name, group.status, rule.what, recovery.enumerate(rule.from),
    rule.remedies[group.status] or OTHERWISE)
end

--- The pairs of the group; raises kind precondition when it has none.
---@param ctx neap.Context
---@param group sdrs.ProtectionGroup
---@return sdrs.ReplicationPair[]
function recovery.find_pairs(ctx, group)
  local pairs_found = group.pairs:all()
  ctx:check(#pairs_found > 0, "group %s has no replication pairs; nothing was sent; "
    .. "check that this is the group you mean", group.name)
  return pairs_found
end

--- Reads the group again: an answer may come hours after its question, and the console asks for no
--- lease.
---@param ctx neap.Context
---@param group sdrs.ProtectionGroup
function recovery.check_unchanged(ctx, group)
  local status, station = group.status, group.priority_station
  group:refresh()
  ctx:check(group.status == status and group.priority_station == station,
    "group %s has changed since the question: it is %s now, production is %s; nothing was sent; "
    .. "run this again", group.name, group.status, group:production())
end

--- Waits for a job of the group. A failed one says little: where it left the group, and
--- `next_step`, say what may be done.
---@param job neap.Job
---@param group sdrs.ProtectionGroup
---@param timeout neap.Duration
---@param next_step string
---@return neap.Job
function recovery.wait_for(job, group, timeout, next_step)
  local ok, err = pcall(job.wait, job, { timeout = timeout })
  if ok then return job end
  if err.kind == "job_failed" then
    group:refresh()
    err.hint = ("group %s is now %s; %s"):format(group.name, group.status, next_step)
  end
  error(err, 0)
end

--- Raises kind conflict unless `condition` holds: for what is found after something was changed, as
--- ctx:check is for what is found before.
---@param condition any
---@param format string
---@param ... any
function recovery.expect_after_job(condition, format, ...)
  if condition then return end
  error({
    kind = "conflict",
    message = "the job succeeded, but " .. format:format(...),
    hint = "look at the group before the next step",
  })
end

--- Reads the group again and raises kind conflict unless it is in this status.
---@param group sdrs.ProtectionGroup
---@param status string
function recovery.expect_status(group, status)
  group:refresh()
  recovery.expect_after_job(group.status == status,
    "group %s is %s, not %s", group.name, group.status, status)
end

--- What a runbook of disaster recovery returns about the group.
---@param group sdrs.ProtectionGroup
---@param changed boolean
---@return table
function recovery.result(group, changed)
  return {
    group = group.id,
    name = group.name,
    status = group.status,
    production = group:production(),
    recovery = group:recovery(),
    changed = changed,
  }
end

return recovery
