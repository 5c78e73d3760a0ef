// The half of the server that has no sockets: one request and its one answer.
#include <utility>

#include "http/response_text.h"
#include "http/server.h"

namespace neap::http {

Exchange::Exchange(IncomingRequest request, std::weak_ptr<Answerer> answerer)
    : request_(std::move(request)), answerer_(std::move(answerer)) {}

Exchange::Exchange(Exchange&& other) noexcept
    : request_(std::move(other.request_)),
      answerer_(std::move(other.answerer_)),
      open_(std::exchange(other.open_, false)) {}

Exchange& Exchange::operator=(Exchange&& other) noexcept {
  if (this == &other) return *this;
  drop();
  request_ = std::move(other.request_);
  answerer_ = std::move(other.answerer_);
  open_ = std::exchange(other.open_, false);
  return *this;
}

Exchange::~Exchange() {
  drop();
}

Result<void> Exchange::respond(Response response) {
  if (!open_) return fail(ErrorKind::kUsage, "response: the request has already been answered");
  if (auto checked = check_response(response); !checked) return checked;
  open_ = false;
  if (const auto answerer = answerer_.lock()) answerer->answer(std::move(response));
  return {};
}

void Exchange::abort() noexcept {
  if (!std::exchange(open_, false)) return;
  if (const auto answerer = answerer_.lock()) answerer->abort();
}

void Exchange::drop() noexcept {
  if (!std::exchange(open_, false)) return;
  if (const auto answerer = answerer_.lock()) {
    answerer->answer({500, {{"Content-Type", "text/plain"}}, "the handler gave no answer\n"});
  }
}

}  // namespace neap::http
