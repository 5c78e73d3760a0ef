#include "serve/platform_call.h"

#include <memory>
#include <utility>

namespace neap::serve {

const cloud::Operation& operation_of(std::string_view service, std::string_view name) {
  const cloud::Operation* found = cloud::find_operation(service, name);
  if (found == nullptr) {
    throw Failure(ErrorKind::kInternal, "no catalogue entry " + std::string(name));
  }
  return *found;
}

Owner call_platform(Loop& loop, cloud::Client& client, const cloud::Operation& operation,
                    json::Object arguments, cloud::Client::Done done) {
  struct State {
    cloud::Client::Done done;
    Owner work;
  };
  auto state = std::make_shared<State>();
  state->done = std::move(done);
  state->work = client.call(operation, std::move(arguments),
                            [weak = std::weak_ptr(state), &loop](Result<http::Response> answer) {
                              loop.post([weak, answer = std::move(answer)]() mutable {
                                const std::shared_ptr<State> alive = weak.lock();
                                if (!alive) return;
                                cloud::Client::Done told = std::move(alive->done);
                                told(std::move(answer));
                              });
                            });
  return Owner{std::move(state)};
}

}  // namespace neap::serve
