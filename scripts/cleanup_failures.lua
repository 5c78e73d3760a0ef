-- Deletes records of failed jobs that nobody needs any more (sdrs.md section 6).
--
-- A record goes when what it is about is healthy again or is gone; what is still broken keeps its
-- record, unless --all. Only records are deleted: nothing else changes, and there is no way back.

local sorted = require "sorted"

local PAGE = 1000
local AT_ONCE = 4
local SHOWN = 20 -- records that are told one by one; the result has them all

local function is_healthy(status)
  return status == "protected" or status == "available" or status == "failed-over"
end

local function groups_to_look_at(ctx, name)
  return ctx:step("find the groups", function()
    if name then return { sdrs.groups:find(name) } end
    return sdrs.groups:all({ limit = PAGE })
  end)
end

-- The records of groups' own jobs come in one list, of what is inside them in one for each group.
local function read_records(groups, only_one)
  local by_id, records = {}, {}
  for _, group in ipairs(groups) do by_id[group.id] = group end
  for record in sdrs.failures:each({ limit = PAGE }) do
    if not only_one or by_id[record.resource_id] then
      record.group = by_id[record.resource_id]
      records[#records + 1] = record
    end
  end
  local lists = task.map(groups, AT_ONCE, function(group)
    local rows = {}
    for record in group.failures:each({ limit = PAGE }) do
      record.group = group
      rows[#rows + 1] = record
    end
    return rows
  end)
  for _, rows in ipairs(lists) do
    for _, record in ipairs(rows) do records[#records + 1] = record end
  end
  return records
end

-- The status of each thing that the records name; what is in no list is gone. Answers name kinds of
-- things in more than one way (sdrs.md section 10), so every list is looked through.
local function read_states(groups, only_one)
  local states = {}
  local filters = { limit = PAGE, server_group_id = only_one and groups[1].id or nil }
  for _, group in ipairs(groups) do states[group.id] = group.status end
  for _, things in ipairs({ sdrs.instances, sdrs.pairs, sdrs.drills }) do
    for thing in things:each(filters) do states[thing.id] = thing.status end
  end
  return states
end

local function verdict_of(record, states)
  if not record.resource_id then return false, "it names nothing" end
  local status = states[record.resource_id]
  if not status then return true, "gone" end
  return is_healthy(status), status
end

-- What is to become of each job's records: deleting one by its job deletes all of that job.
local function judge(records, states, all)
  local jobs = {}
  for _, record in ipairs(records) do
    local job = jobs[record.job_id] or { id = record.job_id, goes = true, records = {} }
    jobs[record.job_id] = job
    local settled, state = verdict_of(record, states)
    job.goes = job.goes and (settled or all)
    job.records[#job.records + 1] = record
    record.state = state
  end
  local going, staying = {}, {}
  for _, job in sorted(jobs) do
    local list = job.goes and going or staying
    list[#list + 1] = job
  end
  return going, staying
end

local function rows_of(jobs)
  local rows = {}
  for _, job in ipairs(jobs) do
    for _, record in ipairs(job.records) do
      rows[#rows + 1] = {
        job = job.id, thing = record.resource_name, kind = record.resource_type,
        group = record.group and record.group.name, failure = record.failure_status,
        begun = record.begin_time, code = record.error_code, reason = record.fail_reason,
        now = record.state,
      }
    end
  end
  return rows
end

local function tell(ctx, title, rows)
  if #rows == 0 then return end
  ctx:log("%d %s:", #rows, title)
  for i = 1, math.min(#rows, SHOWN) do
    local row = rows[i]
    ctx:log("  %s %s: %s on %s (%s), now %s", row.kind or "thing", row.thing or "?",
      row.failure or "failed", row.begun or "?", row.code or row.reason or "no code", row.now)
  end
  if #rows > SHOWN then ctx:log("  and %d more", #rows - SHOWN) end
end

-- Somebody else, or an earlier answer that was lost, may have deleted it.
local function delete(job)
  local ok, err = pcall(function() job.records[1]:delete() end)
  if not ok and err.kind ~= "not_found" and err.code ~= "SDRS.0201" then error(err, 0) end
end

local function delete_all(ctx, jobs)
  ctx:step("delete the records", function()
    local done = 0
    task.map(jobs, AT_ONCE, function(job)
      delete(job)
      done = done + 1
      if done % 100 == 0 then ctx:log("%d of %d", done, #jobs) end
    end)
  end)
end

local function verify(ctx, groups, jobs, only_one)
  ctx:step("verify", function()
    local deleted, left = {}, 0
    for _, job in ipairs(jobs) do deleted[job.id] = true end
    for _, record in ipairs(read_records(groups, only_one)) do
      if deleted[record.job_id] then left = left + 1 end
    end
    if left == 0 then return end
    error({
      kind = "conflict", message = ("%d records are still there"):format(left),
      hint = "run this again",
    })
  end)
end

return {
  name = "cleanup_failures",
  summary = "Delete the records of failed jobs whose things are healthy again or gone",
  params = {
    group = { type = "string", help = "only this protection group, id or name, and what is in it" },
    all = {
      type = "boolean", default = false,
      help = "also delete records of things that are still broken",
    },
    list = {
      type = "boolean", default = false, help = "only show what there is and what would go",
    },
  },
  needs = {
    "sdrs:list_protection_groups",
    "sdrs:show_protection_group",
    "sdrs:list_protected_instances",
    "sdrs:list_replications",
    "sdrs:list_disaster_recovery_drills",
    "sdrs:list_failure_jobs",
    "sdrs:delete_failure_job",
  },
  run = function(ctx, p)
    local groups, only_one = groups_to_look_at(ctx, p.group), p.group ~= nil
    local going, staying = ctx:step("read the records", { expect = "10s" }, function()
      local records = read_records(groups, only_one)
      return judge(records, #records > 0 and read_states(groups, only_one) or {}, p.all)
    end)
    local to_delete, kept = rows_of(going), rows_of(staying)
    tell(ctx, "records can go", to_delete)
    tell(ctx, "records stay: what they are about is not healthy (--all deletes them too)", kept)
    local result = {
      changed = not p.list and #to_delete > 0, kept = #kept, deleted = 0,
      kept_records = #kept > 0 and kept or nil, records = #to_delete > 0 and to_delete or nil,
    }
    if result.changed then
      ctx:confirm("Delete %d records of failed jobs? There is no way back.", #to_delete)
      delete_all(ctx, going)
      verify(ctx, groups, going, only_one)
      result.deleted = #to_delete
    end
    ctx:log("%d records deleted, %d kept%s", result.deleted, #kept,
      result.changed and "; there is no way back" or "; nothing was changed")
    return result
  end,
}
