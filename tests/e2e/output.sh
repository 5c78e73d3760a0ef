#!/usr/bin/env bash
# What programs read: every document names its format, plain tables stay plain, and a reader that
# goes away costs nothing but its own output.
source "$(dirname "${BASH_SOURCE[0]}")/../support/e2e.sh"
start_simulator --time-scale 500
failover=start_failover_protection_group

# document FORMAT ARGUMENT...: the command writes one JSON document of that format and nothing else.
document() {
  local format=$1 found
  shift
  run_neap -q --output json "$@"
  found=$(member "$work/out" '"format"' 2>/dev/null)
  documents=$((documents + 1))
  walked+=" $1"
  expect_equal "the format of neap $*" "$found" "$format"
  expect_equal "lines of neap $*" "$(wc -l <"$work/out")" 1
}
documents=0 walked=""

about "every command's document names its format"
fresh
document neap.run/1 run failover --group demo -y
run=$(member "$work/out" '"run"')
cat >"$work/ask.lua" <<'LUA'
return { name = "ask", summary = "Asks", needs = {}, run = function(ctx) ctx:confirm("Sure?") end }
LUA
cat >"$work/lock.lua" <<'LUA'
return { name = "lock", summary = "Locks", needs = {}, run = function(ctx)
  ctx:lock("5c6d0000-0000-4000-8000-000000000000")
  ctx:confirm("Sure?")
end }
LUA
cat >"$work/a_test.lua" <<'LUA'
local test = require "test"
test.case("one is one", function() test.equal(1, 1) end)
LUA
document neap.run/1 run "$work/ask.lua"
asked=$(member "$work/out" '"run"')
document neap.run/1 rehearse failover --group demo
document neap.run/1 run -e 'return 1'
document neap.runs/1 runs
document neap.runs/1 runs ls
document neap.run/1 runs show "$run"
document neap.log/1 runs logs "$run"
document neap.decision/1 approve "$asked" --no-resume
document neap.run/1 resume "$asked"
document neap.run/1 run "$work/lock.lua"
locked=$(member "$work/out" '"run"')
document neap.locks/1 locks
document neap.locks/1 locks ls
document neap.released/1 locks release 5c6d0000-0000-4000-8000-000000000000
document neap.decision/1 reject "$locked" --no-resume
document neap.decision/1 cancel "$locked" --no-resume
document neap.removed/1 runs rm -f "$run"
document neap.compacted/1 runs compact
document neap.hooks/1 hooks
document neap.hooks/1 hooks ls
document neap.doctor/1 doctor
document neap.config/1 config
document neap.version/1 version
document neap.help/1 help
document neap.help/1 help SDRS.1013
document neap.help/1 help run
document neap.help/1 help "sdrs:$failover"
document neap.test/1 test "$work/a_test.lua"
echo "output: $documents documents"

