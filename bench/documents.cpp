#include "bench/documents.h"

#include <array>
#include <random>
#include <span>
#include <string_view>

#include <fmt/format.h>

namespace neap::bench {
namespace {

class Maker {
 public:
  explicit Maker(std::uint64_t seed) : random_(seed) {}

  std::uint64_t below(std::uint64_t limit) { return random_() % limit; }

  std::string_view pick(std::span<const std::string_view> choices) {
    return choices[below(choices.size())];
  }

  std::string uuid() {
    return fmt::format("{:08x}-{:04x}-4{:03x}-a{:03x}-{:012x}", below(1ull << 32), below(1u << 16),
                       below(1u << 12), below(1u << 12), below(1ull << 48));
  }

  // "2024-03-07T11:52:09.481Z", or with a blank and no zone.
  std::string time(char separator, std::string_view zone) {
    return fmt::format("2024-{:02}-{:02}{}{:02}:{:02}:{:02}.{:03}{}", 1 + below(12), 1 + below(28),
                       separator, below(24), below(60), below(60), below(1000), zone);
  }

  std::string hex(std::size_t digits) {
    std::string out;
    while (out.size() < digits) out += "0123456789abcdef"[below(16)];
    return out;
  }

  std::string words(std::span<const std::string_view> choices, std::size_t count) {
    std::string out;
    for (std::size_t i = 0; i < count; ++i) {
      if (i != 0) out += ' ';
      out += pick(choices);
    }
    return out;
  }

 private:
  std::mt19937_64 random_;
};

constexpr std::array<std::string_view, 4> kGroupStates = {"available", "protected", "failed-over",
                                                          "protecting"};
constexpr std::array<std::string_view, 12> kWords = {"orders", "billing", "search",  "ledger",
                                                     "portal", "mail",    "queue",   "cache",
                                                     "report", "stock",   "archive", "login"};
constexpr std::array<std::string_view, 10> kPhrases = {"朝からずっと雨",
                                                       "failover drill tonight",
                                                       "\\\"quoted\\\" remark",
                                                       "电车又晚点了",
                                                       "naïve café",
                                                       "line one\\nline two",
                                                       "see http:\\/\\/t.co\\/abc",
                                                       "\\u3042\\u3044\\u3046",
                                                       "がんばれ、みんな",
                                                       "nothing to report"};
constexpr std::array<std::string_view, 5> kLanguages = {"ja", "zh", "en", "fr", "de"};

std::string job_answer(Maker& make) {
  const std::string text = fmt::format(
      R"({{"status":"RUNNING","entities":{{"server_group_id":"{}","protected_instance_id":"{}"}},)"
      R"("job_id":"{}","job_type":"failoverProtectionGroupNoCG","begin_time":"{}","end_time":"{}",)"
      R"("error_code":null,"fail_reason":null,"progress":{})",
      make.uuid(), make.uuid(), make.hex(32), make.time('T', "Z"), make.time('T', "Z"),
      10 + make.below(90));
  // A remark fills up to the length that the platform's answers have.
  constexpr std::size_t kBytes = 404;
  constexpr std::string_view kRemark = R"(,"remark":")";
  const std::size_t room = kBytes - text.size() - kRemark.size() - 2;
  return fmt::format("{}{}{}\"}}", text, kRemark, make.hex(room));
}

struct GroupPlaces {
  std::array<std::string, 8> domains;
  std::array<std::string, 8> networks;
};

std::string group(Maker& make, const GroupPlaces& places, int number) {
  return fmt::format(
      R"({{"id":"{}","name":"pg-{}-{:04}","description":"{} of {}","source_availability_zone":)"
      R"("cn-north-1a","target_availability_zone":"cn-north-1b","domain_id":"{}","domain_name":)"
      R"("domain_001","status":"{}","replication_status":null,"progress":{},"priority_station":)"
      R"("{}","protected_instance_num":{},"replication_num":{},"disaster_recovery_drill_num":{},)"
      R"("source_vpc_id":"{}","target_vpc_id":"{}","dr_type":"migration","server_type":"ECS",)"
      R"("protection_type":"replication-pair","created_at":"{}","updated_at":"{}"}})",
      make.uuid(), make.pick(kWords), number, make.words(kWords, 6), make.hex(24),
      places.domains[make.below(8)], make.pick(kGroupStates), make.below(101),
      make.below(2) == 0 ? "source" : "target", make.below(20), make.below(60), make.below(3),
      places.networks[make.below(8)], places.networks[make.below(8)], make.time(' ', ""),
      make.time(' ', ""));
}

std::string group_list(Maker& make, const GroupPlaces& places) {
  std::string text = R"({"count":1000,"server_groups":[)";
  for (int i = 0; i < 1000; ++i) {
    if (i != 0) text += ',';
    text += group(make, places, i);
  }
  return text + "]}";
}

// The mixed document is written with indentation, as such exports are.
class Indented {
 public:
  void open(std::string_view key, char bracket) {
    line(key);
    text += bracket;
    ++depth_;
    first_ = true;
  }
  void close(char bracket) {
    --depth_;
    if (!first_) new_line();
    text += bracket;
    first_ = false;
  }
  void raw(std::string_view key, std::string_view value) {
    line(key);
    text += value;
  }
  void quoted(std::string_view key, std::string_view value) {
    raw(key, fmt::format("\"{}\"", value));
  }
  void nulls(std::initializer_list<std::string_view> keys) {
    for (const std::string_view key : keys) raw(key, "null");
  }
  void flags(std::initializer_list<std::string_view> keys, bool value) {
    for (const std::string_view key : keys) raw(key, value ? "true" : "false");
  }

