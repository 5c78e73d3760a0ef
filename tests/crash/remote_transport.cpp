#include "crash/remote_transport.h"

#include <cstdlib>

#include <unistd.h>

#include "crash/messages.h"
#include "http/url.h"

namespace neap::test {
namespace {

// Of a process whose platform is gone: the test that played it has failed.
constexpr int kOrphaned = 99;

Message exchange(int descriptor, const Sent& sent) {
  std::optional<Message> answer;
  if (send_message(descriptor, write_request(sent))) answer = receive_message(descriptor);
  if (!answer) _exit(kOrphaned);
  return *std::move(answer);
}

}  // namespace

Owner RemoteTransport::send(http::Request request, http::Options options,
                            Function<void(http::Outcome)> done) {
  const http::Url url = http::parse_url(request.url).value();
  Sent sent{since_ + loop_.now(), std::move(request),
            url.query.empty() ? url.path : url.path + "?" + url.query};
  Message answer = exchange(descriptor_, sent);
  // As libcurl does on a connection that it keeps, unasked (reliability.md 5h).
  if (options.profile == http::Profile::kRead && is_closed(answer)) {
    answer = exchange(descriptor_, sent);
  }
  Heard heard = read_answer(answer, options);
  return Owner{loop_.after(heard.after,
                           [done = std::move(done), outcome = std::move(heard.outcome)]() mutable {
                             done(std::move(outcome));
                           })};
}

}  // namespace neap::test
