#include "support/report_samples.h"

#include <stdexcept>
#include <utility>

#include <fmt/format.h>

#include "json/writer.h"

namespace neap::test {
namespace {

using journal::Kind;
using journal::Status;

constexpr UtcTime kNoon{std::chrono::seconds{1767268800}};  // 2026-01-01T12:00:00Z
constexpr const char* kFailover = "start_failover_protection_group";

json::Object object_of(const std::string& text) {
  const Result<json::Document> document = json::Document::parse(text);
  if (!document) throw std::logic_error("no JSON: " + text);
  return *document->value().as<json::Object>();
}

std::string quoted(const std::string& text) {
  return json::write(json::Value(text));
}

constexpr const char* kFacts = R"({"endpoint":"https://sdrs.cn-north-4.example.com",
  "region":"cn-north-4","project":"5147d0a1","script":"7174596e890ac25fcbe8096734892bdc"})";

// A failover job with its parts; times are seconds after noon.
std::string job(const std::string& id, const std::string& status, int begin, int end,
                const std::string& parts, const std::string& reason = "null") {
  const auto time = [](int seconds) {
    return seconds < 0 ? "null" : quoted(format_iso(kNoon + std::chrono::seconds{seconds}));
  };
  return fmt::format(
      R"({{"job_id":"{}","job_type":"failoverProtectionGroupNoCG","status":"{}","begin_time":{},)"
      R"("end_time":{},"error_code":{},"fail_reason":{},"entities":{{"server_group_id":"5c6d",)"
      R"("sub_jobs":[{}]}}}})",
      id, status, time(begin), time(end), reason == "null" ? "null" : R"("SDRS.1801")", reason,
      parts);
}

std::string part(const std::string& id, const std::string& status, int begin, int end,
                 const std::string& reason = "null") {
  return fmt::format(R"({{"job_id":"{}","job_type":"failoverProtectionGroupRepNoCG","status":"{}",)"
                     R"("begin_time":{},"end_time":{},"error_code":{},"fail_reason":{},)"
                     R"("entities":{{"replication_pair_id":"pair-{}"}}}})",
                     id, status, quoted(format_iso(kNoon + std::chrono::seconds{begin})),
                     end < 0 ? "null" : quoted(format_iso(kNoon + std::chrono::seconds{end})),
                     reason == "null" ? "null" : R"("SDRS.1801")", reason, id);
}

// A changing call up to its first byte; returns the step.
std::string send(SampleLog& log, int epoch, const std::string& sign_time) {
  const std::string step = log.next_step();
  log.add(Kind::kIntent, step, kFailover,
          R"({"operation":"start_failover_protection_group","class":"G","marker":"",
              "snapshot":{"name":"demo","status":"protected","priority_station":"source",
              "updated_at":"2026-01-01 11:00:00.000"},"locks":["server_group 5c6d"]})");
  log.add(Kind::kSent, step, kFailover,
          fmt::format(R"({{"attempt":1,"sign_time":"{}","valid_until":"2026-01-01T13:30:00.000Z",)"
                      R"("request":"81da80e4","epoch":{}}})",
                      sign_time, epoch));
  return step;
}

void begin_failover(SampleLog& log) {
  log.add(
      Kind::kNoted, "", "header",
      R"({"summary":"Fail a protection group over to its disaster-recovery site","rto":"15m"})");
  log.at(0.1).begin_step(1, "find the group");
  log.at(0.9).read("sdrs:list_protection_groups", R"([{"name":"demo","offset":0}])",
                   R"({"server_groups":[{"id":"5c6d","name":"demo","status":"protected"}]})");
  log.add(Kind::kLocked, "", "server_group 5c6d", R"({"resource":"server_group 5c6d","epoch":1})");
  log.end_step(1);
  log.begin_step(2, "check that it can fail over");
  log.at(1.4).read_fails("sdrs:list_replications",
                         R"({"kind":"throttled","message":"too many requests","code":"APIGW.0308",
                             "http_status":429,"request_id":"99fdf734ac5daf40"})");
  log.begin_step(3, "look at the pairs");
  log.at(2.6).read("sdrs:list_replications", R"([{"server_group_id":"5c6d","offset":0}])",
                   R"({"replications":[],"count":5})");
  log.end_step(3);
  log.at(3.3).read("sdrs:list_protected_instances", R"([{"server_group_id":"5c6d"}])",
                   R"({"protected_instances":[],"count":3})");
  log.note("3 instances, 5 pairs; production moves from cn-north-4a to cn-north-4b");
  log.end_step(2);
}