  std::string text;

 private:
  void new_line() {
    text += '\n';
    text.append(2 * depth_, ' ');
  }
  void line(std::string_view key) {
    if (!first_) text += ',';
    if (depth_ != 0) new_line();
    first_ = false;
    if (!key.empty()) text += fmt::format("\"{}\": ", key);
  }

  std::size_t depth_ = 0;
  bool first_ = true;
};

// Writes one document; `steady` gives what all variants share, `fresh` what differs.
class Mixed {
 public:
  Mixed(Maker& steady, Maker& fresh) : steady_(steady), fresh_(fresh) {}

  std::string write(int statuses) {
    out_.open("", '{');
    out_.open("statuses", '[');
    for (int i = 0; i < statuses; ++i) status("", steady_.below(2) == 0);
    out_.close(']');
    out_.open("search_metadata", '{');
    out_.raw("completed_in", fmt::format("0.{:03}", fresh_.below(1000)));
    out_.raw("count", fmt::format("{}", statuses));
    out_.close('}');
    out_.close('}');
    return std::move(out_.text);
  }

 private:
  void id(std::string_view name) {
    const std::uint64_t n = 505'000'000'000'000'000 + fresh_.below(900'000'000'000'000);
    out_.raw(name, fmt::format("{}", n));
    out_.quoted(fmt::format("{}_str", name), fmt::format("{}", n));
  }

  void status(std::string_view key, bool repeats) {
    out_.open(key, '{');
    out_.open("metadata", '{');
    out_.quoted("result_type", "recent");
    out_.quoted("iso_language_code", steady_.pick(kLanguages));
    out_.close('}');
    out_.quoted("created_at", "Sun Aug 31 00:29:15 +0000 2014");
    id("id");
    out_.quoted("text", steady_.words(kPhrases, 4 + steady_.below(5)));
    out_.quoted("source", R"(<a href=\"http:\/\/client.example\/\" rel=\"nofollow\">Client<\/a>)");
    out_.flags({"truncated"}, false);
    out_.nulls({"in_reply_to_status_id", "in_reply_to_status_id_str", "in_reply_to_user_id",
                "in_reply_to_user_id_str", "in_reply_to_screen_name"});
    user();
    out_.nulls({"geo", "coordinates", "place", "contributors"});
    if (repeats) status("retweeted_status", false);
    out_.raw("retweet_count", fmt::format("{}", fresh_.below(5000)));
    out_.raw("favorite_count", fmt::format("{}", fresh_.below(5000)));
    entities();
    out_.flags({"favorited", "retweeted", "possibly_sensitive"}, false);
    out_.quoted("lang", steady_.pick(kLanguages));
    out_.close('}');
  }

