#!/usr/bin/env bash
# Durable runs: killed, parked, in doubt, locked; what goes on where it stood and sends nothing twice.
source "$(dirname "${BASH_SOURCE[0]}")/../support/e2e.sh"

failover=start_failover_protection_group
export NEAP_STATE_DIR=$work/state
start_simulator --time-scale 100

# begin ARGUMENT...: neap in the background; its progress comes from file descriptor 3.
begin() {
  rm -f progress && mkfifo progress
  "$neap" "$@" >"$work/out" 2>progress </dev/null &
  pid=$!
  exec 3<progress
}

until_line() {
  local line
  while IFS= read -r -t 20 line <&3; do
    [[ $line != *"$1"* ]] || return 0
  done
  report false "progress holds \"$1\""
}

# kill_it: as a power cut or the kernel would, at any instruction.
kill_it() {
  kill -KILL "$pid"
  wait "$pid" 2>/dev/null
  exec 3<&-
}

# the_run: the id of the newest run.
the_run() {
  run_neap --output json runs ls --limit 1
  member out '"runs"' 1 '"id"'
}

about "kill -9 while the job runs"
begin run failover --group demo -y
until_line "RUNNING"
kill_it
run=$(the_run)
run_neap runs show "$run"
expect_exit 0
expect_out "$run" "failover" "start_failover_protection_group"
run_neap resume "$run"
expect_exit 0
expect_out "changed     true" "status      failed-over"
expect_err "by an earlier process"
expect_equal "the number of failovers" "$(receipts $failover)" 1
run_neap resume "$run"
expect_exit 1
expect_err "is done since"

about "kill -9 while the answer is under way"
fresh
fault "{\"operation\":\"$failover\",\"kind\":\"delay\",\"seconds\":2000}"
begin run failover --group demo -y
until_line "start  fail over"
until [[ $(receipts $failover) == 1 ]]; do :; done
kill_it
run_neap resume "$(the_run)"
expect_exit 0
expect_out "status      failed-over"
expect_equal "the number of failovers" "$(receipts $failover)" 1

about "an answer that is lost"
fresh
fault "{\"operation\":\"$failover\",\"kind\":\"drop_after\"}"
run_neap run failover --group demo -y
expect_exit 0
expect_err "in doubt: start_failover_protection_group was sent at"
expect_equal "the number of failovers" "$(receipts $failover)" 1

about "nobody to ask"
fresh
run_neap run failover --group demo
expect_exit 4
run=$(the_run)
expect_err "Fail group demo over" "neap approve $run" "nothing was sent"
run_neap runs ls
expect_out "$run" waiting
run_neap locks
expect_out "server_group" "$run"

about "a second run on the same group"
run_neap run failover --group demo -y
expect_exit 7
expect_err "$run" "failover"
expect_equal "the number of failovers" "$(receipts $failover)" 0

about "an approval"
run_neap approve "$run" --comment "change 4711"
expect_exit 0
expect_out "status      failed-over"
expect_equal "the number of failovers" "$(receipts $failover)" 1
run_neap approve "$run"
expect_exit 1
expect_err "$run" "done since"
run_neap locks
expect_no stdout "$out" "$run"

about "a rejection"
fresh
run_neap -q run failover --group demo
run=$(the_run)
run_neap reject "$run" --comment "not today"
expect_exit 3
expect_err "not today"
expect_equal "the number of failovers" "$(receipts $failover)" 0

about "a run that is cancelled"
cat >held.lua <<'LUA'
return {
  name = "held", summary = "Waits for a yes, and cleans up",
  needs = { "sdrs:list_protection_groups", "sdrs:show_protection_group" },
  run = function(ctx)
    ctx:on_exit(function(outcome)
      ctx:log("cleaned up: %s", outcome.ok and "done" or outcome.error.kind)
    end)
    ctx:confirm("go on?")
    return sdrs.groups:find("demo").status
  end,
}
LUA
run_neap run ./held.lua
expect_exit 4
run=$(the_run)
run_neap cancel "$run" --why "no longer wanted"
expect_exit 0
expect_err "cleaned up: cancelled"
run_neap runs show "$run"
expect_out "cancelled" "no longer wanted"

