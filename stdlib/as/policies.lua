-- Scaling policies: what changes the size of a group, or of a bandwidth, and when.
local collection = require "collection"
local host = require "host.policies"
local kinds = require "host.kinds"
local pages = require "pages"

local policies = {}

local executions = kinds.describe("as:list_scaling_policy_execute_logs")

-- The methods of a policy, whichever version of the interface it was read by.
local function policy_class(update)
  local Policy = {}

  local function act(verb, self)
    host[verb]({ scaling_policy_id = self.scaling_policy_id })
  end

  --- Does now what the policy would do at its time.
  function Policy:execute()
    act("execute", self)
  end

  --- Enables the policy.
  function Policy:resume()
    act("resume", self)
  end

  --- Disables the policy; it stays and can be enabled again.
  function Policy:pause()
    act("pause", self)
  end

  --- Deletes the policy.
  function Policy:delete()
    act("delete", self)
  end

  --- Changes the policy; refresh() shows it as it is then.
  function Policy:update(parameters)
    update(collection.merged(parameters, { scaling_policy_id = self.scaling_policy_id }))
    return self
  end

  --- Iterates over the times that the policy was executed: { start_time, end_time, … }.
  function Policy:executions(filters)
    local query = collection.merged(filters, { scaling_policy_id = self.scaling_policy_id })
    return pages.each(host.executions, executions, query, function(row) return row end)
  end

  return Policy
end

local function policy_kind(type, calls, list, show, at)
  return collection.kind {
    class = policy_class(calls.update),
    type = type,
    collection_at = at,
    host = calls,
    list = list,
    show = show,
    id = "scaling_policy_id",
    filter = "scaling_policy_name",
    what = "scaling policy",
  }
end

local V1 = { create = host.create, list = host.list, show = host.show, update = host.update }
local V2 = {
  create = host.create_v2, list = host.list_all, show = host.show_v2, update = host.update_v2,
}
local OF_RESOURCE = {
  create = host.create_v2, list = host.list_v2, show = host.show_v2, update = host.update_v2,
}

local of_group = policy_kind("as.ScalingPolicy", V1, "as:list_scaling_policies",
  "as:show_scaling_policy")
local of_all = policy_kind("as.ScalingPolicyV2", V2, "as:list_all_scaling_v2_policies",
  "as:show_scaling_v2_policy")
local of_resource = policy_kind("as.ScalingPolicyOfResource", OF_RESOURCE,
  "as:list_scaling_v2_policies", "as:show_scaling_v2_policy", "as.policies.of")

local Policies = {}

local function act_on(verb, list, options)
  host[verb](collection.merged(options, { scaling_policy_id = collection.ids(of_all, list) }))
end

-- Each takes a list of policies or their ids.

--- Enables policies.
---@param list (as.ScalingPolicyV2|string)[]
function Policies:resume(list) -- luacheck: ignore self
  act_on("batch_resume", list)
end

--- Disables policies; they stay and can be enabled again.
---@param list (as.ScalingPolicyV2|string)[]
function Policies:pause(list) -- luacheck: ignore self
  act_on("batch_pause", list)
end

--- Deletes policies: { force_delete, delete_alarm }, "yes" or "no".
---@param list (as.ScalingPolicyV2|string)[]
function Policies:delete(list, options) -- luacheck: ignore self
  act_on("batch_delete", list, options)
end

--- The policies of one group or bandwidth, by the second version of the interface.
---@param scaling_resource_id string
---@return as.policies.of
function Policies:of(scaling_resource_id) -- luacheck: ignore self
  return collection.new(of_resource, { scaling_resource_id = scaling_resource_id })
end

--- All policies of the project, by the second version of the interface.
policies.all = collection.new(of_all, {}, Policies)

--- The policies of a scaling group, by the first version.
function policies.of(scaling_group_id)
  return collection.new(of_group, { scaling_group_id = scaling_group_id })
end

return policies
