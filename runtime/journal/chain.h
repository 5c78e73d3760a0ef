// The hashes that tie a run's entries together, and rows to what they say. They show damage and
// careless edits; they are no signature.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/digest.h"
#include "journal/inbox_rules.h"
#include "journal/rows.h"
#include "journal/store.h"
#include "json/document.h"

namespace neap::journal {

class Chain {
 public:
  // Where the chain of a run begins: covers what never changes of it.
  std::string beginning(const RunRow& row);
  // Of all that a row says.
  std::string seal(const RunRow& row);
  std::string seal(const Lock& lock);
  std::string seal(const HookEvent& event);
  std::string seal(const NoticeRow& row);
  std::string seal(const Wish& wish);

  // The rows of new entries behind the run's last one, which `row` names and then moves on to.
  // Kind argument for a body that could not be read back: too deep, or a number that is not finite.
  Result<std::vector<EntryRow>> append(RunRow& row, const std::vector<Entry>& entries, UtcTime at);

  // The entries of rows that follow one with the hash `previous` at `position`. Kind internal names
  // the run, the position and what is wrong.
  Result<std::vector<Logged>> read(const RunRow& row, std::string previous, std::int64_t position,
                                   std::vector<EntryRow> rows);
  // The same from the first entry on, going on behind what is wrong.
  Salvage salvage(const RunRow& row, std::vector<EntryRow> rows);
  // Kind internal for facts that are no JSON.
  Result<Run> read(const RunRow& row);

 private:
  Chain& add(std::string_view field);
  Chain& add(std::int64_t number);
  std::string take();
  std::string link(std::string_view previous, std::string_view run, const EntryRow& entry);
  Result<Logged> interpret(EntryRow row);

  Sha256 sha_;
  json::Parser parser_;
  std::string canonical_;
};

// The text of an object that a store can give back; kind argument as in Chain::append.
Result<std::string> storable(const json::Object& object, std::string_view what);

// Kind internal: what is read back is not what was written.
Error damaged(std::string_view what);

}  // namespace neap::journal
