#include "serve/handlers.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "runs/script_run.h"
#include "serve/handler_operator.h"

namespace neap::serve {
namespace {

constexpr Duration kPatience = std::chrono::seconds{5};

bool contains(const std::vector<std::string>& list, std::string_view text) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

std::vector<std::string> texts_of(const json::Object& fields, std::string_view key) {
  std::vector<std::string> texts;
  for (const json::Value& item : fields.list(key)) {
    if (const auto* text = item.as<std::string>()) texts.push_back(*text);
  }
  return texts;
}

OnError on_error_of(const std::string& text) {
  if (text == "CONTINUE") return OnError::kContinue;
  return text == "HOLD" ? OnError::kHold : OnError::kAbandon;
}

// stdlib/hooks.lua has checked every field.
Handler handler_of(const json::Object& fields) {
  Handler handler;
  handler.index = static_cast<std::int64_t>(fields.number("index").value_or(0));
  handler.name = fields.text("name");
  handler.type = fields.text("type");
  handler.groups = texts_of(fields, "groups");
  handler.hooks = texts_of(fields, "hooks");
  handler.path = fields.text("path");
  handler.needs = texts_of(fields, "needs");
  handler.concurrency = static_cast<std::size_t>(fields.number("concurrency").value_or(1));
  if (const auto limit = fields.number("per_group")) {
    handler.per_group = static_cast<std::size_t>(*limit);
  }
  handler.attempts = static_cast<std::int64_t>(fields.number("attempts").value_or(1));
  if (const auto limit = fields.number("timeout")) handler.timeout = from_seconds(*limit);
  handler.extend_up_to = from_seconds(fields.number("extend_up_to").value_or(0));
  handler.on_error = on_error_of(fields.text("on_error"));
  return handler;
}

// A handler that may not reach its hosts fails for every instance: better not to begin.
Result<void> check_hosts(const Handler& handler, const std::vector<std::string>& allowed) {
  constexpr std::string_view kNet = "net:";
  for (const std::string& need : handler.needs) {
    if (!need.starts_with(kNet)) continue;
    const bool any = need == "net:*";
    const bool granted = std::any_of(allowed.begin(), allowed.end(), [&](const std::string& grant) {
      return grant == need ||
             (grant.starts_with(kNet) && (any || grant.find('/') != std::string::npos));
    });
    if (granted) continue;
    return fail(ErrorKind::kConfig,
                fmt::format("it needs {}, and nothing of that is allowed", printable(need)),
                any ? "give --allow net:10.0.0.0/16 with the range of the instances, or net:HOST"
                    : fmt::format("give --allow {}", printable(need)));
  }
  return {};
}

Result<std::shared_ptr<const Handlers>> described(const runs::Script& script,
                                                  const json::Object& description,
                                                  const config::Settings& settings) {
  auto handlers = std::make_shared<Handlers>();
  handlers->script = script;
  for (const json::Value& row : description.list("handlers")) {
    if (const auto* fields = row.as<json::Object>()) handlers->all.push_back(handler_of(*fields));
  }
  for (const Handler& handler : handlers->all) {
    Result<Grants> grants = grants_of(handler, settings);
    Result<void> hosts = check_hosts(handler, settings.allow.value);
    if (grants && hosts) continue;
    Error error = std::move(grants ? hosts.error() : grants.error());
    error.message = fmt::format("{}: handler {}: {}", script.name, handler.name, error.message);
    return tl::unexpected(std::move(error));
  }
  return handlers;
}

// One reading of the file, until it is over.
struct Loading {
  runs::Script script;
  HandlerOperator op;
  std::optional<runs::ScriptRun> run;
  Loop::Timer limit;
  Function<void(Result<std::shared_ptr<const Handlers>>)> done;

  explicit Loading(Log& log) : op(log) {}
};

}  // namespace

bool Handler::fits(const journal::HookEvent& event) const {
  if (type != event.hook_type) return false;
  if (!path.empty() && path != event.path) return false;
  if (!hooks.empty() && !contains(hooks, event.hook_name)) return false;
  return groups.empty() || contains(groups, event.group_id) || contains(groups, event.group_name);
}

const Handler* Handlers::find(const journal::HookEvent& event) const {
  const auto found = std::find_if(all.begin(), all.end(),
                                  [&](const Handler& handler) { return handler.fits(event); });
  return found == all.end() ? nullptr : &*found;
}

bool Handlers::has_path(std::string_view path) const {
  return std::any_of(all.begin(), all.end(),
                     [&](const Handler& handler) { return handler.path == path; });
}

Result<Grants> grants_of(const Handler& handler, const config::Settings& settings) {
  return Grants::from_needs(handler.needs, settings.allow.value);
}

Owner load_handlers(runs::World& world, Log& log, const config::Settings& settings,
                    const std::string& path,
                    Function<void(Result<std::shared_ptr<const Handlers>>)> done) {
  auto loading = std::make_shared<Loading>(log);
  loading->done = std::move(done);
  Result<runs::Script> script = runs::find_script(path);
  if (!script) {
    Error error = script.error();
    error.hint = "give the path of a file that registers handlers, ./handlers.lua, or scale_hook";
    loading->limit = world.loop().after(
        Duration::zero(), [at = loading.get(), error = std::move(error)]() mutable {
          std::exchange(at->done, nullptr)(tl::unexpected(std::move(error)));
        });
    return Owner{std::move(loading)};
  }
  loading->script = *std::move(script);
  loading->script.handlers = true;
  loading->run.emplace(world, loading->op, log, settings, loading->script,
                       runs::ScriptRun::Options{});
  loading->run->begin_evaluate(
      [at = loading.get(), &settings](runs::ScriptRun::Outcome outcome) mutable {
        auto told = std::exchange(at->done, nullptr);
        if (!told) return;
        at->limit.cancel();
        if (outcome.error) return told(tl::unexpected(std::move(*outcome.error)));
        told(described(at->script, *at->run->description(), settings));
      });
  loading->limit = world.loop().after(kPatience, [at = loading.get()] {
    std::exchange(at->done,
                  nullptr)(fail(ErrorKind::kScript,
                                fmt::format("{}: it has not been loaded within {}",
                                            printable(at->script.name), format_duration(kPatience)),
                                "a file of handlers registers them and waits for nothing"));
  });
  return Owner{std::move(loading)};
}

}  // namespace neap::serve
