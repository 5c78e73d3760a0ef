// What lifecycle hooks hold, as the platform lists it (as.md section 7): read once for everybody
// who wants to know, and not more often than the platform can answer.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/function.h"
#include "cloud/client.h"
#include "loop/loop.h"

namespace neap::serve {

struct HeldInstance {
  std::string action_key;
  std::string instance_id;
  std::string hook_name;
  std::string default_result;
  std::string status;  // HANGING; CONTINUE or ABANDON while another hook of the instance waits
  UtcTime deadline{};
};
inline bool is_hanging(const HeldInstance& held) {
  return held.status == "HANGING";
}

// By action key.
using Holds = std::unordered_map<std::string, HeldInstance>;

// What an answer of list_hook_instances says. Rows without a key or a readable deadline are an
// error: nothing may be taken for ended because it could not be read.
Result<Holds> parse_holds(std::string_view body);

class HoldLists {
 public:
  // Of one listing that began at `began`; the error when it failed.
  using Listed = Function<void(const std::string& group_id, const Result<Holds>&, Instant began)>;

  HoldLists(Loop& loop, cloud::Client& client, Listed listed);

  // Sees to it that a listing of this group begins after now. Listings of one group do not overlap,
  // and big ones are further apart.
  void want(const std::string& group_id);

  std::uint64_t listings() const { return listings_; }

 private:
  struct Group {
    bool wanted = false;
    bool under_way = false;
    Instant began{};
    Instant next{};  // not earlier
    Owner call;
    Loop::Timer timer;
  };

  void begin(const std::string& group_id, Group& group);
  void take(const std::string& group_id, Result<http::Response> answer);

  Loop& loop_;
  cloud::Client& client_;
  Listed listed_;
  std::map<std::string, Group> groups_;
  std::uint64_t listings_ = 0;
};

}  // namespace neap::serve
