// Posts notifications to the addresses that were configured: signed, tried again, and bounded in
// every direction, for nobody's slow server may hold up the hooks.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/function.h"
#include "base/log.h"
#include "base/random.h"
#include "http/transport.h"
#include "loop/loop.h"
#include "serve/cloud_event.h"
#include "serve/metrics.h"
#include "serve/webhook_key.h"

namespace neap::serve {

struct Recipient {
  std::string url;               // https, or http to this machine
  std::vector<WebhookKey> keys;  // at least one; several while the secret is being changed
};

struct NotifierLimits {
  std::size_t at_once = 4;     // to each recipient
  std::size_t queued = 10000;  // for each recipient, besides those under way
  int attempts = 10;
  Duration total = std::chrono::minutes{30};  // for all attempts of one
  Duration timeout = std::chrono::seconds{15};
};

class Notifier {
 public:
  // Is told what became of a notification once it ended with every recipient: whether all have
  // it. From the loop, never from inside send().
  using Done = Function<void(const std::string& id, bool delivered)>;

  // Kind config for an address that is none, is not encrypted, or has no key.
  static Result<void> check(const Recipient& recipient);

  // The references must outlive this. Every recipient must have passed check().
  Notifier(Loop& loop, http::Transport& transport, Random& random, Log& log, Counts& results,
           std::vector<Recipient> recipients, NotifierLimits limits = {});
  // Drops what is queued or under way; nobody is told.
  ~Notifier();
  Notifier(const Notifier&) = delete;
  Notifier& operator=(const Notifier&) = delete;

  // A recipient whose queue is full does not get it. Without recipients it counts as delivered.
  void send(const CloudEvent& event, Done done);
  // Notifications that have not ended.
  std::size_t open() const;

 private:
  struct Letter;
  class Lane;
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace neap::serve
