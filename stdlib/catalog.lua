-- The catalogue of the platform's operations as a list, with the documented error codes and rules
-- for text beside it.
local tables = require("host.catalog").tables()

local catalog = tables.operations
catalog.errors = tables.errors
catalog.rules = tables.rules

return catalog
