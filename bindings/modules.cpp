// The list of all modules: a new one is a file and a row here.
#include "host.h"
#include "lua/bind.h"

namespace neap {
namespace bindings {

extern const lua::Module activities, as_service, catalog, cloud_module, drills, failures, groups,
    held_instances, hold, hooks, http, iam, instances, jobs, json, kinds, log, manual,
    notifications, pairs, policies, run, scaling_configurations, scaling_groups, scaling_instances,
    scheduled_tasks, sdrs_service, servers, states, statistics, subscriptions, tags, task, text,
    timer, topics, warm_pool;
void define_task(lua_State* L, lua::Context& context);

}  // namespace bindings

std::span<const lua::Module* const> all_modules() {
  static constexpr const lua::Module* kModules[] = {
      &bindings::activities,
      &bindings::as_service,
      &bindings::catalog,
      &bindings::cloud_module,
      &bindings::drills,
      &bindings::failures,
      &bindings::groups,
      &bindings::held_instances,
      &bindings::hold,
      &bindings::hooks,
      &bindings::http,
      &bindings::iam,
      &bindings::instances,
      &bindings::jobs,
      &bindings::json,
      &bindings::kinds,
      &bindings::log,
      &bindings::manual,
      &bindings::notifications,
      &bindings::pairs,
      &bindings::policies,
      &bindings::run,
      &bindings::scaling_configurations,
      &bindings::scaling_groups,
      &bindings::scaling_instances,
      &bindings::scheduled_tasks,
      &bindings::sdrs_service,
      &bindings::servers,
      &bindings::states,
      &bindings::statistics,
      &bindings::subscriptions,
      &bindings::tags,
      &bindings::task,
      &bindings::text,
      &bindings::timer,
      &bindings::topics,
      &bindings::warm_pool,
  };
  return kModules;
}

void define_classes(lua_State* L, lua::Context& context) {
  bindings::define_task(L, context);
}

}  // namespace neap
