-- Records by id, in the order they were added; adding, finding and removing take constant time.
local Store = {}
Store.__index = Store

local function new()
  return setmetatable({ by_id = {}, slots = {}, order = {}, first = 1, last = 0, count = 0 }, Store)
end

function Store:get(id)
  return self.by_id[id]
end

function Store:add(record)
  self.last = self.last + 1
  self.order[self.last] = record
  self.slots[record.id] = self.last
  self.by_id[record.id] = record
  self.count = self.count + 1
end

-- Closes the holes that removals left, once they outnumber the records.
local function compact(self)
  local order, slots, last = {}, {}, 0
  for slot = 1, self.last do
    local record = self.order[slot]
    if record then
      last = last + 1
      order[last] = record
      slots[record.id] = last
    end
  end
  self.order, self.slots, self.first, self.last = order, slots, 1, last
end

function Store:remove(id)
  local slot = self.slots[id]
  if not slot then return end
  self.order[slot] = false
  self.slots[id] = nil
  self.by_id[id] = nil
  self.count = self.count - 1
  while self.order[self.first] == false do
    self.first = self.first + 1
  end
  if self.last > 64 and self.last > 2 * self.count then compact(self) end
end

-- Iterates over the records, oldest first. The store must not change meanwhile.
function Store:each()
  local slot = self.first - 1
  return function()
    repeat
      slot = slot + 1
      if slot > self.last then return nil end
    until self.order[slot]
    return self.order[slot]
  end
end

-- The records as a list, oldest first; it is the store's own: neither change it nor keep it while
-- the store changes.
function Store:list()
  if self.last ~= self.count then compact(self) end
  return self.order
end

return { new = new }
