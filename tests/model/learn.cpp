// What a fresh world holds before anybody has called it.
#include "model/machine.h"

namespace neap::model {

void Machine::learn() {
  adopt_servers();
  for (const json::Object& row : list(operation_of("ecs", "list_servers_details"))) {
    Thing& server = things_.of("server")[row.text("id")];
    server.stays = true;
    server.spare = row.text("name").starts_with("spare");
  }
  for (const json::Object& row : list(operation_of("sdrs", "list_protection_groups"))) {
    Thing& group = things_.of("server_group")[row.text("id")];
    group.id = row.text("id");
    group.status = row.text("status");
    group.name = row.text("name");
    group.station = row.text("priority_station");
  }
  for (const json::Object& row : list(operation_of("sdrs", "list_protected_instances"))) {
    Thing& instance = things_.of("protected_instance")[row.text("id")];
    instance.id = row.text("id");
    instance.status = row.text("status");
    instance.group = row.text("server_group_id");
    instance.servers[0] = row.text("source_server");
    instance.servers[1] = row.text("target_server");
    things_.of("server")[instance.servers[1]].stays = false;  // may go with its instance
  }
  for (const json::Object& row : list(operation_of("sdrs", "list_replications"))) {
    Thing& pair = things_.of("replication_pair")[row.text("id")];
    pair.id = row.text("id");
    pair.status = row.text("status");
    pair.group = row.text("server_group_id");
    for (const json::Value& item : row.list("attachment")) {
      const auto* attachment = item.as<json::Object>();
      if (attachment != nullptr) pair.attached.insert(attachment->text("protected_instance"));
    }
  }
}

}  // namespace neap::model
