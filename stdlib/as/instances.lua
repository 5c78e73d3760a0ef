-- The instances of a scaling group: joining, leaving, protection and standby.
local collection = require "collection"
local host = require "host.scaling_instances"

local Instance = {}

local kind = collection.kind {
  class = Instance,
  host = host,
  list = "as:list_scaling_instances",
  within = "scaling_group_id",
  what = "instance",
  type = "as.ScalingInstance",
}

local Instances = {}

local function act(verb, scaling_group_id, list, options)
  host[verb](collection.merged(options, {
    scaling_group_id = scaling_group_id, instances_id = collection.ids(kind, list),
  }))
end

-- Each takes a list of up to 10 instances or server ids, and is accepted work: the instances change
-- afterwards.

--- Lets servers join the group.
---@param list string[] their ids
function Instances:add(list)
  act("add", self.bound.scaling_group_id, list)
end

--- Takes instances out; { instance_delete = "yes" } deletes servers that the group made.
---@param list (as.ScalingInstance|string)[]
function Instances:remove(list, options)
  act("remove", self.bound.scaling_group_id, list, options)
end

--- Protects instances from scaling in.
---@param list (as.ScalingInstance|string)[]
function Instances:protect(list)
  act("protect", self.bound.scaling_group_id, list)
end

--- Lets instances be scaled in again.
---@param list (as.ScalingInstance|string)[]
function Instances:unprotect(list)
  act("unprotect", self.bound.scaling_group_id, list)
end

--- Puts instances on standby, { instance_append = "yes" } with others in their place.
---@param list (as.ScalingInstance|string)[]
function Instances:enter_standby(list, options)
  act("enter_standby", self.bound.scaling_group_id, list, options)
end

--- Puts instances back into service.
---@param list (as.ScalingInstance|string)[]
function Instances:exit_standby(list)
  act("exit_standby", self.bound.scaling_group_id, list)
end

--- Protects the instance from scaling in.
function Instance:protect()
  act("protect", self.scaling_group_id, self)
end

--- Lets the instance be scaled in again.
function Instance:unprotect()
  act("unprotect", self.scaling_group_id, self)
end

--- Puts the instance on standby, { instance_append = "yes" } with another in its place.
function Instance:enter_standby(options)
  act("enter_standby", self.scaling_group_id, self, options)
end

--- Puts the instance back into service.
function Instance:exit_standby()
  act("exit_standby", self.scaling_group_id, self)
end

--- Takes the instance out of its group; { instance_delete = "yes" } deletes its server too.
function Instance:delete(options)
  host.delete(collection.merged(options, { instance_id = self.instance_id }))
end

local instances = {}

--- The instances of the group.
function instances.of(scaling_group_id)
  return collection.new(kind, { scaling_group_id = scaling_group_id }, Instances)
end

return instances
