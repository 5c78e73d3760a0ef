// The rules of changing calls: what may be sent when, and what may be said of it afterwards.
#include <charconv>
#include <set>

#include <fmt/format.h>

#include "journal/check_parts.h"

namespace neap::journal {
namespace {

constexpr auto kBetweenReads = std::chrono::seconds{10};

constexpr std::string_view kSucceeded = "SUCCESS";

// What of a thing's state proves that nothing happened to it (reliability.md 2.2, P3).
constexpr std::string_view kTelling[] = {"status", "priority_station", "updated_at"};

class ChangeChecker {
 public:
  explicit ChangeChecker(Findings& findings) : findings_(findings) {}

  void see(const Logged& entry) {
    if (entry.kind == Kind::kStarted) {
      epoch_ = static_cast<std::int64_t>(entry.body.number("epoch").value_or(0));
    }
    if (entry.kind == Kind::kLocked) held_.insert(entry.body.text("resource"));
    if (entry.kind == Kind::kEnded) held_.clear();  // the locks went with it
    if (entry.kind < Kind::kIntent || entry.kind > Kind::kResolved) return;
    ChangingCall& change = changes_[entry.step];
    if (entry.kind == Kind::kIntent) return intend(change, entry);
    if (change.intent == nullptr) {
      return wrong("I4", entry, "{} without an intent before it", to_text(entry.kind));
    }
    if (entry.digest != change.intent->digest || entry.name != change.intent->name) {
      wrong("I6", entry, "it is not the request of its intent any more");
    }
    if (change.closing != nullptr) {
      return wrong("I4", entry, "{} after the step was closed", to_text(entry.kind));
    }
    if (entry.kind == Kind::kSent) return send(change, entry);
    if (change.attempts.empty()) {
      return wrong("I4", entry, "{} although nothing was sent", to_text(entry.kind));
    }
    if (entry.kind == Kind::kDone) return conclude(change, entry);
    if (entry.kind == Kind::kFailed) return fail_step(change, entry);
    if (number_of(entry) != change.attempts.size()) {
      return wrong("I4", entry, "{} of attempt {}, and the last is {}", to_text(entry.kind),
                   number_of(entry), change.attempts.size());
    }
    about_attempt(change, change.attempts.back(), entry);
  }

  ChangingCalls take() { return std::move(changes_); }

 private:
  template <class... Args>
  void wrong(std::string_view rule, const Logged& entry, fmt::format_string<Args...> text,
             Args&&... args) {
    findings_.add(rule, entry.position,
                  fmt::format("step {}: {}", to_text(entry.step),
                              fmt::format(text, std::forward<Args>(args)...)));
  }

  static std::size_t number_of(const Logged& entry) {
    return static_cast<std::size_t>(entry.body.number("attempt").value_or(0));
  }

  void intend(ChangingCall& change, const Logged& entry) {
    if (change.intent != nullptr) return wrong("I4", entry, "a second intent");
    change.intent = &entry;
  }

  void send(ChangingCall& change, const Logged& entry) {
    if (number_of(entry) != change.attempts.size() + 1) {
      wrong("I4", entry, "attempt {} follows attempt {}", number_of(entry), change.attempts.size());
    }
    if (!change.attempts.empty() && !change.attempts.back().without_effect) {
      wrong("I3", entry, "sent again without proof that attempt {} had no effect",
            change.attempts.size());
    }
    if (!change.attempts.empty() &&
        change.attempts.front().sent->body.text("request") != entry.body.text("request")) {
      wrong("I6", entry, "another request is sent than the first time");
    }
    const auto epoch = static_cast<std::int64_t>(entry.body.number("epoch").value_or(0));
    if (epoch != epoch_) {
      wrong("I7", entry, "sent in epoch {}, and the current one is {}", epoch, epoch_);
    }
    for (const std::string& resource : change.resources()) {
      if (!held_.contains(resource)) wrong("I7", entry, "sent without the lock on {}", resource);
    }
    change.attempts.push_back({.sent = &entry});
  }

  void about_attempt(ChangingCall& change, Attempt& attempt, const Logged& entry) {
    switch (entry.kind) {
      case Kind::kAccepted:
      case Kind::kRefused:
      case Kind::kUnknown:
        return answer(attempt, entry);
      case Kind::kObserved:
        attempt.reads.push_back(&entry);
        return;
      case Kind::kProof:
        return prove(change, attempt, entry);
      case Kind::kResolved:
        if (attempt.answer != nullptr && attempt.answer->kind != Kind::kUnknown) {
          wrong("I4", entry, "resolved although it was {}", to_text(attempt.answer->kind));
        }
        attempt.happened = entry.body.flag("happened");
        return;
      default:
        return;
    }
  }

  // What was found in the cloud afterwards may still take the place of an answer that was lost.
  void answer(Attempt& attempt, const Logged& entry) {
    const bool was_lost = attempt.answer == nullptr || attempt.answer->kind == Kind::kUnknown;
    const bool adopted = entry.kind == Kind::kAccepted && entry.body.flag("adopted");
    if (attempt.answer != nullptr && !(was_lost && adopted)) {
      wrong("I4", entry, "{} follows {}", to_text(entry.kind), to_text(attempt.answer->kind));
    }
    attempt.answer = &entry;
    if (entry.kind != Kind::kRefused) return;
    const std::string proof = entry.body.text("proof");
    attempt.without_effect = proof == "P1" || proof == "P2";
    if (!attempt.without_effect) wrong("I3", entry, "a refusal that proves nothing");
  }

