-- Executes every fenced block of the pages it is given, against a simulator of each page's own:
--   luajit tests/guide/run.lua NEAP FOLDER PAGE...        FOLDER: empty, for what the pages make
--
--   ```sh            commands that all succeed
--   ```sh server     a server, which runs until the page ends
--   ```console       "$ command" (continued by "> ") and what it prints, see comparison.lua; one
--                    that fails is followed by "$ echo $?"
--   ```lua FILE ARGUMENTS   a runbook, which is rehearsed with the arguments; without FILE code for
--                    a rehearsal. Handlers are served.
--   ```toml FILE     a file of settings, which neap must understand
-- A block that cannot be run has the comment <!-- not run: why --> on the line above. Port 8780 is
-- the page's simulator: one that the page starts, or else one of the suite's, 30 times as fast as
-- time or as <!-- time scale: N --> says.
package.path = arg[0]:match("^(.*/)") .. "?.lua;" .. package.path
local comparison = require "comparison"
local page_of = require "page"
local Shell = require "shell"

local neap, folder = arg[1], arg[2]
local failures = 0

local function complain(page, line, what)
  failures = failures + 1
  print(("%s:%d: %s"):format(page.path, line, what))
end

local function indented(text) return "    " .. text:gsub("\n([^\n])", "\n    %1") end

local run = {}

function run.sh(shell, block)
  if block.words == "server" then
    local printed, serves = shell:serve(block.text)
    return not serves and "it does not serve:\n" .. indented(printed) or nil
  end
  local printed, failed = shell:run(block.text)
  return failed and ("`%s` failed:\n%s"):format(failed, indented(printed)) or nil
end

-- { command, shown } of each prompt in the block.
local function commands_of(text)
  local commands = {}
  for line in text:gmatch("([^\n]*)\n") do
    local command, more = line:match("^%$ (.*)$"), line:match("^> (.*)$")
    local last = commands[#commands]
    if command then
      commands[#commands + 1] = { command = command, shown = "" }
    elseif more and last and last.shown == "" then
      last.command = last.command .. "\n" .. more
    elseif last then
      last.shown = last.shown .. line .. "\n"
    end
  end
  return commands
end

-- What is wrong with the command and what it printed, or nil.
local function judge(shell, each, printed, next_command)
  if not comparison.same(each.shown, printed, shell.ids) then
    return ("$ %s\n  shown:\n%s  printed, status %d:\n%s"):format(
      each.command, indented(each.shown), shell.status, indented(printed))
  end
  if shell.status ~= 0 and next_command ~= "echo $?" then
    return ("$ %s\n  status %d, which the page does not show:\n%s"):format(
      each.command, shell.status, indented(printed))
  end
  return nil
end

function run.console(shell, block)
  local commands, wrong = commands_of(block.text), {}
  if #commands == 0 then return "no command: lines that begin with $" end
  for i, each in ipairs(commands) do
    local printed = shell:run(comparison.with_ids(each.command, shell.ids), shell.status)
    local place = shell.place:gsub("%p", "%%%0")
    printed = printed:gsub(place .. "/home", "/home/ops"):gsub(place, "/home/ops")
    wrong[#wrong + 1] = judge(shell, each, printed, commands[i + 1] and commands[i + 1].command)
  end
  return #wrong > 0 and table.concat(wrong, "\n") or nil
end

function run.lua(shell, block)
  local name, arguments = block.words:match("^(%S+)%s*(.*)$")
  if block.text:match("%f[%w]hooks%.on%f[%W]") then
    name = name or "handlers.lua"
    shell:put(name, block.text)
    local printed, serves = shell:serve("exec neap serve " .. name
      .. " --listen 127.0.0.1:0 --allow net:10.0.0.0/16 --state-dir of-" .. name)
    return not serves and "the handlers are not served:\n" .. indented(printed) or nil
  end
  local code = "neap rehearse -e " .. Shell.quoted(block.text)
  if name then
    shell:put(name, block.text)
    code = ("neap rehearse ./%s %s"):format(name, arguments)
  end
  local printed, failed = shell:run(code)
  return failed and "the rehearsal failed:\n" .. indented(printed) or nil
end

function run.toml(shell, block)
  if block.words == "" then return "no file to write it to" end
  shell:put(block.words, block.text)
  local printed, failed = shell:run("neap config --origin")
  return failed and "neap does not understand it:\n" .. indented(printed) or nil
end

-- A server of the page's own says where it is; else port 8780 is the suite's.
local function start_simulator(shell, page)
  for _, block in ipairs(page.blocks) do
    if block.words == "server" and block.text:match("^neap sim") then return end
  end
  local printed, serves = shell:serve(
    "exec neap -q sim --listen 127.0.0.1:8780 --seed 7 --time-scale " .. (page.scale or 30))
  if not serves then error("the simulator does not start: " .. printed) end
end

local function check(page, number)
  page_of.check_links(page, function(line, what) complain(page, line, what) end)
  for _, fault in ipairs(page.faults) do complain(page, fault[1], fault[2]) end
  local shell = Shell.new(("%s/page-%d"):format(folder, number), folder .. "/bin")
  shell.ids = {}
  start_simulator(shell, page)
  local executed, reasons = 0, {}
  for _, block in ipairs(page.blocks) do
    if block.reason then
      reasons[#reasons + 1] = ("%d: %s"):format(block.line, block.reason)
    elseif not run[block.language] then
      complain(page, block.line, ("nobody knows how to run ```%s"):format(block.language))
    else
      executed = executed + 1
      local wrong = run[block.language](shell, block)
      if wrong then complain(page, block.line, wrong) end
    end
  end
  shell:close()
  print(("%-32s %2d blocks executed, %d not run"):format(page.path, executed, #reasons))
  for _, reason in ipairs(reasons) do print("  not run, line " .. reason) end
  return executed, #reasons
end

os.execute(("mkdir -p %s/bin && ln -sf %s %s/bin/neap"):format(folder, neap, folder))
local executed, left_out = 0, 0
for number = 3, #arg do
  local ran, not_run = check(page_of.read(arg[number]), number - 2)
  executed, left_out = executed + ran, left_out + not_run
end
print(("guide: %d pages, %d blocks executed, %d not run, %d failures"):format(
  #arg - 2, executed, left_out, failures))
os.exit(failures == 0 and executed > 0 and 0 or 1)