about "a script that changed"
fresh
run_neap -q run ./held.lua
run=$(the_run)
sed 's/ctx:confirm("go on?")/sdrs.groups:find("demo")/' held.lua >changed.lua
run_neap resume "$run" --with ./changed.lua -y
expect_exit 1
expect_err "held.lua:" "changed.lua:" "go on?" "list_protection_groups"
expect_equal "requests of the changed script" "$(receipts list_protection_groups)" 0

about "a script that is gone"
rm held.lua
run_neap resume "$run" -y
expect_exit 0
expect_out "protected"

about "a failed run, after the cause is gone"
fresh
cat >flaky.lua <<'LUA'
return {
  name = "flaky", summary = "Renames, then needs a group that may be missing",
  needs = { "sdrs:list_protection_groups", "sdrs:show_protection_group",
    "sdrs:update_protection_group_name" },
  run = function(ctx)
    ctx:step("rename", function() sdrs.groups:find("demo"):rename("renamed") end)
    return ctx:step("find", function() return sdrs.groups:find("wanted").name end)
  end,
}
LUA
run_neap run ./flaky.lua
expect_exit 1
run=$(the_run)
expect_err "no protection group is called" "neap resume $run"
admin POST /groups '{"name":"wanted"}' >/dev/null
run_neap resume "$run"
expect_exit 0
expect_out wanted
expect_equal "the number of renames" "$(receipts update_protection_group_name)" 1

about "a step that is given its result"
fresh
run_neap -q run ./flaky.lua
run=$(the_run)
run_neap resume "$run" --set 'find="by hand"'
expect_exit 2
expect_err "--why"
run_neap resume "$run" --set 'find="by hand"' --why "the group was retired"
expect_exit 0
expect_out "by hand"
run_neap runs show "$run"
expect_out "the group was retired"

about "what is no run"
refused 1 "no run" "neap runs ls" -- resume zzzzzzzzzz
refused 1 "no run" -- approve zzzzzzzzzz
refused 1 "no run" -- runs show zzzzzzzzzz

about "words that the runbook does not take"
before=$(the_run)
refused 2 "unknown parameter --grp" -- run failover --grp demo
expect_equal "the newest run" "$(the_run)" "$before"

about "another process that holds the journal"
flock "$NEAP_STATE_DIR/journal.lock" sleep 30 &
holder=$!
until ! flock --nonblock "$NEAP_STATE_DIR/journal.lock" true; do :; done
refused 7 "journal" -- run failover --group demo -y
kill "$holder" 2>/dev/null
wait "$holder" 2>/dev/null
expect_equal "the number of failovers" "$(receipts $failover)" 0

about "a state directory that is a file"
touch "$work/file"
refused 2 "$work/file" -- --state-dir "$work/file" run failover --group demo -y

about "a full disk"
fresh
cp -r "$NEAP_STATE_DIR" "$work/full"
(
  trap '' XFSZ # the write is refused in place of the process being killed
  ulimit -f 24 # blocks of 1 KiB
  exec "$neap" --state-dir "$work/full" run failover --group demo -y
) >"$work/out" 2>"$work/err" </dev/null
status=$?
out=$(<"$work/out")
err=$(<"$work/err")
expect_exit 1
expect_err "journal"
expect_equal "the number of failovers" "$(receipts $failover)" 0

about "a journal of a newer version"
cp -r "$NEAP_STATE_DIR" "$work/newer"
rm -f "$work"/newer/journal.db-*
printf '\x00\x00\x27\x0f' | dd of="$work/newer/journal.db" bs=1 seek=60 conv=notrunc status=none
refused 2 "newer" -- --state-dir "$work/newer" run failover --group demo -y
expect_equal "the number of failovers" "$(receipts $failover)" 0

about "a journal that was damaged"
cp -r "$NEAP_STATE_DIR" "$work/damaged"
rm -f "$work"/damaged/journal.db-*
for at in 4096 8192 12288 16384; do
  head -c 512 /dev/zero | dd of="$work/damaged/journal.db" bs=1 seek=$at conv=notrunc status=none
done
run_neap --state-dir "$work/damaged" doctor
expect_exit 1
expect_out "journal"
run_neap --state-dir "$work/damaged" run failover --group demo -y
expect_exit 1
expect_equal "the number of failovers" "$(receipts $failover)" 0

finish
