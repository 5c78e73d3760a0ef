-- Values that a script holds lead to where the manual tells of them.
local ecs = require "ecs"
local live = require "manual.live"
local sdrs = require "sdrs"
local job = require "job"
local json = require "json"
local task = require "task"
local test = require "test"

test.case("modules, collections and functions have a path", function(check)
  check.equal(live.path(sdrs), "sdrs")
  check.equal(live.path(sdrs.groups), "sdrs.groups")
  check.equal(live.path(ecs.servers), "ecs.servers")
  check.equal(live.path(sdrs.job), "sdrs.job")
  check.equal(live.path(task.sleep), "task.sleep")
  check.equal(live.path(json.decode), "json.decode")
  check.equal(live.path(sdrs.instances.batch_create), "sdrs.instances.batch_create")
end)

test.case("things lead to where their methods are told of, with what they are", function(check)
  local group = setmetatable({ id = "a" }, sdrs.groups.kind.class)
  check.equal({ live.path(group) }, { "sdrs.groups", "protection group" })
  check.equal(live.path(group.pairs), "sdrs.pairs")
  check.equal({ live.path(job.new("x")) }, { "job", "job" })
  check.equal(live.path(group.failover), "sdrs.groups.failover")
end)

test.case("other values have none", function(check)
  for _, value in ipairs { 1, "sdrs", true, {}, print } do check.equal(live.path(value), nil) end
  check.equal(live.path(nil), nil)
end)

test.case("looking changes nothing: what is found still works", function(check)
  check.equal(json.decode(json.encode({ a = 1 })), { a = 1 })
  check.equal(live.path(sdrs.groups), "sdrs.groups")
end)
