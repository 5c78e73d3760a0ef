-- The catalogue of the platform's operations as a list, with the documented error codes beside it.
local tables = require("host.catalog").tables()

local catalog = tables.operations
catalog.errors = tables.errors

return catalog
