// A random run: legal and illegal calls of every operation, each held against the model.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "model/machine.h"

namespace neap::model {

struct Tally {
  struct Row {
    std::uint64_t accepted = 0;
    std::uint64_t refused = 0;
  };
  std::map<std::string, Row> operations;  // by permission name
  std::map<std::string, std::uint64_t> faults;
  std::uint64_t fired = 0;
  std::uint64_t foretold = 0;  // calls whose outcome the model was sure of
  std::uint64_t wrong_arguments = 0;
  std::uint64_t requests = 0;  // polls, lists and looks among them
  std::uint64_t jobs_ended = 0;
  std::uint64_t audits = 0;
  std::uint64_t listed_codes = 0;  // refusals with a code of the operation's own list
  std::uint64_t refusals = 0;
};

struct Finding {
  std::uint64_t seed = 0;
  std::uint64_t step = 0;
  Mismatch mismatch;
};

// Changes what the model is told of an operation, to see that it would notice.
using Lie = std::function<void(cloud::Operation&)>;

class Run {
 public:
  Run(std::uint64_t seed, Tally& tally, Tampering tampering = {}, const Lie& lie = {});

  // Fires so many calls; the first mismatch ends it.
  std::optional<Finding> go(std::uint64_t steps);

 private:
  void set_the_scene();
  void step();
  const cloud::Operation& draw();
  bool is_enough(const cloud::Operation& operation);
  void fire(const cloud::Operation& operation);
  void fire_as_stranger(const cloud::Operation& operation);
  void fire_broken(const cloud::Operation& operation);
  void fire_with_fault(const cloud::Operation& operation);
  Planted plant(const cloud::Operation& operation, const Prediction& prediction);
  void audit();
  std::string witness(const cloud::Operation& operation, const json::Object& arguments);
  void refused(const cloud::Operation& operation, const Seen& seen, const std::string& why);
  void note(const cloud::Operation& operation, bool accepted);

  std::uint64_t seed_;
  Tally& tally_;
  Tampering tampering_;
  std::vector<cloud::Operation> operations_;
  std::vector<std::size_t> urn_;  // indexes of operations, as often as they are to be drawn
  Platform platform_;
  Things things_;
  Sights sights_;
  Dice dice_;
  Machine machine_;
  std::unique_ptr<Arguments> arguments_;
  std::uint64_t step_ = 0;
  int hanging_ = 0;
};

}  // namespace neap::model
