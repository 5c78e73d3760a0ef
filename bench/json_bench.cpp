// JSON to Lua tables against lua-cjson and bare simdjson, in one process, CPU time, the JIT off.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <lua.hpp>
#include <simdjson.h>

#include "bench/documents.h"
#include "json/document.h"
#include "lua/json.h"

namespace neap::bench {
namespace {

constexpr double kRunSeconds = 0.08;  // CPU time of one measurement of ours
constexpr int kRounds = 11;

double cpu_seconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

// Work to be measured: does its operation `times` times over rotating documents.
using Work = std::function<void(int times)>;

double microseconds_each(const Work& work, int times) {
  const double start = cpu_seconds();
  work(times);
  return (cpu_seconds() - start) * 1e6 / times;
}

int decode_with_ours(lua_State* L) {
  std::size_t size = 0;
  const char* text = lua_tolstring(L, 1, &size);
  lua::decode_json(L, {text, size});
  return 1;
}

// A Lua state in the mode that scripts run in, with a decoder and the documents.
class Machine {
 public:
  Machine(const DocumentSet& documents, bool ours) : L_(luaL_newstate()) {
    luaL_openlibs(L_.get());
    luaJIT_setmode(L_.get(), 0, LUAJIT_MODE_ENGINE | LUAJIT_MODE_OFF);
    run(R"(
      local decode, documents = ...
      local count, following = #documents, 0
      return function(times)
        for _ = 1, times do
          following = following % count + 1
          decode(documents[following])
        end
      end)",
        [&] {
          if (ours) {
            lua_pushcfunction(L_.get(), decode_with_ours);
          } else {
            push_cjson_decode();
          }
          push_documents(documents);
          return 2;
        });
    loop_ = luaL_ref(L_.get(), LUA_REGISTRYINDEX);
  }

  void decode(int times) {
    lua_rawgeti(L_.get(), LUA_REGISTRYINDEX, loop_);
    lua_pushinteger(L_.get(), times);
    check(lua_pcall(L_.get(), 1, 0, 0));
  }

  // Leaves no garbage of earlier rounds to be paid for in the next.
  void clean() { lua_gc(L_.get(), LUA_GCCOLLECT, 0); }

 private:
  struct Close {
    void operator()(lua_State* L) const { lua_close(L); }
  };

  void check(int status) {
    if (status != 0) throw std::runtime_error(lua_tostring(L_.get(), -1));
  }

  void run(const char* code, const std::function<int()>& push_arguments) {
    check(luaL_loadstring(L_.get(), code));
    const int arguments = push_arguments();
    check(lua_pcall(L_.get(), arguments, 1, 0));
  }

  void push_cjson_decode() {
    run(R"(package.cpath = "/usr/lib/x86_64-linux-gnu/lua/5.1/?.so"
           return require("cjson").decode)",
        [] { return 0; });
  }

  void push_documents(const DocumentSet& documents) {
    lua_createtable(L_.get(), static_cast<int>(documents.texts.size()), 0);
    int place = 1;
    for (const std::string& text : documents.texts) {
      lua_pushlstring(L_.get(), text.data(), text.size());
      lua_rawseti(L_.get(), -2, place++);
    }
  }

  std::unique_ptr<lua_State, Close> L_;
  int loop_ = LUA_NOREF;
};

// Bare simdjson: what no decoder can beat.
Work raw_parse(const DocumentSet& documents) {
  auto parser = std::make_shared<simdjson::dom::parser>();
  auto texts = std::make_shared<std::vector<simdjson::padded_string>>();
  for (const std::string& text : documents.texts) texts->emplace_back(text);
  return [parser, texts, next = std::size_t{0}](int times) mutable {
    for (int i = 0; i < times; ++i) {
      next = (next + 1) % texts->size();
      if (parser->parse((*texts)[next]).error()) throw std::runtime_error("simdjson refuses");
    }
  };
}

Work status_only(const DocumentSet& documents) {
  auto parser = std::make_shared<json::Parser>();
  return [parser, &documents, next = std::size_t{0}](int times) mutable {
    for (int i = 0; i < times; ++i) {
      next = (next + 1) % documents.texts.size();
      const auto document = parser->parse(documents.texts[next]);
      if (!document || document->text("/status") != "RUNNING") {
        throw std::runtime_error("the status is not found");
      }
    }
  };
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

struct Row {
  std::string work;
  double bar = 0;
  std::vector<double> ours, cjson, raw, ratio;

  bool met() const { return median(ratio) >= bar; }
  void print() const {
    fmt::print("{:<24}{:>10.2f}{:>10.2f}{:>10.2f}{:>8.2f}{:>8.2f}  {}\n", work, median(ours),
               median(cjson), median(raw), median(ratio), bar, met() ? "bar met" : "bar not met");
  }
};

// Interleaves ours, lua-cjson and bare simdjson; the ratio is taken within each round.
Row measure(const DocumentSet& documents, std::string work, double bar, const Work& ours,
            const std::function<void()>& clean_ours) {
  Row row{std::move(work), bar, {}, {}, {}, {}};
  Machine peer(documents, false);
  const Work raw = raw_parse(documents);
  const int count = static_cast<int>(documents.texts.size());
  raw(count);
  peer.decode(count);
  ours(count);
  const double each = std::max(0.05, microseconds_each(ours, count));
  const int times = std::max(count, static_cast<int>(kRunSeconds * 1e6 / each));
  for (int round = 0; round < kRounds; ++round) {
    clean_ours();
    row.ours.push_back(microseconds_each(ours, times));
    peer.clean();
    row.cjson.push_back(microseconds_each([&](int n) { peer.decode(n); }, times));
    row.raw.push_back(microseconds_each(raw, times));
    row.ratio.push_back(row.cjson.back() / row.ours.back());
  }
  return row;
}

Row measure_tables(const DocumentSet& documents, double bar) {
  Machine machine(documents, true);
  return measure(
      documents, documents.name, bar, [&](int times) { machine.decode(times); },
      [&] { machine.clean(); });
}

bool run(std::uint64_t seed) {
  const DocumentSet jobs = job_answers(seed);
  const DocumentSet groups = group_lists(seed);
  const DocumentSet mixed = mixed_documents(seed);
  fmt::print("seed {}; bytes {} / {} / {}; {} rounds, medians, CPU us per document, JIT off\n",
             seed, jobs.texts[0].size(), groups.texts[0].size(), mixed.texts[0].size(), kRounds);
  fmt::print("{:<24}{:>10}{:>10}{:>10}{:>8}{:>8}\n", "work", "ours", "lua-cjson", "raw DOM",
             "ratio", "bar");
  const Row rows[] = {
      measure_tables(jobs, 2.0),
      measure_tables(groups, 1.65),
      measure_tables(mixed, 2.0),
      measure(jobs, "job answer, status only", 8.0, status_only(jobs), [] {}),
  };
  for (const Row& row : rows) row.print();
  return std::all_of(std::begin(rows), std::end(rows), [](const Row& row) { return row.met(); });
}

}  // namespace
}  // namespace neap::bench

// bench_json [seed]; succeeds when every bar is met.
int main(int argc, char** argv) {
  try {
    return neap::bench::run(argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 20240831) ? 0 : 1;
  } catch (const std::exception& error) {
    fmt::print(stderr, "bench_json: {}\n", error.what());
    return 2;
  }
}
