// HTTP requests and responses as plain values.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace neap::http {

enum class Method { kGet, kHead, kPost, kPut, kPatch, kDelete };

std::string_view to_text(Method method);
std::optional<Method> parse_method(std::string_view text);

struct Header {
  std::string name;
  std::string value;
};

// Headers in the order of sending; names compare without case, and a name may repeat.
class Headers {
 public:
  Headers() = default;
  Headers(std::initializer_list<Header> rows) : rows_(rows) {}

  // The first value of that name; empty when there is none.
  std::string_view get(std::string_view name) const;
  bool has(std::string_view name) const;
  std::size_t count(std::string_view name) const;
  void add(std::string name, std::string value);
  // Replaces every value of that name.
  void set(std::string_view name, std::string value);
  void remove(std::string_view name);

  auto begin() const { return rows_.begin(); }
  auto end() const { return rows_.end(); }
  std::size_t size() const { return rows_.size(); }

 private:
  std::vector<Header> rows_;
};

struct Request {
  Method method = Method::kGet;
  std::string url;  // absolute, already percent-encoded: these bytes go on the wire
  Headers headers;
  std::string body;
};

struct Response {
  int status = 0;
  Headers headers;
  std::string body;
};

}  // namespace neap::http
