-- The codes that answer bad requests of Auto Scaling, by parameter (as.json, error codes).
local codes = { by_parameter = {}, by_operation = {} }

-- Where one code is not enough: a name can be missing, too long, or hold wrong characters.
local function name_codes(missing, long, wrong, most)
  return function(how, value)
    if how == "missing" or value == "" then return missing end
    return type(value) == "string" and #value > most and long or wrong
  end
end

-- A list can be missing, or have too many items.
local function list_codes(missing, many)
  return { missing = missing, wrong = many }
end

codes.by_parameter = {
  scaling_group_id = "AS.2007", scaling_configuration_id = "AS.1004", instance_id = "AS.4006",
  scaling_policy_id = "AS.3020", scheduled_task_id = "AS.0007", topic_urn = "AS.7025",
  start_number = "AS.1001", limit = "AS.1002",
  scaling_group_name = name_codes("AS.2002", "AS.2003", "AS.2022", 64),
  desire_instance_number = "AS.2005", min_instance_number = "AS.2004",
  max_instance_number = "AS.2004", cool_down_time = "AS.2006",
  vpc_id = { missing = "AS.2017", wrong = "AS.2012" },
  networks = function(how, value)
    return how == "wrong" and type(value) == "table" and #value > 5 and "AS.2024" or "AS.2013"
  end,
  security_groups = "AS.2025", lbaas_listeners = "AS.2037", pool_id = "AS.2042",
  protocol_port = "AS.2039", weight = "AS.2040", available_zones = "AS.2011",
  health_periodic_audit_method = "AS.2029", health_periodic_audit_time = "AS.2031",
  health_periodic_audit_grace_period = "AS.2046", instance_terminate_policy = "AS.2032",
  notifications = "AS.2034", multi_az_priority_policy = "AS.2053", force_delete = "AS.2019",
  enterprise_project_id = "AS.7065",
  scaling_configuration_name = name_codes("AS.1007", "AS.1008", "AS.1023", 64),
  instance_config = "AS.1011", disk = "AS.1028", size = "AS.1031", volume_type = "AS.1033",
  disk_type = "AS.1034", personality = "AS.1027", public_ip = "AS.1041", eip = "AS.1041",
  ip_type = "AS.1043", share_type = "AS.1045", charging_mode = "AS.1044", user_data = "AS.1049",
  metadata = "AS.1052", tenancy = "AS.1071", market_type = "AS.1083",
  multi_flavor_priority_policy = "AS.1085", imageRef = "AS.1014", flavorRef = "AS.1016",
  server_group_id = "AS.1072", admin_pass = "AS.1035",
  life_cycle_state = "AS.4003", health_status = "AS.4004", instance_delete = "AS.4007",
  instance_append = "AS.4025", instances_id = list_codes("AS.4032", "AS.4043"),
  lifecycle_hook_name = name_codes("AS.7032", "AS.7031", "AS.7031", 32),
  lifecycle_hook_type = { missing = "AS.7037", wrong = "AS.7033" },
  default_result = "AS.7034", default_timeout = "AS.7030",
  notification_topic_urn = "AS.7043",
  notification_metadata = function(_, value)
    return type(value) == "string" and #value > 256 and "AS.7035" or "AS.7055"
  end,
  lifecycle_action_result = { missing = "AS.7039", wrong = "AS.7034" },
  lifecycle_action_key = "AS.7042",
  scaling_policy_name = name_codes("AS.3013", "AS.3014", "AS.3031", 64),
  scaling_policy_type = { missing = "AS.3011", wrong = "AS.3002" },
  scaling_resource_id = { missing = "AS.3041", wrong = "AS.3055" },
  scaling_resource_type = { missing = "AS.3054", wrong = "AS.3037" },
  scheduled_policy = "AS.3003", launch_time = { missing = "AS.3008", wrong = "AS.3009" },
  recurrence_type = "AS.3004", recurrence_value = "AS.3025", alarm_id = "AS.3050",
  scaling_policy_action = "AS.3015", operation = "AS.3017", instance_number = "AS.3018",
  instance_percentage = "AS.3035", percentage = "AS.3035", limits = "AS.3044",
  sort_by = "AS.3057", order = "AS.3058", delete_alarm = "AS.3056",
  topic_scene = { missing = "AS.7026", wrong = "AS.7026" },
  start_time = "AS.9001", end_time = "AS.9002", log_id = "AS.9005", type = "AS.9012",
  status = "AS.9013",
  -- Of a tag.
  key = { missing = "AS.7062", wrong = "AS.7063" }, value = "AS.7047", tags = "AS.7045",
}

local of_instance_list = { start_number = "AS.4000", limit = "AS.4001" }
local of_policy_log = {
  start_number = "AS.9008", limit = "AS.9009", log_id = "AS.9010", start_time = "AS.9007",
  end_time = "AS.9007", scaling_resource_id = "AS.9011",
}
local of_activity_log = { start_number = "AS.9003", limit = "AS.9004" }
local of_policy = {
  cool_down_time = "AS.3012", size = "AS.3018", scaling_group_id = "AS.3019",
  end_time = "AS.3006", start_time = "AS.3028",
}
local of_policy_batch = { scaling_policy_id = "AS.3049", force_delete = "AS.3048" }

codes.by_operation = {
  list_scaling_instances = of_instance_list,
  list_scaling_policy_execute_logs = of_policy_log,
  list_scaling_activity_logs = of_activity_log,
  list_scaling_activity_v2_logs = of_activity_log,
  create_scaling_policy = of_policy, create_scaling_v2_policy = of_policy,
  update_scaling_policy = of_policy, update_scaling_v2_policy = of_policy,
  batch_delete_scaling_policies = of_policy_batch,
  batch_resume_scaling_policies = of_policy_batch,
  batch_pause_scaling_policies = of_policy_batch,
  batch_delete_scaling_configs = { scaling_configuration_id = list_codes("AS.1040", "AS.1039") },
  batch_add_scaling_instances = { instances_id = list_codes("AS.4019", "AS.4043") },
  batch_remove_scaling_instances = { instances_id = list_codes("AS.4013", "AS.4043") },
  resume_scaling_policy = { action = "AS.3022" },
}

-- The checks that the service makes itself, in its own order or with codes of its own.
codes.by_bond = {
  lifecycle_action_key = false, instance_id = false, min_instance_number = false,
  lb_listener_id = false, scaling_policy_type = false, size = false, instance_number = false,
}

-- The code for a body that names no action, by the first operation of its path.
for _, name in ipairs({ "resume_scaling_group", "pause_scaling_group" }) do
  codes.by_operation[name] = { action = "AS.2008" }
end
for _, name in ipairs({ "execute_scaling_policy", "pause_scaling_policy" }) do
  codes.by_operation[name] = { action = "AS.3022" }
end
for name, own in pairs(codes.by_operation) do
  if name:find("^batch_.*_policies$") then own.action = "AS.3022" end
  if name:find("^batch_.*_scaling_instances$") then own.action = "AS.4018" end
end

return codes
