#include "cloud/look.h"

#include <algorithm>
#include <memory>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "json/document.h"

namespace neap::cloud {
namespace {

constexpr std::int64_t kPage = 1000;  // the most that a list gives at once (sdrs.md section 7)

bool takes(const Operation& operation, std::string_view name) {
  return std::any_of(operation.params.begin(), operation.params.end(),
                     [&](const Param& param) { return param.name == name; });
}

// An empty place says the thing is not there only when the platform itself says so: a proxy's 404
// says nothing.
bool says_not_found(const Error& error) {
  const ErrorCode* known = find_error_code(error.code);
  return error.kind == ErrorKind::kNotFound && known != nullptr;
}

class Looking : public std::enable_shared_from_this<Looking> {
 public:
  Looking(Client& client, Loop& loop, const Operation& operation, std::string_view reader,
          const json::Object& arguments, std::string mark, Function<void(Result<Look>)> done)
      : client_(client),
        loop_(loop),
        operation_(operation),
        reader_(*find_operation(operation.service, reader)),
        arguments_(arguments),
        mark_(std::move(mark)),
        done_(std::move(done)) {}

  void start() {
    asked_at_ = loop_.utc();
    lists() ? ask_for_page() : ask_for_thing();
  }

 private:
  bool lists() const { return reader_.name == operation_.lookup.list; }

  void ask(json::Object arguments) {
    call_ = client_.call(reader_, std::move(arguments), [this](Result<http::Response> answer) {
      const auto self = shared_from_this();
      if (!answer && !lists() && says_not_found(answer.error())) {
        seen_.view.found = false;
        return finish();
      }
      if (!answer) return done_(tl::unexpected(std::move(answer.error())));
      take_time(*answer);
      lists() ? read_page(answer->body) : read_thing(std::move(answer->body));
    });
  }

  void ask_for_thing() {
    json::Object arguments;
    const std::string id(operation_.lookup.id);
    if (const json::Value* value = arguments_.find(id)) arguments.set(id, *value);
    ask(std::move(arguments));
  }

  // Narrowed by whatever the list can be asked for of what the creation was given.
  void ask_for_page() {
    json::Object filters;
    for (const auto& [name, value] : arguments_) {
      if (takes(reader_, name)) filters.set(name, value);
    }
    filters.set("limit", kPage);
    filters.set("offset", offset_);
    ask(std::move(filters));
  }

  // The platform's own clock, where it says so, is the one that ends the life of a signature.
  void take_time(const http::Response& answer) {
    seen_.at = asked_at_;
    const Result<UtcTime> theirs = parse_http_date(answer.headers.get("Date"));
    if (theirs) seen_.at = std::min(asked_at_, *theirs);
  }

  void read_thing(std::string body) {
    const Result<json::Document> document = json::Document::parse(body);
    const std::string at = "/" + std::string(reader_.result) + "/";
    const auto text = [&](std::string_view field) {
      return std::string(document->text(at + std::string(field)).value_or(""));
    };
    if (!document || text("status").empty()) return unreadable();
    View& view = seen_.view;
    view.name = text("name");
    view.status = text("status");
    view.station = text("priority_station");
    view.updated_at = text("updated_at");
    if (!operation_.lookup.set.empty()) view.set = text(operation_.lookup.set);
    seen_.body = std::move(body);
    finish();
  }

  void read_page(const std::string& body) {
    const Result<json::Document> document = json::Document::parse(body);
    if (!document) return unreadable();
    const json::Value answer = document->value();
    const auto* members = answer.as<json::Object>();
    const json::Value* rows = members != nullptr ? members->find(reader_.result) : nullptr;
    const auto* list = rows != nullptr ? rows->as<json::Array>() : nullptr;
    if (list == nullptr) return unreadable();
    for (const json::Value& row : *list) {
      if (const auto* thing = row.as<json::Object>()) read_row(*thing);
    }
    offset_ += static_cast<std::int64_t>(list->size());
    list->size() < static_cast<std::size_t>(kPage) ? finish() : ask_for_page();
  }

