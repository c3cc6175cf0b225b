-- One batch of one partition, all or nothing. Answers OK, FENCED or STALE.
--
-- ARGV: epoch, lease token, lease ms, then n and n x (stream, previous id, new id),
-- then operations until the end:
--   H key n  f v ...   set n fields of a hash
--   D key n  f ...     delete n fields
--   A key n  f v ...   append v to the value of each field
--   X key n  f v ...   add an entry of n fields to a stream
--   M key 1 id         send entry `id` of the rejected stream again to where it came from
--   E key 1 s          let a key go at a moment (epoch seconds); at once when that is past
--   T key 2 minid f    trim a stream, adding how much went to field f of the counters
-- KEYS: epoch, lease, counters, positions, then every key an operation names.
local epoch_key, lease_key, counters, positions = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
if redis.call('GET', epoch_key) ~= ARGV[1] then return 'FENCED' end
local at = 4
local n = tonumber(ARGV[at])
for i = 1, n do
  local known = redis.call('HGET', positions, ARGV[at + 1]) or '0-0'
  if known ~= ARGV[at + 2] then return 'STALE' end
  at = at + 3
end
-- First write: shortening a lifetime is allowed even when Redis refuses writes for memory.
if redis.call('GET', lease_key) == ARGV[2] then
  redis.call('PEXPIRE', lease_key, ARGV[3])
else
  redis.call('SET', lease_key, ARGV[2], 'PX', ARGV[3])
end
at = 5
for i = 1, n do
  redis.call('HSET', positions, ARGV[at], ARGV[at + 2])
  at = at + 3
end

local CHUNK = 2000
local function in_chunks(command, key, from, to)
  for start = from, to, CHUNK do
    redis.call(command, key, unpack(ARGV, start, math.min(start + CHUNK - 1, to)))
  end
end

while at <= #ARGV do
  local op, key, count = ARGV[at], ARGV[at + 1], tonumber(ARGV[at + 2])
  at = at + 3
  if op == 'H' then
    in_chunks('HSET', key, at, at + 2 * count - 1)
    at = at + 2 * count
  elseif op == 'D' then
    in_chunks('HDEL', key, at, at + count - 1)
    at = at + count
  elseif op == 'A' then
    for i = at, at + 2 * count - 1, 2 do
      redis.call('HSET', key, ARGV[i], (redis.call('HGET', key, ARGV[i]) or '') .. ARGV[i + 1])
    end
    at = at + 2 * count
  elseif op == 'X' then
    redis.call('XADD', key, '*', unpack(ARGV, at, at + 2 * count - 1))
    at = at + 2 * count
  elseif op == 'M' then
    local entry = redis.call('XRANGE', key, ARGV[at], ARGV[at])[1]
    if entry then
      local fields = {}
      for i = 1, #entry[2], 2 do fields[entry[2][i]] = entry[2][i + 1] end
      redis.call('XADD', fields['stream'], '*', 'd', fields['d'])
      redis.call('XDEL', key, ARGV[at])
    end
    at = at + 1
  elseif op == 'E' then
    redis.call('EXPIREAT', key, ARGV[at])
    at = at + 1
  elseif op == 'T' then
    local gone = redis.call('XTRIM', key, 'MINID', '~', ARGV[at])
    if gone > 0 then redis.call('HINCRBY', counters, ARGV[at + 1], gone) end
    at = at + 2
  else
    return redis.error_reply('unknown operation ' .. op)
  end
end
return 'OK'
