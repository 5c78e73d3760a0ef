#include "cloud/look.h"

#include <algorithm>
#include <memory>
#include <utility>

#include <fmt/format.h>

#include "json/document.h"

namespace neap::cloud {
namespace {

constexpr std::int64_t kPage = 100;  // of a list that does not say how many rows it gives at most

const Param* find_param(const Operation& operation, std::string_view name) {
  const auto found = std::find_if(operation.params.begin(), operation.params.end(),
                                  [&](const Param& param) { return param.name == name; });
  return found == operation.params.end() ? nullptr : &*found;
}

// An empty place says the thing is not there only when the platform itself says so: a proxy's 404
// says nothing.
bool says_not_found(const Error& error) {
  const ErrorCode* known = find_error_code(error.code);
  return error.kind == ErrorKind::kNotFound && known != nullptr;
}

// The argument by which the call names several things; nullptr when it names one.
const json::Value* list_of_things(const Operation& operation, const json::Object& arguments) {
  for (const std::string_view name : operation.lookup.match) {
    const json::Value* value = arguments.find(name);
    if (value != nullptr && value->as<json::Array>() != nullptr) return value;
  }
  return nullptr;
}

// Which rows of a list a call is about.
class Selection {
 public:
  Selection(const Operation& operation, const json::Object& arguments)
      : operation_(operation), resource_(resource_of(operation)), arguments_(arguments) {
    if (const json::Value* list = list_of_things(operation, arguments)) ids_ = ids_in(*list);
  }

  bool takes(const json::Object& row) const {
    if (!ids_.empty() &&
        std::find(ids_.begin(), ids_.end(), plain_text(row, resource_.id)) == ids_.end()) {
      return false;
    }
    const Words match = operation_.lookup.match;
    // A creation is found again by its name where nothing else is said.
    if (match.empty()) return agrees(row, resource_.label);
    return std::all_of(match.begin(), match.end(),
                       [&](std::string_view name) { return agrees(row, name); });
  }

 private:
  bool agrees(const json::Object& row, std::string_view name) const {
    const json::Value* asked = arguments_.find(name);
    if (asked == nullptr || asked->as<json::Array>() != nullptr) return true;
    const bool names_it = row.find(name) == nullptr && name == operation_.lookup.id;
    return plain_text(row, names_it ? resource_.id : name) == plain_text(*asked);
  }

  const Operation& operation_;
  const Resource& resource_;
  const json::Object& arguments_;
  std::vector<std::string> ids_;
};

// The parameters of one page after the other.
class Pages {
 public:
  explicit Pages(const Operation& list) : paging_(list.paging) {
    const Param* limit = find_param(list, "limit");
    if (limit != nullptr && limit->max != INT64_MAX) size_ = limit->max;
  }

  void ask(json::Object& filters) const {
    switch (paging_) {
      case Paging::kNone:
        return;
      case Paging::kOffset:
        filters.set("limit", size_);
        filters.set("offset", rows_);
        return;
      case Paging::kStartNumber:
        filters.set("limit", size_);
        filters.set("start_number", rows_);
        return;
      case Paging::kPageNumber:
        filters.set("limit", size_);
        filters.set("offset", pages_ + 1);
        return;
      case Paging::kBody:
        filters.set("limit", std::to_string(size_));
        filters.set("offset", std::to_string(rows_));
        return;
    }
  }

  // Whether another one follows the one that was answered.
  bool go_on(const json::Object& answer, std::size_t rows) {
    rows_ += static_cast<std::int64_t>(rows);
    ++pages_;
    if (paging_ == Paging::kNone || rows == 0) return false;
    const std::optional<double> total = answer.number("total_number");
    if (paging_ == Paging::kStartNumber && total) return static_cast<double>(rows_) < *total;
    return static_cast<std::int64_t>(rows) >= size_;
  }

 private:
  const Paging paging_;
  std::int64_t size_ = kPage;
  std::int64_t rows_ = 0;
  std::int64_t pages_ = 0;
};

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
        done_(std::move(done)),
        selection_(operation_, arguments_),
        pages_(reader_) {}

  void start() {
    asked_at_ = loop_.utc();
    ask();
  }

 private:
  bool lists() const { return reader_.name == operation_.lookup.list; }
  bool creates() const { return lists() && operation_.effect == Effect::kCreate; }

  // The things that are about to be changed are named by what names them in the call; a list is
  // narrowed by whatever of the call it can be asked for.
  void ask() {
    json::Object arguments;
    for (const auto& [name, value] : arguments_) {
      const Param* filter = find_param(reader_, name);
      // What the call names several of, its list may filter by one of only.
      const bool several = value.as<json::Array>() != nullptr;
      if (filter == nullptr || (several && filter->type != Type::kStringList)) continue;
      arguments.set(name, value);
    }
    if (lists()) pages_.ask(arguments);
    call_ = client_.call(reader_, std::move(arguments), [this](Result<http::Response> answer) {
      const auto self = shared_from_this();
      if (!answer && !creates() && says_not_found(answer.error())) return finish();
      if (!answer) return done_(tl::unexpected(std::move(answer.error())));
      take_time(*answer);
      read(answer->body);
    });
  }

  // The platform's own clock, where it says so, is the one that ends the life of a signature.
  void take_time(const http::Response& answer) {
    seen_.at = asked_at_;
    const Result<UtcTime> theirs = parse_http_date(answer.headers.get("Date"));
    if (theirs) seen_.at = std::min(asked_at_, *theirs);
  }

