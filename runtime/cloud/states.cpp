#include "cloud/states.h"

#include <algorithm>
#include <deque>
#include <map>

namespace neap::cloud {
namespace {

constexpr std::string_view kGroup = "server_group";

bool contains(Words words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// The verbs on a group change all that is in it alike (sdrs.md section 4), which shows in what its
// things can be.
bool moves(const Operation& operation, std::string_view resource) {
  if (operation.resource == resource) return true;
  if (operation.resource != kGroup || operation.effect != Effect::kGuarded) return false;
  const Words known = statuses(resource);
  return std::all_of(operation.transitions.begin(), operation.transitions.end(),
                     [&](const Transition& way) { return contains(known, way.during); });
}

template <class Visit>
void each_way(std::string_view resource, Visit visit) {
  for (const Operation& operation : catalog()) {
    if (!moves(operation, resource)) continue;
    for (const Transition& way : operation.transitions) visit(operation, way);
  }
}

bool leads_to(const Transition& way, std::string_view target) {
  return target.empty() ? way.success.empty() : contains(way.success, target);
}

// Whether the same work goes through that status too: an instance that comes up may be held.
bool passes(const Operation& operation, const Transition& way, std::string_view target) {
  const auto same = [](Words a, Words b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end());
  };
  return std::any_of(operation.transitions.begin(), operation.transitions.end(),
                     [&](const Transition& other) {
                       return !target.empty() && other.during == target &&
                              same(other.from, way.from) && same(other.success, way.success);
                     });
}

struct Graph {
  bool knows_status = false;
  bool knows_target = false;
  bool under_way = false;
  bool arrives = false;  // by what is under way
  bool failed = false;

  Graph(std::string_view resource, std::string_view status, std::string_view target) {
    each_way(resource, [&](const Operation& operation, const Transition& way) {
      const auto has = [&](std::string_view named) {
        return !named.empty() && (named == way.during || named == way.failure ||
                                  contains(way.from, named) || contains(way.success, named));
      };
      knows_status = knows_status || has(status);
      knows_target = knows_target || has(target) || (target.empty() && way.success.empty());
      failed = failed || way.failure == status;
      if (way.during != status) return;
      under_way = true;
      arrives = arrives || leads_to(way, target) || way.failure == target ||
                passes(operation, way, target);
    });
  }
};

// Whether somebody could lead it there, by any operations one after the other.
bool can_be_led(std::string_view resource, std::string_view status, std::string_view target) {
  std::vector<std::string_view> open{status};
  for (std::size_t i = 0; i < open.size(); ++i) {
    bool found = false;
    each_way(resource, [&](const Operation&, const Transition& way) {
      if (!contains(way.from, open[i]) && way.during != open[i]) return;
      found = found || leads_to(way, target) || way.during == target || way.failure == target;
      for (const std::string_view next : way.success) {
        if (std::find(open.begin(), open.end(), next) == open.end()) open.push_back(next);
      }
    });
    if (found) return true;
  }
  return false;
}

}  // namespace

bool reachable(std::string_view resource, std::string_view status, std::string_view target) {
  if (status.empty() || status == target) return true;
  const Graph graph(resource, status, target);
  if (!graph.knows_status || !graph.knows_target) return true;
  if (graph.under_way) return graph.arrives;
  return !graph.failed && can_be_led(resource, status, target);
}

bool is_under_way(std::string_view resource, std::string_view status) {
  return !status.empty() && Graph(resource, status, status).under_way;
}

std::vector<const Operation*> way_to(std::string_view resource, std::string_view status,
                                     Words targets) {
  struct Step {
    std::string_view from;
    const Operation* operation = nullptr;
  };
  std::map<std::string_view, Step> reached{{status, {}}};
  std::deque<std::string_view> open{status};
  while (!open.empty()) {
    const std::string_view here = open.front();
    open.pop_front();
    if (here != status && contains(targets, here)) {
      std::vector<const Operation*> way;
      for (std::string_view at = here; at != status; at = reached[at].from) {
        way.insert(way.begin(), reached[at].operation);
      }
      return way;
    }
    each_way(resource, [&](const Operation& operation, const Transition& way) {
      const bool stays = operation.lookup.station == Station::kStays;
      // What ends where it began leads nowhere.
      if (!stays || !contains(way.from, here) || contains(way.success, here)) return;
      for (const std::string_view next : way.success) {
        if (reached.emplace(next, Step{here, &operation}).second) open.push_back(next);
      }
    });
  }
  return {};
}

}  // namespace neap::cloud
