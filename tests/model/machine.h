// The model: what the catalogue says that operations, jobs and time make of things.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/arguments.h"
#include "model/platform.h"
#include "model/things.h"

namespace neap::model {

// Thrown where the platform did not do what the catalogue says.
struct Mismatch {
  std::string operation;
  std::string expected;
  std::string seen;
};

enum class Verdict { kAccepted, kRefused, kOpen };

struct Prediction {
  Verdict verdict = Verdict::kOpen;
  std::string why;
  bool not_found = false;  // refused as an unknown thing
};

// What was planted to go wrong with a call.
enum class Planted { kNothing, kJobFails, kJobHangs };

class Machine {
 public:
  Machine(Platform& platform, Things& things, Sights& sights, Dice& dice)
      : platform_(platform), things_(things), sights_(sights), dice_(dice) {}

  // Takes in what stands in a world that nobody has changed yet.
  void learn();
  Prediction predict(const cloud::Operation& operation, const Choice& choice);
  // A call was accepted: checks the answer and changes the model. `seen` without a body stands for
  // an answer that was lost.
  void accepted(const cloud::Operation& operation, const json::Object& arguments, const Seen& seen,
                Planted planted);
  // Time has gone on: asks for every open job, lets those that ended have their effect.
  void tick();
  // Lists everything and compares.
  void audit();

  std::size_t open_jobs() const { return jobs_.size(); }
  std::size_t jobs_ended() const { return jobs_ended_; }

 private:
  struct Job {
    std::string id;
    const cloud::Operation* operation = nullptr;
    const cloud::Transition* transition = nullptr;
    std::vector<Reference> things;
    std::vector<std::string> before;  // their statuses
    Planted planted = Planted::kNothing;
    bool partly_fails = false;  // some servers of a batch were in the wrong state
    json::Object arguments;
    int polls = 0;
    std::string ended;  // when, as the platform says
  };

  // conditions.cpp
  Verdict state_allows(const cloud::Operation& operation, const json::Object& arguments,
                       std::string& why);
  Verdict conditions(const cloud::Operation& operation, const json::Object& arguments,
                     std::string& why);
  Verdict group_verb(const cloud::Operation& operation, const json::Object& arguments, Thing& group,
                     std::string& why);
  Verdict member_conditions(const cloud::Operation& operation, const json::Object& arguments,
                            std::string& why);
  Verdict creation_conditions(const cloud::Operation& operation, const json::Object& arguments,
                              std::string& why);
  Verdict scaling_conditions(const cloud::Operation& operation, const json::Object& arguments,
                             std::string& why);
  Verdict servers_allow(const cloud::Operation& operation, const json::Object& arguments,
                        std::string& why);
  bool is_copying(const std::string& group);
  bool servers_are_off(const Thing& group, bool current);
  bool group_is_scaling(const std::string& group);

  // machine.cpp
  void start_job(const cloud::Operation& operation, const json::Object& arguments, const Seen& seen,
                 Planted planted);
  void add_made_by_job(Job& job);
  void add_instance(const std::string& id, const std::string& status);
  Seen poll(const Job& job);
  void ended(const Job& job, bool failed);
  void end_thing(const Job& job, Thing& thing, const std::string& before, bool failed);
  void set_status(const std::string& resource, Thing& thing, std::string_view status);
  void remove(const std::string& resource, const std::string& id);
  void made_at_once(const cloud::Operation& operation, const json::Object& arguments,
                    const Seen& seen);
  void changed_at_once(const cloud::Operation& operation, const json::Object& arguments);
  void look_at(const cloud::Operation& operation, const Reference& target);

  // audit.cpp
  std::vector<json::Object> list(const cloud::Operation& operation, json::Object arguments = {});
  void compare(std::string_view service, std::string_view operation, std::string_view resource);
  void compare_hooks();
  void watch_scaling_group(const std::string& id);
  void watch_scaling();
  void watch_failures();
  void watch_tokens();
  void adopt_servers();

  Platform& platform_;
  Things& things_;
  Sights& sights_;
  Dice& dice_;
  std::vector<Job> jobs_;
  std::size_t jobs_ended_ = 0;
};

}  // namespace neap::model
