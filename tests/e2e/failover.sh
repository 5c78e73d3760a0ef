#!/usr/bin/env bash
# The main job, from the command line to the simulator and back, in every output.
source "$(dirname "${BASH_SOURCE[0]}")/../support/e2e.sh"

failover=start_failover_protection_group
start_simulator --time-scale 500

about "a failover shown to a person"
run_neap run failover --group demo -y
expect_exit 0
expect_out "changed     true" "status      failed-over" "production  cn-north-4b"
expect_err "find the group" "Fail group demo over from cn-north-4a to cn-north-4b? yes (-y)" \
  "job " "sub-jobs done" "UNPROTECTED now: 3 instances and 5 pairs" \
  "neap run reprotect --group demo"
expect_no stderr "$err" $'\e' # no terminal, no colours
expect_equal "the number of failovers" "$(receipts $failover)" 1
expect_equal "the number of unsigned requests" "$(unsigned_receipts)" 0

about "a second run"
run_neap run failover --group demo
expect_exit 0
expect_out "changed     false"
expect_err "failed over already"
expect_equal "the number of failovers" "$(receipts $failover)" 1

about "a failover as one JSON document"
fresh
run_neap --output json run failover --group demo -y
expect_exit 0
expect_equal "the format" "$(member out '"format"')" neap.run/1
expect_equal "ok" "$(member out '"ok"')" true
expect_equal "changed" "$(member out '"result"' '"changed"')" true
expect_equal "the status" "$(member out '"result"' '"status"')" failed-over
expect_equal "the last step" "$(member out '"steps"' 4 '"status"')" done
expect_equal "the job" "$(member out '"jobs"' 1 '"status"')" SUCCESS
group=$(member out '"result"' '"group"')

about "a failover by id, as one JSON value per line"
fresh
run_neap --output jsonl run failover --group "$group" -y
expect_exit 0
events=
while read -r row; do
  printf '%s' "$row" >row
  events+="$(member row '"event"') "
done <out
expect_text "the list of events" "$events" "step_started " "job_started " "job_progress " "run_ended "
report "$([[ $events == *"run_ended " ]] && echo true)" "run_ended comes last"
expect_equal "the status in the last" "$(member row '"result"' '"status"')" failed-over

about "a quiet failover"
fresh
run_neap -q run failover --group demo -y
expect_exit 0
expect_equal "standard error" "$err" ""
expect_out "changed     true"

about "protecting again, with the old site's servers still on"
run_neap -q run failover --group demo --reprotect -y
expect_exit 1
expect_one_line
about "protecting again, with them off"
admin POST /groups/demo/power '{"state":"SHUTOFF","site":"dr"}' >/dev/null
run_neap run failover --group demo --reprotect -y
expect_exit 0
expect_out "changed     true" "status      protected" "production  cn-north-4b"
expect_equal "the number of failovers" "$(receipts $failover)" 1

about "failing over and protecting again in one run"
fresh
admin POST /groups/demo/power '{"state":"SHUTOFF","site":"production"}' >/dev/null
run_neap run failover --group demo --reprotect -y
expect_exit 0
expect_out "status      protected"
expect_err "group demo is protected again"

about "giving up on the wait, and waiting again"
fresh
run_neap --output json run failover --group demo -y --timeout 10ms
expect_exit 5
job=$(member out '"error"' '"job_id"')
expect_err "gave up waiting for job $job" "neap run -e 'return sdrs.job(\"$job\"):wait().status'"
run_neap -q run -e "return sdrs.job(\"$job\"):wait().status"
expect_exit 0
expect_equal "what the job came to" "$out" SUCCESS
expect_equal "the number of failovers" "$(receipts $failover)" 1

about "a whole day of requests"
expect_equal "the number of unsigned requests" "$(unsigned_receipts)" 0

finish
