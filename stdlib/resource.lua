-- What all things of the platform share: rows of answers that carry methods, names that stand for
-- one of them, and waiting until one is in a certain status.
local json = require "json"
local states = require "host.states"
local text = require "host.text"
local timer = require "host.timer"

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

--- The seconds since 1970 that a time of the platform stands for, whichever of its forms it has;
--- nil for nil. Times of all services compare with each other and with os.time().
function resource.time(platform_text)
  return platform_text and timer.parse_time(platform_text)
end

local function names_of(rows, id)
  local names = {}
  for i, row in ipairs(rows) do names[i] = row[id] end
  return table.concat(names, ", ")
end

local NAMES_LOOKED_AT = 1000

-- What is there instead is worth one more read when a name is wrong.
local function nobody(each, what, label, name)
  local names = {}
  for row in each() do
    names[#names + 1] = row[label]
    if #names == NAMES_LOOKED_AT then break end
  end
  local there = #names == 0 and ("; there is no %s at all"):format(what) or ""
  local near = text.did_you_mean(name, names)
  error({
    kind = "not_found",
    message = ("no %s is called \"%s\"%s%s"):format(what, name, near, there),
    hint = "check the name, the region and the project",
  })
end

--- The one row with exactly this name; raises kind not_found or, for several, conflict. `kind` is
--- that of a collection, `each` iterates over all that could have been meant.
function resource.only(rows, kind, name, each)
  if #rows == 1 then return rows[1] end
  local what = kind.what
  if #rows == 0 then nobody(each, what, kind.shape.label, name) end
  error({
    kind = "conflict",
    message = ("%d %ss are called \"%s\": %s"):format(#rows, what, name,
      names_of(rows, kind.shape.id)),
    hint = "give the id instead",
  })
end

local GONE = "gone" -- as a target; the catalogue calls it ""
--- How long to wait for a status, and how often to look.
---@class neap.WaitOptions
---@field timeout? neap.Duration kind timeout after so long, 30m unless given
---@field every? neap.Duration between two looks, which otherwise grows from 2 to 15 seconds
local DEFAULT_TIMEOUT = "30m"
local FIRST_PAUSE, LAST_PAUSE = 2, 15 -- seconds

local function contains(words, word)
  for _, each in ipairs(words) do
    if each == word then return true end
  end
  return false
end

local function describe(thing, kind)
  local name = thing[kind.shape.label] or thing[kind.shape.id]
  return kind.what .. " " .. tostring(name)
end

-- Reads the thing again; false when it is not there any more and that is what is waited for.
local function look(thing, targets)
  local ok, err = pcall(thing.refresh, thing)
  if ok then return true end
  if err.kind == "not_found" and contains(targets, GONE) then return false end
  error(err, 0)
end

local function reachable(kind, status, targets)
  for _, target in ipairs(targets) do
    local wanted = target == GONE and "" or target
    if states.reachable(kind.shape.resource, status, wanted) then return true end
  end
  return false
end

local function refuse(err_kind, thing, kind, status, targets, ending, hint)
  error({
    kind = err_kind,
    message = ("%s is %s, %s %s"):format(describe(thing, kind), status, ending,
      table.concat(targets, " or ")),
    hint = hint,
    status = status,
  })
end

local function check_reachable(thing, kind, status, targets)
  if reachable(kind, status, targets) then return end
  local failed = status:lower():find("error", 1, true) or status == "fault" or status == "invalid"
  refuse(failed and "job_failed" or "precondition", thing, kind, status, targets,
    "from where nothing under way leads to", "start what leads there, then wait again")
end

-- The statuses to wait for; a kind of thing that has none can only be waited for to be gone.
local function targets_of(kind, target)
  local targets = type(target) == "table" and target or { target }
  local has_status = (kind.shape.status or "") ~= ""
  for _, each in ipairs(targets) do
    if not has_status and each ~= GONE then
      error({ kind = "argument", message = ("a %s has no status to wait for"):format(kind.what) })
    end
  end
  if #targets > 0 then return targets end
  error({ kind = "argument", message = "wait_for needs a status, or a list of statuses" })
end

--- What the method of the same name does for every thing (collection.lua).
function resource.wait_for(thing, kind, target, options)
  options = options or {}
  local targets = targets_of(kind, target)
  local limit = options.timeout or DEFAULT_TIMEOUT
  local deadline = timer.now() + timer.parse(limit)
  local pause = options.every and timer.parse(options.every) or FIRST_PAUSE
  while look(thing, targets) do
    local status = tostring(thing[kind.shape.status] or "there")
    if contains(targets, status) then
      if not kind.settled or kind.settled(thing) then return thing end
    else
      check_reachable(thing, kind, status, targets)
    end
    local left = deadline - timer.now()
    if left <= 0 then
      refuse("timeout", thing, kind, status, targets,
        ("after %s not yet"):format(timer.format(timer.parse(limit))),
        "what is under way goes on in the cloud; wait again, or longer")
    end
    timer.sleep(math.min(pause, left))
    if not options.every then pause = math.min(pause * 1.5, LAST_PAUSE) end
  end
  return nil
end

return resource
