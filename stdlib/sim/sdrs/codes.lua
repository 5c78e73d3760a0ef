-- The codes with which the service answers bad arguments (sdrs.json, error codes 02xx and 22xx).
local codes = {}

codes.by_parameter = {
  name = "SDRS.0202", name_prefix = "SDRS.0202", description = "SDRS.0212",
  source_availability_zone = "SDRS.0203", target_availability_zone = "SDRS.0203",
  availability_zone = "SDRS.0203", source_vpc_id = "SDRS.0204", domain_id = "SDRS.0205",
  server_group_id = "SDRS.0207", protected_instance_id = "SDRS.0208", status = "SDRS.0209",
  server_id = "SDRS.0210", volume_id = "SDRS.0211", replication_id = "SDRS.0213",
  priority_station = "SDRS.0216", dr_type = "SDRS.0217", cluster_id = "SDRS.0218",
  primary_ip_address = "SDRS.0219", ip_address = "SDRS.0219", limit = "SDRS.0221",
  offset = "SDRS.0222", nic_id = "SDRS.0223", dedicated_host_id = "SDRS.0227",
  production_dedicated_host_id = "SDRS.0227", dr_dedicated_host_id = "SDRS.0227",
  tenancy = "SDRS.0228", server_group_ids = "SDRS.0226", protected_instance_ids = "SDRS.0226",
  disaster_recovery_drill_id = { missing = "SDRS.1901", wrong = "SDRS.1900" },
  servers = { missing = "SDRS.0201", wrong = "SDRS.1362" },
  key = { missing = "SDRS.2205", wrong = "SDRS.2204" },
  value = { missing = "SDRS.2208", wrong = "SDRS.2207" },
  tags = { missing = "SDRS.2202", wrong = "SDRS.2203" },
}

codes.by_operation = {
  batch_create_protected_instances = { server_id = "SDRS.1360" },
  batch_add_tags = { action = "SDRS.2201" },
  batch_delete_tags = { action = "SDRS.2201" },
  list_protected_instances_by_tags = {
    action = "SDRS.2210", values = "SDRS.2218", tags_any = "SDRS.2203", not_tags = "SDRS.2203",
    not_tags_any = "SDRS.2203", matches = { missing = "SDRS.2212", wrong = "SDRS.2215" },
    ["matches.key"] = { missing = "SDRS.2213", wrong = "SDRS.2214" },
    ["matches.value"] = { missing = "SDRS.2216", wrong = "SDRS.2217" },
    limit = "SDRS.2220", offset = "SDRS.0222",
  },
}

codes.by_bond = {
  primary_ip_address = "SDRS.1380", dedicated_host_id = "SDRS.1371",
  limit = "SDRS.2211",
}

return codes
