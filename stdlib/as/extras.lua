-- What else belongs to a scaling group: topics that are told of it, sizes at set times, servers
-- kept ready, and the log of what it did.
local classes = require "manual.classes"
local collection = require "collection"
local host_activities = require "host.activities"
local host_notifications = require "host.notifications"
local host_tasks = require "host.scheduled_tasks"
local host_warm_pool = require "host.warm_pool"
local kinds = require "host.kinds"
local pages = require "pages"

local extras = {}

local function within(id)
  return { scaling_group_id = id }
end

local Notification = {}

local notification = collection.kind {
  class = Notification,
  host = host_notifications,
  list = "as:list_scaling_notifications",
  within = "scaling_group_id",
  what = "notification",
}

--- Tells the topic no more.
function Notification:delete()
  host_notifications.delete({
    scaling_group_id = self.scaling_group_id, topic_urn = self.topic_urn,
  })
end

--- The topics that are told what happens to the group: create { topic_urn, topic_scene }.
function extras.notifications(id)
  return collection.new(notification, within(id))
end

local Task = {}

local task = collection.kind {
  class = Task,
  host = host_tasks,
  list = "as:list_group_scheduled_tasks",
  within = "scaling_group_id",
  what = "scheduled task",
}

local function named(self, parameters)
  return collection.merged(parameters, {
    scaling_group_id = self.scaling_group_id, scheduled_task_id = self.task_id,
  })
end

--- Changes the task; refresh() shows it as it is then.
function Task:update(parameters)
  host_tasks.update(named(self, parameters))
  return self
end

--- Deletes the task.
function Task:delete()
  host_tasks.delete(named(self))
end

--- The sizes that the group takes at set times.
function extras.tasks(id)
  return collection.new(task, within(id))
end

--- The servers that a group keeps ready.
local WarmPool = classes.named("as.GroupWarmPool", {}, { at = "as.groups.warm_pool" })
WarmPool.__index = WarmPool

local pool_instances = kinds.describe("as:list_warm_pool_instances_new")

--- How the pool is set up: { min_capacity, max_capacity, instance_init_wait_time, status }.
function WarmPool:show()
  return host_warm_pool.show(within(self.scaling_group_id)).warm_pool
end

--- Sets the pool up, or changes it: { min_capacity, max_capacity, instance_init_wait_time }.
function WarmPool:put(parameters)
  return host_warm_pool.put(collection.merged(parameters, within(self.scaling_group_id)))
end

--- Closes the pool; its servers are deleted.
function WarmPool:close()
  host_warm_pool.close(within(self.scaling_group_id))
end

--- Iterates over the instances of the pool.
function WarmPool:instances()
  return pages.each(host_warm_pool.instances, pool_instances, within(self.scaling_group_id),
    function(row) return row end)
end

function extras.warm_pool(id)
  return setmetatable(within(id), WarmPool)
end

local Activity = {}

local activity = collection.kind {
  class = Activity,
  host = { list = host_activities.list_v2 },
  list = "as:list_scaling_activity_v2_logs",
  within = "scaling_group_id",
  what = "scaling activity",
}

--- What the group did, the latest first: each activity with the instances that it was about.
function extras.activities(id)
  return collection.new(activity, within(id))
end

local brief = kinds.describe("as:list_scaling_activity_logs")

--- Iterates over what the group did, as the first version of the interface tells it.
function extras.activity_log(id, filters)
  return pages.each(host_activities.list, brief, collection.merged(filters, within(id)),
    function(row) return row end)
end

return extras
