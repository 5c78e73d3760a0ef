// A session in a rehearsal: virtual time, the simulator in process, and a console that remembers.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "config/settings.h"
#include "repl/session.h"
#include "support/surroundings.h"

namespace neap::test {

class RecordingConsole final : public repl::Console {
 public:
  void print(std::string_view text) override { printed.emplace_back(text); }
  void notice(std::string_view text) override { notices.emplace_back(text); }
  void progress(std::string_view text) override { moving = text; }
  Owner ask(std::string question, Function<void(Result<Answer>)> done) override {
    questions.push_back(std::move(question));
    // Held by whoever asked: dropped, the question stands no more.
    struct Standing {
      std::shared_ptr<Function<void(Result<Answer>)>> done;
    };
    auto waiting = std::make_shared<Function<void(Result<Answer>)>>(std::move(done));
    standing = waiting;
    return Owner{Standing{std::move(waiting)}};
  }

  bool asks() const { return !standing.expired(); }
  void answer(bool yes) {
    const auto waiting = standing.lock();
    REQUIRE(waiting);
    (*waiting)(Answer{.yes = yes, .by = "anna", .comment = {}});
  }

  std::vector<std::string> printed;
  std::vector<std::string> notices;
  std::vector<std::string> questions;
  std::string moving;
  std::weak_ptr<Function<void(Result<Answer>)>> standing;
};

struct SessionWorld {
  SessionWorld() {
    Place place;
    settings = *config::load_settings({}, place.surroundings());
    session = std::make_unique<repl::Session>(*world, console, log, settings, "the simulator", "");
  }

  // Begins the statement; its end is noted.
  int begin(const std::string& text) {
    return session->begin(session->read(text), [this](int number) {
      ended.push_back(number);
      world->loop().stop();
    });
  }
  bool has_ended(int number) const { return session->find(number)->stage != repl::Stage::kRunning; }
  // Lets time pass, in virtual time.
  void pass(Duration time) {
    Loop& loop = world->loop();
    const Instant until = loop.now() + time;
    const Loop::Timer timer = loop.after(time, [&] { loop.stop(); });
    while (loop.now() < until) loop.run();
  }
  // Runs the statement to its end, in the foreground.
  const repl::Statement& run(const std::string& text) {
    const int number = begin(text);
    session->desk().attend(number);
    for (int round = 0; round < 1000 && !has_ended(number) && !console.asks(); ++round) {
      pass(std::chrono::seconds{5});
    }
    return *session->find(number);
  }
  std::string error_of(const repl::Statement& statement) const {
    return statement.outcome.error ? describe(*statement.outcome.error) : std::string();
  }
  std::string text(const std::string& expression) {
    const repl::Statement& statement = run(expression);
    INFO(error_of(statement));
    REQUIRE(statement.stage == repl::Stage::kDone);
    const Result<json::Value> value = session->copy(statement.outcome.value);
    REQUIRE(value);
    const auto* text = value->as<std::string>();
    return text != nullptr ? *text : std::string();
  }

  Log log{LogLevel::kOff};
  std::unique_ptr<runs::World> world = runs::World::rehearsal(7, log);
  RecordingConsole console;
  config::Settings settings;
  std::unique_ptr<repl::Session> session;
  std::vector<int> ended;
};

}  // namespace neap::test
