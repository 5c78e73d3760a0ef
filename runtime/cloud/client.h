// Calls to the platform: arguments checked, signed, sent in the way the effect class demands, and
// every answer turned into a response or a typed error.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/function.h"
#include "base/owner.h"
#include "base/random.h"
#include "base/time.h"
#include "cloud/budget.h"
#include "cloud/catalog.h"
#include "cloud/request.h"
#include "http/transport.h"
#include "json/value.h"
#include "loop/loop.h"
#include "sign/credentials.h"

namespace neap::cloud {

// One transmission, as an operator may see it: no headers, no query, no body.
struct Exchange {
  http::Method method = http::Method::kGet;
  std::string path;
  int status = 0;  // 0: there was no answer
  Duration took{};
  std::string request_id;
};

// "POST /v1/…/action 200 0.2s req-1"
std::string describe(const Exchange& exchange);
// "POST vpc:/v1/{project_id}/vpcs", the name of a raw call in messages.
std::string describe(const RawCall& call);

struct ClientSettings {
  // The origin that answers for a service, "https://sdrs.cn-north-4.myhuaweicloud.com".
  Function<Result<std::string>(std::string_view service)> endpoint;
  std::string project_id;                       // wins over the one that comes with the credentials
  Duration timeout = std::chrono::seconds{30};  // of one transmission
};

// What is about to go out, once it does.
struct Transmission {
  UtcTime sign_time{};
  // When the gateway stops taking it (auth.md section 1); a token sets no such limit.
  std::optional<UtcTime> valid_until;
  UtcTime send_deadline{};  // it is not sent later than this, however long the process was stopped
  std::string request;      // SHA-256 in hex of what is asked: method, address and body
};

// Reads are retried (http/retry.h), and once more with other credentials when they are refused with
// 401. Anything else is transmitted once, and its error says what is known: kind in_doubt when it
// may have happened, network when nothing was sent, any other when the platform refused it before
// doing anything (reliability.md 2.2).
class Client {
 public:
  using Done = Function<void(Result<http::Response>)>;
  // Asked once an effect is signed, right before it is sent; its error keeps it from being sent,
  // and is what `done` hears.
  using BeforeSend = Function<Result<void>(const Transmission&)>;

  Client(Loop& loop, http::Transport& transport, sign::CredentialSource& credentials,
         Random& random, ClientSettings settings);
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;
  // The same client for one of several runs, which take turns when the platform throttles. Must not
  // outlive this one.
  Client for_run(std::uint64_t run) const { return Client(transport_, parts_, run); }

  // Calls `done` once, from the loop, unless the Owner is dropped first; must be dropped before the
  // Client is. The response is a 2xx one; that of an effect is proved to hold what the operation
  // answers (a job_id, the renamed thing), that of a read is not looked into. A job that stands for
  // a call whose answer was lost (observed_job.h) is asked for like any other.
  Owner call(const Operation& operation, json::Object arguments, Done done,
             BeforeSend before_send = nullptr);
  // Anything but GET and HEAD counts as an effect that nothing can tell from not having happened.
  Owner raw(RawCall call, Done done, BeforeSend before_send = nullptr);

  // Is told of each transmission when it has ended.
  void observe(Function<void(const Exchange&)> observer);

  // How many calls each endpoint lets through; see budget.h.
  CallBudgets& budgets();

  struct Parts;  // what a Call needs, see call.h

 private:
  class ObservedTransport;
  Client(std::shared_ptr<ObservedTransport> transport, std::shared_ptr<Parts> parts,
         std::uint64_t run)
      : transport_(std::move(transport)), parts_(std::move(parts)), run_(run) {}

  std::shared_ptr<ObservedTransport> transport_;
  std::shared_ptr<Parts> parts_;
  std::uint64_t run_ = 0;
};

}  // namespace neap::cloud
