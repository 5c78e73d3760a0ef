-- Checks the rules of the house that a compiler cannot: who may include whom, which room a guest
-- library lives in, what never appears in the text. Run by ./dev lint, from the repository's root:
--   luajit tests/layers.lua               checks the tree
--   luajit tests/layers.lua --self-test   plants a violation of every rule and sees it caught

local longest_file = 400

-- What a file may include of ours: only rooms on a lower level than its own.
local level = {
  base = 1, loop = 2, json = 2, config = 2, journal = 3, http = 3, lua = 4, sign = 4, cloud = 5,
  host = 6, show = 6, bindings = 7, simulator = 7, runs = 8, manual = 9, report = 9, serve = 9,
  repl = 10, app = 11,
}

-- Where a guest library may be included: each pattern of a header, with its rooms.
local guests = {
  { "^fmt/", "any" },
  { "^tl/", "base" },
  { "^spdlog/", "base" },
  { "^boost/beast", "http" },
  { "^boost/", "loop http" },
  { "^simdjson", "json" },
  { "^rapidjson/", "json" },
  { "^toml%+%+/", "config" },
  { "^curl/", "http" },
  { "^lua%.h", "lua bindings simulator" },
  { "^lua%.hpp$", "lua bindings simulator" },
  { "^luajit", "lua bindings" },
  { "^lualib%.h$", "lua bindings" },
  { "^lauxlib%.h$", "lua bindings" },
  { "^openssl/", "base sign http" },
  { "^CLI/", "app" },
  { "^histedit%.h$", "repl" },
  { "^sqlite3%.h$", "journal tests bench" },
  { "^catch2/", "tests" },
  { "^benchmark/", "bench" },
}

-- What comes with the compiler, the C library and the kernel is no guest.
local system_headers = { "^[%w_]+$", "^[%w_]+%.h$", "^sys/", "^netinet/", "^arpa/", "^linux/" }

-- Spelt in halves so that this file does not catch itself.
local unfinished = { "TO" .. "DO", "FIX" .. "ME", "XX" .. "X" }
local border_calls = { "luaL_error", "luaL_check", "lua_yield", "lua_pcall" }

local function room_of(path)
  if path == "runtime/host.h" then return "host" end
  return path:match("^runtime/([%w_]+)/") or path:match("^(%a+)/")
end

local function is_cpp(path) return path:match("%.cpp$") or path:match("%.h$") end
local function is_source(path) return path:match("^runtime/") or path:match("^bindings/") end

