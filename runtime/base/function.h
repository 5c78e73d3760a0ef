// A callable that may own move-only things (std::move_only_function is C++23).
#pragma once

#include <cstddef>
#include <memory>
#include <new>
#include <type_traits>
#include <utility>

namespace neap {

template <class Signature>
class Function;

// A callable of one pointer's size that is trivial to copy, a lambda that captures `this`, is kept
// in place; any other in a block of its own.
template <class R, class... Args>
class Function<R(Args...)> {
 public:
  Function() = default;
  Function(std::nullptr_t) {}
  template <class F>
  requires(!std::is_same_v<std::decay_t<F>, Function>) Function(F&& callable)
      : kind_(&kKind<std::decay_t<F>>) {
    using Held = std::decay_t<F>;
    if constexpr (kFits<Held>) {
      new (&place_) Held(std::forward<F>(callable));
    } else {
      new (&place_) Held*(new Held(std::forward<F>(callable)));
    }
  }
  Function(Function&& other) noexcept
      : kind_(std::exchange(other.kind_, nullptr)), place_(other.place_) {}
  Function& operator=(Function&& other) noexcept {
    Function taken(std::move(other));
    std::swap(kind_, taken.kind_);
    std::swap(place_, taken.place_);
    return *this;
  }
  ~Function() {
    if (kind_ != nullptr) kind_->drop(place_);
  }

  explicit operator bool() const { return kind_ != nullptr; }
  R operator()(Args... args) { return kind_->call(place_, std::forward<Args>(args)...); }

 private:
  struct Place {
    alignas(void*) std::byte bytes[sizeof(void*)];
  };
  struct Kind {
    R (*call)(Place&, Args...);
    void (*drop)(Place&);
  };

  template <class F>
  static constexpr bool kFits = sizeof(F) <= sizeof(Place) &&
                                alignof(F) <= alignof(Place) && std::is_trivially_copyable_v<F>;

  template <class F>
  static F& held(Place& place) {
    if constexpr (kFits<F>) {
      return *std::launder(reinterpret_cast<F*>(&place));
    } else {
      return **std::launder(reinterpret_cast<F**>(&place));
    }
  }

  template <class F>
  static constexpr Kind kKind = {
      [](Place& place, Args... args) -> R { return held<F>(place)(std::forward<Args>(args)...); },
      [](Place& place) {
        if constexpr (!kFits<F>) delete &held<F>(place);
      }};

  const Kind* kind_ = nullptr;
  Place place_{};
};

}  // namespace neap