  void read_row(const json::Object& thing) {
    const std::string id = thing.text("id");
    if (id.empty() || thing.text("name") != arguments_.text("name")) return;
    seen_.view.ids.push_back(id);
    const std::string_view field = operation_.lookup.mark;
    if (!mark_.empty() && thing.text(field).find(mark_) != std::string::npos) {
      seen_.view.marked = id;
    }
  }

  void unreadable() {
    done_(fail(ErrorKind::kNetwork,
               fmt::format("{}: the answer does not say what was asked for", reader_.name)));
  }

  void finish() {
    if (seen_.at == UtcTime{}) seen_.at = asked_at_;
    done_(std::move(seen_));
  }

  Client& client_;
  Loop& loop_;
  const Operation& operation_;
  const Operation& reader_;
  const json::Object arguments_;
  const std::string mark_;
  Function<void(Result<Look>)> done_;
  std::int64_t offset_ = 0;
  UtcTime asked_at_{};
  Look seen_;
  Owner call_;
};

void set_text(json::Object& fields, std::string_view name, const std::string& text) {
  if (!text.empty()) fields.set(std::string(name), text);
}

}  // namespace

json::Object to_json(const View& view) {
  json::Object fields;
  if (!view.found) fields.set("found", false);
  set_text(fields, "name", view.name);
  set_text(fields, "status", view.status);
  set_text(fields, "priority_station", view.station);
  set_text(fields, "updated_at", view.updated_at);
  set_text(fields, "set", view.set);
  if (!view.ids.empty()) fields.set("ids", json::Array(view.ids.begin(), view.ids.end()));
  set_text(fields, "marked", view.marked);
  return fields;
}

View parse_view(const json::Object& fields) {
  View view{.found = fields.find("found") == nullptr,
            .name = fields.text("name"),
            .status = fields.text("status"),
            .station = fields.text("priority_station"),
            .updated_at = fields.text("updated_at"),
            .set = fields.text("set"),
            .ids = {},
            .marked = fields.text("marked")};
  for (const json::Value& id : fields.list("ids")) {
    if (const auto* text = id.as<std::string>()) view.ids.push_back(*text);
  }
  return view;
}

std::string_view noun(const Operation& operation) {
  return operation.resource.substr(operation.resource.rfind('_') + 1);
}

std::string describe(const Operation& operation, const View& view) {
  if (operation.effect != Effect::kCreate) return describe_thing(operation, view);
  const std::string_view thing = noun(operation);
  if (view.ids.empty()) return fmt::format("no {} of that name is there", thing);
  return fmt::format("of that name there {} {} {}", view.ids.size() == 1 ? "is" : "are", thing,
                     printable(join(view.ids, ", ")));
}

std::string describe_thing(const Operation& operation, const View& view) {
  const std::string_view thing = noun(operation);
  if (!view.found) return fmt::format("the {} is not there", thing);
  std::string text =
      fmt::format("{} {} is {}", thing, printable(view.name), printable(view.status));
  if (!view.station.empty()) text += ", production is " + printable(view.station);
  return text;
}

Owner look(Client& client, Loop& loop, const Operation& operation, const json::Object& arguments,
           std::string mark, Function<void(Result<Look>)> done) {
  const bool creation = operation.effect == Effect::kCreate;
  auto looking = std::make_shared<Looking>(client, loop, operation,
                                           creation ? operation.lookup.list : operation.lookup.show,
                                           arguments, std::move(mark), std::move(done));
  looking->start();
  return Owner{std::move(looking)};
}

Owner look_at(Client& client, Loop& loop, const Operation& operation, const json::Object& arguments,
              Function<void(Result<Look>)> done) {
  auto looking = std::make_shared<Looking>(client, loop, operation, operation.lookup.show,
                                           arguments, std::string(), std::move(done));
  looking->start();
  return Owner{std::move(looking)};
}

}  // namespace neap::cloud
