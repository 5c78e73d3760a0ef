#include "app/who.h"

#include <array>
#include <vector>

#include <fmt/format.h>
#include <pwd.h>
#include <unistd.h>

namespace neap::app {
namespace {

std::string account_name() {
  std::vector<char> space(16384);
  passwd entry{};
  passwd* found = nullptr;
  const uid_t user = getuid();
  if (getpwuid_r(user, &entry, space.data(), space.size(), &found) == 0 && found != nullptr) {
    return found->pw_name;
  }
  return fmt::format("uid{}", user);
}

std::string host_name() {
  std::array<char, 256> name{};
  if (gethostname(name.data(), name.size() - 1) != 0) return "localhost";
  return name.data();
}

}  // namespace

std::string operator_name() {
  return account_name() + "@" + host_name();
}

}  // namespace neap::app
