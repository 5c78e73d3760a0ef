-- Starting, stopping and rebooting servers: a job for the call, a sub-job for each server.
local seeded = require("sim.seeded")
local wire = require("sim.wire")
local agenda = require("sim.agenda")
local jobs = require("sim.jobs")

local power = {}

-- What each action asks of a server, shows while it works, and leads to. The job types are
-- undocumented (choice ecs.job-types).
local actions = {
  start = {
    from = { SHUTOFF = true }, task = "powering-on", becomes = "ACTIVE",
    type = "batchStartServers", part = "startServer", fails_with = "Ecs.0226",
  },
  stop = {
    from = { ACTIVE = true, ERROR = true }, task = "powering-off", becomes = "SHUTOFF",
    type = "batchStopServers", part = "stopServer", fails_with = "Ecs.0000", hard = "hardStop",
  },
  reboot = {
    from = { ACTIVE = true }, task = "reboot_started", becomes = "ACTIVE",
    type = "batchRebootServers", part = "rebootServer", fails_with = "Ecs.0227",
    hard = "hardReboot", failure = "ERROR",
  },
}

-- Why a server cannot be acted on; a hard reboot also frees one that is rebooting (ecs.md 4).
local function obstacle(server, action, is_hard)
  if server.locked then return "Ecs.0605" end
  local is_stuck = server.task_state and server.task_state:find("^reboot") ~= nil
  if server.task_state and not (is_hard and is_stuck) then return "Ecs.0100" end
  if not action.from[server.power] then return "Ecs.0100" end
  return nil
end

local function find_all(world, wishes)
  local list, seen = {}, {}
  for _, wish in ipairs(wishes) do
    local server = world.servers:get(wish.id)
    if not server then wire.refuse("Ecs.0114") end
    if not seen[wish.id] then list[#list + 1] = server end
    seen[wish.id] = true
  end
  return list
end

-- The server that a fault lets fail: the one it names, or one by chance.
local function failing_index(world, fault, list)
  for index, server in ipairs(list) do
    if server.id == fault.thing or server.name == fault.thing then return index end
  end
  return not fault.thing and math.floor(seeded.fraction(world, "chance") * #list) + 1 or nil
end

local function message_of(world, code)
  return (world.errors[code] or {}).meaning or code
end

-- A row for each server: those that cannot be acted on fail (choice ecs.partial-failure).
local function parts_of(world, list, action, is_hard, fault)
  local rows, refused = {}, nil
  local failing = fault and fault.kind == "job_fail" and failing_index(world, fault, list)
  local failed = 0
  for index, server in ipairs(list) do
    local code = obstacle(server, action, is_hard)
    refused = refused or code
    local message = code and message_of(world, code)
    if not code and index == failing then
      code = fault.code or action.fails_with
      message = fault.message or message_of(world, code)
    end
    if code then failed = failed + 1 end
    rows[index] = {
      type = action.part, fails = code ~= nil, failure_code = code, failure_reason = message,
      entities = { server_id = server.id, errorcode_message = message },
    }
  end
  if failed == #list and refused and not failing then wire.refuse(refused) end
  return rows, failed
end

local function act(name)
  local action = actions[name]
  return function(world, call)
    local is_hard = call.body.type == "HARD"
    local list = find_all(world, call.body.servers)
    local fault = call.fault
    local parts, failed = parts_of(world, list, action, is_hard, fault)
    local plan = {
      service = "ecs", operation = call.operation.name, type = action.type, sub_jobs = parts,
      pace = is_hard and action.hard or nil, stuck = fault ~= nil and fault.kind == "stuck_job",
      memo = { action = name },
    }
    if failed > 0 then
      plan.failure_code, plan.failure_reason = "Common.0021", "Sub job fail!"
    end
    local job = jobs.start(world, plan)
    for index, part in ipairs(job.sub_jobs) do
      local server = list[index]
      if not obstacle(server, action, is_hard) then
        local id = job.id .. "/" .. index
        server.task_state = action.task .. (is_hard and name == "reboot" and "_hard" or "")
        server.task_part, server.updated_at = id, world:now()
        if not job.stuck then agenda.at(world, part.end_at, "server_power", id) end
      end
    end
    return wire.answer(world, call.operation.success, { job_id = job.id })
  end
end

power.answers = {
  batch_start_servers = act("start"),
  batch_stop_servers = act("stop"),
  batch_reboot_servers = act("reboot"),
}

power.events = {
  server_power = function(world, id, at)
    local job_id, index = id:match("^(.*)/(%d+)$")
    local job = world.jobs:get(job_id)
    local part, action = job.sub_jobs[tonumber(index)], actions[job.memo.action]
    local server = world.servers:get(part.entities.server_id)
    -- An administrator or a hard reboot may have taken the server out of this part's hands.
    if not server or not server.task_state or server.task_part ~= id then return end
    server.task_state, server.task_part, server.updated_at = nil, nil, at
    local outcome = action.becomes
    if part.fails then outcome = action.failure or server.power end
    server.power = outcome
  end,
}

return power
