-- One page's shell: a home and a folder of its own, commands that run one after the other with what
-- they export, and servers that end with the page.
local Shell = {}
Shell.__index = Shell

local PATIENCE = 120 -- seconds, of a command; of a server until it serves

local function quoted(text) return "'" .. text:gsub("'", "'\\''") .. "'" end

local function read(path)
  local file = io.open(path)
  local text = file and file:read("*a") or ""
  if file then file:close() end
  return text
end

local function write(path, text)
  local file = assert(io.open(path, "w"))
  file:write(text)
  file:close()
end

-- In `place`, with the folder `programs` in front of the path.
function Shell.new(place, programs)
  local self = setmetatable({ place = place, ports = {}, status = 0, servers = 0 }, Shell)
  os.execute("mkdir -p " .. quoted(place .. "/home/.config") .. " " .. quoted(place .. "/work"))
  write(place .. "/env", ("export HOME=%s XDG_CONFIG_HOME=%s PATH=%s\ncd %s\n"):format(
    quoted(place .. "/home"), quoted(place .. "/home/.config"),
    quoted(programs .. ":" .. os.getenv("PATH")), quoted(place .. "/work")))
  write(place .. "/groups", "")
  return self
end

-- With the ports that servers got for those that the page shows.
function Shell:located(text)
  return (text:gsub("127%.0%.0%.1:(%d+)", function(port)
    return self.ports[port] and "127.0.0.1:" .. self.ports[port] or nil
  end))
end

-- Runs the code; each of its commands must succeed unless `status` is given, which is what $? is at
-- its beginning. Returns what it printed, and the command that failed or nil.
function Shell:run(code, status)
  local place = self.place
  local prologue = status and ("(exit %d)"):format(status)
    or ("set -E; trap 'printf \"%%s\\n\" \"$BASH_COMMAND\" >%s/failed' ERR"):format(place)
  write(place .. "/run.sh", ([[
source %s/env
trap 'status=$?; { export -p; printf "cd %%q\n" "$PWD"; } >%s/env
      cut -d" " -f5 /proc/$$/stat >>%s/groups; exit $status' EXIT
%s
]]):format(place, place, place, prologue) .. self:located(code))
  os.remove(place .. "/failed")
  local ended = os.execute(("timeout -k 5 %d bash %s/run.sh >%s/out 2>&1 </dev/null"):format(
    PATIENCE, place, place))
  self.status = ended >= 256 and math.floor(ended / 256) or ended
  local failed = read(place .. "/failed")
  return read(place .. "/out"), failed ~= "" and failed:gsub("\n$", "") or nil
end

-- Starts a server and waits until it serves; what it exports holds for the commands that follow.
-- Returns what it printed, and whether it serves.
function Shell:serve(code)
  self.servers = self.servers + 1
  local out = ("%s/server-%d"):format(self.place, self.servers)
  local shown = code:match("127%.0%.0%.1:(%d+)")
  write(out .. ".sh", ("source %s/env\n"):format(self.place)
    .. self:located(code):gsub("127%.0%.0%.1:" .. (shown or "0"), "127.0.0.1:0", 1))
  os.execute(("setsid bash %s.sh >%s 2>&1 </dev/null & echo $! >>%s/groups"):format(
    out, out, self.place))
  local text
  for _ = 1, PATIENCE * 20 do
    text = read(out)
    if text:match("PROJECT_ID=%S+\n") or text:match("serving") then break end
    os.execute("sleep 0.05")
  end
  if shown then self.ports[shown] = text:match("127%.0%.0%.1:(%d+)") end
  local env = assert(io.open(self.place .. "/env", "a"))
  for line in text:gmatch("export [^\n]+\n") do env:write(line) end
  env:close()
  return text, text:match("PROJECT_ID=%S+\n") ~= nil or text:match("serving") ~= nil
end

-- A file of the page: "~/…" in its home, others in its folder.
function Shell:put(name, text)
  local path = name:match("^~/") and self.place .. "/home/" .. name:sub(3)
    or self.place .. "/work/" .. name
  os.execute("mkdir -p " .. quoted(path:match("^(.*)/")))
  write(path, self:located(text))
end

-- Ends what the page started.
function Shell:close()
  for group in read(self.place .. "/groups"):gmatch("%d+") do
    os.execute(("kill -- -%s 2>/dev/null"):format(group))
  end
end

Shell.quoted = quoted
return Shell
