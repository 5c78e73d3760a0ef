// Arguments for random calls: from the catalogue's rules, with the names of things that exist.
#pragma once

#include <string>

#include "cloud/catalog.h"
#include "json/value.h"
#include "model/things.h"
#include "support/operation_arguments.h"

namespace neap::model {

// What a fresh world offers besides things: learnt once.
struct Site {
  std::string domain;
  std::string source_zone;
  std::string target_zone;
  std::string vpc;
};

// Names of things that come and go by themselves, seen last.
struct Sights {
  std::vector<std::string> hanging_keys;  // "group/key"
  std::vector<std::string> tokens;        // that confirm the subscriptions there are
  std::vector<std::string> failure_jobs;
  std::vector<std::string> jobs;                   // "sdrs/id"
  std::map<std::string, std::string> second_nics;  // by the id of their server
};

struct Choice {
  json::Object arguments;
  // Nothing but what is needed, chosen such that only states and named things can be in the way.
  bool plain = true;
};

class Arguments {
 public:
  Arguments(Things& things, Sights& sights, Dice& dice, Site site)
      : things_(things),
        sights_(sights),
        dice_(dice),
        site_(std::move(site)),
        made_(dice.below(1u << 30)) {}

  Choice choose(const cloud::Operation& operation);
  // Legal ones in which one argument breaks a documented rule; nothing when chance finds none that
  // can be sent.
  std::optional<json::Object> broken(const cloud::Operation& operation);
  // The id of a thing, or an unknown one where there is none.
  std::string pick(std::string_view resource);

 private:
  void name_things(const cloud::Operation& operation, json::Object& arguments);
  json::Value named(const cloud::Operation& operation, const std::string& parameter,
                    const json::Value& value);
  void suit(const cloud::Operation& operation, json::Object& arguments);
  void suit_sdrs(const cloud::Operation& operation, json::Object& arguments);
  void suit_pairs(const cloud::Operation& operation, json::Object& arguments);
  void suit_tag_query(json::Object& arguments);
  void suit_as(const cloud::Operation& operation, json::Object& arguments);
  void suit_policy(const cloud::Operation& operation, json::Object& arguments);
  void suit_callback(json::Object& arguments);
  void suit_others(const cloud::Operation& operation, json::Object& arguments);
  std::string idle_server();
  std::string spare_server();
  std::string fresh_name();

  Things& things_;
  Sights& sights_;
  Dice& dice_;
  Site site_;
  test::OperationArguments made_;
  std::map<std::string, std::vector<test::RuleCase>> broken_;
  std::uint64_t serial_ = 0;
};

}  // namespace neap::model
