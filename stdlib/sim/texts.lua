-- The documented rules for text, from the catalogue's table: lengths and characters.
local texts = {}

local function set_of(characters)
  local set = {}
  for index = 1, #characters do
    set[characters:byte(index)] = true
  end
  return set
end

local function is_chinese(point)
  return (point >= 0x3400 and point <= 0x4DBF) or (point >= 0x4E00 and point <= 0x9FFF)
    or (point >= 0xF900 and point <= 0xFAFF) or (point >= 0x20000 and point <= 0x323AF)
end

-- Whether each ASCII character is allowed.
local function ascii_table(rule)
  local extra, forbidden = set_of(rule.extra or ""), set_of(rule.forbidden or "")
  local allowed = {}
  for point = 0, 127 do
    local character = string.char(point)
    local good = extra[point]
      or (rule.any and point >= 0x20 and point ~= 0x7f)
      or (rule.letters and character:find("%a") ~= nil)
      or (rule.digits and character:find("%d") ~= nil)
    allowed[point] = (good and not forbidden[point]) or false
  end
  return allowed
end

-- The code point at a place and the place behind it; nil where there is no UTF-8.
local function decoded(text, at)
  local lead = text:byte(at)
  if lead < 0x80 then return lead, at + 1 end
  local length = lead >= 0xf0 and 4 or lead >= 0xe0 and 3 or 2
  if lead < 0xc2 or lead > 0xf4 or at + length - 1 > #text then return nil end
  local point = lead % 2 ^ (7 - length)
  for index = at + 1, at + length - 1 do
    local byte = text:byte(index)
    if byte < 0x80 or byte > 0xbf then return nil end
    point = point * 64 + byte % 64
  end
  return point, at + length
end

--- Makes function(text) -> boolean out of a row of the catalogue's rules.
function texts.checker(rule)
  if rule.max == 0 then return function() return true end end
  local ascii = ascii_table(rule)
  return function(text)
    local at, characters = 1, 0
    while at <= #text do
      local point, following = decoded(text, at)
      if not point then return false end
      if point < 0x80 then
        if not ascii[point] then return false end
      elseif not rule.any and not (rule.chinese and is_chinese(point)) then
        return false
      end
      at, characters = following, characters + 1
    end
    local size = rule.unit == "bytes" and #text or characters
    return size >= rule.min and size <= rule.max
  end
end

return texts
