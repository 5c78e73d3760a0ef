// Looks at start, and again and again, for holds that nobody told us of: losing every message then
// costs no more than one interval (as.md section 7, F20).
#pragma once

#include <map>
#include <set>
#include <string>
#include <unordered_map>

#include "serve/desk.h"

namespace neap::serve {

class Reconciler {
 public:
  struct Hooks {
    // A hold that was found, durable as an event. `again`: the event was there already.
    Function<void(journal::HookEvent, bool again)> event;
    Function<bool(const std::string& action_key)> knows;
    Function<std::set<std::string>()> busy;  // groups of open events
  };

  Reconciler(Desk& desk, Hooks hooks);

  void start();
  // One look at everything that scales, now.
  void look();
  // What a listing of a group said; see HoldLists.
  void listed(const std::string& group_id, const Result<Holds>& holds);

 private:
  struct Hook {
    std::string type;
    std::string metadata;
  };

  void list_groups(int start_number);
  void take_groups(const Result<http::Response>& answer, int start_number);
  void watch_group(const std::string& id, const std::string& name);
  void read_hooks(const std::string& group_id);
  void take_hooks(const std::string& group_id, const Result<http::Response>& answer);
  void adopt(const std::string& group_id);
  void file(journal::HookEvent event);
  void filed(const journal::HookEvent& event, const Result<journal::Filed>& result);
  bool is_watched(const std::string& id, const std::string& name) const;

  Desk& desk_;
  Hooks hooks_;
  std::map<std::string, std::string> names_;  // of groups, by id
  // By group: holds that no event is about yet, and the hooks by name that say of what type they
  // are.
  std::unordered_map<std::string, std::vector<HeldInstance>> found_;
  std::unordered_map<std::string, std::map<std::string, Hook>> hooks_of_;
  std::set<std::string> filing_;  // action keys
  Owner groups_call_;
  std::map<std::string, Owner> hook_calls_;
  Loop::Timer timer_;
};

}  // namespace neap::serve
