-- Posts whole events, each with a fresh UUIDv7.
-- wrk ... -- EVENTS BATCH PACE ANSWERS
--   EVENTS   lines of token, what stands before the id, what stands after it; tab between
--   BATCH    events in a request; 1 posts each by itself
--   PACE     events a second in all; 0 is as fast as the answers come
--   ANSWERS  a file for id and time of each accepted event; - for none

local ffi = require("ffi")
ffi.cdef[[
  typedef struct { long s; long ns; } bench_time;
  int clock_gettime(int clock, bench_time *t);
]]
local instant = ffi.new("bench_time")

local function now()
  ffi.C.clock_gettime(0, instant)
  return tonumber(instant.s) + tonumber(instant.ns) / 1e9
end

local function seed()
  local file = io.open("/dev/urandom", "rb")
  local a, b, c, d = file:read(4):byte(1, 4)
  file:close()
  return ((a * 256 + b) * 256 + c) * 256 + d
end

local random = math.random

local function event_id()
  local ms = math.floor(now() * 1000)
  local high = math.floor(ms / 65536)
  return string.format("%08x-%04x-7%03x-%x%03x-%06x%06x", high, ms - high * 65536,
    random(0, 4095), random(8, 11), random(0, 4095), random(0, 16777215), random(0, 16777215))
end

local devices, batch, pace, answers
local at, place, due = 0, {}, 0

local function read_events(name)
  local found, by_token = {}, {}
  for line in io.lines(name) do
    local token, before, after = line:match("^([^\t]*)\t([^\t]*)\t([^\t]*)$")
    local device = by_token[token]
    if not device then
      device = {
        events = {},
        headers = {
          ["Authorization"] = "Bearer " .. token,
          ["Content-Type"] = batch > 1 and "application/cloudevents-batch+json"
            or "application/cloudevents+json",
        },
      }
      by_token[token] = device
      found[#found + 1] = device
    end
    device.events[#device.events + 1] = { before, after }
  end
  return found
end

local function next_event(device)
  local n = (place[device] or 0) % #device.events + 1
  place[device] = n
  local event = device.events[n]
  return event[1] .. event_id() .. event[2]
end

-- Milliseconds to wait before the next request; a second that was missed is made up for.
local function paced()
  local time = now() * 1000
  due = math.max(due + 1000 * batch / pace, time - 1000)
  return math.max(0, math.floor(due - time + 0.5))
end

function init(args)
  math.randomseed(seed())
  batch, pace = tonumber(args[2]), tonumber(args[3])
  devices = read_events(args[1])
  if args[4] ~= "-" then answers = io.open(args[4], "w") end
  if pace > 0 then delay = paced end -- wrk looks for this name once init has run
  accepted, other, failed = 0, 0, 0
end

function request()
  at = at % #devices + 1
  local device = devices[at]
  if batch == 1 then
    return wrk.format("POST", nil, device.headers, next_event(device))
  end
  local events = {}
  for n = 1, batch do events[n] = next_event(device) end
  return wrk.format("POST", nil, device.headers, "[" .. table.concat(events, ",") .. "]")
end

function response(status, _, body)
  if status ~= 200 then
    failed = failed + 1
    return
  end
  local _, good = body:gsub('"result":"accepted"', "")
  local _, all = body:gsub('"result":"', "")
  accepted, other = accepted + good, other + all - good
  if answers then
    local time = now()
    for id in body:gmatch('"id":"([^"]+)"') do
      answers:write(string.format("%s %.6f\n", id, time))
    end
    answers:flush()
  end
end

local threads = {}

function setup(thread)
  threads[#threads + 1] = thread
end

function done(summary, latency)
  local function total(name)
    local sum = 0
    for _, thread in ipairs(threads) do sum = sum + thread:get(name) end
    return sum
  end
  local errors = summary.errors
  print(string.format(
    '@{"seconds":%.6f,"requests":%d,"accepted":%d,"other":%d,"failed":%d,"broken":%d,'
      .. '"p50_ms":%.3f,"p99_ms":%.3f}',
    summary.duration / 1e6, summary.requests, total("accepted"), total("other"), total("failed"),
    errors.connect + errors.read + errors.write + errors.timeout,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000))
end

