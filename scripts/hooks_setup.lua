-- Sets up the lifecycle hooks of a scaling group: topic, subscription, hooks (as.md sections 4, 5).
--
-- What is there already and as it should be is left alone; what differs is changed after asking,
-- and the question says all that will be done. --remove takes hooks and subscription away again.

local MOST_HOOKS = 5
local CONFIRMED = 1
-- How long `neap serve` is given to confirm what it is asked, in seconds.
local PATIENCE = 20
local KINDS = {
  launching = "INSTANCE_LAUNCHING",
  terminating = "INSTANCE_TERMINATING",
}
-- Fields of a hook that may be changed, each with what people call it.
local FIELDS = {
  { "lifecycle_hook_type", "type" },
  { "default_result", "result" },
  { "default_timeout", "timeout" },
  { "notification_topic_urn", "topic" },
  { "notification_metadata", "metadata" },
}

-- As the platform will (as.md section 5): a hook that it refuses would come after a topic that it
-- has made already.
local function check_words(p)
  local function refuse(option, rule)
    error({ kind = "usage", message = ("--%s %s"):format(option, rule) })
  end
  if not p.name:find("^[%w_-]+$") or #p.name > 20 then
    refuse("name", "has 1 to 20 letters, digits, _ and -, because a hook's name has at most 32")
  end
  if p.hold < 300 or p.hold > 86400 or p.hold % 1 ~= 0 then
    refuse("hold", "is 5m to 24h, in whole seconds")
  end
  if p.metadata and (#p.metadata > 256 or p.metadata:find("[<>&'()]")) then
    refuse("metadata", "has at most 256 characters, and none of < > & ' ( )")
  end
end

local function find_group(ctx, p)
  return ctx:step("find the scaling group", function()
    local group = as.groups:find(p.group)
    ctx:lock(group)
    ctx:log("%s (%s) is %s with %d instances", group.scaling_group_name, group.scaling_group_id,
      group.scaling_group_status, group.current_instance_number)
    return group
  end)
end

-- The hooks that there shall be, by name; the topic is filled in once its URN is known.
local function wanted_hooks(p)
  local wanted = {}
  for _, kind in ipairs({ "launching", "terminating" }) do
    if p.type == "both" or p.type == kind then
      wanted[#wanted + 1] = {
        lifecycle_hook_name = ("%s-%s"):format(p.name, kind), lifecycle_hook_type = KINDS[kind],
        default_result = p.result, default_timeout = p.hold, notification_metadata = p.metadata,
      }
    end
  end
  return wanted
end

local function hooks_by_name(group)
  local hooks, count = {}, 0
  for hook in group.hooks:each() do
    hooks[hook.lifecycle_hook_name], count = hook, count + 1
  end
  return hooks, count
end

local function name_in(urn)
  return urn:match("[^:]*$")
end

-- The URN of the topic: the service cannot list topics, but hooks and subscriptions name theirs.
local function known_topic(topic, hooks, subscriptions)
  if topic:find("^urn:smn:") then return topic end
  for _, subscription in ipairs(subscriptions) do
    if name_in(subscription.topic_urn) == topic then return subscription.topic_urn end
  end
  for _, hook in pairs(hooks) do
    if name_in(hook.notification_topic_urn) == topic then return hook.notification_topic_urn end
  end
  return nil
end

local function subscription_of(subscriptions, urn, endpoint)
  for _, subscription in ipairs(subscriptions) do
    if subscription.topic_urn == urn and subscription.endpoint == endpoint then
      return subscription
    end
  end
  return nil
end

-- What about the hook is not as wanted, as parameters of an update and as text.
local function differences(hook, wanted)
  local changes, texts = {}, {}
  for _, row in ipairs(FIELDS) do
    local field, label = row[1], row[2]
    local value = wanted[field]
    if value ~= nil and hook[field] ~= value then
      changes[field] = value
      texts[#texts + 1] = ("%s %s -> %s"):format(label, tostring(hook[field]), tostring(value))
    end
  end
  return changes, table.concat(texts, ", ")
end

local function protocol_of(p)
  return p.protocol or p.subscriber:match("^(https?)://")
    or (p.subscriber:find("@", 1, true) and "email") or "sms"
end

-- Whether `neap serve` may be meant.
local function is_receiver(p)
  return protocol_of(p):find("^https?$") ~= nil
end

-- What has to be done, each with what it is called in the question; nothing is changed here.
local function make_plan(ctx, group, p)
  return ctx:step("compare with what is there", function()
    local hooks, count = hooks_by_name(group)
    local subscriptions = smn.subscriptions:all()
    local plan = { urn = known_topic(p.topic, hooks, subscriptions), create = {}, update = {} }
    local texts = {}
    if not plan.urn then texts[#texts + 1] = "make topic " .. p.topic end
    if p.subscriber then
      plan.subscription = plan.urn and subscription_of(subscriptions, plan.urn, p.subscriber)
      plan.invite = p.invite and plan.subscription and plan.subscription.status ~= CONFIRMED
      if not plan.subscription then texts[#texts + 1] = "subscribe " .. p.subscriber end
      if plan.invite then texts[#texts + 1] = "invite " .. p.subscriber .. " again" end
    end
    for _, wanted in ipairs(wanted_hooks(p)) do
      wanted.notification_topic_urn = plan.urn
      local hook = hooks[wanted.lifecycle_hook_name]
      local changes, text
      if hook then changes, text = differences(hook, wanted) end
      if not hook then
        plan.create[#plan.create + 1] = wanted
        texts[#texts + 1] = "make hook " .. wanted.lifecycle_hook_name
      elseif next(changes) or not plan.urn then
        plan.update[#plan.update + 1] = { hook = hook, wanted = wanted }
        texts[#texts + 1] = ("change hook %s: %s"):format(wanted.lifecycle_hook_name,
          text ~= "" and text or "topic -> " .. p.topic)
      end
    end
    plan.text, plan.count = table.concat(texts, "; "), count + #plan.create
    return plan
  end)
end

-- Hooks stand still while a scaling activity runs, and a held instance keeps one running.
local function preflight(ctx, group, plan)
  ctx:check(plan.count <= MOST_HOOKS, "group %s would have %d hooks, and %d are the most "
    .. "(AS.7038); nothing was sent; delete hooks that nobody uses",
    group.scaling_group_name, plan.count, MOST_HOOKS)
  ctx:check(not group.is_scaling, "group %s is scaling now, and its hooks cannot be changed "
    .. "meanwhile; nothing was sent; wait until it has ended, or answer for the held instances",
    group.scaling_group_name)
end

local function make_topic(ctx, plan, p)
  if not plan.urn then
    ctx:step("make the topic", function()
      plan.urn = smn.topics:create({ name = p.topic }).topic_urn
      ctx:log("topic %s", plan.urn)
    end)
  end
  if not p.subscriber or (plan.subscription and not plan.invite) then return end
  -- Asked for once more, a subscription that is not confirmed is invited again.
  ctx:step("subscribe", function()
    smn.topic(plan.urn):subscribe({ protocol = protocol_of(p), endpoint = p.subscriber })
  end)
  if not is_receiver(p) then return end
  ctx:step("wait for the confirmation", { expect = "5s" }, function()
    local give_up = os.clock() + PATIENCE
    while os.clock() < give_up do
      local subscription = subscription_of(smn.subscriptions:all(), plan.urn, p.subscriber)
      if subscription and subscription.status == CONFIRMED then return end
      task.sleep(1)
    end
  end)
end

local function make_hooks(ctx, group, plan)
  for _, wanted in ipairs(plan.create) do
    ctx:step("make hook " .. wanted.lifecycle_hook_name, function()
      wanted.notification_topic_urn = plan.urn
      group.hooks:create(wanted)
    end)
  end
  for _, row in ipairs(plan.update) do
    ctx:step("change hook " .. row.wanted.lifecycle_hook_name, function()
      row.wanted.notification_topic_urn = plan.urn
      local changes = differences(row.hook, row.wanted)
      if next(changes) then row.hook:update(changes) end
    end)
  end
end

local function expect(condition, format, ...)
  if condition then return end
  error({
    kind = "conflict", message = "everything was accepted, but " .. format:format(...),
    hint = "run this again; somebody else may be changing the same",
  })
end

local function verify(ctx, group, plan, p)
  return ctx:step("verify", function()
    local hooks, names = hooks_by_name(group), {}
    for i, wanted in ipairs(wanted_hooks(p)) do
      wanted.notification_topic_urn = plan.urn
      local hook = hooks[wanted.lifecycle_hook_name]
      expect(hook, "hook %s is not there", wanted.lifecycle_hook_name)
      local changes, text = differences(hook, wanted)
      expect(not next(changes), "hook %s is not as wanted: %s", wanted.lifecycle_hook_name, text)
      names[i] = wanted.lifecycle_hook_name
    end
    local state = nil
    if p.subscriber then
      local subscription = subscription_of(smn.subscriptions:all(), plan.urn, p.subscriber)
      expect(subscription, "%s is not subscribed", p.subscriber)
      state = subscription.status == CONFIRMED and "confirmed" or "unconfirmed"
    end
    return names, state
  end)
end

local function say_what_is_missing(ctx, p, urn, state)
  if state == "confirmed" then
    ctx:log("%s is confirmed: it is told of every instance that is held", p.subscriber)
    return
  end
  if state then
    ctx:log("%s is told nothing until it is confirmed: %s within 48 hours", p.subscriber,
      is_receiver(p) and "start neap serve there, then run this again with --invite,"
        or "open the link that was sent there")
  end
  if state and not is_receiver(p) then return end
  ctx:log("the receiver: neap serve scale_hook --topic %s --confirm --allow net:RANGE", urn)
  if not state then
    ctx:log("then, so that it is told: this again with --subscriber https://ITS-ADDRESS/smn")
  end
end

local function report(ctx, group, p, urn, state)
  if p.result == "ABANDON" and p.type ~= "terminating" then
    ctx:log("note: a launching instance for which nobody answers within %d s is deleted and made "
      .. "anew, again and again (--result CONTINUE lets it serve)", p.hold)
  end
  local subscriber = p.subscriber and " --subscriber " .. p.subscriber or ""
  ctx:log("the way back: neap run hooks_setup --group %s --topic %s --name %s%s --remove",
    group.scaling_group_name, p.topic, p.name, subscriber)
  say_what_is_missing(ctx, p, urn, state)
end

local function set_up(ctx, group, p)
  local plan = make_plan(ctx, group, p)
  local changed = plan.text ~= ""
  if changed then
    if #plan.create + #plan.update > 0 then preflight(ctx, group, plan) end
    ctx:confirm("Set up hooks of %s: %s?", group.scaling_group_name, plan.text)
    make_topic(ctx, plan, p)
    make_hooks(ctx, group, plan)
  end
  local names, state = verify(ctx, group, plan, p)
  if changed then
    report(ctx, group, p, plan.urn, state)
  else
    ctx:log("everything is set up already; nothing to do")
    if state == "unconfirmed" then say_what_is_missing(ctx, p, plan.urn, state) end
  end
  return {
    group = group.scaling_group_id, name = group.scaling_group_name, topic = plan.urn,
    hooks = names, endpoint = p.subscriber, subscription = state, changed = changed,
  }
end

local function what_to_remove(ctx, group, p)
  return ctx:step("look at what is there", function()
    local hooks, subscriptions = hooks_by_name(group), smn.subscriptions:all()
    local urn = known_topic(p.topic, hooks, subscriptions)
    local found, texts = { hooks = {} }, {}
    for _, wanted in ipairs(wanted_hooks(p)) do
      local hook = hooks[wanted.lifecycle_hook_name]
      if hook then
        found.hooks[#found.hooks + 1] = hook
        texts[#texts + 1] = "hook " .. hook.lifecycle_hook_name
      end
    end
    found.subscription = p.subscriber and urn and subscription_of(subscriptions, urn, p.subscriber)
    if found.subscription then texts[#texts + 1] = "the subscription of " .. p.subscriber end
    found.text, found.urn = table.concat(texts, ", "), urn
    return found
  end)
end

local function remove(ctx, group, p)
  local found = what_to_remove(ctx, group, p)
  local result = {
    group = group.scaling_group_id, name = group.scaling_group_name, changed = found.text ~= "",
  }
  if not result.changed then
    ctx:log("there is nothing to remove")
    return result
  end
  if #found.hooks > 0 then preflight(ctx, group, { count = 0 }) end
  ctx:confirm("Remove from %s: %s?", group.scaling_group_name, found.text)
  ctx:step("remove", function()
    for _, hook in ipairs(found.hooks) do hook:delete() end
    if found.subscription then found.subscription:cancel() end
  end)
  ctx:step("verify", function()
    local left = what_to_remove(ctx, group, p).text
    expect(left == "", "still there: %s", left)
  end)
  ctx:log("topic %s stays: others may use it", found.urn or p.topic)
  return result
end

return {
  name = "hooks_setup",
  summary = "Set up the lifecycle hooks of a scaling group, with topic and subscription",
  params = {
    group = { type = "string", required = true, help = "scaling group, id or name" },
    topic = {
      type = "string", required = true,
      help = "topic that is told of held instances: its URN, or a name, made if there is none",
    },
    subscriber = {
      type = "string", help = "who is told by the topic: a URL, mail address or number",
    },
    protocol = {
      type = "string", help = "of the subscriber, where it does not show: functionstage, dms, …",
    },
    type = {
      choices = { "launching", "terminating", "both" }, default = "both",
      help = "hold instances that come, that go, or both",
    },
    name = {
      type = "string", default = "neap",
      help = "begin of the hooks' names, NAME-launching and NAME-terminating",
    },
    hold = {
      type = "duration", default = "1h",
      help = "how long an instance is held for an answer, 5m to 24h",
    },
    result = {
      choices = { "ABANDON", "CONTINUE" }, default = "ABANDON",
      help = "what happens after that time",
    },
    metadata = { type = "string", help = "text for the messages, at most 256 characters" },
    invite = {
      type = "boolean", default = false,
      help = "ask a subscriber that has not confirmed yet once more",
    },
    remove = {
      type = "boolean", default = false, help = "remove hooks and subscription again",
    },
  },
  needs = {
    "as:list_scaling_groups",
    "as:show_scaling_group",
    "as:list_life_cycle_hooks",
    "as:create_life_cycle_hook",
    "as:update_life_cycle_hook",
    "as:delete_lifecycle_hook",
    "smn:create_topic",
    "smn:add_subscription",
    "smn:list_subscriptions",
    "smn:cancel_subscription",
  },
  rto = "2m",
  run = function(ctx, p)
    check_words(p)
    local group = find_group(ctx, p)
    if p.remove then return remove(ctx, group, p) end
    return set_up(ctx, group, p)
  end,
}
