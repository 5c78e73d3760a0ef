// The text that is signed tells accepted messages apart: no two of them share one (reliability.md
// T4).
#include "sign/incoming_message.h"

#include <algorithm>
#include <iostream>
#include <vector>

#include <catch2/catch.hpp>

#include "base/random.h"
#include "base/text.h"
#include "support/message_world.h"
#include "support/seed.h"

using namespace neap;
using namespace neap::sign;
using namespace neap::test;

namespace {

// Messages out of the pieces that texts are cut at, from so small a choice that many share a text.
class Pieces {
 public:
  explicit Pieces(std::uint64_t seed) : random_(seed) {}

  sign::Message message() {
    sign::Message message = one_of(2) == 0 ? notification() : confirmation();
    message["message"] = text(7);
    message["message_id"] = line();
    if (message.contains("subject")) message["subject"] = text(5);
    if (message.contains("subscribe_url")) message["subscribe_url"] = text(3);
    if (one_of(4) == 0) message["timestamp"] = text(2);
    message["signature"] = "AAAA";
    return message;
  }

 private:
  std::size_t one_of(std::size_t count) { return random_.bits() % count; }

  std::string line() {
    static const std::vector<std::string> kLines = {
        "message",       "message_id", "subject", "timestamp", "topic_urn",   "type",
        "subscribe_url", "",           "x",       kTopic,      timestamp({}), "Notification"};
    static const std::string kIds[] = {std::string(32, '0'), std::string(32, '1')};
    return one_of(2) == 0 ? kIds[one_of(2)] : kLines[one_of(kLines.size())];
  }

  std::string text(std::size_t most) {
    std::string all = line();
    for (std::size_t more = one_of(most); more > 0; --more) all += "\n" + line();
    return all;
  }

  Random random_;
};

// Every way to read a signed text as members in that order; each value is one line or more.
class Cuts {
 public:
  static std::vector<sign::Message> of(const std::string& text) {
    std::vector<sign::Message> all;
    for (const std::vector<std::string_view>& keys : kOrders) {
      Cuts(text, keys, all).from(0, 0, {});
    }
    return all;
  }

 private:
  Cuts(const std::string& text, const std::vector<std::string_view>& keys,
       std::vector<sign::Message>& all)
      : lines_(split(std::string_view(text).substr(0, text.size() - 1), '\n')),
        keys_(keys),
        all_(all) {}

  void from(std::size_t key, std::size_t line, const sign::Message& so_far) {
    if (line >= lines_.size() || lines_[line] != keys_[key]) return;
    std::string value;
    for (std::size_t end = line + 1; end < lines_.size(); ++end) {
      if (end > line + 1) value += '\n';
      value += lines_[end];
      sign::Message cut = so_far;
      cut[std::string(keys_[key])] = value;
      if (key + 1 < keys_.size()) {
        from(key + 1, end + 1, cut);
      } else if (end + 1 == lines_.size()) {
        all_.push_back(std::move(cut));
      }
    }
  }

  inline static const std::vector<std::vector<std::string_view>> kOrders = {
      {"message", "message_id", "subject", "timestamp", "topic_urn", "type"},
      {"message", "message_id", "timestamp", "topic_urn", "type"},
      {"message", "message_id", "subscribe_url", "timestamp", "topic_urn", "type"}};

  std::vector<std::string_view> lines_;
  const std::vector<std::string_view>& keys_;
  std::vector<sign::Message>& all_;
};

bool is_accepted(sign::Message message, json::Parser& parser) {
  for (const char* name : {"signature_version", "signing_cert_url"}) {
    message[name] = notification().at(name);
  }
  message["signature"] = "AAAA";
  return read_message(post(body_of(message)), parser, 1u << 20).has_value();
}

constexpr std::size_t kRounds =
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    50'000;
#else
    1'000'000;
#endif

}  // namespace

TEST_CASE("no two accepted messages that differ have the same signed text") {
  const std::uint64_t seed = seed_of_run();
  std::cout << "seed of random messages: " << seed << "\n";
  INFO("NEAP_SEED=" << seed);
  Pieces pieces(seed);
  json::Parser parser;
  std::size_t accepted = 0;
  std::size_t shared = 0;
  std::size_t confused = 0;
  for (std::size_t i = 0; i < kRounds; ++i) {
    const sign::Message message = pieces.message();
    const std::string text = message_text(message).value();
    const auto read = read_message(post(body_of(message)), parser, 1u << 20);
    if (read && signed_text(*read) != text) FAIL("another signed text for " << body_of(message));
    accepted += read ? 1 : 0;
    const std::vector<sign::Message> cuts = Cuts::of(text);
    if (cuts.empty()) FAIL("no way to read " << text);
    if (cuts.size() == 1) continue;
    ++shared;
    const auto readings = std::count_if(cuts.begin(), cuts.end(), [&](const sign::Message& cut) {
      return message_text(cut).value_or("") == text && is_accepted(cut, parser);
    });
    confused += readings > 1 ? 1 : 0;
  }
  CHECK(confused == 0);
  CHECK(accepted > kRounds / 100);
  CHECK(shared > kRounds / 100);
  std::cout << kRounds << " random messages, " << accepted << " accepted; " << shared
            << " texts could be cut in several ways, " << confused
            << " of them into several accepted messages\n";
}

TEST_CASE("a signed text that was cut anew is refused") {
  // As published: the message of the first, once signed, is the text of the second as well.
  const std::string first_id(32, 'a');
  const std::string second_id(32, 'b');
  sign::Message first = notification();
  first["message"] = "x\nmessage_id\n" + second_id + "\nsubject\ny";
  first["message_id"] = first_id;
  first["subject"] = "z";
  sign::Message second = notification();
  second["message"] = "x";
  second["message_id"] = second_id;
  second["subject"] = "y\nmessage_id\n" + first_id + "\nsubject\nz";
  REQUIRE(message_text(first).value() == message_text(second).value());
  MessageWorld world;
  CHECK(outcome_of(world.verify(with_signature(first))) == "ambiguous_text");
  CHECK(outcome_of(world.verify(with_signature(second))) == "ambiguous_text");
}
