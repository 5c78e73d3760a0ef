-- What luacheck allows (./dev lint): the globals of each kind of Lua in the repository.
std = "luajit"
max_line_length = 100
exclude_files = { "build/**" }

-- Preloaded for runbooks, handlers and the tests that run inside neap.
local preloaded = {
  "sdrs", "as", "ecs", "smn", "iam", "cloud", "task", "timer", "log", "json", "http", "runbook",
  "hooks",
}
files["scripts"] = { read_globals = preloaded }
files["stdlib"] = { read_globals = preloaded }
files["tests/lua"] = { read_globals = preloaded }
files["tests/lua/scale_hook_test.lua"] = { globals = { "http" } }  -- which it plays
files[".ci"] = { read_globals = preloaded }
files[".ci/demo_hooks.lua"] = { globals = { "SIMULATOR", "SERVICE" } }  -- set before it
files["tests/browser"] = { read_globals = preloaded }
files["tests/runbooks"] = { read_globals = preloaded }

-- The prelude is where the sandbox is built: it alone replaces what Lua comes with.
files["stdlib/prelude.lua"] = { globals = { "coroutine", "error", "string" } }
