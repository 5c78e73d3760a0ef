#!/usr/bin/env bash
# Looking after runs: what waits, who decides, who holds what, and a journal that is damaged.
source "$(dirname "${BASH_SOURCE[0]}")/../support/e2e.sh"

export NEAP_STATE_DIR=$work/state
journal=$NEAP_STATE_DIR/journal.db
start_simulator --time-scale 200

the_run() {
  run_neap --output json runs ls --limit 1
  member out '"runs"' 1 '"id"'
}

about "before there is any run"
run_neap runs
expect_exit 0
expect_err "no runs"
run_neap locks
expect_exit 0
expect_err "nothing is locked"
run_neap doctor
expect_exit 0
run_neap approve 7k2m
expect_exit 1
expect_err "there is no run" "neap runs ls"
[[ ! -e $NEAP_STATE_DIR ]] && report true "looking makes no journal" || report false "looking makes no journal"

about "a run that waits"
run_neap run failover --group demo </dev/null
expect_exit 4
run=$(the_run)
run_neap runs show "$run"
expect_exit 0
expect_out "Fail group demo over" "counts as denied" "neap approve $run" "find the group"
run_neap locks
expect_out "server_group" "$run"
run_neap runs rm "$run" -f
expect_exit 1
expect_err "has not ended"
run_neap resolve "$run" --happened --why "guess"
expect_exit 1
expect_err "nothing of run"
run_neap doctor
expect_exit 0
expect_out "WARN" "waits for approval" "next: neap runs show"

about "an answer that is only written down"
run_neap reject "${run:0:5}" --no-resume --comment "not today"
expect_exit 0
expect_out "rejected by" "neap resume $run"
run_neap approve "$run"
expect_exit 1
expect_err "was rejected by"
run_neap cancel "$run" --why "not today"
run_neap runs show "$run"
expect_out "cancelled since" "not today"
expect_equal "the number of changing calls" "$(receipts start_failover_protection_group)" 0
run_neap locks
expect_err "nothing is locked"

about "a journal that is damaged"
run_neap runs export "$run" whole.jsonl
expect_exit 0
sed -i 's/find the group/find the grouq/g' "$journal"
run_neap runs show "$run"
expect_exit 1
expect_err "is damaged" "neap runs export $run"
run_neap runs export "$run" rest.jsonl
expect_exit 1
expect_err "is damaged: entry"
expect_equal "lines of the export" "$(wc -l <rest.jsonl)" "$(wc -l <whole.jsonl)"
run_neap doctor
expect_exit 1
expect_out "FAIL"

about "what makes no sense"
run_neap runs --status sleeping
expect_exit 2
expect_err "it is one of running"
run_neap resolve "$run" --why "x"
expect_exit 2
expect_err "--happened or --did-not"
run_neap resume "$run" --skip "fail over"
expect_exit 2
expect_err "--why"
run_neap locks release nothing
expect_exit 1
expect_err "neap locks lists them"

finish
