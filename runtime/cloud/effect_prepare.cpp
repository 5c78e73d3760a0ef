// A changing call before it is sent: its locks, what it acts on, and whether that allows it.
#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/fault_points.h"
#include "base/text.h"
#include "cloud/check.h"
#include "cloud/effect_run.h"
#include "cloud/preflight.h"

namespace neap::cloud {
namespace {

constexpr std::string_view kGroup = "server_group_id";

}  // namespace

bool EffectRun::take_locks() {
  if (locks_ || target_.operation == nullptr || fault::bug("effect.no_lock")) return true;
  Result<std::vector<journal::Lock>> taken =
      log_.lock(locks_of(*target_.operation, target_.arguments));
  if (taken) {
    locks_ = *std::move(taken);
    return true;
  }
  finish(tl::unexpected(std::move(taken.error())));
  return false;
}

// The locks come first: what is seen under them stays so, as far as runs of ours go.
void EffectRun::prepare() {
  if (target_.operation != nullptr) {
    if (Result<void> good = check_arguments(*target_.operation, target_.arguments); !good) {
      good.error().operation = target_.operation->name;
      return finish(tl::unexpected(std::move(good.error())));
    }
  }
  if (!take_locks()) return;
  if (!can_be_looked_up()) return look_at_group({});
  look_ = look(parts_.client, parts_.loop, *target_.operation, target_.arguments, {},
               [this](Result<Look> seen) {
                 const auto self = shared_from_this();
                 if (!seen) return cannot_look(std::move(seen.error()));
                 story_.before = std::move(seen->view);
                 look_at_group(seen->things);
               });
}

// Where the catalogue also says something of the protection group that all of it belongs to.
void EffectRun::look_at_group(const std::vector<json::Object>& things) {
  const bool asks =
      target_.operation != nullptr && !target_.operation->group_from.empty() && !parts_.force_send;
  std::string id = asks ? target_.arguments.text(kGroup) : std::string();
  const bool creates = asks && target_.operation->effect == Effect::kCreate;
  if (asks && id.empty() && !creates && !things.empty()) id = things.front().text(kGroup);
  if (id.empty()) return send_if_allowed(nullptr);
  look_ = look_at(parts_.client, parts_.loop, group_verb(), {id}, [this](Result<Look> seen) {
    const auto self = shared_from_this();
    if (!seen) return cannot_look(std::move(seen.error()));
    send_if_allowed(&seen->view);
  });
}

void EffectRun::send_if_allowed(const View* group) {
  if (target_.operation != nullptr && !parts_.force_send) {
    Result<void> allowed = preflight(*target_.operation, story_.before, group);
    if (!allowed) return finish(tl::unexpected(std::move(allowed.error())));
  }
  send();
}

void EffectRun::cannot_look(Error error) {
  error.message = fmt::format("{}: nothing was sent, for what it acts on cannot be looked at: {}",
                              target_.name, error.message);
  error.operation = target_.name;
  finish(tl::unexpected(std::move(error)));
}

std::vector<std::string> locks_of(const Operation& operation, const json::Object& arguments) {
  if (const std::string group = arguments.text(kGroup); !group.empty()) {
    return {"server_group " + group};
  }
  if (operation.effect == Effect::kCreate) return {};
  std::vector<std::string> locks;
  // What has a name only in its place is named together with that.
  std::string place;
  if (const Operation* show = find_operation(operation.service, operation.lookup.show)) {
    for (const Param& param : show->params) {
      const bool outer = param.place == Place::kPath && param.name != operation.lookup.id;
      if (outer) place += arguments.text(param.name) + "/";
    }
  }
  for (const std::string& id : ids_of(operation, arguments)) {
    if (!id.empty()) locks.push_back(fmt::format("{} {}{}", operation.resource, place, id));
  }
  return locks;
}

}  // namespace neap::cloud
