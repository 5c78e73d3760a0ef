// What neap hooks show and ls say, word for word.
#include "app/hooks_text.h"

#include <cstdlib>
#include <ctime>
#include <vector>

#include <catch2/catch.hpp>

#include "unit/app/sample_run.h"

using namespace neap;
using namespace neap::app;
using journal::EventStatus;
using journal::HookEvent;
using namespace std::chrono_literals;

namespace {

HookEvent sample() {
  HookEvent event;
  event.id = "k3v9x2m7qa";
  event.run = "4x6q7uq3nw";
  event.action_key = "6ebe6e72-4b09-4adb-ae4a-a91dc0560069";
  event.group_id = "g-1";
  event.group_name = "web";
  event.instance_id = "i-1";
  event.instance_name = "web-7";
  event.instance_ip = "10.0.0.7";
  event.hook_name = "warmup";
  event.hook_type = "INSTANCE_LAUNCHING";
  event.source = "message";
  event.created = kNoon;
  event.changed = kNoon + 10s;
  event.deadline = kNoon + 5min;
  event.attempts = 2;
  event.extends = 1;
  event.error = "the instance does not answer";
  return event;
}

// Times are shown as the operator's clock has them; here that is UTC.
std::string shown(const EventView& view, UtcTime now = kNoon + 1min) {
  setenv("TZ", "UTC0", 1);
  tzset();
  return event_text(view, now);
}

bool says(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("an open event is shown with all that is known, who works on it and what can be done") {
  const EventView view{sample(), "this journal's hooks are being served by anna@dr-1 (pid 4711)",
                       true};
  CHECK(shown(view) ==
        "event       k3v9x2m7qa\n"
        "status      open since 2026-01-01 12:00:10 (50s ago)\n"
        "hook        warmup, INSTANCE_LAUNCHING\n"
        "group       web (g-1)\n"
        "instance    web-7 (i-1), 10.0.0.7\n"
        "heard of    2026-01-01 12:00:00 (1m00s ago), by a message\n"
        "held        until 2026-01-01 12:05:00 (in 4m00s); extended once\n"
        "handler     started 2 times\n"
        "error       the instance does not answer\n"
        "action key  6ebe6e72-4b09-4adb-ae4a-a91dc0560069\n"
        "log         neap runs logs 4x6q7uq3nw\n"
        "\n"
        "this journal's hooks are being served by anna@dr-1 (pid 4711).\n"
        "  neap hooks retry k3v9x2m7qa\n"
        "    has its handler run anew\n"
        "  neap hooks discard k3v9x2m7qa --result CONTINUE\n"
        "    answers for it: the instance is put to work\n"
        "  neap hooks discard k3v9x2m7qa --result ABANDON\n"
        "    answers for it: the instance is removed, and another one made\n"
        "  neap hooks discard k3v9x2m7qa\n"
        "    gives no answer: the hook's default decides once the hold is over\n");
}

TEST_CASE(
    "an event that was set aside says so, and what each answer does to an instance that leaves") {
  HookEvent event = sample();
  event.status = EventStatus::kSetAside;
  event.hook_type = "INSTANCE_TERMINATING";
  event.source = "reconciler";
  event.deadline = {};
  event.extends = 0;
  event.attempts = 0;
  const std::string text = shown({event, "", false});
  CHECK(says(text, "status      set aside since "));
  CHECK(says(text, "ago), in the list of held instances\n"));
  CHECK(says(text, "held        its end is not known yet\n"));
  CHECK(says(text, "handler     not started yet\n"));
  CHECK(says(text,
             "\nIt was given up; the hold goes on until it is answered or over.\n"
             "No neap serve works on this journal: what is asked for waits for the next "
             "one.\n"));
  CHECK(says(text, "is removed once no other hook holds it\n"));
  CHECK(says(text, "is removed now, whatever other hooks do\n"));
  CHECK_FALSE(says(text, "neap runs"));
}

TEST_CASE("what an operator asked for is shown until it is seen to") {
  const auto asks = [](const char* what) {
    return shown(
        {sample(), "", false, journal::Wish{"k3v9x2m7qa", what, "ben@dr-2 (pid 2)", kNoon + 30s}});
  };
  CHECK(says(asks("retry"),
             "asked for   retry, by ben@dr-2 (pid 2) at 2026-01-01 12:00:30 (30s ago); not seen to "
             "yet\n"));
  CHECK(says(asks("ABANDON"), "asked for   discard --result ABANDON, by ben@dr-2"));
}

TEST_CASE("nothing can be done about an event that has ended, and nothing is offered") {
  for (const EventStatus status :
       {EventStatus::kAnswered, EventStatus::kGone, EventStatus::kDiscarded}) {
    HookEvent event = sample();
    event.status = status;
    event.result = "CONTINUE";
    const std::string text = shown({event, "", false}, kNoon + 10min);
    CHECK(says(text, "status      " + std::string(to_text(status)) + " since "));
    CHECK(says(text, "held        would have ended 2026-01-01 12:05:00; extended once\n"));
    CHECK(says(text, "result      CONTINUE\n"));
    CHECK_FALSE(says(text, "neap hooks"));
  }
}

TEST_CASE("a hold that is over while its event is open says so") {
  HookEvent event = sample();
  event.extends = 3;
  const std::string text = shown({event, "", false}, kNoon + 6min);
  CHECK(says(text, "held        until 2026-01-01 12:05:00, which is over; extended 3 times\n"));
}

TEST_CASE("the table shows age, time left and the error of each event, newest first as given") {
  HookEvent over = sample();
  over.id = "aaaaaaaaaa";
  over.status = EventStatus::kAnswering;
  over.deadline = kNoon + 30s;
  over.error = std::string(80, 'x');
  HookEvent ended = sample();
  ended.id = "bbbbbbbbbb";
  ended.status = EventStatus::kGone;
  ended.group_name = ended.instance_name = ended.error = "";
  const std::vector<HookEvent> events = {sample(), over, ended};
  CHECK(show::draw(events_table(events, kNoon + 1min), {.width = 200}) ==
        "EVENT       AGE    GROUP  HOOK    INSTANCE  STATUS     ATTEMPTS  LEFT   ERROR\n"
        "k3v9x2m7qa  1m00s  web    warmup  web-7     open       2         4m00s  the instance does "
        "not answer\n"
        "aaaaaaaaaa  1m00s  web    warmup  web-7     answering  2         over   " +
            std::string(59, 'x') +
            "~\n"
            "bbbbbbbbbb  1m00s  g-1    warmup  i-1       gone       2         -      -\n");
  CHECK(show::draw(events_table({}, kNoon), {}).empty());
}

TEST_CASE("what came from outside is made safe to print") {
  HookEvent event = sample();
  event.instance_name = "\x1b[2Jweb\nstatus      answered";
  event.metadata = "\x1b]0;title\x07";
  const std::string text = shown({event, "by \x1b[31mred", false});
  CHECK_FALSE(says(text, "\x1b"));
  CHECK(says(text, "instance    \\x1b[2Jweb\\x0astatus      answered (i-1), 10.0.0.7\n"));
  CHECK_FALSE(says(show::draw(events_table(std::vector{event}, kNoon), {}), "\x1b"));
}
