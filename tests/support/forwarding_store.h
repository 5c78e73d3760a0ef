// A journal that does what another does, for tests that change one thing about it.
#pragma once

#include "journal/store.h"

namespace neap::test {

class ForwardingStore : public journal::Store {
 public:
  explicit ForwardingStore(journal::Store& inner) : inner_(inner) {}

  Result<journal::Committed> commit(const journal::Batch& batch) override {
    return inner_.commit(batch);
  }
  Result<journal::Run> create(const journal::NewRun& run) override { return inner_.create(run); }
  Result<journal::Run> find(std::string_view id) override { return inner_.find(id); }
  Result<std::vector<journal::Run>> runs(std::optional<journal::Status> status,
                                         std::size_t limit) override {
    return inner_.runs(status, limit);
  }
  Result<std::vector<journal::Logged>> log(std::string_view run, std::int64_t after) override {
    return inner_.log(run, after);
  }
  Result<std::string> keep_text(std::string_view text) override { return inner_.keep_text(text); }
  Result<std::string> text(std::string_view digest) override { return inner_.text(digest); }
  Result<std::vector<journal::Lock>> locks() override { return inner_.locks(); }
  Result<void> release(std::string_view resource) override { return inner_.release(resource); }
  Result<Owner> claim(std::string_view run) override { return inner_.claim(run); }
  Result<void> remove(std::string_view run) override { return inner_.remove(run); }
  Result<std::size_t> compact(UtcTime before) override { return inner_.compact(before); }
  journal::Inbox& inbox() override { return inner_.inbox(); }
  Result<std::vector<std::string>> check() override { return inner_.check(); }
  std::int64_t version() override { return inner_.version(); }

 protected:
  journal::Store& inner() { return inner_; }

 private:
  journal::Store& inner_;
};

}  // namespace neap::test
