#include "cloud/reconcile.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/fault_points.h"
#include "base/text.h"

namespace neap::cloud {
namespace {

constexpr auto kBetweenReads = std::chrono::seconds{10};
// Without a fence a late effect cannot be excluded, only become unlikely.
constexpr auto kWatchWithoutFence = std::chrono::seconds{60};
constexpr int kMostProved = 2;  // so that a call goes out three times at most

bool contains(Words words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// The work of any operation on such a thing has names of this form (sdrs.md section 4).
bool is_transitional(std::string_view status) {
  return status.ends_with("ing") && !status.starts_with("error");
}

// Judges a call that the thing's state guards. `way` is how it leads from the status it was sent
// in.
class GuardedCase {
 public:
  GuardedCase(const Operation& operation, const json::Object& arguments, const View& before,
              const View& now)
      : operation_(operation),
        before_(before),
        now_(now),
        wanted_(arguments.text("priority_station")) {
    for (const Transition& way : operation.transitions) {
      if (contains(way.from, before.status)) way_ = &way;
    }
  }

  Finding judge() const {
    if (!now_.found) return unclear("it is gone");
    if (fault::bug("effect.status_proves_nothing_happened") && same_status()) return unchanged();
    if (fault::bug("effect.other_actor_as_ours") && is_transitional(now_.status)) {
      return {Verdict::kUnderWay, seen(), {}};
    }
    if (way_ == nullptr) {
      return same_state() ? unchanged() : unclear("the call is not allowed in the status before");
    }
    if (now_.status == way_->during) return {Verdict::kUnderWay, seen(), {}};
    if (same_state()) return unchanged();
    if (now_.status == way_->failure) return failed();
    if (contains(way_->success, now_.status)) return succeeded();
    return elsewhere();
  }

 private:
  bool same_status() const { return now_.status == before_.status; }
  bool same_station() const {
    return now_.station == before_.station || fault::bug("effect.ignore_station");
  }
  bool same_time() const {
    return now_.updated_at == before_.updated_at || fault::bug("effect.ignore_updated_at") ||
           fault::bug("effect.ignore_station");  // which leaves the status alone
  }
  bool same_state() const { return same_status() && same_station() && same_time(); }
  bool moved_as_asked() const {
    switch (operation_.lookup.station) {
      case Station::kStays:
        return now_.station == before_.station;
      case Station::kFlips:
        return now_.station != before_.station;
      case Station::kArgument:
        return now_.station == wanted_ && now_.station != before_.station;
    }
    return false;
  }

  Finding failed() const {
    if (same_status() && !same_station()) return unclear("production has moved");
    return {Verdict::kFailed, seen(), {}};
  }

  // The status alone proves nothing where the call may also start from it.
  Finding succeeded() const {
    const bool status_tells = !same_status() || operation_.lookup.station != Station::kStays;
    if (status_tells && moved_as_asked()) return {Verdict::kHappened, seen(), {}};
    if (same_status() && same_station()) return unclear("it was changed since, nothing says how");
    return unclear("production is not where this call leaves it");
  }

  // A status that the call does not lead to. Production having moved still tells, once it is
  // settled where the call could start again: somebody protected the group anew.
  Finding elsewhere() const {
    const bool flipped = operation_.lookup.station == Station::kFlips && !same_station();
    const bool settled = contains(way_->from, now_.status) && !now_.status.starts_with("error");
    if (flipped && settled) {
      return {Verdict::kHappened, seen() + ", so it happened and somebody went on from there", {}};
    }
    if (same_status() && same_station()) return unclear("it was changed since, nothing says how");
    return unclear("this call does not lead there");
  }

  Finding unchanged() const { return {Verdict::kUnchanged, seen(), {}}; }
  Finding unclear(std::string_view why) const {
    return {Verdict::kUnclear, fmt::format("{}: {}", seen(), why), {}};
  }
  std::string seen() const { return describe(operation_, now_); }

  const Operation& operation_;
  const View& before_;
  const View& now_;
  const std::string wanted_;
  const Transition* way_ = nullptr;
};

// Repeating it changes nothing more, so all that matters is whether it is so already.
Finding judge_idempotent(const Operation& operation, const json::Object& arguments,
                         const View& before, const View& now) {
  const std::string seen = describe(operation, now);
  const std::string_view field = operation.lookup.set;
  if (!field.empty()) {
    if (!now.found) return {Verdict::kUnclear, seen, {}};
    const bool so = now.set == arguments.text(field);
    return {so ? Verdict::kHappened : Verdict::kUnchanged,
            fmt::format("{}, its {} is {}", seen, field, printable(now.set)),
            {}};
  }
  if (!now.found) return {Verdict::kHappened, seen, {}};
  for (const Transition& way : operation.transitions) {
    if (now.status == way.during) return {Verdict::kUnderWay, seen, {}};
    const bool anew = before.status != now.status || before.updated_at != now.updated_at;
    if (now.status == way.failure && anew) return {Verdict::kFailed, seen, {}};
  }
  return {Verdict::kUnchanged, seen, {}};
}

Finding judge_creation(const Operation& operation, const View& before, const View& now,
                       bool marked) {
  const std::string seen = describe(operation, now);
  if (!now.marked.empty()) return {Verdict::kUnderWay, seen + ", with our mark", now.marked};
  std::vector<std::string> fresh;
  for (const std::string& id : now.ids) {
    if (std::find(before.ids.begin(), before.ids.end(), id) == before.ids.end()) {
      fresh.push_back(id);
    }
  }
  // What does not carry the mark is not ours.
  if (marked || fresh.empty()) return {Verdict::kUnchanged, seen, {}};
  return {Verdict::kUnclear,
          fmt::format("{} {} of that name, made since; whether by this call nothing says",
                      noun(operation), printable(join(fresh, ", "))),
          fresh.size() == 1 ? fresh.front() : std::string()};
}

Next after_unchanged(const Standing& standing) {
  if (fault::bug("effect.adopt_nothing")) return Next::kAdopt;
  if (fault::bug("effect.status_proves_nothing_happened")) return Next::kSendAgain;
  const Next proved = standing.proved < kMostProved ? Next::kSendAgain : Next::kAsk;
  if (standing.effect == Effect::kIdempotent) return proved;
  if (fault::bug("effect.ignore_fence")) return proved;
  if (!standing.valid_until) {
    const bool over = standing.read_at - standing.sent_at >= kWatchWithoutFence;
    return over ? Next::kAsk : Next::kLookAgain;
  }
  if (!past_fence(standing)) return Next::kLookAgain;
  if (fault::bug("effect.one_read")) return proved;
  if (!standing.found_before) return Next::kLookAgain;
  return standing.read_at - *standing.found_before >= kBetweenReads ? proved : Next::kLookAgain;
}

}  // namespace

std::string_view to_text(Verdict verdict) {
  switch (verdict) {
    case Verdict::kUnchanged:
      return "unchanged";
    case Verdict::kUnderWay:
      return "under_way";
    case Verdict::kHappened:
      return "happened";
    case Verdict::kFailed:
      return "failed";
    case Verdict::kUnclear:
      return "unclear";
  }
  return {};
}

Finding judge(const Operation& operation, const json::Object& arguments, const View& before,
              const View& now, bool marked) {
  switch (operation.effect) {
    case Effect::kGuarded:
      return GuardedCase(operation, arguments, before, now).judge();
    case Effect::kIdempotent:
      return judge_idempotent(operation, arguments, before, now);
    case Effect::kCreate:
      return judge_creation(operation, before, now, marked);
    default:
      return {Verdict::kUnclear, "nothing that can be read tells", {}};
  }
}

bool past_fence(const Standing& standing) {
  return standing.valid_until && standing.read_at >= *standing.valid_until;
}

Next decide(Verdict verdict, const Standing& standing) {
  switch (verdict) {
    case Verdict::kUnderWay:
    case Verdict::kHappened:
    case Verdict::kFailed:
      return Next::kAdopt;
    case Verdict::kUnclear:
      return Next::kAsk;
    case Verdict::kUnchanged:
      return after_unchanged(standing);
  }
  return Next::kAsk;
}

}  // namespace neap::cloud
