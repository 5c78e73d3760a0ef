-- Auto Scaling: scaling groups, what they are made of, and what makes them scale. Fields are
-- exactly the API's; parameters too.
local collection = require "collection"
local extras = require "as.extras"
local hooks = require "as.hooks"
local host = require "host.as"
local host_configurations = require "host.scaling_configurations"
local host_groups = require "host.scaling_groups"
local instances = require "as.instances"
local policies = require "as.policies"

local as = {}

local Group = {}

local function part(make)
  return function(self) return make(self.scaling_group_id) end
end

local groups = collection.kind {
  class = Group,
  host = host_groups,
  list = "as:list_scaling_groups",
  show = "as:show_scaling_group",
  id = "scaling_group_id",
  filter = "scaling_group_name",
  what = "scaling group",
  parts = {
    hooks = part(hooks.of),
    instances = part(instances.of),
    policies = part(policies.of),
    activities = part(extras.activities),
    topics = part(extras.notifications), -- `notifications` is a field of the answer
    tasks = part(extras.tasks),
    warm_pool = part(extras.warm_pool),
  },
}

local function act(verb, self, options)
  host_groups[verb](collection.merged(options, { scaling_group_id = self.scaling_group_id }))
end

--- Lets the group scale; a new one does not until it is told to.
function Group:resume()
  act("resume", self)
end

--- Stops it from scaling; an activity that is under way goes on.
function Group:pause()
  act("pause", self)
end

--- Deletes the group, { force_delete = "yes" } with its instances.
function Group:delete(options)
  act("delete", self, options)
end

--- Changes the group; refresh() shows it as it is then.
function Group:update(parameters)
  host_groups.update(collection.merged(parameters, { scaling_group_id = self.scaling_group_id }))
  return self
end

--- Iterates over the instances that lifecycle hooks of the group hold now, each with continue(),
--- abandon(), extend(), deadline() and remaining(); { instance_id } narrows it to one instance.
---@return fun(): as.HeldInstance?
function Group:suspended(filters)
  return hooks.held(self.scaling_group_id, filters)
end

--- Iterates over what the group did as the first version of the interface tells it; `activities`
--- is the second.
function Group:activity_log(filters)
  return extras.activity_log(self.scaling_group_id, filters)
end

--- Used and allowed numbers of the group's policies and instances.
---@return table[] rows of { type, used, quota, min, max }
function Group:quotas()
  return host.quotas_of_group({ scaling_group_id = self.scaling_group_id }).quotas.resources
end

local Configuration = {}

local configurations = collection.kind {
  class = Configuration,
  host = host_configurations,
  list = "as:list_scaling_configs",
  show = "as:show_scaling_config",
  id = "scaling_configuration_id",
  filter = "scaling_configuration_name",
  what = "scaling configuration",
}

local function named(self, parameters)
  return collection.merged(parameters, {
    scaling_configuration_id = self.scaling_configuration_id,
  })
end

--- Changes { instance_config = {…} }; refresh() shows the configuration as it is then.
function Configuration:update(parameters)
  host_configurations.update(named(self, parameters))
  return self
end

--- Deletes the configuration, which no group may use any more.
function Configuration:delete()
  host_configurations.delete(named(self))
end

local Configurations = {}

--- Deletes configurations: a list of them, or of their ids.
---@param list (as.ScalingConfiguration|string)[]
function Configurations:delete(list) -- luacheck: ignore self
  host_configurations.batch_delete({
    scaling_configuration_id = collection.ids(configurations, list),
  })
end

as.groups = collection.new(groups)
as.configurations = collection.new(configurations, {}, Configurations)
--- All scaling policies of the project, by the second version of the interface.
as.policies = policies.all

--- Used and allowed numbers of groups, configurations, policies and instances.
---@return table[] rows of { type, used, quota, min, max }
function as.quotas()
  return host.quotas().quotas.resources
end

--- The versions of the interface.
function as.versions()
  return host.versions().versions
end

--- One version of the interface, "v1".
---@param name string
function as.version(name)
  return host.version({ api_version = name }).version
end

return as
