// The list of all modules: a new one is a file and a row here.
#include "host.h"
#include "lua/bind.h"

namespace neap {
namespace bindings {

extern const lua::Module catalog, cloud_module, groups, http, instances, jobs, json, log, pairs,
    run, task, text, timer;
void define_task(lua_State* L, lua::Context& context);

}  // namespace bindings

std::span<const lua::Module* const> all_modules() {
  static constexpr const lua::Module* kModules[] = {
      &bindings::catalog,   &bindings::cloud_module, &bindings::groups, &bindings::http,
      &bindings::instances, &bindings::jobs,         &bindings::json,   &bindings::log,
      &bindings::pairs,     &bindings::run,          &bindings::task,   &bindings::text,
      &bindings::timer,
  };
  return kModules;
}

void define_classes(lua_State* L, lua::Context& context) {
  bindings::define_task(L, context);
}

}  // namespace neap
