#include "lua/nursery.h"

namespace neap::lua {

Nursery::Nursery(Scheduler& scheduler, Resumer resume, Until until)
    : scheduler_(scheduler), resume_(std::move(resume)), until_(until) {}

Nursery::~Nursery() {
  cancel_rest();
}

Pending Nursery::start(Call& call, Resumer resume, int functions, Until until) {
  call.expect_table(functions);
  lua_State* L = call.L;
  const std::size_t count = lua_objlen(L, functions);
  for (std::size_t i = 1; i <= count; ++i) {
    lua_rawgeti(L, functions, static_cast<int>(i));
    if (!lua_isfunction(L, -1)) call.refuse("item " + std::to_string(i) + " is not a function");
    lua_pop(L, 1);
  }
  auto nursery = std::unique_ptr<Nursery>(new Nursery(call.scheduler(), std::move(resume), until));
  if (count == 0) nursery->take_resumer().give();
  for (std::size_t i = 1; i <= count; ++i) {
    lua_rawgeti(L, functions, static_cast<int>(i));
    const auto task = call.scheduler().spawn(L, 0, nullptr, nullptr);
    task->done = [self = nursery.get()](const Ended& ended) { self->child_ended(ended); };
    nursery->running_.add(*task);
  }
  return Pending{std::move(nursery)};
}

void Nursery::child_ended(const Ended& ended) {
  running_.remove(*ended.task);
  if (ended.cancelled || !resume_) return;
  if (!ended.ok) {
    cancel_rest();
    raise_ended(scheduler_, take_resumer(), ended);
  } else if (until_ == Until::kOneEnded || running_.empty()) {
    cancel_rest();
    take_resumer().give();
  }
}

Resumer Nursery::take_resumer() {
  Resumer taken = std::move(*resume_);
  resume_.reset();
  return taken;
}

// Wants no news of them: one that is running just now ends only after the nursery.
void Nursery::cancel_rest() {
  while (Task* const task = running_.first()) {
    running_.remove(*task);
    task->done = nullptr;
    scheduler_.cancel(*task);
  }
}

}  // namespace neap::lua
