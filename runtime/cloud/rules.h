// The documented rules for text: one row for each, read by the argument check, by help and by the
// simulator.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "cloud/catalog.h"

namespace neap::cloud {

enum class Rule : std::uint8_t {
  kAny,
  kName,         // of SDRS resources
  kNamePrefix,   // of batch creations: "-0001" is added
  kDescription,  // of SDRS resources
  kId,
  kTagKey,
  kTagValue,
  kScalingName,         // of scaling groups, configurations, policies
  kScalingDescription,  // likewise
  kHookName,
  kMetadata,  // notification_metadata
  kTopicName,
  kUrn,
  kAddress,  // IPv4
  kMinute,   // "2026-11-22T06:00Z"
};

// A text keeps the rule when its length is between `min` and `max` and every character belongs to
// one of the classes that are set, or to `extra`, and none to `forbidden`.
struct TextRule {
  Rule rule = Rule::kAny;
  std::string_view name;  // "name", for the simulator and help
  bool bytes = true;      // lengths count bytes of UTF-8, else characters
  int min = 0;
  int max = 0;
  bool letters = false;  // ASCII
  bool digits = false;
  bool chinese = false;
  bool any = false;  // everything but control characters
  std::string_view extra;
  std::string_view forbidden;
  std::string_view text;  // "1 to 64 bytes of …", for messages
  std::string_view source;
};

std::span<const TextRule> text_rules();
const TextRule& text_rule(Rule rule);
// The text must be valid UTF-8.
bool keeps(const TextRule& rule, std::string_view text);

}  // namespace neap::cloud
