-- Which files of ours a source is made of: reads names of sources, writes "source input input ...",
-- the source first among its inputs, then every header reached through #include "...".
local roots = { "runtime/", "", "tests/" }
local includes_of = {}

local function existing(directory, name)
  for _, root in ipairs({ directory, roots[1], roots[2], roots[3] }) do
    local file = io.open(root .. name)
    if file then
      file:close()
      return root .. name
    end
  end
  return nil
end

local function includes(path)
  if includes_of[path] then return includes_of[path] end
  local found = {}
  for line in io.lines(path) do
    local name = line:match('^%s*#%s*include%s*"([^"]+)"')
    local file = name and existing(path:match("^(.*/)") or "", name)
    if file then found[#found + 1] = file end
  end
  includes_of[path] = found
  return found
end

for source in io.lines() do
  local inputs, seen, at = { source }, { [source] = true }, 1
  while inputs[at] do
    for _, path in ipairs(includes(inputs[at])) do
      if not seen[path] then
        seen[path] = true
        inputs[#inputs + 1] = path
      end
    end
    at = at + 1
  end
  print(source .. " " .. table.concat(inputs, " "))
end
