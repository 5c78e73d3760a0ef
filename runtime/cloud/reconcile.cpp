#include "cloud/reconcile.h"

#include <algorithm>
#include <set>
#include <vector>

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

bool is(std::string_view status, std::string_view named) {
  return !named.empty() && status == named;
}

bool leads_to_nothing(const Transition& way) {
  return way.success.empty();
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
      if (contains(way.from, before.status) || (way_ == nullptr && way.from.empty())) way_ = &way;
    }
  }

  Finding judge() const {
    if (!now_.found) return absent();
    if (fault::bug("effect.status_proves_nothing_happened") && same_status()) return unchanged();
    if (fault::bug("effect.other_actor_as_ours") && is_transitional(now_.status)) {
      return {Verdict::kUnderWay, seen(), {}};
    }
    if (way_ == nullptr) {
      return same_state() ? unchanged() : unclear("the call is not allowed in the status before");
    }
    if (is(now_.status, way_->during)) return {Verdict::kUnderWay, seen(), {}};
    if (same_state()) return unchanged();
    if (is(now_.status, way_->failure)) return failed();
    if (contains(way_->success, now_.status)) return succeeded();
    return elsewhere();
  }

 private:
  bool same_status() const { return now_.found == before_.found && now_.status == before_.status; }
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
        return !before_.found || now_.station == before_.station;
      case Station::kFlips:
        return now_.station != before_.station;
      case Station::kArgument:
        return now_.station == wanted_ && now_.station != before_.station;
    }
    return false;
  }

  Finding absent() const {
    if (way_ != nullptr && leads_to_nothing(*way_)) return {Verdict::kHappened, seen(), {}};
    return before_.found ? unclear("it is gone") : unchanged();
  }

  Finding failed() const {
    if (same_status() && !same_station()) return unclear("production has moved");
    return {Verdict::kFailed, seen(), {}};
  }

  // The status alone proves nothing where the call leaves the one that it started from.
  Finding succeeded() const {
    const bool leaves_it = contains(way_->success, before_.status);
    const bool status_tells = !leaves_it || operation_.lookup.station != Station::kStays;
    if (status_tells && moved_as_asked()) return {Verdict::kHappened, seen(), {}};
    if (same_status() && same_station()) return unclear("it was changed since, nothing says how");
    return unclear(leaves_it && same_station() ? "this call does not lead there"
                                               : "production is not where this call leaves it");
  }

  // A status that the call does not lead to. Production having moved still tells, once it is
  // settled where the call could start again: somebody protected the group anew.
  Finding elsewhere() const {
    // Where no status shows work that goes on, a later time may be its beginning: looking on may
    // tell, but nothing proves any more that the call did nothing.
    if (way_->during.empty() && same_status() && same_station()) {
      return {Verdict::kUnchanged, seen() + ", and was changed since", {}, true};
    }
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

// "its name is new, its size is 10"
std::string told(const View& view) {
  std::vector<std::string> parts;
  for (const auto& [field, value] : view.set) {
    parts.push_back(fmt::format("its {} is {}", field, printable(plain_text(value))));
  }
  return join(parts, ", ");
}

// Whether the thing shows what the call sets; nothing where the call sets nothing that it shows.
std::optional<bool> shows_what_is_set(const Operation& operation, const json::Object& arguments,
                                      const View& now) {
  const Lookup& lookup = operation.lookup;
  if (!lookup.field.empty()) return plain_text(now.set, lookup.field) == lookup.value;
  if (lookup.set.empty()) return std::nullopt;
  return std::all_of(lookup.set.begin(), lookup.set.end(), [&](std::string_view name) {
    const json::Value* asked = arguments.find(name);
    const json::Value* seen = now.set.find(name);
    return asked == nullptr || (seen != nullptr && shows(*seen, *asked));
  });
}

// The thing is not there, which a deletion leads to, and nothing else.
Finding judge_absence(const Operation& operation, const View& before, const std::string& seen) {
  const auto ways = operation.transitions;
  const bool deletes = ways.empty() || std::any_of(ways.begin(), ways.end(), leads_to_nothing);
  if (deletes) return {Verdict::kHappened, seen, {}};
  return {before.found ? Verdict::kUnclear : Verdict::kUnchanged, seen, {}};
}

// Repeating it changes nothing more, so all that matters is whether it is so already.
Finding judge_idempotent(const Operation& operation, const json::Object& arguments,
                         const View& before, const View& now) {
  const std::string seen = describe(operation, now);
  if (const std::optional<bool> so = shows_what_is_set(operation, arguments, now)) {
    if (!now.found) return {Verdict::kUnclear, seen, {}};
    const std::string set = told(now);
    return {
        *so ? Verdict::kHappened : Verdict::kUnchanged, set.empty() ? seen : seen + ", " + set, {}};
  }
  if (!now.found) return judge_absence(operation, before, seen);
  for (const Transition& way : operation.transitions) {
    if (is(now.status, way.during)) return {Verdict::kUnderWay, seen, {}};
    const bool anew = before.status != now.status || before.updated_at != now.updated_at;
    if (is(now.status, way.failure) && anew) return {Verdict::kFailed, seen, {}};
    const bool told_by_status = !before.found || !contains(way.success, before.status);
    if (contains(way.success, now.status) && (told_by_status || !contains(way.from, now.status))) {
      return {Verdict::kHappened, seen, {}};
    }
  }
  return {Verdict::kUnchanged, seen, {}};
}

// There was none of that name and place before, the platform allows no second, and it is as asked.
bool is_the_only_one(const Operation& operation, const json::Object& arguments, const View& now) {
  if (!operation.lookup.unique || now.ids.size() != 1) return false;
  return std::all_of(now.set.begin(), now.set.end(), [&](const json::Member& field) {
    const json::Value* asked = arguments.find(field.first);
    return asked == nullptr || shows(field.second, *asked);
  });
}

Finding judge_creation(const Operation& operation, const json::Object& arguments,
                       const View& before, const View& now, bool marked) {
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
  if (is_the_only_one(operation, arguments, now)) {
    return {Verdict::kUnderWay, seen + ", made since, as this call makes it", fresh.front()};
  }
  return {Verdict::kUnclear,
          fmt::format("{} {} of that name, made since; whether by this call nothing says",
                      noun(operation), printable(join(fresh, ", "))),
          fresh.size() == 1 ? fresh.front() : std::string()};
}

Finding judge_one(const Operation& operation, const json::Object& arguments, const View& before,
                  const View& now) {
  return operation.effect == Effect::kGuarded
             ? GuardedCase(operation, arguments, before, now).judge()
             : judge_idempotent(operation, arguments, before, now);
}

// A call on several things is taken or refused as a whole: where any of them shows that it
// happened, it did. What an idempotent call left out is worth repeating it.
Finding judge_rows(const Operation& operation, const json::Object& arguments, const View& before,
                   const View& now) {
  std::set<Verdict> seen;
  std::string unclear;
  bool touched = false;
  for (std::size_t i = 0; i < now.rows.size(); ++i) {
    const View was = i < before.rows.size() ? before.rows[i] : View();
    const Finding finding = judge_one(operation, arguments, was, now.rows[i]);
    seen.insert(finding.verdict);
    touched = touched || finding.touched;
    if (finding.verdict == Verdict::kUnclear && unclear.empty()) unclear = finding.why;
  }
  const std::string all = describe(operation, now);
  if (!unclear.empty()) return {Verdict::kUnclear, unclear, {}};
  if (seen.size() == 1) return {*seen.begin(), all, {}, touched};
  const bool left_out = seen.contains(Verdict::kUnchanged);
  if (left_out && operation.effect == Effect::kIdempotent && !is_asynchronous(operation)) {
    return {Verdict::kUnchanged, all, {}, touched};
  }
  const bool goes_on = left_out || seen.contains(Verdict::kUnderWay);
  return {goes_on ? Verdict::kUnderWay : Verdict::kFailed, all, {}};
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
  if (standing.touched) return Next::kAsk;
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
    case Effect::kIdempotent:
      return now.rows.empty() ? judge_one(operation, arguments, before, now)
                              : judge_rows(operation, arguments, before, now);
    case Effect::kCreate:
      return judge_creation(operation, arguments, before, now, marked);
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
