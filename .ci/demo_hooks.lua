-- Scales a group of the simulator out and in again and shows what becomes of the instances that its
-- hooks hold, once a second. Before it stand SIMULATOR and SERVICE, the origins of both.
local INSTANCES = 20
local PATIENCE = 110

local function ask(url, body)
  local answer = body and http.post(url, json.encode(body), { repeatable = true }) or http.get(url)
  if answer.status ~= 200 then error(url .. ": " .. answer.body) end
  return answer.body
end

local function simulator(path, body)
  return json.decode(ask(SIMULATOR .. "/_sim" .. path, body))
end

-- A family's samples, summed up.
local function metric(page, name)
  local sum = 0
  for value in page:gmatch("\n" .. name .. "[{%w_=\",}]* ([%d.]+)") do sum = sum + value end
  return sum
end

local function show(began)
  local states = simulator("/as/groups").scaling_groups[1].states
  local page = ask(SERVICE .. "/metrics")
  local held = (states.PENDING_WAIT or 0) + (states.REMOVING_WAIT or 0)
  print(("%3d s  in service %2d, coming %2d, going %2d, held %2d; answered %2d, queue %d, late %d")
    :format(os.clock() - began, states.INSERVICE or 0, states.PENDING or 0, states.REMOVING or 0,
      held, metric(page, "neap_hook_answers_total"), metric(page, "neap_hook_queue_depth"),
      metric(page, "neap_hook_answers_late_total")))
  return states
end

local function scale(desire)
  print(("== the group shall have %d instances"):format(desire))
  simulator("/as/groups/web/set", { desire = desire })
  local began = os.clock()
  repeat
    task.sleep(1)
    local states = show(began)
    local settled = states.INSERVICE == desire
    for state in pairs(states) do settled = settled and state == "INSERVICE" end
    if os.clock() - began > PATIENCE then error("the group has not settled") end
  until settled
end

-- What the platform saw decides, not what the service says of itself.
local function judge()
  local book = simulator("/as/outcomes").totals
  print("== the simulator's own book (GET /_sim/as/outcomes)")
  print(("%d holds: %d ended by an answer, %d by the default, %d answered again"):format(
    book.holds, book.callback, book.default, book.answered_again))
  local page = ask(SERVICE .. "/metrics")
  print(("%d first heard of by a message, %d found by looking; %d messages known already"):format(
    page:match('neap_hook_events_total{source="message"} (%d+)'),
    page:match('neap_hook_events_total{source="reconciler"} (%d+)'),
    metric(page, "neap_hook_messages_duplicate_total")))
  assert(book.holds == 2 * INSTANCES, "not every instance was held")
  assert(book.callback == book.holds, "not every hold was answered")
  assert(book.answered_again == 0, "a hold was answered twice")
  assert(metric(page, "neap_hook_answers_late_total") == 0, "an answer was late")
end

scale(1 + INSTANCES)
scale(1)
judge()
