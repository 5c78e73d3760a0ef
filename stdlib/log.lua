-- Lines for the operator's log, on standard error: log.info("group %s", name).
local host = require "host.log"

local log = {}

local function write(level, format, ...)
  local text = tostring(format)
  if select("#", ...) > 0 then text = text:format(...) end
  host.write(level, text)
end

--- What only helps to find a fault; shown at --log-level debug.
---@param format any
---@param ... any
function log.debug(format, ...) write("debug", format, ...) end

--- What is worth knowing; shown at --log-level info.
---@param format any
---@param ... any
function log.info(format, ...) write("info", format, ...) end

--- What should be looked at.
---@param format any
---@param ... any
function log.warn(format, ...) write("warn", format, ...) end

--- What has gone wrong.
---@param format any
---@param ... any
function log.error(format, ...) write("error", format, ...) end

return log
