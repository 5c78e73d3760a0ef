// One call from its plan to its answer; client.cpp makes them.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "cloud/budget.h"
#include "cloud/client.h"

namespace neap::cloud {

struct Client::Parts {
  Loop& loop;
  http::Transport& transport;
  sign::CredentialSource& credentials;
  Random& random;
  CallBudgets budgets;
  ClientSettings settings;
};

// What to send and how to judge the answer.
struct Plan {
  std::string name;  // for messages
  std::string service;
  Effect effect = Effect::kOpaque;
  Turn turn;
  const Operation* operation = nullptr;  // nullptr: a raw call
  Function<Result<http::Request>(std::string_view endpoint, std::string_view project_id)> build;
};

class Call : public std::enable_shared_from_this<Call> {
 public:
  Call(Client::Parts& parts, Plan plan, Client::Done done, Client::BeforeSend before_send);
  void start();
  // Answers with an error before anything else is done.
  void refuse(Error error);

 private:
  void look_up_credentials();
  void have_credentials(Result<sign::Credentials> found);
  Result<http::Request> signed_request();
  void wait_for_turn();
  void send();
  void send_read();
  void read_answered(http::Outcome outcome);
  bool may_wait();
  void send_effect();
  Result<void> clear_to_send(UtcTime sign_time);
  void transmit(http::Request request);
  void effect_answered(http::Outcome outcome);
  bool is_accepted(const http::Response& response) const;
  bool is_refused(const http::Response& response) const;
  Error in_doubt(std::string_view why) const;
  Error error_of(const http::Response& response) const;
  void finish(Result<http::Response> result);

  Client::Parts& parts_;
  Plan plan_;
  Client::Done done_;
  Client::BeforeSend before_send_;
  bool starting_ = false;
  sign::Credentials credentials_;
  http::Request request_;         // unsigned
  std::optional<Error> refused_;  // the 401 that made us look for other credentials
  // Two, because credentials may come from inside get(), before its Owner is here.
  CallBudget* budget_ = nullptr;
  std::optional<Instant> throttled_since_;  // of a read
  Owner look_up_;
  Owner turn_;
  Owner transfer_;
};

}  // namespace neap::cloud
