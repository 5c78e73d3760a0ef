-- Lists that are read page by page while other people change them.
--
-- Every page but the first begins with a row that was seen before, so that nothing can have slipped
-- from the next page into the last one; where it does not, the reader steps back until it does.
-- What is in the list from the first request to the last, in an order that does not change, is
-- given exactly once, and no row is given twice. What comes or goes meanwhile may be given or not.
local answers = require "answers"
local json = require "json"

local pages = {}

-- Rows per page where the service's own default is small (as.md section 1, ecs.md section 3).
local LIMIT = 100
-- The fewest rows to a page: one to join the page before, and one more. Of counted pages there must
-- be a size that does both wherever the page begins.
local LEAST, LEAST_COUNTED = 2, 20
-- Pages without a new row that are read before the list may be given up on.
local PATIENCE = 20

local function number_or_nil(value)
  return type(value) == "number" and value or nil
end

-- The size and number of the page that brings the most rows behind row `start` and holds that row
-- too: by its choice pages that are counted overlap like any others.
local function fitting_page(start, limit)
  local best, most = limit, 0
  for size = limit, math.ceil(limit / 2), -1 do
    local new = size - start % size
    if new > most then best, most = size, new end
  end
  return best, math.floor(start / best) + 1
end

-- How each kind of list is asked for rows from number `start` on, counted from 0: fills the query
-- and returns the number that the answer begins with.
local ASK = {}

function ASK.none()
  return 0
end

function ASK.offset(query, start)
  query.offset = start
  return start
end

function ASK.start_number(query, start, limit)
  query.start_number, query.limit = start, limit or LIMIT
  return start
end

function ASK.page_number(query, start, limit)
  local size, page = fitting_page(start, limit or LIMIT)
  query.limit, query.offset = size, page
  return (page - 1) * size
end

function ASK.body(query, start, limit)
  query.offset = tostring(start)
  query.limit = limit and tostring(limit)
  return start
end

-- The member of an answer that says how many rows there are in all; where there is none, or its
-- meaning is in doubt (sdrs.md section 7), the list ends with a page that brings nothing.
local TOTAL = { start_number = "total_number", page_number = "count" }

local function copy(filters)
  local query = {}
  for name, value in pairs(filters or {}) do query[name] = value end
  return query
end

local Reader = {}
Reader.__index = Reader

-- A row's name in the table of what was seen. Rows that have no id are known by all they say: two
-- that say the same count as one.
function Reader:key(row)
  local id = row[self.shape.id]
  return id ~= nil and id ~= json.null and id or json.encode(row)
end

function Reader:read(start)
  local shape = self.shape
  local first = ASK[shape.paging](self.query, start, self.limit)
  local answer = self.list(self.query)
  return answers.rows(answer, shape.result), first, number_or_nil(answer[TOTAL[shape.paging]])
end

-- Rows that join what was read so far, or the rows from the start.
function Reader:read_on()
  local start, back = math.max(self.floor, self.stop - 1), 1
  while true do
    local rows, first, total = self:read(start)
    local joined = rows[1] ~= nil and self.seen[self:key(rows[1])]
    if joined or first <= self.floor then return rows, first, total end
    start, back = math.max(self.floor, first - back), back * 2
  end
end

-- Nothing new for longer than there are rows, page after page: the list turns in circles.
function Reader:watch(rows)
  for _, row in ipairs(rows) do
    if not self.seen[self:key(row)] then
      self.old_rows, self.old_pages = 0, 0
      return
    end
  end
  self.old_rows, self.old_pages = self.old_rows + #rows, self.old_pages + 1
  if self.old_rows <= 2 * (self.count + #rows) or self.old_pages <= PATIENCE then return end
  error({
    kind = "conflict",
    message = "the list changes faster than it can be read",
    hint = "run it again, with filters that match fewer",
  })
end

-- Whether there was another page.
function Reader:turn()
  if self.done then return false end
  local rows, first, total = self:read_on()
  self:watch(rows)
  self.rows, self.at, self.stop = rows, 0, first + #rows
  local only_seen = #rows == 0 or (#rows == 1 and self.seen[self:key(rows[1])])
  self.done = self.shape.paging == "none" or only_seen or (total ~= nil and self.stop >= total)
  return true
end

function Reader:next()
  repeat
    while self.at < #self.rows do
      self.at = self.at + 1
      local row = self.rows[self.at]
      local key = self:key(row)
      if not self.seen[key] then
        self.seen[key], self.count = true, self.count + 1
        return row
      end
    end
  until not self:turn()
  return nil
end

-- Where the caller wants to begin, in rows. Pages that are counted begin with the first.
local function floor_of(shape, filters)
  if shape.paging == "start_number" then return filters.start_number or 0 end
  if shape.paging == "page_number" then return 0 end
  return tonumber(filters.offset) or 0
end

--- Iterates over all rows of a list operation, each handed through `wrap`. `shape` is what
--- host.kinds says of the operation; `filters.limit` is the size of the pages. Asks for a page only
--- when the one before is used up. Raises kind conflict when a list never ends.
function pages.each(list, shape, filters, wrap)
  local query = copy(filters)
  local limit = tonumber(query.limit)
  if limit then
    limit = math.max(shape.paging == "page_number" and LEAST_COUNTED or LEAST, limit)
    query.limit = limit
  end
  local floor = floor_of(shape, query)
  local reader = setmetatable({
    list = list, shape = shape, query = query, limit = limit, floor = floor, stop = floor,
    rows = {}, at = 0, seen = {}, count = 0, old_rows = 0, old_pages = 0,
    done = false,
  }, Reader)
  return function()
    local row = reader:next()
    return row and wrap(row)
  end
end

return pages