-- Blanks out comments and strings, keeping the line breaks; ' between digits opens nothing.
local function code_of(text)
  local out, at = {}, 1
  while at <= #text do
    local from = text:find("[/\"'R]", at)
    if not from then break end
    out[#out + 1] = text:sub(at, from - 1)
    local two, stop = text:sub(from, from + 1), nil
    if two == "//" then
      stop = (text:find("\n", from, true) or #text + 1) - 1
    elseif two == "/*" then
      stop = select(2, text:find("*/", from + 2, true)) or #text
    elseif two == 'R"' then
      local fence = text:match('^R"([^(]*)%(', from)
      stop = fence and select(2, text:find(")" .. fence .. '"', from, true)) or from + 1
    else
      local mark = text:sub(from, from)
      if mark == '"' or (mark == "'" and not text:sub(from - 1, from - 1):match("%w")) then
        stop = from + 1
        while stop <= #text and text:sub(stop, stop) ~= mark do
          stop = stop + (text:sub(stop, stop) == "\\" and 2 or 1)
        end
      end
    end
    if stop then
      out[#out + 1] = text:sub(from, stop):gsub("[^\n]", " ")
    else
      stop = from
      out[#out + 1] = text:sub(from, from)
    end
    at = stop + 1
  end
  out[#out + 1] = text:sub(at)
  return table.concat(out)
end

-- Calls visit(line number, line) for every line.
local function each_line(text, visit)
  local number = 0
  for line in (text:sub(-1) == "\n" and text or text .. "\n"):gmatch("(.-)\n") do
    number = number + 1
    visit(number, line)
  end
end

-- Calls visit(line number, captures...) for every match of the pattern in the code of the file.
local function each_match(file, pattern, visit)
  local line, seen = 1, 1
  for from, a, b in file.code:gmatch("()" .. pattern) do
    line = line + select(2, file.code:sub(seen, from - 1):gsub("\n", ""))
    seen = from
    visit(line, a, b)
  end
end

-- Calls visit(line number, header) for every include between these marks.
local function each_include(file, marked, visit)
  if not is_cpp(file.path) then return end
  each_line(file.text, function(number, line)
    local header = line:match("^%s*#%s*include%s*" .. marked)
    if header then visit(number, header) end
  end)
end

-- A rule is a name and a function of (file, report); report(line, message) records a finding.
-- A file is { path, text, code }: code is the text without comments and strings.
local rules = {}
local function rule(name, check) rules[#rules + 1] = { name = name, check = check } end

rule("includes run downhill", function(file, report)
  if not is_source(file.path) then return end
  local own = room_of(file.path)
  if not level[own] then return report(1, own .. " is not a room of the house") end
  each_include(file, '"([^"]+)"', function(number, header)
    local room = header == "host.h" and "host" or header:match("^([%w_]+)/")
    if room == own then return end
    if not level[room] then
      report(number, header .. ' is not named from the root: write "room/file.h"')
    elseif own == "app" and room == "bindings" then
      report(number, "app reaches the bindings through host.h only")
    elseif level[room] >= level[own] then
      report(number, ("%s (level %d) may not include %s (level %d)"):format(
        own, level[own], room, level[room]))
    end
  end)
end)

-- The first entry of a list of { pattern, ... } or of patterns that matches the header.
local function first_match(list, header)
  for _, entry in ipairs(list) do
    if header:match(type(entry) == "table" and entry[1] or entry) then return entry end
  end
  return nil
end

rule("guest libraries stay in their rooms", function(file, report)
  if not is_source(file.path) then return end
  local own = room_of(file.path)
  each_include(file, "<([^>]+)>", function(number, header)
    local guest = first_match(guests, header)
    if not guest then
      if first_match(system_headers, header) then return end
      return report(number, "<" .. header .. "> has no room: name one in tests/layers.lua")
    end
    local rooms = " " .. guest[2] .. " "
    if guest[2] ~= "any" and not rooms:find(" " .. own .. " ", 1, true) then
      report(number, ("<%s> belongs to %s, not to %s"):format(header, guest[2], own))
    end
  end)
end)

rule("files are short", function(file, report)
  local lines = select(2, file.text:gsub("\n", "\n"))
  if lines > longest_file then report(lines, lines .. " lines, " .. longest_file .. " allowed") end
end)

rule("files open with a sentence", function(file, report)
  local text = file.text:gsub("^#![^\n]*\n", "")
  local own_header = text:match('^#include "([^"]+)%.h"')
  if own_header and file.path:find(own_header .. ".cpp", 1, true) then return end -- said there
  local words = text:match("^//%s*([^\n]*)") or text:match("^%-%-+%s*([^\n]*)")
    or text:match("^#%s+([^\n]*)")
  if not words or not words:match("%S+%s+%S+%s+%S+") then
    report(1, "the first line is not a comment that says what the file is")
  end
end)

-- Not in tests: those of LuaJIT's facts pin what `catch (...)` does.
rule("catch is typed", function(file, report)
  if not is_source(file.path) then return end
  each_match(file, "catch%s*%(%s*%.%.%.%s*%)%s*(%b{})", function(line, block)
    if not block:match("%f[%w_]throw%s*;") then
      report(line, "catch (...) that does not throw on swallows bugs")
    end
  end)
end)

rule("bindings leave Lua's own errors to the border", function(file, report)
  if not file.path:match("^bindings/") then return end
  for _, name in ipairs(border_calls) do
    each_match(file, "%f[%w_](" .. name .. "[%w_]*)", function(line, called)
      report(line, called .. " belongs to lua/: bindings throw Failure")
    end)
  end
end)

-- Constants, functions and static members that are constant are fine. A heuristic: it reads one
-- declaration at a time and takes one with a parenthesis for a function.
rule("no mutable statics", function(file, report)
  if not is_source(file.path) then return end
  local function constant(declaration)
    local first = declaration:gsub("^inline%s+", ""):gsub("^constinit%s+", "")
    return first:match("%f[%w_]constexpr%f[^%w_]") or first:match("^const%f[^%w_]")
      or first:match("%f[%w_]const%s+[%w_]+$")
  end
  for _, storage in ipairs({ "static", "thread_local" }) do
    each_match(file, "%f[%w_]" .. storage .. "%s+([^;{(=]*)([;{(=])", function(line, what, stop)
      what = what:gsub("%s+$", "")
      if stop == "(" or constant(what) then return end
      report(line, storage .. " " .. what .. ": state belongs to what Host refers to")
    end)
  end
  local keywords = " using namespace struct class enum union template typedef extern friend "
    .. "static thread_local return concept "
  each_line(file.code, function(number, line)
    local what = line:match("^([%a_][%w_:<>,%s*&]-%s[%w_]+)%s*[={;]")
    if not what or constant(what) then return end
    if keywords:find(" " .. what:match("^[%w_]+") .. " ", 1, true) then return end
    report(number, what .. " is a global variable: state belongs to what Host refers to")
  end)
end)

rule("nothing is left for later", function(file, report)
  each_line(file.text, function(number, line)
    for _, word in ipairs(unfinished) do
      if line:find("%f[%w]" .. word .. "%f[%W]") then report(number, word) end
    end
  end)
end)

-- Holds for all files together, so it keeps count in `tree` and speaks about the second one.
rule("one lua_resume", function(file, report, tree)
  if not is_source(file.path) then return end
  each_match(file, "%f[%w_]lua_resume%s*%(", function(line)
    tree.resumes = (tree.resumes or 0) + 1
    if tree.resumes > 1 then
      report(line, "a second lua_resume: the scheduler's is the only one")
    end
  end)
end)

-- All findings on files of { path, text }, as { path, line, rule, message }.
local function check(files)
  local findings, tree = {}, {}
  for _, file in ipairs(files) do
    file.code = is_cpp(file.path) and code_of(file.text) or file.text
    for _, each in ipairs(rules) do
      each.check(file, function(line, message)
        findings[#findings + 1] = {
          path = file.path, line = line, rule = each.name, message = message,
        }
      end, tree)
    end
  end
  return findings
end

-- Per rule: texts in which it must be found, once each.
local planted = {
  ["includes run downhill"] = {
    { "runtime/loop/a.h", '#include "lua/state.h"' },
    { "runtime/loop/a.h", '#include "json/value.h"' },
    { "bindings/groups.cpp", '#include "app/run.h"' },
    { "runtime/app/run.cpp", '#include "bindings/all.h"' },
    { "runtime/cloud/client.cpp", '  #  include "host.h"' },
    { "runtime/base/text.cpp", '#include "time.h"' },
    { "runtime/attic/a.h", "" },
  },
  ["guest libraries stay in their rooms"] = {
    { "runtime/lua/json.cpp", "#include <simdjson.h>" },
    { "runtime/loop/loop.cpp", "#include <boost/beast/core.hpp>" },
    { "runtime/cloud/client.cpp", "#include <boost/asio.hpp>" },
    { "runtime/app/run.cpp", "#include <lua.hpp>" },
    { "runtime/cloud/client.h", "#include <curl/curl.h>" },
    { "bindings/json.cpp", "#include <rapidjson/writer.h>" },
    { "runtime/config/profile.cpp", "#include <openssl/evp.h>" },
    { "runtime/base/text.cpp", "#include <absl/strings/str_cat.h>" },
  },
  ["files are short"] = { { "stdlib/long.lua", ("local a\n"):rep(longest_file) } },
  ["files open with a sentence"] = {
    { "stdlib/a.lua", "", bare = true },
    { "runtime/base/a.h", "#pragma once\n", bare = true },
    { "runtime/base/a.cpp", '#include "base/b.h"\n', bare = true },
    { "tests/e2e/a.sh", "#!/bin/bash\nset -e\n", bare = true },
  },
  ["catch is typed"] = {
    { "runtime/lua/a.cpp", "void f() try { g(); } catch (...) { }" },
    { "bindings/a.cpp", "try { g(); }\ncatch(...) {\n  if (x) { return; }\n}" },
  },
  ["bindings leave Lua's own errors to the border"] = {
    { "bindings/a.cpp", 'luaL_error(L, "no");' },
    { "bindings/a.cpp", "const int n = luaL_checkinteger(L, 1);" },
    { "bindings/a.cpp", "return lua_yield(L, 0);" },
    { "bindings/a.cpp", "lua_pcall(L, 0, 0, 0);" },
  },
  ["no mutable statics"] = {
    { "runtime/base/a.cpp", "int f() { static int count = 0; return ++count; }" },
    { "runtime/base/a.cpp", "static std::map<int, int> cache;" },
    { "runtime/base/a.h", "struct A {\n  inline static std::atomic<int> live{0};\n};" },
    { "bindings/a.cpp", "thread_local Host* current = nullptr;" },
    { "runtime/base/a.cpp", "std::string last_error;" },
    { "runtime/base/a.cpp", "const char* last = nullptr;\nint counter{0};" },
  },
  ["nothing is left for later"] = {
    { "scripts/a.lua", "-- " .. unfinished[1] .. ": later" },
    { "runtime/base/a.cpp", "// " .. unfinished[2] .. "(me)" },
    { "dev", "# " .. unfinished[3] },
  },
  ["one lua_resume"] = {
    { "runtime/lua/task.cpp", "void f() { lua_resume(L, 0);\n lua_resume(L, 1); }" },
  },
}

-- Looks like a violation and is none.
local innocent = {
  { "runtime/lua/state.cpp", '#include "base/error.h"\n#include <lua.hpp>\n#include <vector>' },
  { "bindings/a.cpp", '#include "host.h"\n#include <fmt/format.h>\n// never lua_pcall here' },
  { "runtime/http/a.cpp", "#include <boost/beast/http.hpp>\n#include <sys/socket.h>" },
  { "tests/unit/a.cpp", "#include <catch2/catch.hpp>\n#include <openssl/evp.h>" },
  { "runtime/lua/b.cpp", "try { f(); } catch (...) { clean_up(); throw; }" },
  { "runtime/lua/c.cpp", 'const char* const kCall = "lua_resume(";  // lua_resume(L)' },
  { "runtime/base/a.cpp", "static constexpr int kMost = 3;\nstatic const char* const kA = 0;" },
  { "runtime/base/b.cpp", "namespace asio = boost::asio;\nusing A = int;\nstatic int f(int x);" },
  { "runtime/base/c.h", "constinit const int kLeast = 1;\ninline const int kA = 1;" },
  { "runtime/base/c.cpp", "static_assert(sizeof(int) == 4);\nconstexpr int kMost = 1'000;" },
  { "runtime/base/d.cpp", "A& A::operator=(A&&) noexcept = default;\nA::~A() = default;" },
  { "runtime/base/e.cpp", 'const char* const kText = R"(static int a = 0; // ")";' },
}

local function sample(path, text, bare)
  local comment = is_cpp(path) and "// " or path:match("%.lua$") and "-- " or "# "
  return { path = path, text = (bare and "" or comment .. "Says what it is.\n") .. text .. "\n" }
end

local function self_test()
  local count, missed = 0, 0
  local function expect(file, wanted)
    count = count + 1
    local found = check({ file })
    if #found == (wanted and 1 or 0) and (not wanted or found[1].rule == wanted) then return end
    missed = missed + 1
    print(("self-test: %s: wanted %s, got %s\n%s"):format(
      file.path, wanted or "nothing", found[1] and found[1].rule or "nothing", file.text))
  end
  for _, each in ipairs(rules) do
    assert(planted[each.name], "no violation is planted for the rule: " .. each.name)
    for _, plant in ipairs(planted[each.name]) do
      expect(sample(plant[1], plant[2], plant.bare), each.name)
    end
  end
  for _, plant in ipairs(innocent) do expect(sample(plant[1], plant[2]), nil) end
  print(("layers: self-test, %d rules, %d samples, %d wrong"):format(#rules, count, missed))
  return missed == 0
end

-- What git knows or would add: build output and editors' files are out.
local function tree()
  local files = {}
  local list = io.popen("git ls-files --cached --others --exclude-standard")
  for path in list:lines() do
    local file = io.open(path)
    if file and (path:match("%.cpp$") or path:match("%.h$") or path:match("%.lua$")
      or path:match("%.sh$") or path == "dev" or path == ".ci/run") then
      files[#files + 1] = { path = path, text = file:read("*a") }
    end
    if file then file:close() end
  end
  list:close()
  return files
end

if arg[1] == "--self-test" then os.exit(self_test() and 0 or 1) end
local files = tree()
local findings = check(files)
for _, found in ipairs(findings) do
  print(("%s:%d: %s (%s)"):format(found.path, found.line, found.message, found.rule))
end
print(("layers: %d rules checked, %d files, %d findings"):format(#rules, #files, #findings))
os.exit(#findings == 0 and #files > 0 and 0 or 1)
