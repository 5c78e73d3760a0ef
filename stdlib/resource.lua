-- What all platform resources share: rows that carry methods, and lists that page lazily.
local json = require "json"
local text = require "host.text"

local resource = {}

-- UUIDs, and the 32 characters of old resources (sdrs.md section 7).
local UUID = "^" .. ("%x"):rep(8) .. ("%-" .. ("%x"):rep(4)):rep(3) .. "%-" .. ("%x"):rep(12) .. "$"

--- Whether the text has the form of an id; a name may have it too.
function resource.looks_like_id(id)
  return id:find(UUID) ~= nil or (#id == 32 and id:find("^%w+$") ~= nil)
end

--- Gives an answer's row the methods of `class`; null fields become nil, "there is none".
function resource.wrap(class, row)
  for field, value in pairs(row) do
    if value == json.null then row[field] = nil end
  end
  return setmetatable(row, class)
end

--- Replaces the fields of `object` with those of a fresh answer.
function resource.renew(object, row)
  for field in pairs(object) do object[field] = nil end
  for field, value in pairs(row) do
    if value ~= json.null then object[field] = value end
  end
  return object
end

--- Iterates over all rows of a list operation. Asks for the next page only when the rows of the
--- last are used up, and stops at the first empty page (sdrs.md section 7).
function resource.each(list, key, filters, wrap)
  local query = {}
  for name, value in pairs(filters or {}) do query[name] = value end
  local offset, rows, at = query.offset or 0, nil, 0
  return function()
    if rows and at < #rows then
      at = at + 1
      return wrap(rows[at])
    end
    if rows and #rows == 0 then return nil end
    query.offset = offset
    rows = list(query)[key]
    offset, at = offset + #rows, 1
    return rows[1] and wrap(rows[1])
  end
end

local function names_of(rows)
  local names = {}
  for i, row in ipairs(rows) do names[i] = row.id end
  return table.concat(names, ", ")
end

local NAMES_LOOKED_AT = 1000

-- What is there instead is worth one more read when a name is wrong.
local function nobody(each, what, name)
  local names = {}
  for row in each() do
    names[#names + 1] = row.name
    if #names == NAMES_LOOKED_AT then break end
  end
  local there = #names == 0 and ("; this project has no %s at all"):format(what) or ""
  local near = text.did_you_mean(name, names)
  error({
    kind = "not_found",
    message = ("no %s is called \"%s\"%s%s"):format(what, name, near, there),
    hint = "check the name, the region and the project",
  })
end

--- The one row with exactly this name; raises kind not_found or, for several, conflict. `each`
--- iterates over all that could have been meant.
function resource.only(rows, what, name, each)
  if #rows == 1 then return rows[1] end
  if #rows == 0 then nobody(each, what, name) end
  error({
    kind = "conflict",
    message = ("%d %ss are called \"%s\": %s"):format(#rows, what, name, names_of(rows)),
    hint = "give the id instead",
  })
end

return resource
