-- What an answer of the platform holds. Where it does not, somebody between here and the service
-- has answered in its place: that is no empty list and no missing thing.
local json = require "json"

local answers = {}

local function wrong(what, name)
  local where = name == "" and "the answer is no %s" or "the answer has no %s \"%s\""
  error({
    kind = "network",
    message = where:format(what, name),
    hint = "run it again; if it stays, check the endpoint and any proxy before it",
  })
end

-- The member of that name; "" stands for the whole answer.
local function member(answer, name)
  if name == "" then return answer end
  return type(answer) == "table" and answer[name] or nil
end

--- The thing that stands under that name. Raises kind network when there is none.
function answers.thing(answer, name)
  local thing = member(answer, name)
  if type(thing) ~= "table" or thing == json.null or thing[1] ~= nil then wrong("object", name) end
  return thing
end

--- The list of things that stands under that name; null is an empty one. Raises kind network when
--- there is none, or when something else stands in it.
function answers.rows(answer, name)
  local rows = member(answer, name)
  if rows == json.null then return {} end
  if type(rows) ~= "table" or (rows[1] == nil and next(rows) ~= nil) then wrong("list", name) end
  for _, row in ipairs(rows) do
    if type(row) ~= "table" or row == json.null then wrong("list of objects", name) end
  end
  return rows
end

return answers
