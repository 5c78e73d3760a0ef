-- JSON for scripts: `null` is a value that round-trips, `array {}` marks an empty array.
local host = require "host.json"

local json = {}

--- The value that a JSON text stands for. Whole numbers beyond 2^53 come as text, `null` as
--- json.null.
---@param text string
---@return any
json.decode = host.decode

--- The JSON text of a value. A table is a list when its keys are 1 to n, and it has some.
---@param value any
---@return string
json.encode = host.encode

--- Marks a table as a list, so that an empty one is written as [] and not as {}.
---@param list? table
---@return table
json.array = host.array

--- What stands for JSON's null: a field that is there and says nothing.
json.null = host.null()

return json
