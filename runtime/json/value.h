// A JSON document as a C++ value: what a script hands over, outliving the Lua state it came from.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace neap::json {

class Value;
struct Null {
  bool operator==(const Null&) const { return true; }
};
using Array = std::vector<Value>;
using Member = std::pair<std::string, Value>;

// Members in the order they were added; `set` replaces.
class Object {
 public:
  Object() = default;
  // Where a key stands twice the last value counts. Cheaper than `set` for each.
  explicit Object(std::vector<Member> members);
  const Value* find(std::string_view key) const;
  // The member of that key and type; empty text, nothing, or an empty list when there is none.
  std::string text(std::string_view key) const;
  std::optional<double> number(std::string_view key) const;
  const Array& list(std::string_view key) const;
  const Object* object(std::string_view key) const;
  bool flag(std::string_view key) const;
  void set(std::string key, Value value);
  bool empty() const;
  std::size_t size() const;
  std::vector<Member>::const_iterator begin() const;
  std::vector<Member>::const_iterator end() const;
  bool operator==(const Object& other) const;

 private:
  std::vector<Member> members_;
};

class Value {
 public:
  // An integer beyond 64 signed bits is held as a string of its digits: never rounded.
  using Data = std::variant<Null, bool, std::int64_t, double, std::string, Array, Object>;

  Value() = default;
  Value(Null) {}
  Value(bool b) : data_(b) {}
  Value(int n) : data_(static_cast<std::int64_t>(n)) {}
  Value(std::int64_t n) : data_(n) {}
  Value(double n) : data_(n) {}
  Value(const char* text) : data_(std::string(text)) {}
  Value(std::string_view text) : data_(std::string(text)) {}
  Value(std::string text) : data_(std::move(text)) {}
  Value(Array items) : data_(std::move(items)) {}
  Value(Object object) : data_(std::move(object)) {}

  template <class T>
  const T* as() const {
    return std::get_if<T>(&data_);
  }
  const Data& data() const { return data_; }
  bool is_null() const { return as<Null>() != nullptr; }
  bool operator==(const Value& other) const { return data_ == other.data_; }

 private:
  Data data_;
};

// Only here is a Member complete.
inline bool Object::empty() const {
  return members_.empty();
}
inline std::size_t Object::size() const {
  return members_.size();
}
inline std::vector<Member>::const_iterator Object::begin() const {
  return members_.begin();
}
inline std::vector<Member>::const_iterator Object::end() const {
  return members_.end();
}
inline bool Object::operator==(const Object& other) const {
  return members_ == other.members_;
}

}  // namespace neap::json