  void prove(const ChangingCall& change, Attempt& attempt, const Logged& entry) {
    const std::string proof = entry.body.text("proof");
    std::string gap = "is no proof that is known";
    if (attempt.answer != nullptr && attempt.answer->kind == Kind::kAccepted) {
      gap = "contradicts that it was accepted";
    } else if (proof == "P3") {
      gap = gap_of_fence(change, attempt);
    } else if (proof == "P4") {
      gap = attempt.happened == false ? "" : "without an operator's word";
    } else if (proof == "I") {
      gap = change.effect_class() == "I" ? "" : "although repeating it is not harmless";
    }
    if (!gap.empty()) return wrong("I3", entry, "proof {} {}", proof, gap);
    attempt.without_effect = true;
  }

  // Two reads, long enough apart, after the signature ran out, that found everything as before.
  static std::string gap_of_fence(const ChangingCall& change, const Attempt& attempt) {
    const auto valid_until = time_in(attempt.sent->body, "valid_until");
    if (!valid_until) return "although its signature never runs out";
    std::optional<UtcTime> first;
    for (const Logged* read : attempt.reads) {
      const auto at = time_in(read->body, "read_at");
      if (!at || *at < *valid_until) continue;
      if (!is_as_before(change, *read)) return "although a read found it changed";
      if (first && *at - *first >= kBetweenReads) return {};
      if (!first) first = at;
    }
    return first ? "rests on one read alone" : "without a read after its signature ran out";
  }

  static bool is_as_before(const ChangingCall& change, const Logged& read) {
    const json::Object* before = change.intent->body.object("snapshot");
    const json::Object* now = read.body.object("state");
    if (before == nullptr || now == nullptr) return true;
    if (!now->text("marked").empty()) return false;
    for (const std::string_view field : kTelling) {
      const json::Value* was = before->find(field);
      const json::Value* is = now->find(field);
      if (was != nullptr && (is == nullptr || !(*was == *is))) return false;
    }
    return true;
  }

  // A sentence, or what was observed.
  static bool has_evidence(const Logged& entry) {
    const json::Object* seen = entry.body.object("evidence");
    return !entry.body.text("evidence").empty() || (seen != nullptr && !seen->empty());
  }

  void conclude(ChangingCall& change, const Logged& entry) {
    change.closing = &entry;
    const Attempt& last = change.attempts.back();
    const bool known = (last.answer != nullptr && last.answer->kind == Kind::kAccepted) ||
                       !last.reads.empty() || last.happened == true;
    if (!known) wrong("I5", entry, "done, and nothing says that it happened");
    if (!has_evidence(entry)) return wrong("I5", entry, "done without evidence");
    const std::string job = last.answer != nullptr ? last.answer->body.text("job_id") : "";
    if (job.empty()) return;
    const std::string said = entry.body.text("evidence");
    if (entry.body.text("job_id") != job || !said.ends_with(kSucceeded)) {
      wrong("I5", entry, "done, and no word of job {} having succeeded", job);
    }
  }

  void fail_step(ChangingCall& change, const Logged& entry) {
    change.closing = &entry;
    if (!has_evidence(entry)) wrong("I5", entry, "failed without evidence");
  }

  Findings& findings_;
  ChangingCalls changes_;
  std::set<std::string> held_;
  std::int64_t epoch_ = 0;
};

template <class Number>
bool digits(std::string_view text, std::size_t from, std::size_t count, Number& number) {
  const char* begin = text.data() + from;
  const auto [end, problem] = std::from_chars(begin, begin + count, number);
  return problem == std::errc() && end == begin + count;
}

}  // namespace

std::optional<UtcTime> time_in(const json::Object& body, std::string_view key) {
  const std::string text = body.text(key);
  int year = 0;
  unsigned month = 0;
  unsigned day = 0;
  int hour = 0;
  int minute = 0;
  int second = 0;
  int milliseconds = 0;
  const bool good = text.size() == 24 && digits(text, 0, 4, year) && digits(text, 5, 2, month) &&
                    digits(text, 8, 2, day) && digits(text, 11, 2, hour) &&
                    digits(text, 14, 2, minute) && digits(text, 17, 2, second) &&
                    digits(text, 20, 3, milliseconds);
  if (!good) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month{month},
                                         std::chrono::day{day}};
  return std::chrono::sys_days{date} + std::chrono::hours{hour} + std::chrono::minutes{minute} +
         std::chrono::seconds{second} + std::chrono::milliseconds{milliseconds};
}

std::string ChangingCall::effect_class() const {
  return intent != nullptr ? intent->body.text("class") : std::string();
}

std::vector<std::string> ChangingCall::resources() const {
  std::vector<std::string> names;
  if (intent == nullptr) return names;
  for (const json::Value& row : intent->body.list("locks")) {
    if (const auto* name = row.as<std::string>()) names.push_back(*name);
  }
  return names;
}

ChangingCalls check_changes(std::span<const Logged> log, Findings& findings) {
  ChangeChecker checker(findings);
  for (const Logged& entry : log) checker.see(entry);
  return checker.take();
}

}  // namespace neap::journal
