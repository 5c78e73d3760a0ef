#include "bindings/question.h"

#include <algorithm>
#include <utility>

#include "base/fault_points.h"
#include "lua/replay.h"

namespace neap::bindings {
namespace {

using journal::Kind;

constexpr Duration kBetweenLooks = std::chrono::seconds{1};

int push_answer(lua_State* L, const Answer& answer) {
  lua_createtable(L, 0, 3);
  lua_pushboolean(L, answer.yes ? 1 : 0);
  lua_setfield(L, -2, "yes");
  lua_pushlstring(L, answer.by.data(), answer.by.size());
  lua_setfield(L, -2, "by");
  lua_pushlstring(L, answer.comment.data(), answer.comment.size());
  lua_setfield(L, -2, "comment");
  return 1;
}

// Nobody's answer is a no.
Answer denied_by_deadline() {
  return Answer{false, "deadline", ""};
}

}  // namespace

Question::Question(lua::Call& call, lua::Resumer resume, std::string text)
    : host_(call.host()),
      replay_(call.replay()),
      text_(std::move(text)),
      resume_(std::move(resume)) {
  const lua::Recorded* recorded = call.recorded();
  if (recorded == nullptr) return;
  log_ = host_.log_of_run;
  head_.step = recorded->step;
  head_.name = "host.run.ask";
  head_.digest = recorded->digest;
  head_.where = recorded->where;
  left_ = -recorded->waited;
}

void Question::open(Duration limit) {
  left_ += limit;
  if (log_ != nullptr) {
    if (std::optional<Answer> known = in_log()) return give(std::move(*known));
    const Result<void> written = asked() ? Result<void>{} : write_question();
    if (!written) return resume_.fail(written.error());
  }
  const bool unlimited = fault::bug("ask.ignore_deadline");
  if (left_ <= Duration::zero() && !unlimited) return settle(denied_by_deadline());
  if (!unlimited) {
    deadline_ = host_.loop.after(left_, [this] { settle(denied_by_deadline()); });
  }
  if (log_ != nullptr) look_every_second();
  asking_ = host_.op.ask(text_, [this](Result<Answer> answer) { hear(std::move(answer)); });
}

bool Question::asked() const {
  const auto entries = log_->of_step(head_.step);
  return std::any_of(entries.begin(), entries.end(),
                     [](const journal::Logged* entry) { return entry->kind == Kind::kAsked; });
}

// Two people may have answered: the first one counts.
std::optional<Answer> Question::in_log() const {
  for (const journal::Logged* entry : log_->of_step(head_.step)) {
    if (entry->kind != Kind::kAnswered) continue;
    return Answer{entry->body.flag("yes"), entry->body.text("by"), entry->body.text("comment")};
  }
  return std::nullopt;
}

Result<void> Question::write(Kind kind, json::Object body) {
  journal::Entry entry = head_;
  entry.kind = kind;
  entry.body = std::move(body);
  log_->add(std::move(entry));
  const Result<journal::Committed> committed = log_->commit();
  if (!committed) return tl::unexpected(committed.error());
  return {};
}

Result<void> Question::write_question() {
  json::Object body;
  body.set("question", text_);
  body.set("deadline",
           format_iso(log_->utc() + std::chrono::floor<std::chrono::milliseconds>(left_)));
  return write(Kind::kAsked, std::move(body));
}

void Question::look_every_second() {
  next_look_ = host_.loop.after(kBetweenLooks, [this] {
    const Result<bool> news = log_->refresh();
    if (!news) return resume_.fail(news.error());
    if (std::optional<Answer> answer = in_log()) return give(std::move(*answer));
    look_every_second();
  });
}

void Question::hear(Result<Answer> answer) {
  if (answer) return settle(*answer);
  if (replay_ == nullptr || answer.error().kind != ErrorKind::kCancelled) {
    return resume_.fail(std::move(answer.error()));
  }
  deadline_.cancel();
  next_look_.cancel();
  replay_->park(head_.step, Error{ErrorKind::kPrecondition, "waits for approval: " + text_});
}

// Durable first: the script must not act on an answer that a crash could undo.
void Question::settle(const Answer& answer) {
  if (log_ == nullptr || fault::bug("ask.answer_not_written")) return give(answer);
  const Result<bool> news = log_->refresh();
  if (!news) return resume_.fail(news.error());
  if (std::optional<Answer> earlier = in_log()) return give(*std::move(earlier));
  json::Object body;
  body.set("yes", answer.yes);
  body.set("by", answer.by);
  body.set("comment", answer.comment);
  const Result<void> written = write(Kind::kAnswered, std::move(body));
  if (!written) return resume_.fail(written.error());
  give(in_log().value_or(answer));
}

void Question::give(Answer answer) {
  resume_.give([answer = std::move(answer)](lua_State* L) { return push_answer(L, answer); });
}

}  // namespace neap::bindings
