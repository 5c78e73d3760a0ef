// An operator who writes everything down and answers as the test says.
#pragma once

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "host.h"

namespace neap::test {

class RecordingOperator final : public Operator {
 public:
  struct Event {
    std::string name;
    json::Object fields;
  };

  void tell(const RunEvent& event) override {
    events.push_back({std::string(event.name), event.fields});
    if (on_event) on_event(events.back());
  }
  Owner ask(std::string question, Function<void(Result<Answer>)> done) override {
    questions.push_back(std::move(question));
    if (!silent) done(answer);
    return {};
  }
  void print(std::string_view line) override { printed.emplace_back(line); }

  std::size_t count(std::string_view event) const {
    return static_cast<std::size_t>(std::count_if(
        events.begin(), events.end(), [&](const Event& row) { return row.name == event; }));
  }
  // The text of a field in every event of that name, a line for each.
  std::string texts(std::string_view event, std::string_view field) const {
    std::string lines;
    for (const Event& row : events) {
      const json::Value* value = row.name == event ? row.fields.find(field) : nullptr;
      const auto* text = value != nullptr ? value->as<std::string>() : nullptr;
      if (text != nullptr) lines += *text + "\n";
    }
    return lines;
  }

  Result<Answer> answer = Answer{true, "test", ""};
  bool silent = false;                    // never answers
  Function<void(const Event&)> on_event;  // told of each as it happens
  std::vector<std::string> questions;
  std::vector<std::string> printed;
  std::vector<Event> events;
};

}  // namespace neap::test
