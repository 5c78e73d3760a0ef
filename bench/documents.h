// The documents that the JSON benchmark reads, made from a seed.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace neap::bench {

// Each set holds variants of one document. They differ in ids, times and counts, as answers to the
// same question do: decoding one text again and again would find all its strings interned already.
struct DocumentSet {
  std::string name;
  std::vector<std::string> texts;
};

DocumentSet job_answers(std::uint64_t seed);  // 64 of 404 bytes
DocumentSet group_lists(std::uint64_t seed);  // 8 of about 760 kB, 1,000 protection groups each
DocumentSet mixed_documents(
    std::uint64_t seed);  // 8 of about 630 kB, like a search in a social net

}  // namespace neap::bench
