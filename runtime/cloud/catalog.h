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
enum class Type {
  kString,
  kInteger,
  kNumber,
  kBoolean,
  kObject,
  kStringList,
  kObjectList,
};

// What a repeated or lost call would mean (reliability.md 2.2).
enum class Effect {
  kRead,        // R
  kIdempotent,  // I: repeating it by id changes nothing more
  kGuarded,     // G: the state it is allowed from keeps it from happening twice
  kCreate,      // C: makes a new thing; found again by its name
  kOpaque,      // X: nothing observable tells whether it happened
};

// A documented rule for text, by name; rules.h says what each means.
enum class Rule : std::uint8_t;

using Words = std::span<const std::string_view>;

// `{project_id}` in a path is no parameter: the client fills it in.
struct Param {
  std::string_view name;  // exactly the API's
  Place place = Place::kBody;
  Type type = Type::kString;
  bool required = false;
  std::string_view help;
  Rule rule = {};
  std::int64_t min = INT64_MIN;  // numbers: value; lists: number of items
  std::int64_t max = INT64_MAX;
  Words one_of = {};
  std::string_view fallback;            // what the service assumes when absent, for help only
  std::span<const Param> members = {};  // of an object, or of each object of a list
  std::string_view constant;            // always sent with this value; nothing that a caller gives
};

// What arguments demand of each other.
enum class Bond {
  kAtLeastOne,  // of `these` is given
  kAtMostOne,   // of `these` is given
  kNeeds,       // with any of `these` every one of `those` is given
  kNeedsValue,  // with any of `these`, the first of `those` is `value`
  kValueNeeds,  // when the first of `these` is `value`, every one of `those` is given
  kBeats,       // with any of `these`, `those` are ignored: giving both is worth a warning
  kRises,       // the numbers of `these` that are given do not fall from one to the next
};

struct Constraint {
  Bond bond = Bond::kAtLeastOne;
  Words these = {};
  Words those = {};
  std::string_view value;
  std::string_view because;  // "flavorRef resizes both servers"
};

// One way an operation leads `resource` through its statuses (sdrs.md sections 4, 6; as.md 3, 4).
// Starting protection has two, told apart by the status it starts from.
struct Transition {
  std::string_view job_type;  // empty where no job does it, or none is documented
  Words from = {};            // empty: a new thing, or no rule is documented
  std::string_view during;    // while the work goes on; empty: it is done at once
  Words success = {};         // empty: the thing is gone; two: the one its group is in
  std::string_view failure;
};

// What an operation does to the site that its group is served from.
enum class Station {
  kStays,
  kFlips,     // to the other one: failover
  kArgument,  // to the one that the argument `priority_station` names: switchover
};

// Where a changing call is looked up, before it is sent and when its answer was lost (reconcile.h).
// The rule that decides then follows from the effect class, the transitions and this. An idempotent
// call without any may simply be repeated.
struct Lookup {
  // Reads the thing acted on, or made: "show_protection_group". Takes its path parameters from the
  // call's arguments of the same names.
  std::string_view show;
  std::string_view id;  // the parameter of `show` that names it, and of the call itself
  // Where there is no `show`: lists the things, ours told by `match`. kCreate: lists the things of
  // a name, the new one among them.
  std::string_view list;
  // Arguments that tell our rows of `list`: each stands in the row's field of its own name, or of
  // the resource's id where the argument is a list of ids or objects with an "id".
  Words match = {};
  std::string_view mark;  // kCreate: argument whose text may carry the mark of the call
  bool unique = false;    // kCreate: the platform refuses a second of this name in the same place
  Words set = {};         // kIdempotent: arguments that the thing shows once the call has happened
  // kIdempotent, instead of `set`: "protect_from_scaling_down" is "true" once it has.
  std::string_view field;
  std::string_view value;
  Station station = Station::kStays;
};

// How a list is read to its end.
enum class Paging {
  kNone,         // all at once
  kOffset,       // limit, offset: rows, until a page is empty (sdrs.md section 7)
  kStartNumber,  // limit, start_number: rows, until total_number (as.md section 1)
  kPageNumber,   // limit, offset: pages from 1, until a page is empty (ecs.md section 3)
  kBody,         // limit, offset as texts of the body (sdrs.md section 3, tag query)
};

// Which calls go first when the platform lets through fewer than are wanted.
enum class Urgency { kHook, kRecovery, kNormal };

struct Operation {
  std::string_view service;  // "sdrs"
  std::string_view name;     // "start_failover_protection_group"
  std::string_view summary;  // one line, no full stop
  http::Method method = http::Method::kGet;
  std::string_view path;      // "/v1/{project_id}/server-groups/{server_group_id}"
  std::string_view envelope;  // the body's only key, around the body parameters; empty: flat
  std::span<const Param> params = {};
  std::span<const Constraint> constraints = {};
  int success = 200;
  Effect effect = Effect::kRead;
  Urgency urgency = Urgency::kNormal;
  std::string_view resource;  // what it acts on: "server_group", "replication_pair", …
  std::string_view result;    // key of the answer that holds the thing or the list; "" = whole
  Paging paging = Paging::kNone;
  std::string_view job;  // asynchronous: answers {"job_id"}, and this operation shows the job
  std::span<const Transition> transitions = {};
  std::string_view entity;    // key in the job's entities that names the thing
  Words group_from = {};      // statuses its protection group must be in; empty: no rule
  Words conditions = {};      // what else must hold, for people
  Lookup lookup = {};         // of a changing call
  std::string_view evidence;  // how to find out afterwards whether it happened; empty for reads
  Words errors = {};          // documented codes that it is likely to answer
  std::string_view alias;     // the SDK's own spelling where it is a misspelling
  std::string_view source;    // "sdrs.md sections 3 and 4"
  std::string_view sides;     // where documents disagree: the one this entry takes, and why
};

inline bool is_asynchronous(const Operation& operation) {
  return !operation.job.empty();
}

// A kind of thing that operations act on, and where its answers say what.
struct Resource {
  std::string_view name;  // "server_group"
  std::string_view service;
  std::string_view noun;               // "group"
  std::string_view id = "id";          // fields of the thing
  std::string_view label = "name";     // its name
  std::string_view status = "status";  // empty: it has none
  std::string_view station;            // which site serves it
  std::string_view updated;            // when it was changed last
  Words statuses = {};                 // every documented one
};

std::span<const Resource> resources();
// nullptr when the catalogue knows no such resource.
const Resource* find_resource(std::string_view name);

std::span<const Operation> catalog();

// By snake_case name, alias or the SDK's CamelCase; nullptr when there is none.
const Operation* find_operation(std::string_view service, std::string_view name);
// "sdrs:start_failover_protection_group", the name used in `needs`, help and errors.
std::string permission_name(const Operation& operation);
// "StartFailoverProtectionGroup"
std::string camel_case(std::string_view snake_case);

// Every documented status of a resource; empty where it has none.
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
