-- What will happen without being asked for: a heap of events, each with its moment, its kind and
-- the id of what it concerns. Nothing runs by itself; due events happen before the next answer.
local heap = require("sim.heap")

local agenda = { new = heap.new }

--- Notes that an event of a kind happens to `id` at a moment. There is no taking back: the function
--- of the kind (a service's `events`) looks whether the event still makes sense; where the service
--- says so too (`stands`), the agenda forgets what does not as soon as it would come next.
function agenda.at(world, due, kind, id)
  local sequence = (world.counters.event or 0) + 1
  world.counters.event = sequence
  world.agenda:push({ due = due, sequence = sequence, kind = kind, id = id })
end

local function forget_overtaken(world)
  local events, stands = world.agenda, world.services.stands
  local event = events:first()
  while event and stands[event.kind] and not stands[event.kind](world, event.id, event.due) do
    events:pop()
    event = events:first()
  end
end

--- Lets every event that is due happen, in due order and each at its own moment: while it does,
--- world:now() is that moment.
function agenda.advance(world)
  local now, events = world:now(), world.agenda
  while events:first() and events:first().due <= now do
    local event = events:pop()
    world.event_at = event.due
    world.services.events[event.kind](world, event.id, event.due)
  end
  world.event_at = nil
  forget_overtaken(world)
end

local function earlier(a, b)
  if a.due ~= b.due then return a.due < b.due end
  return a.sequence < b.sequence
end

--- The events as rows, earliest first.
function agenda.export(world)
  local rows = {}
  for index = 1, world.agenda.size do
    rows[index] = world.agenda[index]
  end
  table.sort(rows, earlier)
  return world.json.array(rows)
end

--- Takes in exported rows; returns the reason when they are none.
function agenda.check(world, rows)
  for _, row in ipairs(rows) do
    if type(row) ~= "table" or type(row.due) ~= "number" or type(row.sequence) ~= "number"
      or type(row.id) ~= "string" or not world.services.events[row.kind] then
      return "agenda holds what is no event"
    end
  end
  return nil
end

return agenda
