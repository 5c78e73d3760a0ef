// Names and values beneath each other, the values aligned.
#pragma once

#include <string>
#include <vector>

#include "show/line.h"

namespace neap::show {

struct Field {
  std::string name;  // printable
  Line value;
};

// One line a field, more where the value is longer than the terminal is wide; where it is too
// narrow for both, the values stand below their names. Every line begins with `indent` blanks.
void put_fields(std::string& out, const std::vector<Field>& fields, const Look& look,
                std::size_t indent = 0);

}  // namespace neap::show
