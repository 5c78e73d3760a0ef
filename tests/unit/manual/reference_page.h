// The reference page of everything that scripts call, made from the surface.
#pragma once

#include <algorithm>
#include <string>

#include "manual/surface.h"

namespace neap::test {

// The cell's text: a bar would end it.
inline std::string cell(std::string text) {
  for (std::size_t at = 0; (at = text.find('|', at)) != std::string::npos; at += 2) {
    text.replace(at, 1, "\\|");
  }
  return text;
}

inline std::string reference_line(const manual::Member& member) {
  std::string operations;
  for (const std::string& operation : member.operations) {
    operations += (operations.empty() ? "`" : ", `") + operation + "`";
  }
  const std::string shown = member.signature.empty() ? member.path : member.signature;
  return "| `" + cell(shown) + "` | " + cell(member.text) + " | " +
         (operations.empty() ? "-" : operations) + " |\n";
}

inline std::string reference_page(const manual::Surface& surface) {
  std::string text =
      "# What scripts call\n\nMade by `./dev docs` from the standard library; `neap help PATH` "
      "says "
      "more of each, with its parameters,\nstates, errors and an example. Of a collection the "
      "first "
      "lines are what is done with all of its things, the others\nwhat is done with one.\n";
  std::string section;
  std::vector<const manual::Member*> sorted;
  for (const manual::Member& member : surface.all()) sorted.push_back(&member);
  const auto parent = [](const manual::Member& member) {
    const std::size_t dot = member.path.rfind('.');
    const bool inner = !member.signature.empty() || member.kind == "field";
    return inner && dot != std::string::npos ? member.path.substr(0, dot) : member.path;
  };
  std::stable_sort(sorted.begin(), sorted.end(),
                   [&](const auto* a, const auto* b) { return parent(*a) < parent(*b); });
  for (const manual::Member* member : sorted) {
    if (const std::string own = parent(*member); own != section) {
      section = own;
      text += "\n## " + section + "\n\n| call | what it does | operations |\n|---|---|---|\n";
    }
    text += reference_line(*member);
  }
  return text;
}

}  // namespace neap::test
