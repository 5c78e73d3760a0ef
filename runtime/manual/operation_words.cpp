#include "manual/operation_words.h"

#include <array>
#include <vector>

#include <fmt/format.h>

#include "base/text.h"
#include "cloud/rules.h"

namespace neap::manual {
namespace {

using cloud::Bond;
using cloud::Constraint;
using cloud::Param;
using cloud::Words;

template <class Enum, std::size_t size>
std::string_view word_of(const std::array<std::string_view, size>& words, Enum value) {
  return words.at(static_cast<std::size_t>(value));
}

// "a, b or c"
std::string list_words(Words words, std::string_view last) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) text += i + 1 == words.size() ? fmt::format(" {} ", last) : ", ";
    text += words[i];
  }
  return text;
}

bool is_list(const Param& param) {
  return param.type == cloud::Type::kStringList || param.type == cloud::Type::kObjectList;
}

std::string range_words(const Param& param) {
  const bool low = param.min != INT64_MIN;
  const bool high = param.max != INT64_MAX;
  if (!low && !high) return {};
  const bool one = (high ? param.max : param.min) == 1;
  const std::string_view unit = !is_list(param) ? "" : one ? " item" : " items";
  if (!high) return fmt::format("at least {}{}", param.min, unit);
  if (!low) return fmt::format("at most {}{}", param.max, unit);
  if (param.min == param.max) return fmt::format("exactly {}{}", param.min, unit);
  return fmt::format("{} to {}{}", param.min, param.max, unit);
}

std::string bond_words(const Constraint& constraint) {
  const std::string these = list_words(constraint.these, "or");
  const std::string those = list_words(constraint.those, "and");
  switch (constraint.bond) {
    case Bond::kAtLeastOne:
      return fmt::format("at least one of {} is given", list_words(constraint.these, "and"));
    case Bond::kAtMostOne:
      return fmt::format("at most one of {} is given", list_words(constraint.these, "and"));
    case Bond::kNeeds:
      return fmt::format("{} needs {}", these, those);
    case Bond::kNeedsValue:
      return fmt::format("{} needs {} to be {}", these, those, constraint.value);
    case Bond::kValueNeeds:
      return fmt::format("when {} is {}, it needs {}", these, constraint.value, those);
    case Bond::kBeats:
      return fmt::format("with {}, {} {} ignored", these, those,
                         constraint.those.size() == 1 ? "is" : "are");
    case Bond::kRises:
      return fmt::format("{} must not fall in this order", list_words(constraint.these, "and"));
  }
  return {};
}

}  // namespace

std::string type_words(cloud::Type type) {
  constexpr std::array<std::string_view, 7> kWords = {
      "string", "integer", "number", "boolean", "object", "list of strings", "list of objects"};
  return std::string(word_of(kWords, type));
}

std::string_view place_word(cloud::Place place) {
  constexpr std::array<std::string_view, 3> kWords = {"path", "query", "body"};
  return word_of(kWords, place);
}

std::string_view effect_word(cloud::Effect effect) {
  constexpr std::array<std::string_view, 5> kWords = {"read", "idempotent", "guarded", "create",
                                                      "opaque"};
  return word_of(kWords, effect);
}

std::string_view effect_words(cloud::Effect effect) {
  constexpr std::array<std::string_view, 5> kWords = {
      "reads; changes nothing",
      "changes; repeating it changes nothing more",
      "changes; the state it is allowed from keeps it from happening twice",
      "makes a new thing; when its answer is lost, the thing is found by its name",
      "changes; when its answer is lost, nothing tells whether it happened",
  };
  return word_of(kWords, effect);
}

std::string_view paging_words(cloud::Paging paging) {
  constexpr std::array<std::string_view, 5> kWords = {
      "",
      "limit and offset count rows, until a page is empty",
      "limit and start_number count rows, until total_number",
      "limit counts rows, offset counts pages from 1, until a page is empty",
      "limit and offset count rows, as texts of the body, until a page is empty",
  };
  return word_of(kWords, paging);
}

std::string limit_words(const Param& param) {
  std::vector<std::string> parts;
  if (param.rule != cloud::Rule::kAny) {
    parts.push_back(std::string(is_list(param) ? "each " : "") +
                    std::string(cloud::text_rule(param.rule).text));
  }
  if (std::string range = range_words(param); !range.empty()) parts.push_back(std::move(range));
  if (!param.one_of.empty()) parts.push_back(either(param.one_of));
  if (!param.fallback.empty()) parts.push_back(fmt::format("default {}", param.fallback));
  if (!param.constant.empty()) {
    parts.push_back(fmt::format("always {}: it is sent by itself", param.constant));
  }
  return join(parts, "; ");
}

std::string constraint_words(const Constraint& constraint) {
  const std::string words = bond_words(constraint);
  return constraint.because.empty() ? words : fmt::format("{}: {}", words, constraint.because);
}

std::string transition_words(const cloud::Transition& transition) {
  std::string text =
      transition.from.empty() ? "" : fmt::format("from {}: ", either(transition.from));
  if (!transition.during.empty()) text += fmt::format("{}, then ", transition.during);
  text += transition.success.empty() ? "gone" : either(transition.success);
  if (!transition.failure.empty()) text += fmt::format("; {} if it fails", transition.failure);
  if (!transition.job_type.empty()) text += fmt::format(" (job {})", transition.job_type);
  return text;
}

std::string either(Words words) {
  return list_words(words, "or");
}

}  // namespace neap::manual
