// A store that stops working at one of its writes, as it does for a process that is killed there.
#pragma once

#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "journal/store.h"

namespace neap::test {

// Stops the run at one of its writes, before or after it is durable.
class MortalStore final : public journal::Store {
 public:
  explicit MortalStore(journal::Store& inner) : inner_(inner) {}

  int writes = 0;
  int dies_at = 0;  // 0: never
  bool after = false;
  bool dead = false;

  Result<journal::Committed> commit(const journal::Batch& batch) override {
    if (dead) return died();
    if (++writes != dies_at) return inner_.commit(batch);
    dead = true;
    if (after) {
      const auto written = inner_.commit(batch);
      CHECK(written);
    }
    return died();
  }
  Result<journal::Run> create(const journal::NewRun& run) override { return inner_.create(run); }
  Result<journal::Run> find(std::string_view id) override { return inner_.find(id); }
  Result<std::vector<journal::Run>> runs(std::optional<journal::Status> status,
                                         std::size_t limit) override {
    return inner_.runs(status, limit);
  }
  Result<std::vector<journal::Logged>> log(std::string_view run,
                                           std::int64_t after_position) override {
    return inner_.log(run, after_position);
  }
  Result<std::string> keep_text(std::string_view text) override { return inner_.keep_text(text); }
  Result<std::string> text(std::string_view digest) override { return inner_.text(digest); }
  Result<std::vector<journal::Lock>> locks() override { return inner_.locks(); }
  Result<void> release(std::string_view resource) override { return inner_.release(resource); }
  Result<Owner> claim(std::string_view run) override { return inner_.claim(run); }
  Result<void> remove(std::string_view run) override { return inner_.remove(run); }
  Result<std::size_t> compact(UtcTime before) override { return inner_.compact(before); }
  Result<std::vector<std::string>> check() override { return inner_.check(); }
  std::int64_t version() override { return inner_.version(); }

 private:
  static tl::unexpected<Error> died() { return fail(ErrorKind::kClosed, "the process died"); }
  journal::Store& inner_;
};

}  // namespace neap::test
