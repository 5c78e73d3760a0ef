// Owns any movable thing for the sake of its destructor: a timer, a transfer, a subscription.
#pragma once

#include <memory>
#include <utility>

namespace neap {

// Work in progress, held by whoever wants its result. Dropping it cancels the work.
class [[nodiscard]] Owner {
 public:
  Owner() = default;
  template <class T>
  requires(!std::is_same_v<std::decay_t<T>, Owner>) explicit Owner(T thing)
      : held_(std::make_unique<Held<T>>(std::move(thing))) {}

  // Builds the thing where it stays, for one whose address others keep.
  template <class T, class... Args>
  static Owner make(Args&&... args) {
    Owner owner;
    owner.held_ = std::make_unique<Held<T>>(std::forward<Args>(args)...);
    return owner;
  }

  explicit operator bool() const { return held_ != nullptr; }
  void reset() { held_.reset(); }

 private:
  struct Base {
    virtual ~Base() = default;
  };
  template <class T>
  struct Held final : Base {
    template <class... Args>
    explicit Held(Args&&... args) : thing(std::forward<Args>(args)...) {}
    T thing;
  };
  std::unique_ptr<Base> held_;
};

}  // namespace neap