about "every command is walked above, or said to write no document"
# Others serve, write files or lines for a shell, or have suites of their own.
silent="sim serve repl completion types man check report apropos resolve"
for command in $("$neap" -q run -e "
    local names = {}
    for _, row in ipairs(json.decode([==[$("$neap" --output json help)]==]).commands) do
      if not row.name:find(' ') then names[#names + 1] = row.name end
    end
    return table.concat(names, ' ')"); do
  report "$([[ "$walked $silent " == *" $command "* ]] && echo true)" "$command is known"
done

about "JSON lines end with the whole document"
run_neap -q --output jsonl rehearse failover --group demo --seed 7
tail -1 "$work/out" >"$work/last"
expect_equal "its format" "$(member "$work/last" '"format"')" neap.run/1
expect_equal "its target" "$(member "$work/last" '"rto"' '"target"')" 900
expect_equal "its changing calls" "$(member "$work/last" '"changing_calls"')" 1
expect_equal "its last step" "$(member "$work/last" '"steps"' 4 '"name"')" verify

about "plain tables"
fresh
run_neap -q run failover --group demo -y
run_neap --output table runs ls
expect_equal "its heading" "$(head -1 <<<"$out" | tr -s ' ')" \
  "id runbook status created changed operator owner waiting error position" "$out"
expect_equal "lines" "$(wc -l <"$work/out")" 2
expect_no stdout "$out" $'\e' "…" "~"
run_neap -q --output table run -e 'return sdrs.groups:all()'
expect_out "id  " "protected_instance_num"
expect_no stdout "$out" $'\e' "…" "not shown"
run_neap --output table locks
expect_equal "no rows" "$out" ""

about "the doctor"
run_neap doctor
expect_exit 0
expect_out "OK    terminal" "$NEAP_ENDPOINT (from environment NEAP_ENDPOINT)" "alone" "from environment HUAWEICLOUD_SDK_AK"
expect_no stdout "$out" "$HUAWEICLOUD_SDK_SK" $'\e'
chmod 755 "$HOME/.local/state/neap"
run_neap doctor --online
expect_exit 0
expect_out "WARN  rights" "mode 755" "next: chmod 700 $HOME/.local/state/neap" \
  "OK    sdrs          answers in" "OK    as            answers in" "agrees with the platform"
expect_no stdout "$out" "FAIL"
admin POST /clock '{"skew_seconds":-400}' >/dev/null
run_neap doctor --online
expect_exit 1
expect_out "FAIL  clock" "ahead of the platform's" "next: set this machine's clock"
admin POST /clock '{"skew_seconds":0}' >/dev/null
HUAWEICLOUD_SDK_SK=not-the-key run_neap doctor --online
expect_exit 1
expect_out "FAIL  sdrs"
expect_no stdout "$out" "not-the-key"

about "a reader that goes away"
for i in 1 2 3; do run_neap -q run --durable -e 'return 1'; done
first=$("$neap" runs ls | head -1)
expect_text "the first line" "$first" "RUN"
# The reader is gone before the first byte: sleep lets it go.
{ "$neap" runs ls; echo "$?" >"$work/code"; } 2>"$work/err" | true
expect_equal "what a list says" "$(<"$work/err")" ""
report "$([[ $(<"$work/code") =~ ^(0|141)$ ]] && echo true)" "exit 141, or 0 if the pipe took it all"
mkfifo "$work/gone"
# exec 3<> keeps the pipe open until the writer has begun; then nobody reads.
( exec 3<>"$work/gone"; "$neap" --output json runs logs "$(member <("$neap" --output json runs ls) '"runs"' 1 '"id"')" \
  >"$work/gone" 2>"$work/err" 3<&- & child=$!; exec 3<&-; wait $child; echo $? >"$work/code" )
expect_equal "what a document says" "$(<"$work/err")" ""

about "a run whose reader goes away goes on to its end"
fresh
{ "$neap" run failover --group demo -y 2>&1; echo "$?" >"$work/code"; } | head -1 >"$work/out"
expect_equal "exit code" "$(<"$work/code")" 0
expect_equal "the number of failovers" "$(receipts $failover)" 1
run_neap --output json runs ls
expect_equal "the run's status" "$(member "$work/out" '"runs"' 1 '"status"')" done
fresh
{ "$neap" --output jsonl run failover --group demo -y 2>"$work/err"; echo "$?" >"$work/code"; } | true
expect_equal "exit code" "$(<"$work/code")" 0
expect_equal "the number of failovers" "$(receipts $failover)" 1
expect_no stderr "$(<"$work/err")" "Broken pipe" "traceback" "neap:"

about "a full disk"
run_neap runs ls
"$neap" runs ls >/dev/full 2>"$work/err"
status=$?
err=$(<"$work/err")
expect_exit 1
expect_equal "what it says" "$err" "neap: cannot write standard output: No space left on device"
"$neap" -q run -e 'return 1' >/dev/full 2>"$work/err"
status=$?
expect_exit 0
expect_text stderr "$(<"$work/err")" "cannot write standard output"

finish
