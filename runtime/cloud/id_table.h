// Things by their id: a hash table whose chains run through the things themselves.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

namespace neap::cloud {

// Owns its items. Item has `std::string_view id() const`, which does not change, and a member
// `Item* chained`, which nobody else uses: an item costs the table 8 to 16 bytes.
template <class Item>
class IdTable {
 public:
  IdTable() = default;
  ~IdTable() {
    for (Item*& chain : chains_) {
      while (chain != nullptr) take(*chain);
    }
  }
  IdTable(const IdTable&) = delete;
  IdTable& operator=(const IdTable&) = delete;

  std::size_t size() const { return size_; }

  // nullptr when there is none.
  Item* find(std::string_view id) const {
    if (chains_.empty()) return nullptr;
    Item* item = chains_[chain_of(id)];
    while (item != nullptr && item->id() != id) item = item->chained;
    return item;
  }

  // The table must not have one with that id.
  Item& add(std::unique_ptr<Item> item) {
    if (size_ == chains_.size()) grow();
    ++size_;
    chain(*item);
    return *item.release();
  }

  std::unique_ptr<Item> take(Item& item) {
    Item** link = &chains_[chain_of(item.id())];
    while (*link != &item) link = &(*link)->chained;
    *link = item.chained;
    --size_;
    return std::unique_ptr<Item>(&item);
  }

  template <class Visit>
  void each(Visit visit) const {
    for (Item* item : chains_) {
      for (; item != nullptr; item = item->chained) visit(*item);
    }
  }

 private:
  std::size_t chain_of(std::string_view id) const {
    return std::hash<std::string_view>{}(id) & (chains_.size() - 1);
  }
  void chain(Item& item) {
    Item*& first = chains_[chain_of(item.id())];
    item.chained = std::exchange(first, &item);
  }
  void grow() {
    const std::vector<Item*> former =
        std::exchange(chains_, std::vector<Item*>(chains_.empty() ? 16 : 2 * chains_.size()));
    for (Item* item : former) {
      while (item != nullptr) chain(*std::exchange(item, item->chained));
    }
  }

  std::vector<Item*> chains_;  // a power of two of them
  std::size_t size_ = 0;
};

}  // namespace neap::cloud
