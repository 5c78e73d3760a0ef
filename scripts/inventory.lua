-- Shows everything that recovery and scaling rest on, with its health, and changes nothing.
--
-- Every kind of thing is listed once, page by page, and joined in memory: an account of a thousand
-- groups takes tens of requests, not thousands. Only of groups that look ill, or that scale, more
-- is asked. `neap --output json run inventory` gives the same as a document.

local PAGE = 1000 -- the most rows that SDRS and ECS give at once
local SCALING_PAGE = 100 -- and Auto Scaling
local AT_ONCE = 4

local GROUP_WORDS = {
  ["protected"] = "",
  ["available"] = "not protected",
  ["failed-over"] = "failed over, unprotected",
}

local function is_ill(status)
  return status:find("^error") ~= nil or status == "fault" or status == "invalid"
end

local function group_row(group)
  return {
    name = group.name, id = group.id, status = group.status, production = group:production(),
    recovery = group:recovery(), progress = group.progress, instances = 0, pairs = 0, drills = 0,
    production_on = 0, recovery_on = 0,
  }
end

-- What is found out on the way: rows for the document, and what the joins need.
local function new_book(p)
  return {
    details = p.details, groups = {}, by_id = {}, troubles = {}, servers = {}, ill = {},
    instances = p.details and {} or nil, pairs = p.details and {} or nil, drills = {},
    failed_jobs = {}, scaling_groups = {}, held = {}, quotas = {}, rpo = nil,
    server_counts = { production = 0, recovery = 0 },
  }
end

-- Notes what is wrong with something of a group; groups count what they hold by kind and trouble.
local function note(book, group, kind, name, trouble)
  book.troubles[#book.troubles + 1] = {
    group = group and group.name, kind = kind, name = name, trouble = trouble,
  }
  if not group then return end
  local ill = book.ill[group.id] or {}
  book.ill[group.id] = ill
  local key = kind .. " " .. trouble
  ill[key] = (ill[key] or 0) + 1
end

