#include "repl/history_file.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "json/document.h"
#include "json/writer.h"

namespace neap::repl {
namespace {

constexpr std::size_t kMost = 10'000;  // statements; beyond, the older half goes
// Words of names under which secrets stand, whoever calls them what: better a line too few.
constexpr std::string_view kSecretWords[] = {"secret",    "passw",      "admin_pass",
                                             "adminpass", "token",      "authorization",
                                             "user_data", "credential", "private key"};
constexpr std::size_t kShortestSecret = 6;  // a text that is shorter would be found anywhere

Error trouble(const char* what, const std::string& path) {
  return {
      ErrorKind::kConfig,
      fmt::format("the history cannot be {}: {}: {}", what, printable(path), std::strerror(errno)),
      "statements of this session are not kept"};
}

std::optional<Remembered> parse_line(std::string_view line) {
  const Result<json::Document> document = json::Document::parse(line);
  if (!document) return std::nullopt;
  const auto text = document->text("/text");
  const auto at = document->text("/at");
  if (!text || !at) return std::nullopt;
  const Result<PlatformTime> time = parse_platform_time(*at);
  if (!time) return std::nullopt;
  return Remembered{std::chrono::floor<std::chrono::milliseconds>(*time), std::string(*text)};
}

std::string line_of(std::string_view text, UtcTime at) {
  json::Object row;
  row.set("at", format_iso(at));
  row.set("text", json::Value(text));
  return json::write(json::Value(std::move(row))) + "\n";
}

// All or nothing, so that a full disk does not cost what was there.
void shorten(const std::string& path, const std::vector<Remembered>& kept) {
  const std::string part = path + ".part";
  std::string text;
  for (const Remembered& each : kept) text += line_of(each.text, each.at);
  std::ofstream file(part, std::ios::binary);
  file << text;
  file.close();
  std::error_code problem;
  std::filesystem::permissions(
      part, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write, problem);
  if (file && !problem) std::filesystem::rename(part, path, problem);
  if (!file || problem) std::filesystem::remove(part, problem);
}

// Closes a descriptor.
class File {
 public:
  explicit File(int descriptor) : descriptor_(descriptor) {}
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  int get() const { return descriptor_; }

 private:
  int descriptor_;
};

}  // namespace

Result<std::vector<Remembered>> HistoryFile::load() {
  std::vector<Remembered> all;
  std::error_code problem;
  if (!std::filesystem::exists(path_, problem) && !problem) return all;
  errno = 0;
  std::ifstream file(path_, std::ios::binary);
  std::string line;
  while (std::getline(file, line)) {
    if (std::optional<Remembered> row = parse_line(line)) all.push_back(std::move(*row));
  }
  // A directory opens, and fails to be read.
  if (problem || !file.eof() || std::filesystem::is_directory(path_)) {
    return tl::unexpected(trouble("read", path_));
  }
  if (all.size() > kMost) {
    all.erase(all.begin(), all.end() - kMost / 2);
    shorten(path_, all);
  }
  return all;
}

bool HistoryFile::seems_secret(std::string_view text) const {
  const std::string lower = to_lower(text);
  const auto named = [&](std::string_view word) { return lower.find(word) != std::string::npos; };
  const auto holds = [&](const Secret& secret) {
    return secret.reveal().size() >= kShortestSecret && text.find(secret.reveal()) != text.npos;
  };
  return std::any_of(std::begin(kSecretWords), std::end(kSecretWords), named) ||
         std::any_of(secrets_.begin(), secrets_.end(), holds);
}

Result<HistoryFile::Kept> HistoryFile::add(std::string_view text, UtcTime at) {
  if (text.starts_with(' ')) return Kept::kUnwanted;
  if (seems_secret(text)) return Kept::kSecret;
  std::error_code problem;
  std::filesystem::create_directories(std::filesystem::path(path_).parent_path(), problem);
  const File file(::open(path_.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600));
  if (file.get() < 0) return tl::unexpected(trouble("written", path_));
  // One write for each line, at the end of the file: lines of several sessions do not mix.
  const std::string line = line_of(text, at);
  const ssize_t written = ::write(file.get(), line.data(), line.size());
  if (written != static_cast<ssize_t>(line.size()))
    return tl::unexpected(trouble("written", path_));
  return Kept::kYes;
}

}  // namespace neap::repl