std::string ask(SampleLog& log) {
  const std::string step = log.next_step();
  log.add(Kind::kBegun, step, "host.run.ask",
          R"({"clock":3.3,"request":"[\"Fail over?\",\"24h\"]"})");
  log.add(Kind::kAsked, step, "host.run.ask",
          R"({"question":"Fail group demo over from cn-north-4a to cn-north-4b?",
              "deadline":"2026-01-02T12:00:03.300Z"})");
  return step;
}

void approve(SampleLog& log, const std::string& step) {
  log.add(Kind::kAnswered, step, "host.run.ask",
          R"({"yes":true,"by":"ben@dr-2","comment":"production is down"})");
}

// The wait for a job until its end.
void wait_for(SampleLog& log, double from, double until, const std::string& id,
              const std::string& answer) {
  const std::string step = log.next_step();
  const std::string request = quoted(fmt::format("[\"{}\",1800]", id));
  log.at(from).add(Kind::kBegun, step, "sdrs:show_job_status",
                   fmt::format(R"({{"clock":{},"request":{}}})", from, request));
  log.at(until).add(Kind::kRecord, step, "sdrs:show_job_status",
                    fmt::format(R"({{"json":{},"request":{}}})", quoted(answer), request));
}

// Parked, and resumed by somebody else who has approved.
void approve_next_day(SampleLog& log, const std::string& question) {
  log.add(Kind::kParked, R"({"reason":"a person is waited for","question":"Fail over?"})");
  log.at(2400);
  approve(log, question);
  log.at(2401).taken(2, "ben@dr-2 (pid 812)", "resume");
  log.add(Kind::kRecord, question, "host.run.ask",
          R"({"values":[{"yes":true,"by":"ben@dr-2"}],"request":"[\"Fail over?\",\"24h\"]"})");
}

// The failover is sent, its answer lost, and found under way; the step is returned.
std::string lose_answer(SampleLog& log) {
  std::string lost = send(log, 2, "2026-01-01T12:40:01.300Z");
  log.at(2411.5).add(Kind::kUnknown, lost, kFailover,
                     R"({"attempt":1,"why":"the connection was closed before an answer came"})");
  log.at(2416).add(Kind::kObserved, lost, kFailover,
                   R"({"attempt":1,"read_at":"2026-01-01T12:40:16.000Z","verdict":"under_way",
                       "state":{"name":"demo","status":"failing-over","priority_station":"source"}})");
  log.add(Kind::kAccepted, lost, kFailover,
          R"({"attempt":1,"http_status":200,"job_id":"ff80aa01","body":"","adopted":true})");
  log.add(Kind::kRecord, lost, "sdrs:" + std::string(kFailover),
          R"({"json":"{\"job_id\":\"ff80aa01\"}","request":"[{\"server_group_id\":\"5c6d\"}]"})");
  return lost;
}

