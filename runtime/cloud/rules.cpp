#include "cloud/rules.h"

#include <algorithm>
#include <iterator>

#include "base/text.h"

namespace neap::cloud {
namespace {

constexpr TextRule kRules[] = {
    {.rule = Rule::kAny, .name = "any"},
    {.rule = Rule::kName,
     .name = "name",
     .min = 1,
     .max = 64,
     .letters = true,
     .digits = true,
     .chinese = true,
     .extra = "._-",
     .text = "1 to 64 bytes of Chinese or English letters, digits, \".\", \"_\" and \"-\"",
     .source = "sdrs.md section 7"},
    {.rule = Rule::kNamePrefix,
     .name = "name_prefix",
     .min = 1,
     .max = 59,
     .letters = true,
     .digits = true,
     .chinese = true,
     .extra = "._-",
     .text = "1 to 59 bytes of Chinese or English letters, digits, \".\", \"_\" and \"-\"",
     .source = "sdrs.md section 7"},
    {.rule = Rule::kDescription,
     .name = "description",
     .min = 0,
     .max = 64,
     .any = true,
     .forbidden = "<>",
     .text = "at most 64 bytes without \"<\" and \">\"",
     .source = "sdrs.md section 7"},
    {.rule = Rule::kId,
     .name = "id",
     .min = 1,
     .max = 64,
     .letters = true,
     .digits = true,
     .extra = "-_",
     .text = "an id: 1 to 64 letters, digits, \"-\" and \"_\"",
     .source = "sdrs.md section 7"},
    {.rule = Rule::kTagKey,
     .name = "tag_key",
     .bytes = false,
     .min = 1,
     .max = 36,
     .any = true,
     .forbidden = "*<>\\=,|/",
     .text = "1 to 36 characters without any of * < > \\ = , | /",
     .source = "sdrs.md section 7"},
    {.rule = Rule::kTagValue,
     .name = "tag_value",
     .bytes = false,
     .min = 0,
     .max = 43,
     .any = true,
     .forbidden = "*<>\\=,|/",
     .text = "at most 43 characters without any of * < > \\ = , | /",
     .source = "sdrs.md section 7"},
    {.rule = Rule::kScalingName,
     .name = "scaling_name",
     .bytes = false,
     .min = 1,
     .max = 64,
     .letters = true,
     .digits = true,
     .chinese = true,
     .extra = "_-",
     .text = "1 to 64 Chinese or English letters, digits, \"_\" and \"-\"",
     .source = "as.md section 5"},
    {.rule = Rule::kScalingDescription,
     .name = "scaling_description",
     .bytes = false,
     .min = 1,
     .max = 256,
     .any = true,
     .text = "1 to 256 characters",
     .source = "as.md section 2"},
    {.rule = Rule::kHookName,
     .name = "hook_name",
     .min = 1,
     .max = 32,
     .letters = true,
     .digits = true,
     .extra = "_-",
     .text = "1 to 32 English letters, digits, \"_\" and \"-\"",
     .source = "as.md section 5"},
    {.rule = Rule::kMetadata,
     .name = "metadata",
     .bytes = false,
     .min = 0,
     .max = 256,
     .any = true,
     .forbidden = "<>&'()",
     .text = "at most 256 characters without any of < > & ' ( )",
     .source = "as.md section 5"},
    {.rule = Rule::kTopicName,
     .name = "topic_name",
     .min = 1,
     .max = 255,
     .letters = true,
     .digits = true,
     .extra = "_-",
     .text = "1 to 255 English letters, digits, \"_\" and \"-\"",
     .source = "smn.md section 7"},
    {.rule = Rule::kUrn,
     .name = "urn",
     .min = 1,
     .max = 512,
     .letters = true,
     .digits = true,
     .extra = ":_-",
     .text = "a URN: letters, digits, \":\", \"_\" and \"-\"",
     .source = "smn.md section 1"},
    {.rule = Rule::kAddress,
     .name = "address",
     .min = 7,
     .max = 15,
     .digits = true,
     .extra = ".",
     .text = "an IPv4 address, like 192.168.0.12",
     .source = "sdrs.md section 8"},
    {.rule = Rule::kMinute,
     .name = "minute",
     .min = 5,
     .max = 20,
     .digits = true,
     .extra = "-:TZ",
     .text = "a time in UTC like 2026-11-22T06:00Z, or 06:00 for one that recurs",
     .source = "as.md section 1"},
};

bool is_letter(char32_t point) {
  return (point >= 'a' && point <= 'z') || (point >= 'A' && point <= 'Z');
}

bool is_digit(char32_t point) {
  return point >= '0' && point <= '9';
}

bool is_chinese(char32_t point) {
  return (point >= 0x3400 && point <= 0x4DBF) || (point >= 0x4E00 && point <= 0x9FFF) ||
         (point >= 0xF900 && point <= 0xFAFF) || (point >= 0x20000 && point <= 0x323AF);
}

bool is_among(char32_t point, std::string_view characters) {
  return point < 0x80 && characters.find(static_cast<char>(point)) != std::string_view::npos;
}

bool is_allowed(const TextRule& rule, char32_t point) {
  if (is_among(point, rule.forbidden)) return false;
  if (rule.any) return point >= 0x20 && point != 0x7F;
  return (rule.letters && is_letter(point)) || (rule.digits && is_digit(point)) ||
         (rule.chinese && is_chinese(point)) || is_among(point, rule.extra);
}

}  // namespace

std::span<const TextRule> text_rules() {
  return kRules;
}

const TextRule& text_rule(Rule rule) {
  return *std::find_if(std::begin(kRules), std::end(kRules),
                       [rule](const TextRule& row) { return row.rule == rule; });
}

bool keeps(const TextRule& rule, std::string_view text) {
  if (rule.rule == Rule::kAny) return true;
  std::size_t characters = 0;
  for (std::size_t i = 0; i < text.size(); ++characters) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    char32_t point = length == 1 ? lead : lead & (0x7Fu >> length);
    for (std::size_t k = 1; k < length; ++k) {
      point = (point << 6) | (static_cast<unsigned char>(text[i + k]) & 0x3Fu);
    }
    if (!is_allowed(rule, point)) return false;
    i += length;
  }
  const auto size = static_cast<int>(rule.bytes ? text.size() : characters);
  return size >= rule.min && size <= rule.max;
}

}  // namespace neap::cloud
