-- A binary heap of {due, sequence} records: the earliest due comes first, ties in order of arrival.
local Heap = {}
Heap.__index = Heap

local function before(a, b)
  if a.due ~= b.due then return a.due < b.due end
  return a.sequence < b.sequence
end

local function new()
  return setmetatable({ size = 0 }, Heap)
end

function Heap:first()
  return self[1]
end

function Heap:push(entry)
  local at = self.size + 1
  self.size = at
  while at > 1 do
    local parent = (at - at % 2) / 2
    if not before(entry, self[parent]) then break end
    self[at] = self[parent]
    at = parent
  end
  self[at] = entry
end

function Heap:pop()
  local top, last = self[1], self[self.size]
  self[self.size] = nil
  self.size = self.size - 1
  if self.size == 0 then return top end
  local at = 1
  while 2 * at <= self.size do
    local child = 2 * at
    if child < self.size and before(self[child + 1], self[child]) then child = child + 1 end
    if not before(self[child], last) then break end
    self[at] = self[child]
    at = child
  end
  self[at] = last
  return top
end

return { new = new }