// Killed while it waits for the job, and resumed, to hear that the job failed.
void fail_job(SampleLog& log, const std::string& lost) {
  const std::string waited = log.next_step();
  log.add(Kind::kBegun, waited, "sdrs:show_job_status",
          R"({"clock":2416,"request":"[\"ff80aa01\",1800]"})");
  log.at(2440).taken(3, "ben@dr-2 (pid 977)", "resume");
  log.at(2512).add(Kind::kFailed, lost, kFailover,
                   R"({"evidence":"job ff80aa01 is FAIL","job_id":"ff80aa01","code":"SDRS.1801",
                       "reason":"the disk could not be attached"})");
  log.add(Kind::kRecord, waited, "sdrs:show_job_status",
          fmt::format(
              R"({{"json":{},"request":"[\"ff80aa01\",1800]"}})",
              quoted(job("ff80aa01", "FAIL", 2403, 2510,
                         part("aa1", "SUCCESS", 2404, 2480) + "," +
                             part("aa2", "FAIL", 2404, 2508, R"("the disk could not be attached")"),
                         R"("a sub-job failed")"))));
  log.end_step(4, false);
  log.add(Kind::kEnded, R"({"status":"failed","error":{"kind":"job_failed","code":"SDRS.1801",
      "message":"job ff80aa01 failed: the disk could not be attached","where":"failover.lua:56"}})");
  log.change(Status::kFailed, "",
             "job ff80aa01 failed: the disk could not be attached (SDRS.1801)");
}

// Taken up again from the step that failed, the next one left out.
void take_back(SampleLog& log, std::uint32_t before, std::int64_t back_to) {
  log.at(2700).taken(4, "ben@dr-2 (pid 1204)", "resume");
  log.add(Kind::kRewound, fmt::format(R"({{"to":{},"step":"fail over","by":"ben@dr-2",)"
                                      R"("why":"the disk is attached again"}})",
                                      back_to));
  log.add(Kind::kOverride, R"({"step":"warm the caches","action":"skip","by":"ben@dr-2",
      "why":"there are none on this site"})");
  log.change(Status::kRunning);
  log.add(Kind::kLocked, "", "server_group 5c6d", R"({"resource":"server_group 5c6d","epoch":2})");
  log.rewind_to(before, 1);
}

void succeed(SampleLog& log) {
  const std::string again = send(log, 4, "2026-01-01T12:45:00.500Z");
  log.at(2700.9).add(
      Kind::kAccepted, again, kFailover,
      R"({"attempt":1,"http_status":200,"request_id":"c0ffee5a12","job_id":"ff80bb02",
                         "body":"{\"job_id\":\"ff80bb02\"}"})");
  log.add(Kind::kRecord, again, "sdrs:" + std::string(kFailover),
          R"({"json":"{\"job_id\":\"ff80bb02\"}","request":"[{\"server_group_id\":\"5c6d\"}]"})");
  const std::string parts = part("bb1", "SUCCESS", 2702, 2781) + "," +
                            part("bb2", "SUCCESS", 2702, 2802) + "," +
                            part("bb3", "SUCCESS", 2703, 2850);
  wait_for(log, 2700.9, 2862, "ff80bb02", job("ff80bb02", "SUCCESS", 2701, 2861, parts));
  log.add(Kind::kDone, again, kFailover,
          R"({"evidence":"job ff80bb02 is SUCCESS","job_id":"ff80bb02"})");
}

}  // namespace

SampleLog::SampleLog(const std::string& name, const std::string& facts) : now_(kNoon) {
  journal::NewRun run;
  run.id = kId;
  run.name = name;
  run.owner = "anna@dr-1 (pid 4711)";
  run.at = kNoon;
  run.facts = object_of(facts);
  run.facts.set("words", json::Array{"--group", "demo"});
  run.facts.set("operator", "anna@dr-1");
  if (!store_->create(run)) throw std::logic_error("the sample run was refused");
  taken(1, "anna@dr-1 (pid 4711)", "run");
}

SampleLog& SampleLog::taken(int epoch, const std::string& owner, const std::string& how) {
  return add(Kind::kStarted,
             fmt::format(R"({{"epoch":{},"owner":{},"how":"{}"}})", epoch, quoted(owner), how));
}

SampleLog& SampleLog::at(double seconds) {
  now_ = kNoon + std::chrono::floor<std::chrono::milliseconds>(from_seconds(seconds));
  return *this;
}

