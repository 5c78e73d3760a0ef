-- Values that depend on the seed alone: identifiers and fractions, each kind in its own stream, so
-- that asking for one kind (a request id for every poll) never changes what the next of another is.

local bxor, lshift, rshift, tobit, tohex = bit.bxor, bit.lshift, bit.rshift, bit.tobit, bit.tohex
local two_to_32 = 4294967296

local streams = {
  identity = 1, job = 2, request = 3, chance = 4, fault = 5, admin = 6, message = 7, token = 8,
}

-- Four 32-bit words for one point (seed, stream, index): xorshift128 started there and stirred.
local function words(seed, stream, index)
  local x = bxor(tobit(seed % two_to_32), 0x6c078965)
  local y = bxor(tobit(math.floor(seed / two_to_32) % two_to_32), tobit(stream * 0x9e3779b1))
  local z = bxor(tobit(index % two_to_32), 0x3c6ef372)
  local w = bxor(tobit(index * 40503 + stream), 0x2545f491)
  for _ = 1, 24 do
    local t = bxor(x, lshift(x, 11))
    x, y, z = y, z, w
    w = tobit(bxor(w, rshift(w, 19), t, rshift(t, 8)) + 362437)
  end
  return x, y, z, w
end

local function next_words(world, stream)
  local index = (world.counters[stream] or 0) + 1
  world.counters[stream] = index
  return words(world.seed, streams[stream], index)
end

local seeded = {}

--- A UUID for a resource.
function seeded.uuid(world)
  local a, b, c, d = next_words(world, "identity")
  local bs, cs = tohex(b), tohex(c)
  return table.concat({
    tohex(a), bs:sub(1, 4), "4" .. bs:sub(6, 8), "a" .. cs:sub(2, 4), cs:sub(5, 8) .. tohex(d),
  }, "-")
end

--- 32 hexadecimal digits: `stream` is "job", "request", "admin" or "message".
function seeded.hex(world, stream)
  local a, b, c, d = next_words(world, stream)
  return tohex(a) .. tohex(b) .. tohex(c) .. tohex(d)
end

--- A fraction in [0, 1): `stream` is "chance" or "fault".
function seeded.fraction(world, stream)
  local a = next_words(world, stream)
  return (a % two_to_32) / two_to_32
end

return seeded