local function read_groups(book)
  for group in sdrs.groups:each({ limit = PAGE }) do
    local row = group_row(group)
    book.groups[#book.groups + 1], book.by_id[row.id] = row, row
    local trouble = GROUP_WORDS[row.status] or row.status
    if trouble ~= "" then note(book, row, "group", row.name, trouble) end
  end
end

-- The servers of an instance, each to be counted where it serves now (sdrs.md section 11).
local function expect_servers(book, instance, owner)
  local on_source = instance.priority_station ~= "target"
  if instance.source_server then
    book.servers[instance.source_server] = { owner, on_source and "production" or "recovery" }
  end
  if instance.target_server then
    book.servers[instance.target_server] = { owner, on_source and "recovery" or "production" }
  end
end

local function read_instances(book)
  for instance in sdrs.instances:each({ limit = PAGE }) do
    local group, row = book.by_id[instance.server_group_id], nil
    if group then group.instances = group.instances + 1 end
    if is_ill(instance.status) then
      note(book, group, "instance", instance.name, instance.status)
    end
    if book.details then
      row = {
        name = instance.name, id = instance.id, group = group and group.name,
        status = instance.status,
      }
      book.instances[#book.instances + 1] = row
    end
    expect_servers(book, instance, { group = group, row = row })
  end
end

local function trouble_of(pair)
  if is_ill(pair.status) then return pair.status end
  local level = tostring(pair.fault_level or "0")
  if level ~= "0" then return "fault_level " .. level end
  if pair.status == "protected" and pair.replication_status ~= "active" then
    return tostring(pair.replication_status)
  end
  return nil
end

local function read_pairs(book)
  for pair in sdrs.pairs:each({ limit = PAGE }) do
    local group, trouble = book.by_id[pair.server_group_id], trouble_of(pair)
    if group then group.pairs = group.pairs + 1 end
    if trouble then note(book, group, "pair", pair.name, trouble) end
    if book.details then
      book.pairs[#book.pairs + 1] = {
        name = pair.name, id = pair.id, group = group and group.name, status = pair.status,
        progress = pair.progress, replication = pair.replication_status,
        health = trouble or "ok",
      }
    end
  end
end

local function read_drills(book)
  for drill in sdrs.drills:each({ limit = PAGE }) do
    local group = book.by_id[drill.server_group_id]
    if group then group.drills = group.drills + 1 end
    if is_ill(drill.status) then note(book, group, "drill", drill.name, drill.status) end
    book.drills[#book.drills + 1] = {
      name = drill.name, id = drill.id, group = group and group.name, status = drill.status,
      servers = #drill.drill_servers, created = drill.created_at,
    }
  end
end

-- An instance whose server has gone says so by itself; here only the power is of interest.
local function read_power(book)
  if next(book.servers) == nil then return end
  for server in ecs.servers:each({ limit = PAGE }) do
    local place = book.servers[server.id]
    if place then
      local owner, site = place[1], place[2]
      local group = owner.group
      book.server_counts[site] = book.server_counts[site] + 1
      if group and server.status == "ACTIVE" then
        group[site .. "_on"] = group[site .. "_on"] + 1
      end
      if owner.row then owner.row[site .. "_power"] = server.status end
      if server.status == "ERROR" then
        note(book, group, site .. " server", server.name, "ERROR")
      end
    end
  end
end

local function failure_row(failure, group)
  return {
    group = group and group.name, thing = failure.resource_name, kind = failure.resource_type,
    failure = failure.failure_status, code = failure.error_code, reason = failure.fail_reason,
    begun = failure.begin_time, job = failure.job_id,
  }
end

-- The records of groups' own jobs in one list, of what is inside them one list for each group: only
-- those are asked that look ill, unless all are wanted.
local function read_failures(book, which)
  for failure in sdrs.failures:each({ limit = PAGE }) do
    book.failed_jobs[#book.failed_jobs + 1] = failure_row(failure, book.by_id[failure.resource_id])
  end
  local suspects = {}
  for _, group in ipairs(book.groups) do
    if which == "all" or book.ill[group.id] then suspects[#suspects + 1] = group end
  end
  local lists = task.map(suspects, AT_ONCE, function(group)
    local rows = {}
    for failure in sdrs.failures:each({ server_group_id = group.id, limit = PAGE }) do
      rows[#rows + 1] = failure_row(failure, group)
    end
    return rows
  end)
  for _, rows in ipairs(lists) do
    for _, row in ipairs(rows) do book.failed_jobs[#book.failed_jobs + 1] = row end
  end
end

local function add_quotas(book, service, rows)
  for _, row in ipairs(rows) do
    local is_full = row.quota >= 0 and row.used >= row.quota
    book.quotas[#book.quotas + 1] = {
      service = service, type = row.type, used = row.used, quota = row.quota,
      health = is_full and "used up" or "ok",
    }
  end
end

-- The newest of the moments at which pairs missed their recovery point objective.
local function read_rpo(book)
  local newest = sdrs.rpo_statistics({ limit = 2 })()
  if newest then book.rpo = ("%d at %s"):format(newest.resource_num, newest.point_time) end
end

local function health_of(group)
  if group.scaling_group_status == "ERROR" then return "error: " .. tostring(group.detail) end
  if group.scaling_group_status == "PAUSED" then return "paused" end
  if group.is_scaling then return "scaling" end
  if group.current_instance_number ~= group.desire_instance_number then
    return "not the desired number"
  end
  return "ok"
end

-- A held instance keeps its group scaling, so no other group can have one (as.md section 4).
local function read_held(book, group)
  local count = 0
  for held in group:suspended() do
    count = count + 1
    book.held[#book.held + 1] = {
      group = group.scaling_group_name, instance = held.instance_id,
      hook = held.lifecycle_hook_name, until_then = held.default_result, deadline = held.timeout,
    }
  end
  return count
end

local function read_scaling(book)
  for group in as.groups:each({ limit = SCALING_PAGE }) do
    local held = group.is_scaling and read_held(book, group) or 0
    local health = held > 0 and "holds instances" or health_of(group)
    if health ~= "ok" and health ~= "scaling" and health ~= "paused" then
      note(book, nil, "scaling group", group.scaling_group_name, health)
    end
    book.scaling_groups[#book.scaling_groups + 1] = {
      name = group.scaling_group_name, id = group.scaling_group_id,
      status = group.scaling_group_status, instances = group.current_instance_number,
      desired = group.desire_instance_number, held = held, health = health,
    }
  end
end

-- Each group in one word, or with what is wrong in it and how often.
local function judge(book)
  for _, group in ipairs(book.groups) do
    local ill, words = book.ill[group.id], {}
    for key, count in pairs(ill or {}) do
      words[#words + 1] = count > 1 and ("%d x %s"):format(count, key) or key
    end
    group.health = ill and table.concat(words, ", ") or "ok"
  end
end

local function sum(rows, field)
  local total = 0
  for _, row in ipairs(rows) do total = total + row[field] end
  return total
end

-- How many there are of each kind, and with how many something is wrong.
local function totals(book)
  local wrong = {}
  for _, row in ipairs(book.troubles) do wrong[row.kind] = (wrong[row.kind] or 0) + 1 end
  local rows = {}
  local function add(kind, count)
    rows[#rows + 1] = { kind = kind, count = count, troubles = wrong[kind] or 0 }
  end
  add("group", #book.groups)
  add("instance", sum(book.groups, "instances"))
  add("pair", sum(book.groups, "pairs"))
  add("drill", #book.drills)
  add("failed job", #book.failed_jobs)
  add("production server", book.server_counts.production)
  add("recovery server", book.server_counts.recovery)
  add("scaling group", #book.scaling_groups)
  add("held instance", #book.held)
  return rows
end

-- Lists that are empty are left out.
local function document(book)
  local all = { totals = totals(book), pairs_without_rpo = book.rpo, healthy = #book.troubles == 0 }
  local lists = {
    groups = book.groups, instances = book.instances, pairs = book.pairs, drills = book.drills,
    failed_jobs = book.failed_jobs, scaling_groups = book.scaling_groups,
    held_instances = book.held, quotas = book.quotas, troubles = book.troubles,
  }
  for name, rows in pairs(lists) do
    if #rows > 0 then all[name] = rows end
  end
  return all
end

local function read_recovery(ctx, book, p)
  ctx:step("read the protection groups", function() read_groups(book) end)
  ctx:step("read what they hold", { expect = "10s" }, function()
    task.all {
      function() read_instances(book) end,
      function() read_pairs(book) end,
      function() read_drills(book) end,
      function() add_quotas(book, "sdrs", sdrs.quotas()) end,
      function() read_rpo(book) end,
    }
  end)
  if p.power then
    ctx:step("read the servers' power", { expect = "10s" }, function() read_power(book) end)
  end
  ctx:step("read the failed jobs", function() read_failures(book, p.failures) end)
  judge(book)
end

return {
  name = "inventory",
  summary = "Show everything that recovery and scaling rest on, with its health; changes nothing",
  params = {
    of = {
      choices = { "recovery", "scaling", "all" }, default = "all",
      help = "which half: protection groups and what they hold, scaling groups, or both",
    },
    details = {
      type = "boolean", default = false,
      help = "list every instance and pair too, not only what is wrong with some",
    },
    power = {
      type = "boolean", default = true,
      help = "read the servers' power, which takes most of the time (--no-power leaves it out)",
    },
    failures = {
      choices = { "suspects", "all" }, default = "suspects",
      help = "read the failed jobs inside groups that look ill, or inside all: a request for each",
    },
  },
  needs = {
    "sdrs:list_protection_groups",
    "sdrs:list_protected_instances",
    "sdrs:list_replications",
    "sdrs:list_disaster_recovery_drills",
    "sdrs:list_failure_jobs",
    "sdrs:show_quota",
    "sdrs:list_rpo_statistics",
    "ecs:list_servers_details",
    "as:list_scaling_groups",
    "as:list_hook_instances",
    "as:show_resource_quota",
  },
  run = function(ctx, p)
    local book = new_book(p)
    if p.of ~= "scaling" then read_recovery(ctx, book, p) end
    if p.of ~= "recovery" then
      ctx:step("read the scaling groups", function()
        read_scaling(book)
        add_quotas(book, "as", as.quotas())
      end)
    end
    ctx:log("%d groups, %d scaling groups; %d things are not as they should be",
      #book.groups, #book.scaling_groups, #book.troubles)
    return document(book)
  end,
}