SampleLog& SampleLog::add(Kind kind, const std::string& step, const std::string& name,
                          const std::string& body) {
  journal::Entry entry;
  entry.kind = kind;
  if (!step.empty()) entry.step = *journal::parse_step(step);
  entry.name = name;
  if (!step.empty()) {
    entry.where = "failover.lua:56";
    entry.digest = std::string(64, 'd');
  }
  entry.body = object_of(body);
  journal::Batch batch;
  batch.run = kId;
  batch.at = now_;
  if (kind == Kind::kStarted && run().position > 0) {
    batch.take = true;
    batch.owner = entry.body.text("owner");
  }
  batch.entries = {std::move(entry)};
  const auto committed = store_->commit(batch);
  if (!committed) throw std::logic_error(committed.error().message);
  return *this;
}

std::string SampleLog::next_step() {
  return to_text(journal::Step{"0.1", ++calls_, generation_});
}

void SampleLog::rewind_to(std::uint32_t sequence, std::uint32_t generation) {
  calls_ = sequence;
  generation_ = generation;
}

SampleLog& SampleLog::record(const std::string& name, const std::string& body) {
  return add(Kind::kRecord, next_step(), name, body);
}

SampleLog& SampleLog::begin_step(int number, const std::string& name, const std::string& expect) {
  record("host.run.begin_step", fmt::format(R"({{"values":[],"request":{}}})",
                                            quoted(fmt::format("[{},{}]", number, quoted(name)))));
  const std::string more = expect.empty() ? "" : R"(,"expect":)" + expect;
  return add(Kind::kNoted, "", "step_started",
             fmt::format(R"({{"index":{},"name":{},"depth":0{}}})", number, quoted(name), more));
}

SampleLog& SampleLog::end_step(int number, bool good) {
  return record("host.run.end_step",
                fmt::format(R"({{"values":[],"request":"[{},{}]"}})", number, good));
}

SampleLog& SampleLog::read(const std::string& name, const std::string& request,
                           const std::string& answer) {
  return record(name,
                fmt::format(R"({{"json":{},"request":{}}})", quoted(answer), quoted(request)));
}

SampleLog& SampleLog::read_fails(const std::string& name, const std::string& error) {
  return record(name, fmt::format(R"({{"error":{},"request":"[{{}}]"}})", error));
}

SampleLog& SampleLog::note(const std::string& text) {
  return add(Kind::kNoted, "", "note", fmt::format(R"({{"text":{}}})", quoted(text)));
}

SampleLog& SampleLog::change(Status status, const std::string& waiting, const std::string& error) {
  journal::Batch batch;
  batch.run = kId;
  batch.at = now_;
  batch.change = journal::Change{status, waiting, error};
  if (has_ended(status)) batch.release = true;
  if (!store_->commit(batch)) throw std::logic_error("the change was refused");
  return *this;
}

SampleLog eventful_run() {
  SampleLog log("failover", kFacts);
  begin_failover(log);
  approve_next_day(log, ask(log));
  const std::uint32_t before = log.calls();
  const std::int64_t back_to = log.position();
  log.at(2401.2).begin_step(4, "fail over", "180");
  fail_job(log, lose_answer(log));
  take_back(log, before, back_to);
  log.at(2700.4).begin_step(4, "fail over", "180");
  succeed(log);
  log.end_step(4);
  log.add(Kind::kRecord, log.next_step(), "host.run.begin_step",
          R"({"values":[{"action":"skip","by":"ben@dr-2","why":"there are none on this site"}],
              "request":"[5,\"warm the caches\"]"})");
  log.begin_step(6, "verify");
  log.at(2863.1).read("sdrs:show_protection_group", R"([{"server_group_id":"5c6d"}])",
                      R"({"server_group":{"status":"failed-over","priority_station":"target"}})");
  log.note("production is now cn-north-4b (priority_station target)");
  log.end_step(6);
  log.add(Kind::kEnded, R"({"status":"done","result":{"changed":true,"status":"failed-over"}})");
  log.change(Status::kDone);
  return log;
}

