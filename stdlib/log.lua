-- Lines for the operator's log, on standard error: log.info("group %s", name).
local host = require "host.log"

local log = {}

for _, level in ipairs { "debug", "info", "warn", "error" } do
  log[level] = function(format, ...)
    local text = tostring(format)
    if select("#", ...) > 0 then text = text:format(...) end
    host.write(level, text)
  end
end

return log
