#include "serve/receiver.h"

#include <utility>

#include <fmt/format.h>

#include "base/fault_points.h"
#include "base/text.h"
#include "journal/apply.h"
#include "serve/hook_message.h"

namespace neap::serve {
namespace {

http::Response plain(int status, std::string_view text) {
  return {status, {{"Content-Type", "text/plain"}}, std::string(text) + "\n"};
}

std::string_view path_of(std::string_view target) {
  return target.substr(0, target.find('?'));
}

std::string_view name_of(sign::MessageType type) {
  return to_text(type);
}

}  // namespace

Receiver::Receiver(Desk& desk, sign::MessageVerifier& verifier, Hooks hooks)
    : desk_(desk), verifier_(verifier), hooks_(std::move(hooks)) {}

Receiver::~Receiver() = default;

bool Receiver::handle(http::Exchange& exchange) {
  const std::string path(path_of(exchange.request().target));
  if (path != kPath && !hooks_.has_path(path)) return false;
  if (exchange.request().method != "POST") {
    http::Response refusal = plain(405, "only POST");
    refusal.headers.add("Allow", "POST");
    static_cast<void>(exchange.respond(std::move(refusal)));
    return true;
  }
  ++desk_.metrics.messages_received;
  if (visits_.size() >= desk_.serve.backlog || desk_.inbox.broken()) {
    desk_.metrics.messages_rejected.add(desk_.inbox.broken() ? "storage" : "overload");
    static_cast<void>(exchange.respond(plain(503, "not now; send it again")));
    return true;
  }
  const std::uint64_t id = ++serial_;
  Visit& visit = visits_.emplace(id, Visit{std::move(exchange), path, {}}).first->second;
  visit.verification = verifier_.verify(
      visit.exchange.request(),
      [this, id](sign::MessageVerifier::Verdict verdict) { verified(id, std::move(verdict)); });
  return true;
}

bool Receiver::within_rate(const std::string& topic) {
  const Instant now = desk_.loop().now();
  const double each_second = desk_.serve.topic_rate;
  const TokenBucket::Limits limits{ServeSettings::kBurst * each_second,
                                   from_seconds(1 / each_second)};
  Rate& rate = rates_.try_emplace(topic, Rate{TokenBucket(limits, now)}).first->second;
  const bool within = rate.bucket.take(now);
  if (!within && !rate.exceeded) {
    desk_.log.warn("a topic brings more messages than --topic-rate allows", {{"topic", topic}});
  }
  rate.exceeded = !within;
  return within;
}

void Receiver::verified(std::uint64_t id, sign::MessageVerifier::Verdict verdict) {
  if (!verdict) {
    const sign::Rejection& rejection = verdict.error();
    desk_.metrics.messages_rejected.add(to_text(rejection.reason));
    desk_.log.warn(
        "a message was rejected: " + rejection.detail,
        {{"reason", to_text(rejection.reason)}, {"peer", visits_.at(id).exchange.request().peer}});
    return answer(id, rejection.status(), to_text(rejection.reason));
  }
  const sign::VerifiedMessage& message = *verdict;
  desk_.metrics.messages_verified.add(name_of(message.type));
  journal::Arrival arrival;
  arrival.notice =
      journal::Notice{message.message_id, message.topic_urn, desk_.utc(), message.sent};
  if (message.type != sign::MessageType::kNotification) {
    hooks_.notice(message);
    return store(id, std::move(arrival));
  }
  if (!within_rate(message.topic_urn)) {
    desk_.metrics.messages_rejected.add("rate");
    return answer(id, 503, "too many messages of this topic; send it again");
  }
  std::optional<journal::HookEvent> event = read_hook_message(message.message);
  if (!event) {
    desk_.log.info("a message that is no lifecycle hook's",
                   {{"message", message.message_id}, {"topic", message.topic_urn}});
  } else if (message.stale) {
    desk_.log.warn("a message came late; its group is looked at",
                   {{"message", message.message_id}, {"group", event->group_id}});
    hooks_.stale(event->group_id);
  } else {
    event->path = visits_.at(id).path == kPath ? std::string() : visits_.at(id).path;
    event->id = journal::fresh_id();
    event->created = event->changed = desk_.utc();
    arrival.event = std::move(event);
  }
  store(id, std::move(arrival));
}

void Receiver::store(std::uint64_t id, journal::Arrival arrival) {
  journal::HookEvent event = arrival.event.value_or(journal::HookEvent{});
  desk_.inbox.arrive(std::move(arrival),
                     [this, id, event = std::move(event)](const Result<journal::Filed>& filed) {
                       fault::crash_point("stored.after");
                       stored(id, event, filed);
                     });
}

void Receiver::stored(std::uint64_t id, const journal::HookEvent& event,
                      const Result<journal::Filed>& filed) {
  if (!filed) return answer(id, 503, "it cannot be stored now; send it again");
  switch (filed->filing) {
    case journal::Filing::kNew: {
      ++desk_.metrics.messages_stored;
      desk_.metrics.events.add("message");
      journal::HookEvent kept = event;
      kept.id = filed->event;
      answer(id, 200, "stored");
      fault::crash_point("acknowledged.after");
      return hooks_.event(std::move(kept));
    }
    case journal::Filing::kNoted:
      ++desk_.metrics.messages_stored;
      return answer(id, 200, "noted");
    case journal::Filing::kKnownMessage:
    case journal::Filing::kKnownEvent:
      ++desk_.metrics.messages_duplicate;
      return answer(id, 200, "known");
  }
}

void Receiver::answer(std::uint64_t id, int status, std::string_view text) {
  const auto visit = visits_.find(id);
  if (visit == visits_.end()) return;
  static_cast<void>(visit->second.exchange.respond(plain(status, text)));
  visits_.erase(visit);
}

}  // namespace neap::serve
