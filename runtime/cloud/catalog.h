// The catalogue: one entry per operation of the platform. The client, argument checks, preflight,
// waits, the simulator, help, completion, editor types and permission names all read it here.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

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

// A documented rule for text, by name; text_rule() in check.h holds what each means.
enum class Rule { kAny, kName, kDescription, kId };

using Words = std::span<const std::string_view>;

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

// Statuses of `resource` around the operation (sdrs.md section 4). Empty `from` means any.
struct States {
  Words from = {};
  std::string_view during;
  std::string_view success;
  std::string_view failure;
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
  std::string_view job_type;  // asynchronous: answers {"job_id"}; empty: synchronous
  std::string_view entity;    // key in the job's entities that names the thing
  States states = {};
  std::string_view evidence;  // how to find out afterwards whether it happened
  std::string_view alias;     // the SDK's own spelling where it is a misspelling
  std::string_view source;    // "sdrs.md sections 3 and 4"
};

std::span<const Operation> catalog();

// By snake_case name, alias or the SDK's CamelCase; nullptr when there is none.
const Operation* find_operation(std::string_view service, std::string_view name);
// "sdrs:start_failover_protection_group", the name used in `needs`, help and errors.
std::string permission_name(const Operation& operation);
// "StartFailoverProtectionGroup"
std::string camel_case(std::string_view snake_case);

// A documented error code of the platform.
struct ErrorCode {
  std::string_view code;  // "SDRS.1013"
  int http_status = 0;
  std::string_view meaning;
  std::string_view remedy;
};

std::span<const ErrorCode> error_codes();
const ErrorCode* find_error_code(std::string_view code);

}  // namespace neap::cloud
