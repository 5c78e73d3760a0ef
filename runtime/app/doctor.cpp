#include "app/doctor.h"

#include <array>
#include <chrono>
#include <filesystem>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/open_journal.h"
#include "base/text.h"
#include "journal/check.h"
#include "show/times.h"

namespace neap::app {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t kLittleSpace = 100u << 20;
// No disk makes anything durable faster than this (reliability.md 2.5, F4).
constexpr auto kTooFast = std::chrono::microseconds{20};
constexpr int kSyncs = 21;

std::string format_bytes(std::uintmax_t bytes) {
  constexpr std::array<const char*, 5> kUnits = {"B", "KiB", "MiB", "GiB", "TiB"};
  auto amount = static_cast<double>(bytes);
  std::size_t unit = 0;
  while (amount >= 1024 && unit + 1 < kUnits.size()) {
    amount /= 1024;
    ++unit;
  }
  return fmt::format("{:.{}f} {}", amount, unit == 0 ? 0 : 1, kUnits.at(unit));
}

std::uintmax_t journal_size(const fs::path& directory) {
  std::uintmax_t size = 0;
  for (const char* name : {"journal.db", "journal.db-wal"}) {
    std::error_code problem;
    const std::uintmax_t part = fs::file_size(directory / name, problem);
    if (!problem) size += part;
  }
  return size;
}

// A file that is gone as soon as nobody has it open.
class ScratchFile {
 public:
  explicit ScratchFile(const std::string& directory)
      : descriptor_(open(directory.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, S_IRUSR | S_IWUSR)) {}
  ~ScratchFile() {
    if (descriptor_ >= 0) close(descriptor_);
  }
  ScratchFile(const ScratchFile&) = delete;
  ScratchFile& operator=(const ScratchFile&) = delete;

  // How long one durable write takes; nothing when it fails.
  std::optional<Duration> write_durably() {
    const std::array<char, 4096> block{};
    const auto begun = std::chrono::steady_clock::now();
    const bool written =
        descriptor_ >= 0 &&
        write(descriptor_, block.data(), block.size()) == static_cast<ssize_t>(block.size()) &&
        fdatasync(descriptor_) == 0;
    if (!written) return std::nullopt;
    return std::chrono::steady_clock::now() - begun;
  }

 private:
  int descriptor_;
};

void examine_disk(const std::string& directory, Findings& findings) {
  ScratchFile file(directory);
  std::vector<Duration> times;
  for (int i = 0; i < kSyncs; ++i) {
    const std::optional<Duration> time = file.write_durably();
    if (!time) {
      return findings.add("disk", Health::kWatch,
                          "nothing can be written in " + directory + " to measure it",
                          "give this user the right to write there, or name another --state-dir");
    }
    times.push_back(*time);
  }
  std::nth_element(times.begin(), times.begin() + kSyncs / 2, times.end());
  const Duration median = times[kSyncs / 2];
  const auto micros = std::chrono::duration_cast<std::chrono::microseconds>(median).count();
  if (median < kTooFast) {
    return findings.add("disk", Health::kWatch,
                        fmt::format("a durable write takes {} us: no disk is that fast; after a "
                                    "power cut the last entries may be missing",
                                    micros),
                        "put the state directory on a disk that keeps what it confirms");
  }
  findings.add("disk", Health::kGood, fmt::format("a durable write takes {} us", micros));
}

void examine_place(const fs::path& directory, Findings& findings) {
  std::error_code problem;
  const fs::space_info space = fs::space(directory, problem);
  const std::string size = format_bytes(journal_size(directory));
  if (problem) {
    return findings.add("journal", Health::kWatch, directory.string() + ": " + problem.message());
  }
  const Health health = space.available < kLittleSpace ? Health::kWrong : Health::kGood;
  findings.add(
      "journal", health,
      fmt::format("{}, {}, {} free", directory.string(), size, format_bytes(space.available)),
      health == Health::kGood ? "" : "make room, or: neap runs compact --older-than 30d");
}

// What is in it says what was done to which group, and the journal is only as safe as its
// directory.
void examine_rights(const std::string& directory, Findings& findings) {
  struct stat about {};
  if (stat(directory.c_str(), &about) != 0) return;
  constexpr mode_t kOthers = S_IRWXG | S_IRWXO;
  if (access(directory.c_str(), W_OK) != 0) {
    return findings.add("rights", Health::kWrong, directory + " cannot be written by this user",
                        "run neap as its owner, or name another --state-dir");
  }
  if ((about.st_mode & kOthers) != 0) {
    return findings.add("rights", Health::kWatch,
                        fmt::format("{} is open to others (mode {:03o})", directory,
                                    static_cast<unsigned>(about.st_mode & 0777U)),
                        "chmod 700 " + directory);
  }
  findings.add("rights", Health::kGood, "the state directory is this user's alone");
}

void examine_log(journal::Store& store, const journal::Run& run, Findings& findings) {
  const Result<std::vector<journal::Logged>> log = store.log(run.id);
  if (!log) return;  // Store::check has said so
  for (const journal::Violation& violation : journal::check_run(run, *log)) {
    findings.add(
        "run " + run.id, Health::kWrong,
        fmt::format("{} at entry {}: {}", violation.rule, violation.position, violation.sentence));
  }
}

// What of a run a person should know.
void mention(const journal::Run& run, UtcTime now, Findings& findings) {
  if (run.waiting.empty()) return;
  findings.add(
      "run " + run.id, Health::kWatch,
      fmt::format("{}, {} since {}: {}", run.name,
                  run.status == journal::Status::kInDoubt ? "in doubt" : to_text(run.status),
                  show::time_and_age(run.changed, now), run.waiting),
      "neap runs show " + run.id);
}

}  // namespace

void examine_runs(journal::Store& store, UtcTime now, Findings& findings) {
  std::size_t open = 0;
  for (const auto status :
       {journal::Status::kRunning, journal::Status::kWaiting, journal::Status::kInDoubt}) {
    const Result<std::vector<journal::Run>> runs = store.runs(status);
    if (!runs) return findings.add("runs", Health::kWrong, describe(runs.error()));
    open += runs->size();
    for (const journal::Run& run : *runs) {
      examine_log(store, run, findings);
      mention(with_fate(store, run), now, findings);
    }
  }
  findings.add("runs", Health::kGood, fmt::format("{} not ended", open));
}

void examine_journal(const config::Settings& settings, UtcTime now, Findings& findings) {
  const std::string& directory = settings.state_dir.value;
  std::error_code problem;
  if (!fs::exists(directory, problem) && !problem) {
    return findings.add("journal", Health::kGood, directory + " is made by the first run");
  }
  examine_place(directory, findings);
  examine_rights(directory, findings);
  examine_disk(directory, findings);
  const Result<std::unique_ptr<journal::Store>> store = open_journal(settings, Access::kLook);
  if (!store) return findings.add("journal", Health::kWrong, describe(store.error()));
  const Result<std::vector<std::string>> damage = (*store)->check();
  if (!damage) return findings.add("journal", Health::kWrong, describe(damage.error()));
  for (const std::string& line : *damage) {
    findings.add("journal", Health::kWrong, line, "neap runs export RUN gives what is readable");
  }
  if (damage->empty()) findings.add("journal", Health::kGood, "it is whole");
  examine_runs(**store, now, findings);
}

}  // namespace neap::app
