// A queue of things by the time they are due, out of which any of them can be taken.
#pragma once

#include <cassert>
#include <cstdint>
#include <utility>
#include <vector>

#include "base/time.h"

namespace neap::cloud {

// A binary heap whose items know their place in it. Item has the members `Instant due` and
// `std::uint32_t place`, which nobody else changes while the item is queued. Owns nothing.
template <class Item>
class DueQueue {
 public:
  static constexpr std::uint32_t kNowhere = UINT32_MAX;  // the place of what is not queued

  bool empty() const { return items_.empty(); }
  std::size_t size() const { return items_.size(); }
  Item& first() const { return *items_.front(); }

  void add(Item& item) {
    assert(item.place == kNowhere);
    items_.push_back(&item);
    item.place = static_cast<std::uint32_t>(items_.size() - 1);
    rise(item.place);
  }

  // Does nothing when the item is not queued.
  void remove(Item& item) {
    if (item.place == kNowhere) return;
    const std::uint32_t hole = std::exchange(item.place, kNowhere);
    Item* last = items_.back();
    items_.pop_back();
    if (last == &item) return;
    put(hole, last);
    rise(hole);
    sink(last->place);
  }

 private:
  void put(std::uint32_t place, Item* item) {
    items_[place] = item;
    item->place = place;
  }
  bool earlier(std::uint32_t a, std::uint32_t b) const { return items_[a]->due < items_[b]->due; }
  void swap(std::uint32_t a, std::uint32_t b) {
    Item* item = items_[a];
    put(a, items_[b]);
    put(b, item);
  }
  void rise(std::uint32_t at) {
    while (at > 0 && earlier(at, (at - 1) / 2)) {
      swap(at, (at - 1) / 2);
      at = (at - 1) / 2;
    }
  }
  void sink(std::uint32_t at) {
    for (;;) {
      std::uint32_t least = at;
      for (std::uint32_t child = 2 * at + 1; child <= 2 * at + 2; ++child) {
        if (child < items_.size() && earlier(child, least)) least = child;
      }
      if (least == at) return;
      swap(at, least);
      at = least;
    }
  }

  std::vector<Item*> items_;
};

}  // namespace neap::cloud