  void user() {
    out_.open("user", '{');
    id("id");
    const std::string name = steady_.hex(8);
    out_.quoted("name", steady_.words(kPhrases, 1));
    out_.quoted("screen_name", name);
    out_.quoted("location", steady_.pick(kWords));
    out_.quoted("description", steady_.words(kPhrases, 5 + steady_.below(8)));
    out_.nulls({"url"});
    out_.raw("followers_count", fmt::format("{}", fresh_.below(9000)));
    out_.raw("friends_count", fmt::format("{}", fresh_.below(2000)));
    out_.raw("listed_count", fmt::format("{}", fresh_.below(50)));
    out_.quoted("created_at", "Thu Mar 03 21:30:10 +0000 2011");
    out_.raw("favourites_count", fmt::format("{}", fresh_.below(900)));
    out_.nulls({"utc_offset", "time_zone"});
    out_.flags({"geo_enabled", "verified"}, false);
    out_.raw("statuses_count", fmt::format("{}", fresh_.below(90000)));
    out_.quoted("lang", steady_.pick(kLanguages));
    out_.flags({"contributors_enabled", "is_translator", "is_translation_enabled"}, false);
    profile(name);
    out_.flags({"default_profile"}, true);
    out_.flags({"default_profile_image", "following", "follow_request_sent", "notifications"},
               false);
    out_.close('}');
  }

  void profile(std::string_view name) {
    out_.quoted("profile_background_color", "C0DEED");
    const auto image = [&](std::string_view field, std::string_view kind) {
      out_.quoted(field, fmt::format(R"(http:\/\/img.example\/{}\/{}.png)", kind, name));
    };
    image("profile_background_image_url", "themes");
    image("profile_background_image_url_https", "themes");
    out_.flags({"profile_background_tile"}, false);
    image("profile_image_url", "images");
    image("profile_image_url_https", "images");
    image("profile_banner_url", "banners");
    out_.quoted("profile_link_color", "0084B4");
    out_.quoted("profile_sidebar_border_color", "FFFFFF");
    out_.quoted("profile_sidebar_fill_color", "DDEEF6");
    out_.quoted("profile_text_color", "333333");
    out_.flags({"profile_use_background_image"}, true);
  }

  void entities() {
    out_.open("entities", '{');
    for (const std::string_view key : {"hashtags", "symbols", "urls"}) {
      out_.open(key, '[');
      out_.close(']');
    }
    out_.open("user_mentions", '[');
    for (std::uint64_t i = steady_.below(3); i > 0; --i) {
      out_.open("", '{');
      out_.quoted("screen_name", steady_.hex(8));
      out_.quoted("name", steady_.words(kPhrases, 1));
      id("id");
      out_.open("indices", '[');
      out_.raw("", fmt::format("{}", steady_.below(70)));
      out_.raw("", fmt::format("{}", 70 + steady_.below(70)));
      out_.close(']');
      out_.close('}');
    }
    out_.close(']');
    out_.close('}');
  }

  Maker& steady_;
  Maker& fresh_;
  Indented out_;
};

}  // namespace

DocumentSet job_answers(std::uint64_t seed) {
  Maker make(seed);
  DocumentSet set{"job answer, 404 B", {}};
  for (int i = 0; i < 64; ++i) set.texts.push_back(job_answer(make));
  return set;
}

DocumentSet group_lists(std::uint64_t seed) {
  Maker make(seed);
  GroupPlaces places;
  for (std::string& id : places.domains) id = make.uuid();
  for (std::string& id : places.networks) id = make.uuid();
  DocumentSet set{"1,000 groups, 760 kB", {}};
  for (int i = 0; i < 8; ++i) set.texts.push_back(group_list(make, places));
  return set;
}

DocumentSet mixed_documents(std::uint64_t seed) {
  constexpr int kStatuses = 137;
  Maker fresh(seed);
  DocumentSet set{"mixed, 630 kB", {}};
  for (int i = 0; i < 8; ++i) {
    Maker steady(seed + 1);
    set.texts.push_back(Mixed(steady, fresh).write(kStatuses));
  }
  return set;
}

}  // namespace neap::bench
