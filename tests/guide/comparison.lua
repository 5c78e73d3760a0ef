-- Whether a page shows what neap printed. The rule: a line that is just … stands for any lines, and
-- … at the end of a line for its rest; runs of blanks count as one; times, durations, sizes, ports,
-- process ids, machines and users do not count. An id that the page shows stands for the one that
-- neap gave at that place, here and in every command that follows.
local M = {}

local RUN = ("[2-9a-hjkmnp-z]"):rep(10)
local HEX32 = ("%x"):rep(32)
local UUID = ("%x"):rep(8) .. ("%-" .. ("%x"):rep(4)):rep(3) .. "%-" .. ("%x"):rep(12)

local function is_duration(word)
  return word:match("^[%d.]+m?s$") or word:match("^%d+m$") or word:match("^%d+h$")
    or word:match("^%d+d$") or word:match("^%d+[dhm]%d+[hms]$")
    or word:match("^%d+[dh]%d+[hm]%d+[ms]$")
end

-- The line without what differs between two runs, but with its ids.
local function plain(line)
  line = line:gsub("%d%d%d%d%-%d%d%-%d%d[ T]%d%d:%d%d:%d%d%.?%d*Z?", "<time>")
  line = line:gsub("%f[%d]%d%d:%d%d:%d%d%.?%d*", "<time>"):gsub("127%.0%.0%.1:%d+", "<address>")
  line = line:gsub("%[%s*[%d.hms]+%]", "[<duration>]"):gsub("%d+ us%f[%W]", "<duration>")
  line = line:gsub("[%d.]+ [KMG]i?B%f[%W]", "<size>"):gsub("pid %d+", "pid <pid>")
  line = line:gsub("[%w._-]+@[%w._-]+", "<who>")
  line = line:gsub("(elapsed[\": ]+)[%d.]+", "%1<duration>"):gsub("seed %d+", "seed <seed>")
  line = line:gsub("%f[%w.][%d][%w.]*%w", function(word)
    return is_duration(word) and "<duration>" or nil
  end)
  line = line:gsub("%(now%)", "(<ago>)"):gsub("%(<duration> ago%)", "(<ago>)")
  return (line:gsub("%s+", " "):gsub("^ ", ""):gsub(" $", ""))
end

-- The ids of a line, in their order, as { from, to, pattern }.
local function ids_of(line)
  local found = {}
  for _, pattern in ipairs({ UUID, HEX32, RUN }) do
    for from, id, to in line:gmatch("%f[%w]()(" .. pattern .. ")()%f[%W]") do
      local named = pattern ~= RUN or id:match("%d")
      if named then found[#found + 1] = { from, to - 1, id = id, pattern = pattern } end
    end
  end
  table.sort(found, function(a, b) return a[1] < b[1] end)
  return found
end

local function escaped(text) return (text:gsub("%p", "%%%0")) end

-- Whether the shown line is the printed one; learns its ids.
local function same(shown, printed, ids)
  shown, printed = plain(shown), plain(printed)
  local rest
  shown, rest = shown:gsub("…$", "")
  local pattern, at, names = "^", 1, {}
  for _, id in ipairs(ids_of(shown)) do
    pattern = pattern .. escaped(shown:sub(at, id[1] - 1)) .. "(" .. id.pattern .. ")"
    names[#names + 1] = id.id
    at = id[2] + 1
  end
  local values = { printed:match(pattern .. escaped(shown:sub(at)) .. (rest > 0 and "" or "$")) }
  if #values == 0 then return false end
  for i, name in ipairs(names) do
    if (ids[name] or values[i]) ~= values[i] then return false end
    ids[name] = values[i]
  end
  return true
end

local function copy(of)
  local made = {}
  for key, value in pairs(of) do made[key] = value end
  return made
end

-- The ids that make these lines, from number i and j on, the same; nil when nothing does.
local function match(shown, printed, i, j, ids)
  if i > #shown then return j > #printed and ids or nil end
  if shown[i]:match("^%s*…%s*$") then
    for next_line = j, #printed + 1 do
      local found = match(shown, printed, i + 1, next_line, copy(ids))
      if found then return found end
    end
    return nil
  end
  if j > #printed then return nil end
  local learnt = copy(ids)
  return same(shown[i], printed[j], learnt) and match(shown, printed, i + 1, j + 1, learnt) or nil
end

local function lines_of(text)
  local lines = {}
  for line in text:gmatch("[^\n]*") do
    if line:match("%S") then lines[#lines + 1] = line end
  end
  return lines
end

-- Whether the text that a page shows is what was printed; `ids` learns.
function M.same(shown, printed, ids)
  local found = match(lines_of(shown), lines_of(printed), 1, 1, ids)
  for name, value in pairs(found or {}) do ids[name] = value end
  return found ~= nil
end

-- The command with the ids that neap gave; a run's may be shortened.
function M.with_ids(command, ids)
  return (command:gsub("%f[%w][%x-]+%f[%W]", ids):gsub("%f[%w][2-9a-z]+%f[%W]", function(word)
    for name, value in pairs(ids) do
      if #word >= 4 and #word <= #name and #name == 10 and name:sub(1, #word) == word then
        return value
      end
    end
    return nil
  end))
end

return M
