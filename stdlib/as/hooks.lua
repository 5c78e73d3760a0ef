-- Lifecycle hooks of a scaling group, and the instances that they hold.
local collection = require "collection"
local held_host = require "host.held_instances"
local host = require "host.hooks"
local pages = require "pages"
local resource = require "resource"
local timer = require "host.timer"

local hooks = {}

local Hook = {}

local hook = collection.kind {
  class = Hook,
  host = host,
  list = "as:list_life_cycle_hooks",
  show = "as:show_life_cycle_hook",
  id = "lifecycle_hook_name",
  within = "scaling_group_id",
  what = "hook",
}

local function named(self)
  return {
    scaling_group_id = self.scaling_group_id, lifecycle_hook_name = self.lifecycle_hook_name,
  }
end

--- Changes the hook, all but its name, and shows it as it is then.
function Hook:update(parameters)
  local row = host.update(collection.merged(parameters, named(self)))
  row.scaling_group_id = self.scaling_group_id
  return resource.renew(self, row)
end

--- Deletes the hook; what it holds goes on at once, as by its default.
function Hook:delete()
  host.delete(named(self))
end

--- The hooks of the group.
function hooks.of(scaling_group_id)
  return collection.new(hook, { scaling_group_id = scaling_group_id })
end

-- An instance that a hook holds until somebody says how it goes on, or its deadline passes.
local Held = {}

local held = collection.kind {
  class = Held,
  host = held_host,
  list = "as:list_hook_instances",
  within = "scaling_group_id",
  what = "held instance",
  at = "as.groups.suspended",
}

local function answer(self, result)
  held_host.callback({
    scaling_group_id = self.scaling_group_id,
    lifecycle_action_key = self.lifecycle_action_key,
    lifecycle_action_result = result,
  })
end

--- Lets the instance go on; it does once all its hooks have said so.
function Held:continue()
  answer(self, "CONTINUE")
end

--- Gives it up: a launching instance is deleted and another made, a leaving one goes at once.
function Held:abandon()
  answer(self, "ABANDON")
end

--- Moves the deadline of this hook by an hour.
function Held:extend()
  answer(self, "EXTEND")
end

--- When the service decides by itself, as seconds since 1970: comparable with os.time().
---@return number
function Held:deadline()
  return self:time("timeout")
end

--- The seconds left until then.
---@return number
function Held:remaining()
  return self:deadline() - timer.utc()
end

--- Iterates over what hooks of the group hold now; { instance_id } narrows it to one instance.
function hooks.held(scaling_group_id, filters)
  local bound = { scaling_group_id = scaling_group_id }
  local rows = pages.each(held_host.list, held.shape, collection.merged(filters, bound),
    function(row)
      row.scaling_group_id = scaling_group_id
      return resource.wrap(Held, row)
    end)
  return function()
    for row in rows do -- those that were answered may still be listed
      if row.lifecycle_hook_status == "HANGING" then return row end
    end
    return nil
  end
end

return hooks
