-- Which files of ours a source is made of: reads names of sources, writes "source input input ...",
-- the source first among its inputs, then every header reached through #include "...".
--   luajit .ci/inputs.lua --check   says instead which of them use a name whose header nothing of
--                                   theirs includes, which the precompiled headers would hide
local roots = { "runtime/", "", "tests/" }
local includes_of = {}

-- The names that show that a header is needed; <utility> and <cstdint> come with all others.
local names = {
  algorithm = "std::sort|std::find|std::find_if|std::any_of|std::all_of|std::none_of|"
    .. "std::count_if|std::transform|std::lower_bound|std::upper_bound|std::reverse|std::clamp",
  array = "std::array",
  charconv = "std::from_chars|std::to_chars",
  chrono = "std::chrono",
  functional = "std::function",
  map = "std::map|std::multimap",
  memory = "std::unique_ptr|std::shared_ptr|std::weak_ptr|std::make_unique|std::make_shared",
  optional = "std::optional|std::nullopt",
  set = "std::set|std::multiset",
  span = "std::span",
  string = "std::string|std::to_string|std::stoul|std::stoull",
  string_view = "std::string_view",
  variant = "std::variant|std::visit|std::get_if|std::holds_alternative|std::monostate",
  vector = "std::vector",
  ["fmt/format.h"] = "fmt::format|fmt::format_to|fmt::join",
  ["tl/expected.hpp"] = "tl::expected|tl::unexpected",
}
-- What brings another along, by the standard or by its own documentation.
local brings = { string = "string_view", memory = "functional", ["catch2/catch.hpp"] = "string" }

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
  local found = { system = {} }
  for line in io.lines(path) do
    local name = line:match('^%s*#%s*include%s*"([^"]+)"')
    local file = name and existing(path:match("^(.*/)") or "", name)
    if file then found[#found + 1] = file end
    local system = line:match("^%s*#%s*include%s*<([^>]+)>")
    while system do
      found.system[system] = true
      system = brings[system]
    end
  end
  includes_of[path] = found
  return found
end

local function inputs_of(source)
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
  return inputs
end

-- The first name of those that the line uses.
local function used(line, among)
  line = line:gsub('"[^"]*"', ""):gsub("//.*", "")
  for name in among:gmatch("[^|]+") do
    if line:find("%f[%w_:]" .. name .. "%f[^%w_]") then return name end
  end
  return nil
end

-- Says which headers the source lacks; returns how many.
local function check(source)
  local there, missing = {}, 0
  for _, path in ipairs(inputs_of(source)) do
    for header in pairs(includes(path).system) do there[header] = true end
  end
  local number = 0
  for line in io.lines(source) do
    number = number + 1
    for header, among in pairs(names) do
      local name = not there[header] and used(line, among)
      if name then
        print(("%s:%d: %s needs <%s>"):format(source, number, name, header))
        there[header] = true
        missing = missing + 1
      end
    end
  end
  return missing
end

local sources, missing = 0, 0
for source in io.lines() do
  sources = sources + 1
  if arg[1] == "--check" then
    missing = missing + check(source)
  else
    print(source .. " " .. table.concat(inputs_of(source), " "))
  end
end
if arg[1] == "--check" then
  print(("includes: %d sources, %d includes missing"):format(sources, missing))
  os.exit(missing == 0 and sources > 0 and 0 or 1)
end