SampleLog running_run() {
  SampleLog log("failover", kFacts);
  begin_failover(log);
  const std::string question = ask(log);
  log.at(12);
  approve(log, question);
  log.add(Kind::kRecord, question, "host.run.ask",
          R"({"values":[{"yes":true,"by":"ben@dr-2"}],"request":"[\"Fail over?\",\"24h\"]"})");
  log.begin_step(4, "fail over", "180");
  const std::string sent = send(log, 1, "2026-01-01T12:00:12.100Z");
  log.at(12.4).add(Kind::kAccepted, sent, kFailover,
                   R"({"attempt":1,"http_status":200,"job_id":"ff80cc03","body":""})");
  log.add(Kind::kRecord, sent, "sdrs:" + std::string(kFailover),
          R"({"json":"{\"job_id\":\"ff80cc03\"}","request":"[{}]"})");
  log.add(Kind::kBegun, log.next_step(), "sdrs:show_job_status",
          R"({"clock":12.4,"request":"[\"ff80cc03\",1800]"})");
  log.at(100);
  return log;
}

SampleLog cancelled_run() {
  SampleLog log("failover", kFacts);
  begin_failover(log);
  const std::string question = ask(log);
  log.at(60).add(Kind::kCancel, R"({"by":"carla@dr-1","why":"the wrong group"})");
  log.at(61).add(Kind::kRecord, question, "host.run.ask",
                 R"({"error":{"kind":"cancelled","message":"cancelled by an operator"}})");
  log.add(Kind::kEnded, R"({"status":"cancelled","error":{"kind":"cancelled",
      "message":"cancelled by an operator"}})");
  log.change(Status::kCancelled, "", "cancelled by an operator");
  return log;
}

SampleLog hostile_run() {
  const std::string nasty =
      "</script></style><script>window.broken=1</script><img src=x onerror=broken=1>'\"&{{id}}`|"
      "\u202Etxt.exe\u2066 \x1b[31mred";
  SampleLog log(nasty,
                fmt::format(R"({{"endpoint":{0},"region":{0},"profile":{0}}})", quoted(nasty)));
  log.add(Kind::kNoted, "", "header", fmt::format(R"({{"summary":{},"rto":"1s"}})", quoted(nasty)));
  log.at(1).begin_step(1, nasty);
  log.at(2).read("sdrs:" + nasty, nasty, "{}");
  log.read_fails("vpc:GET",
                 fmt::format(R"({{"kind":"conflict","code":{0},"message":{0}}})", quoted(nasty)));
  log.note(nasty);
  const std::string step = log.next_step();
  log.add(Kind::kAsked, step, "host.run.ask", fmt::format(R"({{"question":{}}})", quoted(nasty)));
  log.add(Kind::kAnswered, step, "host.run.ask",
          fmt::format(R"({{"yes":true,"by":{0},"comment":{0}}})", quoted(nasty)));
  log.add(Kind::kRecord, step, "host.run.ask", R"({"values":[{"yes":true}],"request":"[]"})");
  log.end_step(1, false);
  log.add(Kind::kEnded,
          fmt::format(R"({{"status":"failed","error":{{"kind":"script","message":{}}}}})",
                      quoted(nasty)));
  log.change(Status::kFailed, "", nasty);
  return log;
}

SampleLog crowded_run(int reads) {
  SampleLog log("inventory", kFacts);
  constexpr int kReadsOfStep = 20;
  double seconds = 0;
  int step = 0;
  for (int i = 0; i < reads; ++i) {
    if (i % kReadsOfStep == 0) log.begin_step(++step, fmt::format("group {}", step));
    log.at(seconds += 0.05)
        .read("sdrs:show_protection_group", fmt::format(R"([{{"server_group_id":"{}"}}])", i),
              "{}");
    if (i % kReadsOfStep == kReadsOfStep - 1) log.end_step(step);
  }
  log.add(Kind::kEnded, R"({"status":"done"})");
  log.change(Status::kDone);
  return log;
}

}  // namespace neap::test
