// The pages of docs/reference that the catalogue, the bindings, the simulator and the tests make.
#include <algorithm>
#include <filesystem>
#include <map>
#include <sstream>

#include <catch2/catch.hpp>

#include "base/embedded.h"
#include "bindings/operation.h"
#include "host.h"
#include "lua/loader.h"
#include "lua/prelude.h"
#include "lua/state.h"
#include "support/operation_arguments.h"
#include "support/reference_file.h"

namespace neap {
extern const std::span<const EmbeddedFile> stdlib_files;
}

using namespace neap;

namespace {

namespace fs = std::filesystem;

// Part of what rule cases are drawn from; their number is the same for every seed.
constexpr std::uint64_t kSeed = 20261122;

const fs::path kRoot = test::root_directory();

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

bool mentions(std::string_view text, std::string_view word) {
  for (std::size_t at = text.find(word); at != text.npos; at = text.find(word, at + 1)) {
    const std::size_t end = at + word.size();
    const bool begins = at == 0 || !is_word(text[at - 1]);
    if (begins && (end == text.size() || !is_word(text[end]))) return true;
  }
  return false;
}

// The row of a module that calls the operation, as modules of the library name it.
std::string binding_of(const cloud::Operation& operation) {
  const std::string name = cloud::permission_name(operation);
  for (const lua::Module* module : all_modules()) {
    for (const lua::Entry& entry : module->entries) {
      if (entry.later == bindings::invoke && entry.operation == name) {
        return "`" + std::string(module->name) + "." + std::string(entry.name) + "`";
      }
    }
  }
  return {};
}

// The file that carries the operation out; what is only shown, listed or renamed by verbs.lua.
std::string simulation_of(const cloud::Operation& operation) {
  const std::string folder = "sim/" + std::string(operation.service) + "/";
  for (const EmbeddedFile& file : stdlib_files) {
    const std::string_view name(file.name);
    const bool ours = name.starts_with(folder) && !name.ends_with("codes.lua");
    if (ours && mentions(file.text.view(), operation.name)) return std::string(name);
  }
  return "sim/verbs.lua";
}

// Tests in Lua by file; what all operations have in common is tested for all of them elsewhere.
std::map<std::string, std::string> test_files() {
  std::map<std::string, std::string> files;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(kRoot / "tests/lua")) {
    const std::string name = entry.path().filename().string();
    if (!name.ends_with("_test.lua")) continue;
    files[fs::relative(entry.path(), kRoot / "tests").string()] = test::read_whole(entry.path());
  }
  return files;
}

std::string operations_page() {
  test::OperationArguments made(kSeed);
  const auto tests = test_files();
  std::ostringstream out;
  out << "# Operations\n\nMade by `./dev docs`. Each operation of the catalogue with the row of "
         "the "
         "host's module that\ncalls it, how many rule cases its arguments are checked with, the "
         "file of the simulator that\ncarries it out, and where it is tested: `model` is the "
         "random "
         "test of tests/model, which sees every\noperation accepted and refused, beside the tests "
         "in "
         "Lua that name it.\n";
  std::string_view service;
  for (const cloud::Operation& operation : cloud::catalog()) {
    if (operation.service != service) {
      service = operation.service;
      out << "\n## " << service
          << "\n\n| operation | binding | check | simulated | tested |\n|---|---|---|---|---|\n";
    }
    out << "| `" << operation.name << "` | " << binding_of(operation) << " | "
        << made.rule_cases(operation).size() << " cases | `" << simulation_of(operation)
        << "` | model";
    for (const auto& [name, text] : tests) {
      if (mentions(text, operation.name)) out << ", " << name;
    }
    out << " |\n";
  }
  return out.str();
}

std::string field(lua_State* L, const char* name) {
  lua_getfield(L, -1, name);
  const char* text = lua_tostring(L, -1);
  std::string out = text != nullptr ? text : "";
  lua_pop(L, 1);
  std::replace(out.begin(), out.end(), '|', '/');
  return out;
}

std::string fidelity_page() {
  lua::State machine{{.memory_limit = 0, .jit = false}};
  lua::Loader loader{""};
  lua::prepare_border(machine.main());
  std::ostringstream out;
  out << "# Fidelity of the simulator\n\nMade by `./dev docs` from stdlib/sim/choices.lua. A "
         "behaviour is *documented* by the platform,\n*inferred* from its documents or from other "
         "clients' code, or *chosen* where nothing says it.\n";
  const Result<int> done = lua::protect(machine.main(), [&](lua_State* L) {
    lua::load_prelude(L);
    loader.install(L);
    loader.push_library(L, "sim.choices");
    std::string service;
    const int count = static_cast<int>(lua_objlen(L, -1));
    for (int index = 1; index <= count; ++index) {
      lua_rawgeti(L, -1, index);
      if (const std::string own = field(L, "service"); own != service) {
        service = own;
        out << "\n## " << service
            << "\n\n| behaviour | kind | what it does | why | source |\n|---|---|---|---|---|\n";
      }
      out << "| " << field(L, "subject") << " (`" << field(L, "id") << "`) | " << field(L, "kind")
          << " | " << field(L, "choice") << " | " << field(L, "reason") << " | "
          << field(L, "source") << " |\n";
      lua_pop(L, 1);
    }
    return 0;
  });
  REQUIRE(done);
  return out.str();
}

std::string errors_page() {
  std::ostringstream out;
  out << "# Error codes\n\nMade by `./dev docs` from the catalogue; `neap help CODE` says the "
         "same.\n"
         "\n| code | status | kind | meaning | what to do |\n|---|---|---|---|---|\n";
  for (const cloud::ErrorCode& code : cloud::error_codes()) {
    out << "| " << code.code << " | " << code.http_status << " | " << to_text(code.kind) << " | "
        << code.meaning << " | " << code.remedy << " |\n";
  }
  return out.str();
}

}  // namespace

TEST_CASE("the reference pages are what the catalogue makes, without an empty cell") {
  const std::string operations = operations_page();
  CHECK(operations.find("| 0 cases |") == operations.npos);
  test::check_reference("operations.md", operations);
  test::check_reference("fidelity.md", fidelity_page());
  test::check_reference("errors.md", errors_page());
}
