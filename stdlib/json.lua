-- JSON for scripts: `null` is a value that round-trips, `array {}` marks an empty array.
local host = require "host.json"

return {
  decode = host.decode,
  encode = host.encode,
  array = host.array,
  null = host.null(),
}
