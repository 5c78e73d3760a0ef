-- A page of the guide, taken apart: its fenced blocks, its links and headings, and what breaks the
-- form that the suite can read.
local M = {}

-- The anchor that a heading gets, as GitHub makes it.
local function anchor(heading)
  return (heading:lower():gsub("`", ""):gsub("[^%w%s_-]", ""):gsub("%s", "-"))
end

local function close(page, block)
  block.text = table.concat(block, "\n") .. (#block > 0 and "\n" or "")
  page.blocks[#page.blocks + 1] = block
end

local function open(line, number, reason)
  local indent, language, words = line:match("^(%s*)```(%S*)%s*(.-)%s*$")
  if not indent then return nil end
  return { line = number, indent = #indent, language = language, words = words, reason = reason }
end

-- What follows a blank line and stands four deep is a block too, one that nobody would run; a
-- paragraph of a list stands as deep as its item's text.
local function check_indent(page, state, line, number)
  local item = line:match("^(%s*[-*]%s+)") or line:match("^(%s*%d+%.%s+)")
  if item then
    state.list = #item
  elseif line:match("^%S") then
    state.list = 0
  end
  if state.blank and not item and #line:match("^%s*") >= state.list + 4 then
    page.faults[#page.faults + 1] = { number, "an indented block: put it between fences" }
  end
end

local function read_links(page, line, number)
  for target in line:gsub("`[^`]*`", ""):gmatch("%]%(([^)%s]+)%)") do
    if not target:match("^%a+:") then page.links[#page.links + 1] = { number, target } end
  end
end

-- { path, blocks, links, anchors, faults, scale }; a block is { line, language, words, reason,
-- text }.
function M.read(path)
  local page = { path = path, blocks = {}, links = {}, anchors = {}, faults = {} }
  local state, block, reason, number = { blank = true, list = 0 }, nil, nil, 0
  for line in io.lines(path) do
    number = number + 1
    if block then
      if line:match("^%s*```%s*$") then
        close(page, block)
        block = nil
      else
        block[#block + 1] = line:gsub("^" .. (" "):rep(block.indent), "")
      end
    else
      block = open(line, number, reason)
      if not block then
        check_indent(page, state, line, number)
        read_links(page, line, number)
        page.scale = line:match("^<!%-%- time scale: (%d+) %-%->") or page.scale
        local heading = line:match("^#+%s+(.*)$")
        if heading then page.anchors[anchor(heading)] = true end
      end
      if line:match("%S") then reason = line:match("^%s*<!%-%-%s*not run:%s*(.-)%s*%-%->") end
    end
    state.blank = not line:match("%S")
  end
  if block then page.faults[#page.faults + 1] = { block.line, "a block that does not end" } end
  return page
end

local function exists(path)
  local file = io.open(path)
  if file then file:close() end
  return file ~= nil
end

-- Calls complain(line, what) for every relative link that leads nowhere.
function M.check_links(page, complain)
  local folder = page.path:match("^(.*/)") or ""
  for _, link in ipairs(page.links) do
    local file, wanted = link[2]:match("^([^#]*)#?(.*)$")
    local path = file == "" and page.path or folder .. file
    if not exists(path) then
      complain(link[1], "a link to " .. link[2] .. ", which is not there")
    elseif wanted ~= "" and not M.read(path).anchors[wanted] then
      complain(link[1], "a link to " .. link[2] .. ", where no heading is called that")
    end
  end
end

return M
