-- What the comments of the standard library say: a function's summary, the names of its arguments,
-- and the types in its annotations, which are those of LuaLS.
local host = require "host.manual"

local comments = {}

local texts = {} -- lines by module

local function lines_of(module)
  local lines = texts[module]
  if lines then return lines end
  lines = host.lines(module)
  texts[module] = lines
  return lines
end

local function is_comment(line)
  return line ~= nil and line:find("---", 1, true) ~= nil and line:find("^%s*%-%-%-") ~= nil
end

-- The lines of the comment that ends right above line `at`.
local function block_above(lines, at)
  local first = at
  while is_comment(lines[first - 1]) do first = first - 1 end
  local block = {}
  for i = first, at - 1 do block[#block + 1] = lines[i]:match("^%s*%-%-%- ?(.*)$") end
  return block
end

local OPENING, CLOSING = "[%(%[{<]", "[%)%]}>]"

-- Splits "fun(a: string): any  what it is" where the type ends: at a blank outside of brackets that
-- neither follows nor precedes a mark which joins types.
local function split_type(text)
  local depth, at = 0, 1
  while at <= #text do
    local c = text:sub(at, at)
    if c:find(OPENING) then depth = depth + 1 end
    if c:find(CLOSING) then depth = depth - 1 end
    local joined = text:sub(1, at - 1):find("[:,|]$") or text:find("^%s*|", at)
    if c == " " and depth == 0 and not joined then break end
    at = at + 1
  end
  return text:sub(1, at - 1), (text:sub(at + 1):gsub("^%s+", ""))
end

-- What each annotation adds to the comment.
local TAGS = {}

function TAGS.param(comment, text)
  local name, optional, rest = text:match("^([%w_%.]+)(%??)%s+(.*)$")
  local type, help = split_type(rest)
  comment.params[#comment.params + 1] = {
    name = name, type = type, optional = optional == "?", help = help,
  }
end

TAGS["return"] = function(comment, text)
  local type, help = split_type(text)
  comment.returns[#comment.returns + 1] = { type = type, help = help }
end

function TAGS.field(comment, text)
  local name, optional, rest = text:match("^([%w_]+)(%??)%s+(.*)$")
  local type, help = split_type(rest)
  comment.fields[#comment.fields + 1] = {
    name = name, type = type, optional = optional == "?", help = help,
  }
end

function TAGS.overload(comment, text)
  comment.overloads[#comment.overloads + 1] = text
end

function TAGS.generic(comment, text)
  comment.generic = text
end

function TAGS.class(comment, text)
  comment.class = text
end

function TAGS.alias() end

function TAGS.private(comment)
  comment.private = true
end

local function read_block(block)
  local comment = { params = {}, returns = {}, fields = {}, overloads = {} }
  local words = {}
  for _, line in ipairs(block) do
    local tag, rest = line:match("^@(%a+)%s*(.*)$")
    if tag then
      TAGS[tag](comment, rest)
    else
      words[#words + 1] = line
    end
  end
  comment.text = table.concat(words, " ")
  comment.summary = (comment.text .. " "):match("^(.-)%.%s") or comment.text
  return comment
end

-- The names between the brackets of a definition, which may stand on several lines.
local function arguments_at(lines, at)
  local head = lines[at]
  while not head:find(")", 1, true) do
    at = at + 1
    head = head .. lines[at]
  end
  local names = {}
  for name in head:match("%((.-)%)"):gmatch("[%w_%.]+") do names[#names + 1] = name end
  return names
end

local read = {} -- comments of functions that were read, by module, line and name

--- What stands above a function of the standard library that has a definition of its own,
--- "function Class:name(…)"; nil where it has none.
function comments.of_function(fn, name)
  local source, line = host.place(fn)
  local module = source:match("^@stdlib/(.*)%.lua$")
  if not module then return nil end
  local key = module .. ":" .. line .. name
  if read[key] then return read[key] end
  local lines = lines_of(module)
  local separator = lines[line] and lines[line]:match("function [%w_%.]*([%.:])" .. name .. "%(")
  if not separator then return nil end
  local comment = read_block(block_above(lines, line))
  comment.names = arguments_at(lines, line)
  comment.method = separator == ":"
  comment.module, comment.line = module, line
  read[key] = comment
  return comment
end

--- What stands above "owner.name = …" in the text of the module; nil where nothing does.
function comments.of_field(module, name)
  local lines = lines_of(module)
  for at, line in ipairs(lines) do
    if line:find("." .. name .. " = ", 1, true) and line:find("^%a[%w_]*%." .. name .. " = ") then
      local comment = read_block(block_above(lines, at))
      comment.module, comment.line = module, at
      return comment.text ~= "" and comment or nil
    end
  end
  return nil
end

-- The classes of a module that have a name: those of "---@class", and what goes by the name in
-- classes.named("neap.Job", …) and classes.record(…).
local function classes_in(module, found)
  local lines = lines_of(module)
  for at, line in ipairs(lines) do
    local name = line:find("classes.", 1, true) and line:match("classes%.%a+%(\"([%w_%.]+)\"")
    if line:find("---@class ", 1, true) then
      name = line:match("%-%-%-@class ([%w_%.]+)")
      repeat at = at + 1 until not is_comment(lines[at])
    end
    if name then found[name] = read_block(block_above(lines, at)) end
  end
end

--- The types that have a name of their own, by "---@alias name type words": { name, type, help }.
function comments.aliases(modules)
  local list = {}
  for _, module in ipairs(modules) do
    for _, line in ipairs(lines_of(module)) do
      local name, rest = line:match("^%-%-%-@alias ([%w_%.]+) (.*)$")
      if name then
        local type, help = split_type(rest)
        list[#list + 1] = { name = name, type = type, help = help }
      end
    end
  end
  return list
end

--- What stands above the classes that the modules name, by their names.
function comments.of_classes(modules)
  local found = {}
  for _, module in ipairs(modules) do classes_in(module, found) end
  return found
end

--- The sentence that a module's text begins with.
function comments.of_module(module)
  local words = {}
  for _, line in ipairs(lines_of(module)) do
    local text = line:match("^%-%- ?(.*)$")
    if not text then break end
    words[#words + 1] = text
  end
  local text = table.concat(words, " "):gsub("%s*%(%a+%.md [^%)]*%)", "") -- of the platform's pages
  return { text = text, summary = (text .. " "):match("^(.-)%.%s") or text }
end

return comments
