// Where Lua code comes from: the embedded standard library, and files beside the script.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <lua.hpp>

#include "lua/bind.h"

namespace neap::lua {

// Keeps the Lua text that a run loads, so that a resumed run loads the same. A module of the
// standard library is named "stdlib/sdrs", a file beside the script as the script requires it.
class Modules {
 public:
  virtual ~Modules() = default;
  // The text to run in place of the one at hand, which need not exist any more.
  virtual std::optional<std::string> pinned(std::string_view name) = 0;
  // This text is about to be run. Told again for a module that failed and is required once more.
  virtual void loaded(std::string_view name, std::string_view text) = 0;
};

// Serves `require`. Two kinds of code ask: the standard library, which may also have the host
// modules, and scripts, which get the public part of the library and files of their own folder.
// Must outlive the state's last call; every function runs under protect().
class Loader {
 public:
  // `script_folder` is empty where scripts have no files of their own (`-e`, standard input). A
  // trusted script, a test of neap itself, may have what the standard library has. `modules`, which
  // may be nullptr, must outlive the loader.
  explicit Loader(std::string script_folder, bool trusted = false, Modules* modules = nullptr)
      : script_folder_(std::move(script_folder)), trusted_(trusted), modules_(modules) {}

  // Creates the module table and the global `require` for scripts. After make_sandbox.
  void install(lua_State* L);
  // Makes the module known to the standard library under its name.
  void add(lua_State* L, Context& context, const Module& module);
  // Pushes what the standard library's module returns, loading it on first use.
  void push_library(lua_State* L, std::string_view name);
  // Pushes the compiled chunk. Text only, never bytecode. Throws Failure of kind script with the
  // file and line of a syntax error.
  static void load(lua_State* L, std::string_view source, const std::string& chunk_name);

 private:
  friend int require_entry(lua_State* L);
  void require(lua_State* L, bool from_library);
  void push_file(lua_State* L, std::string_view name);
  void load_module(lua_State* L, const std::string& name, std::string_view source,
                   const std::string& chunk_name);
  std::optional<std::string> pinned(const std::string& name) const;

  std::string script_folder_;
  bool trusted_;
  Modules* modules_;
};

}  // namespace neap::lua
