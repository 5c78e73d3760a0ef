// What the model believes to exist on the platform, and in which status.
#pragma once

#include <array>
#include <map>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "cloud/catalog.h"
#include "json/value.h"

namespace neap::model {

struct Thing {
  std::string id;
  std::string status;  // empty where the resource has none
  std::string group;   // protection or scaling group that it belongs to
  std::string name;
  bool busy = false;  // a job of ECS is at work on it: its status may change at any time
  // Protection groups: the site that serves them. Instances: their servers, source and target.
  std::string station = "source";
  std::array<std::string, 2> servers;
  std::set<std::string> attached;  // pairs: the instances that they are attached to
  std::string configuration;       // scaling groups
  bool spare = false;              // servers: may be protected
  bool stays = false;              // servers: nothing deletes them
  bool stripped = false;           // instances: a disk was taken from their servers
};

// By id, in order, so that a seed chooses the same things in every run.
using Kind = std::map<std::string, Thing>;

class Things {
 public:
  Kind& of(std::string_view resource) { return kinds_[std::string(resource)]; }
  Thing* find(std::string_view resource, const std::string& id) {
    Kind& kind = of(resource);
    const auto found = kind.find(id);
    return found != kind.end() ? &found->second : nullptr;
  }
  // The members of a group.
  std::vector<Thing*> in_group(std::string_view resource, const std::string& group) {
    std::vector<Thing*> members;
    for (auto& [id, thing] : of(resource)) {
      if (thing.group == group) members.push_back(&thing);
    }
    return members;
  }

 private:
  std::map<std::string, Kind> kinds_;
};

// A thing that the arguments of a call name.
struct Reference {
  std::string resource;
  std::string id;
};

// The kind of thing that a parameter of an operation names; empty when it names none.
std::string_view named_by(const cloud::Operation& operation, std::string_view parameter);
// Everything that the path and the body of a call name. Filters of lists name nothing.
std::vector<Reference> references(const cloud::Operation& operation, const json::Object& arguments);
// Those that the operation acts on.
std::vector<Reference> targets(const cloud::Operation& operation, const json::Object& arguments);

bool is_among(std::string_view word, cloud::Words words);
// A change under way: "starting", "failing-over".
bool is_busy(std::string_view status);
// Whether success makes things vanish.
bool removes(const cloud::Operation& operation);
// Whether a call makes a new thing.
bool makes(const cloud::Operation& operation);

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : engine_(seed) {}
  std::uint64_t below(std::uint64_t limit) { return limit == 0 ? 0 : engine_() % limit; }
  bool one_in(std::uint64_t times) { return below(times) == 0; }
  // 36 characters like those of an id.
  std::string id();

 private:
  std::mt19937_64 engine_;
};

}  // namespace neap::model
