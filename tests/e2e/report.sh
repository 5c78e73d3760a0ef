#!/usr/bin/env bash
# neap report: a run for those who were not there, in its three formats.
source "$(dirname "${BASH_SOURCE[0]}")/../support/e2e.sh"

export NEAP_STATE_DIR=$work/state
start_simulator --time-scale 500

the_run() {
  run_neap --output json runs ls --limit 1
  member out '"runs"' 1 '"id"'
}

about "a run that there is not"
refused 1 "there is no run" -- report 7k2m

about "a run that waits for approval"
run_neap run failover --group demo
expect_exit 4
run=$(the_run)
run_neap report "$run" --format md
expect_exit 0
expect_out "# failover: run $run" "waiting for a person" "not answered yet" "a simulator" \
  "| find the group" "under way: " "of 15m00s"
run_neap report "$run" --format json
expect_exit 0
expect_equal "the format" "$(member out '"format"')" neap.report/1
expect_equal "the verdict" "$(member out '"objective"' '"verdict"')" "under way"
expect_equal "how its process left" "$(member out '"lives"' 1 '"left"')" waiting

about "the same run, approved and done"
run_neap approve "$run" --comment "agreed <with> operations"
expect_exit 0
run_neap report "${run:0:6}" --format json
expect_exit 0
expect_equal "the status" "$(member out '"status"')" done
expect_equal "the verdict" "$(member out '"objective"' '"verdict"')" met
expect_equal "the target" "$(member out '"objective"' '"target"')" 900
expect_equal "processes" "$(member out '"lives"' 2 '"how"')" resume
expect_equal "the comment" "$(member out '"questions"' 1 '"comment"')" "agreed <with> operations"
expect_equal "what fail over was expected to take" "$(member out '"steps"' 3 '"expect"')" 180
expect_equal "the job" "$(member out '"jobs"' 1 '"status"')" SUCCESS
expect_equal "its last sub-job" "$(member out '"jobs"' 1 '"sub_jobs"' 5 '"status"')" SUCCESS
expect_equal "whether the log verifies" "$(member out '"integrity"' '"verifies"')" true
expect_equal "what it is held against" "$(lua "return #'$(member out '"integrity"' '"head"')'")" 64
expect_equal "the simulator" "$(member out '"simulated"')" true
expect_out '"text":"production is now cn-north-4b (priority_station target)"'
run_neap report "$run"
expect_exit 0
expect_out "<!doctype html>" "start_failover_protection_group" "agreed &lt;with&gt; operations"
expect_no stdout "$out" "http-equiv=\"refresh\"" " src=" "<link"

about "where it is written"
run_neap report "$run" --out report.html
expect_exit 0
expect_equal "standard output" "$out" ""
expect_err "wrote report.html ("
expect_equal "who may read it" "$(stat -c %a report.html)" 600
run_neap report "$run" --out report.md
expect_equal "the first line" "$(head -n 1 report.md)" "# failover: run $run"
run_neap report "$run" --out report.txt --format json
expect_equal "the format" "$(member report.txt '"format"')" neap.report/1
run_neap --output json report "$run"
expect_equal "the format" "$(member out '"format"')" neap.report/1
refused 2 'cannot write' -- report "$run" --out none/report.html
refused 2 '--format: "pdf" is none' "html, md or json" -- report "$run" --format pdf

about "a run that was resumed tells nothing twice"
run_neap report "$run" --format json
for text in "3 instances, 5 pairs" "UNPROTECTED now" '"name":"fail over"'; do
  expect_equal "times of $text" "$(grep -o "$text" out | wc -l)" 1
done

finish
