// What the word before the cursor may become, and how several such words are shown.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace neap::repl {

struct Candidate {
  std::string text;
  std::string help;  // a few words; may be empty
};

struct Completion {
  std::size_t start = 0;  // where the word begins, in bytes of the line
  std::vector<Candidate> candidates;
};

// What all have in common, up to a whole character.
std::string common_beginning(std::span<const Candidate> candidates);

// Lines of at most `width` columns: few candidates with their help, more in columns, and of very
// many only the first and how many there are.
std::string candidate_list(std::span<const Candidate> candidates, std::size_t width);

// Characters of UTF-8 text.
std::size_t characters_in(std::string_view text);

}  // namespace neap::repl
