// The catalogue: one entry per operation of the platform. The client, argument checks, preflight,
// waits, the simulator, help, completion, editor types and permission names all read it here.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/error.h"
#include "http/message.h"

namespace neap::cloud {

enum class Place { kPath, kQuery, kBody };
enum class Type { kString, kInteger, kBoolean, kObject, kStringList, kObjectList };

// What a repeated or lost call would mean (reliability.md 2.2).
enum class Effect {
  kRead,        // R
  kIdempotent,  // I: repeating it by id changes nothing more
  kGuarded,     // G: the state it is allowed from keeps it from happening twice
  kCreate,      // C: makes a new thing; found again by its name
  kOpaque,      // X: nothing observable tells whether it happened
};

// A documented rule for text, by name; rule_text() in check.h says what each means.
enum class Rule { kAny, kName, kDescription, kId };

using Words = std::span<const std::string_view>;

// `{project_id}` in a path is no parameter: the client fills it in.
struct Param {
  std::string_view name;  // exactly the API's
  Place place = Place::kBody;
  Type type = Type::kString;
  bool required = false;
  std::string_view help;
  Rule rule = Rule::kAny;
  std::int64_t min = INT64_MIN;  // integers: value; lists: number of items
  std::int64_t max = INT64_MAX;
  Words one_of = {};
  std::string_view fallback;  // what the service assumes when absent, for help only
};

// One way an operation leads `resource` through its statuses, as one job (sdrs.md sections 4, 6).
// Starting protection has two, told apart by the status it starts from.
struct Transition {
  std::string_view job_type;
  Words from = {};          // empty: a new thing, or no rule is documented
  std::string_view during;  // while the job runs
  Words success = {};       // empty: the thing is gone; two: the one its group is in
  std::string_view failure;
};

// What an operation does to the site that its group is served from.
enum class Station {
  kStays,
  kFlips,     // to the other one: failover
  kArgument,  // to the one that the argument `priority_station` names: switchover
};

// Where a changing call is looked up, before it is sent and when its answer was lost (reconcile.h).
// The rule that decides then follows from the effect class, the transitions and this.
struct Lookup {
  std::string_view show;  // reads the thing acted on, or made: "show_protection_group"
  std::string_view id;    // the parameter of `show` that names it, and of the call itself
  std::string_view list;  // kCreate: lists the things of a `name`, the new one among them
  std::string_view mark;  // kCreate: argument whose text may carry the mark of the call
  std::string_view set;   // kIdempotent: argument that the thing shows once the call has happened
  Station station = Station::kStays;
};

struct Operation {
  std::string_view service;  // "sdrs"
  std::string_view name;     // "start_failover_protection_group"
  std::string_view summary;  // one line, no full stop
  http::Method method = http::Method::kGet;
  std::string_view path;      // "/v1/{project_id}/server-groups/{server_group_id}"
  std::string_view envelope;  // the body's only key, around the body parameters; empty: flat
  std::span<const Param> params = {};
  int success = 200;
  Effect effect = Effect::kRead;
  std::string_view resource;  // what it acts on: "server_group", "replication_pair", …
  std::string_view result;    // key of the answer that holds the thing or the list; "" = whole
  bool paged = false;         // limit/offset until a page is empty (sdrs.md section 7)
  std::span<const Transition> transitions = {};  // asynchronous: answers {"job_id"}; empty: not
  std::string_view entity;                       // key in the job's entities that names the thing
  Words group_from = {};      // statuses its protection group must be in; empty: no rule
  Words conditions = {};      // what else must hold, for people
  Lookup lookup = {};         // of a changing call
  std::string_view evidence;  // how to find out afterwards whether it happened; empty for reads
  Words errors = {};          // documented codes that it is likely to answer
  std::string_view alias;     // the SDK's own spelling where it is a misspelling
  std::string_view source;    // "sdrs.md sections 3 and 4"
};

inline bool is_asynchronous(const Operation& operation) {
  return !operation.transitions.empty();
}

std::span<const Operation> catalog();

// By snake_case name, alias or the SDK's CamelCase; nullptr when there is none.
const Operation* find_operation(std::string_view service, std::string_view name);
// "sdrs:start_failover_protection_group", the name used in `needs`, help and errors.
std::string permission_name(const Operation& operation);
// "StartFailoverProtectionGroup"
std::string camel_case(std::string_view snake_case);

// Every documented status of "server_group", "protected_instance", "replication_pair" or "job";
// empty for any other resource.
Words statuses(std::string_view resource);

// A documented error code of the platform. Kind job_failed marks the codes of work that had begun:
// only the others say that nothing happened.
struct ErrorCode {
  std::string_view code;  // "SDRS.1013"
  int http_status = 0;
  ErrorKind kind = ErrorKind::kArgument;
  std::string_view meaning;  // "protection group not found"
  std::string_view remedy;   // the next step
};

std::span<const ErrorCode> error_codes();
// Codes of a dedicated gateway ("APIG.0301") are found as those of the public one ("APIGW.0301").
const ErrorCode* find_error_code(std::string_view code);

}  // namespace neap::cloud
