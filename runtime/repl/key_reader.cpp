#include "repl/key_reader.h"

namespace neap::repl {
namespace {

constexpr std::string_view kPasteBegins = "\x1b[200~";
constexpr std::string_view kPasteEnds = "\x1b[201~";
constexpr char32_t kReplacement = 0xFFFD;

std::size_t length_of(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead < 0xE0) return 2;
  if (lead >= 0xE0 && lead < 0xF0) return 3;
  return lead >= 0xF0 && lead < 0xF5 ? 4 : 0;
}

// Of a whole sequence; U+FFFD when it is none.
char32_t decode(std::string_view bytes) {
  if (bytes.size() == 1) return static_cast<unsigned char>(bytes[0]);
  constexpr unsigned char kLeadMasks[] = {0, 0, 0x1F, 0x0F, 0x07};
  char32_t character = static_cast<unsigned char>(bytes[0]) & kLeadMasks[bytes.size()];
  for (const char byte : bytes.substr(1)) {
    if ((static_cast<unsigned char>(byte) & 0xC0) != 0x80) return kReplacement;
    character = character << 6 | (static_cast<unsigned char>(byte) & 0x3F);
  }
  return character;
}

}  // namespace

// Takes the marks of pasting from the front; true while what is there may still become one.
bool KeyReader::take_mark(bool patient) {
  for (;;) {
    if (bytes_.starts_with(kPasteBegins)) {
      pasting_ = true;
    } else if (bytes_.starts_with(kPasteEnds)) {
      pasting_ = false;
    } else {
      const bool begun =
          !bytes_.empty() && (kPasteBegins.starts_with(bytes_) || kPasteEnds.starts_with(bytes_));
      return begun && patient;
    }
    bytes_.erase(0, kPasteBegins.size());
  }
}

bool KeyReader::paste_ends() {
  if (!pasting_ || !bytes_.starts_with(kPasteEnds)) return false;
  bytes_.erase(0, kPasteEnds.size());
  pasting_ = false;
  return true;
}

std::optional<char32_t> KeyReader::next(bool patient) {
  if (take_mark(patient) || bytes_.empty()) return std::nullopt;
  const std::size_t length = length_of(static_cast<unsigned char>(bytes_[0]));
  if (bytes_.size() < length && patient) return std::nullopt;
  const bool whole = length > 0 && bytes_.size() >= length;
  char32_t character = whole ? decode(std::string_view(bytes_).substr(0, length)) : kReplacement;
  bytes_.erase(0, whole ? length : 1);
  if (pasting_ && character == '\t') character = ' ';
  if (pasting_ && character == '\r') character = '\n';
  return character;
}

}  // namespace neap::repl