  void read(const std::string& body) {
    const Result<json::Document> document = json::Document::parse(body);
    if (!document) return unreadable();
    const json::Value whole = document->value();
    const auto* answer = whole.as<json::Object>();
    if (answer == nullptr) return unreadable();
    lists() ? read_page(*answer) : read_thing(*answer);
  }

  void read_thing(const json::Object& answer) {
    const json::Object* thing = reader_.result.empty() ? &answer : answer.object(reader_.result);
    const std::string_view status = resource_of(operation_).status;
    if (thing == nullptr || thing->empty()) return unreadable();
    if (!status.empty() && plain_text(*thing, status).empty()) return unreadable();
    seen_.things.push_back(*thing);
    finish();
  }

  void read_page(const json::Object& answer) {
    const json::Value* rows = answer.find(reader_.result);
    const auto* list = rows != nullptr ? rows->as<json::Array>() : nullptr;
    if (list == nullptr) return unreadable();
    for (const json::Value& row : *list) {
      const auto* thing = row.as<json::Object>();
      if (thing != nullptr && selection_.takes(*thing)) seen_.things.push_back(*thing);
    }
    pages_.go_on(answer, list->size()) ? ask() : finish();
  }

  void unreadable() {
    done_(fail(ErrorKind::kNetwork,
               fmt::format("{}: the answer does not say what was asked for", reader_.name)));
  }

  void finish() {
    if (seen_.at == UtcTime{}) seen_.at = asked_at_;
    if (creates()) {
      see_creations();
    } else {
      see_things();
    }
    done_(std::move(seen_));
  }

  void see_creations() {
    const Resource& resource = resource_of(operation_);
    for (const json::Object& thing : seen_.things) {
      const std::string id = plain_text(thing, resource.id);
      if (id.empty()) continue;
      seen_.view.ids.push_back(id);
      const std::string_view field = operation_.lookup.mark;
      const bool marked = !mark_.empty() && thing.text(field).find(mark_) != std::string::npos;
      if (marked) seen_.view.marked = id;
      if (operation_.lookup.unique) seen_.view.set = view_of(operation_, arguments_, thing).set;
    }
  }

  void see_things() {
    const std::vector<std::string> ids = ids_of(operation_, arguments_);
    if (ids.size() < 2) {
      seen_.view.found = !seen_.things.empty();
      if (seen_.view.found) {
        seen_.view = view_of(operation_, arguments_, seen_.things.front());
      }
      return;
    }
    std::vector<View> rows;
    for (const std::string& id : ids) {
      const json::Object* thing = thing_of(id);
      View row{.found = false};
      if (thing != nullptr) row = view_of(operation_, arguments_, *thing);
      if (row.name.empty()) row.name = id;
      rows.push_back(std::move(row));
    }
    seen_.view = view_of_all(std::move(rows));
  }

  const json::Object* thing_of(const std::string& id) const {
    const std::string_view field = resource_of(operation_).id;
    const auto found =
        std::find_if(seen_.things.begin(), seen_.things.end(),
                     [&](const json::Object& thing) { return plain_text(thing, field) == id; });
    return found == seen_.things.end() ? nullptr : &*found;
  }

  Client& client_;
  Loop& loop_;
  const Operation& operation_;
  const Operation& reader_;
  const json::Object arguments_;
  const std::string mark_;
  Function<void(Result<Look>)> done_;
  const Selection selection_;
  Pages pages_;
  UtcTime asked_at_{};
  Look seen_;
  Owner call_;
};

Owner begin(Client& client, Loop& loop, const Operation& operation, std::string_view reader,
            const json::Object& arguments, std::string mark, Function<void(Result<Look>)> done) {
  auto looking = std::make_shared<Looking>(client, loop, operation, reader, arguments,
                                           std::move(mark), std::move(done));
  looking->start();
  return Owner{std::move(looking)};
}

std::string_view reader_of(const Operation& operation) {
  return operation.lookup.show.empty() ? operation.lookup.list : operation.lookup.show;
}

}  // namespace

bool can_be_looked_up(const Operation& operation) {
  const Lookup& lookup = operation.lookup;
  return operation.effect == Effect::kCreate ? !lookup.list.empty() : !reader_of(operation).empty();
}

std::vector<std::string> ids_of(const Operation& operation, const json::Object& arguments) {
  if (const json::Value* list = list_of_things(operation, arguments)) return ids_in(*list);
  const json::Value* id = arguments.find(operation.lookup.id);
  return id != nullptr ? ids_in(*id) : std::vector<std::string>();
}

Owner look(Client& client, Loop& loop, const Operation& operation, const json::Object& arguments,
           std::string mark, Function<void(Result<Look>)> done) {
  const bool creation = operation.effect == Effect::kCreate;
  return begin(client, loop, operation, creation ? operation.lookup.list : reader_of(operation),
               arguments, std::move(mark), std::move(done));
}

Owner look_at(Client& client, Loop& loop, const Operation& operation,
              const std::vector<std::string>& ids, Function<void(Result<Look>)> done) {
  const Lookup& lookup = operation.lookup;
  json::Object arguments;
  if (lookup.show.empty() && !lookup.match.empty()) {
    arguments.set(std::string(lookup.match.front()), json::Array(ids.begin(), ids.end()));
  } else if (!ids.empty()) {
    arguments.set(std::string(lookup.id), ids.front());
  }
  return begin(client, loop, operation, reader_of(operation), arguments, {}, std::move(done));
}

}  // namespace neap::cloud
