// One changing call while this process carries it; effect.cpp makes them.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cloud/effect.h"
#include "cloud/effect_story.h"
#include "cloud/look.h"
#include "cloud/reconcile.h"

namespace neap::cloud {

// What is to be done: an operation of the catalogue, or a raw call.
struct Target {
  const Operation* operation = nullptr;
  json::Object arguments;
  RawCall raw;
  std::string name;  // for messages
};

class EffectRun : public std::enable_shared_from_this<EffectRun> {
 public:
  EffectRun(EffectParts parts, Target target, journal::EffectLog log, Client::Done done);
  void start();

 private:
  // Before it is sent: effect_prepare.cpp
  bool take_locks();
  void prepare();
  void look_at_group(const std::vector<json::Object>& things);
  void send_if_allowed(const View* group);
  void cannot_look(Error error);

  // Before an answer
  void carry_on();
  void send();
  Result<void> before_send(const Transmission& transmission);
  Result<journal::Committed> write_sent(const Transmission& transmission);
  void answered(Result<http::Response> result);
  void accepted(http::Response response);
  Result<journal::Committed> write_accepted(json::Object body, bool over, json::Object evidence);
  void refused(Error error);
  bool send_later(const Error& error);
  void write_refused(Error error);
  void not_sent(Error error);

  // In doubt: effect_doubt.cpp
  void doubt(std::string why);
  void begin_looking();
  void look_again();
  void looked(Result<Look> result);
  void not_seen(const Error& error);
  void look_refused(const Error& error);
  void repeat_unseen();
  void refused_unseen(Error error);
  bool heard_from_operator();
  void tell(std::string seen);
  Standing standing(const Look& look) const;
  void note(const Look& look, const Finding& finding, bool decides);
  void adopt(const Look& look, const Finding& finding);
  void look_for_failures(const Look& look, UtcTime read_at);
  void read_failures(const http::Response& answer, UtcTime read_at);
  void prove(std::string_view proof, std::optional<UtcTime> read_at = {});
  void ask(std::string_view because);
  void confirm();
  void confirmed(const Look& look);

  // What is written and said
  json::Object transition() const;
  json::Object intent() const;
  json::Object sent(const Transmission& transmission) const;
  void put_mark();
  json::Object arguments_of_attempt() const;
  bool can_be_looked_up() const;
  bool is_asynchronous_call() const;
  Error undecided() const;
  bool durable(const Result<journal::Committed>& written, std::string_view what);
  void finish(Result<http::Response> result);

  EffectParts parts_;
  const Target target_;
  journal::EffectLog log_;
  Client::Done done_;
  Story story_;
  json::Object arguments_;                           // of the target, with the mark
  std::string mark_;                                 // in them; empty: they carry none
  std::optional<std::vector<journal::Lock>> locks_;  // once they are taken
  bool in_flight_ = false;                           // the log says sent, and nothing about it yet
  std::optional<Transmission> unwritten_;            // "effect.no_intent_before_send"
  Instant sent_instant_{};                           // of an attempt of this process
  bool sent_here_ = false;
  int never_left_ = 0;  // attempts in a row of which nothing left this machine
  std::optional<Instant> throttled_since_;
  std::optional<UtcTime> found_before_;
  int refused_looks_ = 0;                  // in a row, for reasons that time does not mend
  std::optional<Error> doubtful_refusal_;  // of a repeated call: the attempt before may be why
  Duration pause_{};
  Owner call_;
  Owner look_;
  Loop::Timer timer_;
};

}  // namespace neap::cloud
