#include "show/fields.h"

#include <algorithm>

#include "base/text.h"

namespace neap::show {
namespace {

constexpr std::size_t kGap = 2;
constexpr std::size_t kRoom = 12;  // least of a value beside its name

}  // namespace

void put_fields(std::string& out, const std::vector<Field>& fields, const Look& look,
                std::size_t indent) {
  std::size_t names = 0;
  for (const Field& field : fields) names = std::max(names, display_width(field.name));
  const std::size_t begin = indent + names + kGap;
  const bool beside = look.width == kNoLimit || begin + kRoom <= look.width;
  for (const Field& field : fields) {
    Line line(std::string(indent, ' '));
    if (beside) {
      line.add(field.value.width() == 0 ? field.name : padded(field.name, names + kGap));
      line.add(field.value).put(out, look, begin);
    } else {
      line.add(field.name).put(out, look, indent);
      Line below(std::string(indent + kGap, ' '));
      if (field.value.width() > 0) below.add(field.value).put(out, look, indent + kGap);
    }
  }
}

}  // namespace neap::show
