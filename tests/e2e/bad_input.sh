#!/usr/bin/env bash
# Whatever the operator or the cloud gets wrong ends in one clear line and the right exit code.
source "$(dirname "${BASH_SOURCE[0]}")/../support/e2e.sh"

failover=start_failover_protection_group
groups=list_protection_groups
start_simulator --time-scale 2000

# --- the command line -----------------------------------------------------------------------------

about "an unknown runbook"
refused 2 'no runbook is called "failovr"' "did you mean failover?" "bundled: " -- run failovr
about "an unknown parameter"
refused 2 "unknown parameter --grup" "did you mean --group?" "--help" -- run failover --grup demo
about "a missing parameter"
refused 2 "--group is missing" "--help" -- run failover
about "a parameter without its value"
refused 2 "--group needs a value" -- run failover --group
about "a parameter with a bad value"
refused 2 '--timeout: "soon" is not a duration' "30m" -- run failover --group demo --timeout soon
about "an unknown command"
refused 2 'unknown command "runn"' "did you mean run or runs?" "neap --help" -- runn failover
about "an unknown option"
refused 2 "unknown option --nosuch" "neap sim --help" -- sim --nosuch
about "an unknown topic of help"
refused 2 'no topic "SDRS.10133"' "did you mean SDRS.1013" "neap help lists" -- help SDRS.10133
about "an unknown output"
refused 2 'flag --output: "yaml" is not known' "human, json, jsonl, table" -- \
  --output yaml run failover --group demo
about "a runbook and -e"
refused 2 "not both" -- run failover -e "return 1"
about "no runbook"
refused 2 "no runbook given" "neap run --help" -- run
about "a grant before the runbook"
printf 'return { name = "x", summary = "x", params = {}, needs = {}, run = function() return 7 end }' \
  >"$work/granted.lua"
run_neap -q run --allow net:hooks.example "$work/granted.lua"
expect_exit 0
expect_out 7
about "a question without a terminal"
run_neap -q run failover --group demo
expect_exit 4
expect_err "waits for approval: Fail group demo over" "nothing was sent" "neap approve"
expect_equal "standard output" "$out" ""
expect_equal "the number of failovers" "$(receipts $failover)" 0
fresh

# --- the script -----------------------------------------------------------------------------------

# script TEXT: the file s.lua. runbook NEEDS CODE: one whose `run` is that code, on line 2.
script() { printf '%s' "$1" >s.lua; }
runbook() {
  script "return { name = 's', summary = 'a script', needs = { $1 }, run = function(ctx, p)
  $2
end }"
}

about "a script that is not there"
refused 2 "cannot read ./none.lua" "No such file" -- run ./none.lua
about "a directory"
mkdir folder.lua
refused 2 "cannot read ./folder.lua" "is a directory" -- run ./folder.lua
about "bytecode"
script $'\x1bLJ\x02'
refused 2 "cannot run ./s.lua" "not Lua source" -- run ./s.lua
about "a script that is not a runbook"
script "return 42"
refused 2 "./s.lua" "returned a number, not a runbook" "end it with" -- run ./s.lua
about "an empty file"
script ""
refused 2 "./s.lua" "returned nothing, not a runbook" -- run ./s.lua
about "an unknown field in the header"
script "return { name = 's', sumary = '', summary = '', needs = {}, run = function() end }"
refused 2 "./s.lua" 'unknown field `sumary`' "did you mean summary?" -- run ./s.lua
about "a header without needs"
script "return { name = 's', summary = '', run = function() end }"
refused 2 "./s.lua" 'no `needs`' -- run ./s.lua
about "an unknown operation in needs"
runbook "'sdrs:show_protection_grup'" ""
refused 2 "./s.lua" "no known operation" "did you mean sdrs:show_protection_group" -- run ./s.lua
about "a syntax error"
script $'local x = 1\nreturn {'
refused 1 "./s.lua:2:" "unexpected symbol" -- run ./s.lua
about "an error while it runs"
runbook "" "local x; x = x.y"
refused 1 "./s.lua:2:" "attempt to index" -- run ./s.lua
run_neap -q -v run ./s.lua
expect_exit 1
expect_err "./s.lua:2:" "stack traceback:"

about "an operation that needs does not name"
runbook "'sdrs:show_protection_group'" "sdrs.groups:find('demo')"
before=$(receipts)
refused 8 "sdrs:list_protection_groups" "nothing was sent" 'add "sdrs:list_protection_groups"' -- \
  run ./s.lua
expect_equal "the number of requests" "$(receipts)" "$before"
about "a host that needs does not name"
runbook "" "http.get('$NEAP_ENDPOINT/')"
refused 8 "may not reach host 127.0.0.1" 'add "net:127.0.0.1"' "--allow" -- run ./s.lua
about "a host that is not granted"
runbook "'net:127.0.0.1'" "http.get('$NEAP_ENDPOINT/')"
refused 8 "not allowed" "--allow net:127.0.0.1" -- run ./s.lua
expect_equal "the number of requests" "$(receipts)" "$before"

# --- the group ------------------------------------------------------------------------------------

about "a group that does not exist"
refused 1 'called "dmo"' "did you mean demo?" "project" -- run failover --group dmo -y
refused 1 "11111111-2222-3333-4444-555555555555" -- \
  run failover --group 11111111-2222-3333-4444-555555555555 -y
about "a name that two groups bear"
admin POST /groups '{"name":"twin"}' >/dev/null
admin POST /groups '{"name":"twin"}' >/dev/null
refused 1 '2 protection groups are called "twin"' "the id instead" -- run failover --group twin -y
about "a group in the wrong state"
admin POST /groups '{"name":"idle","status":"available","pairs":1}' >/dev/null
refused 3 "group idle is available" "allowed from protected" "nothing was sent" -- \
  run failover --group idle -y
about "a group without pairs"
admin POST /groups '{"name":"bare"}' >/dev/null
refused 3 "group bare has no replication pairs" "nothing was sent" -- run failover --group bare -y
about "a pair whose link is broken"
admin POST /groups/demo/set '{"fault_level":"5"}' >/dev/null
refused 3 "broken replication link" "nothing was sent" -- run failover --group demo -y
expect_equal "the number of failovers" "$(receipts $failover)" 0

# --- the way to the cloud -------------------------------------------------------------------------

about "an endpoint that is down"
NEAP_ENDPOINT=http://127.0.0.1:1 refused 1 "127.0.0.1:1" "refused" "check the network and the endpoint" \
  -- run failover --group demo -y
about "a wrong secret"
HUAWEICLOUD_SDK_SK=canary-secret refused 1 "verify aksk signature fail" "check the credentials" \
  "environment HUAWEICLOUD_SDK_AK" -- run failover --group demo -y
expect_no stderr "$err" "canary-secret"
about "an unknown access key"
HUAWEICLOUD_SDK_AK=nobody refused 1 "ak not exist" "check the credentials" -- \
  run failover --group demo -y
about "half a key pair"
HUAWEICLOUD_SDK_SK='' refused 1 "HUAWEICLOUD_SDK_AK is set but HUAWEICLOUD_SDK_SK is not" -- \
  run failover --group demo -y
about "no credentials at all"
HUAWEICLOUD_SDK_AK='' HUAWEICLOUD_SDK_SK='' refused 1 "no credentials found" "HW_ACCESS_KEY" \
  "~/.huaweicloud/credentials" "KooCLI" "set HUAWEICLOUD_SDK_AK" -- run failover --group demo -y
about "no project"
HUAWEICLOUD_SDK_PROJECT_ID='' refused 2 "no project id" "--project" -- \
  run failover --group demo -y
fresh
fault "{\"operation\":\"$groups\",\"kind\":\"status\",\"status\":401,\"code\":\"APIGW.0307\",\"count\":9}"
about "an expired token"
refused 1 "token" "get a new" "APIGW.0307" -- run failover --group demo -y

about "a clock that is an hour behind"
fresh
admin POST /clock '{"skew_seconds":3600}' >/dev/null
refused 1 "clock is" "behind the platform's" "NTP" -- run failover --group demo -y
report "$([[ $err =~ (59m5.s|1h00m)\ behind ]] && echo true)" "it says by how much"
about "a clock that is an hour ahead"
admin POST /clock '{"skew_seconds":-3600}' >/dev/null
refused 1 "clock is" "ahead of the platform's" "NTP" -- run failover --group demo -y
report "$([[ $err =~ (1h00m|59m5.s)\ ahead ]] && echo true)" "it says by how much"

# --- what the cloud answers -----------------------------------------------------------------------

# after_fault JSON: a fresh world with this fault.
after_fault() { fresh && fault "$1"; }

about "an answer that is not JSON"
after_fault "{\"operation\":\"$groups\",\"kind\":\"bad_json\"}"
refused 1 "$groups" "cannot be read" "invalid JSON" "run it again" -- run failover --group demo -y
about "an answer that is cut short"
after_fault "{\"operation\":\"$groups\",\"kind\":\"truncate\"}"
refused 1 "$groups" "cannot be read" -- run failover --group demo -y
about "a failed job"
after_fault "{\"operation\":\"$failover\",\"kind\":\"job_fail\"}"
refused 1 "the failover failed" "SDRS.1030" "group demo is now error-failing-over" -- \
  run failover --group demo -y
about "a job that does not end"
after_fault "{\"operation\":\"$failover\",\"kind\":\"stuck_job\"}"
refused 5 "gave up waiting for job" "goes on in the cloud" "neap run -e 'return sdrs.job(" -- \
  run failover --group demo -y --timeout 1s
for kind in drop_after truncate bad_json; do
  about "a failover whose answer is lost ($kind)"
  after_fault "{\"operation\":\"$failover\",\"kind\":\"$kind\"}"
  run_neap run failover --group demo -y
  expect_exit 0
  expect_err "in doubt: $failover was sent at" "it may still take effect"
  expect_out "status      failed-over"
  expect_equal "the number of failovers" "$(receipts $failover)" 1
done

# retried JSON [COUNT]: a fault that is overcome by asking again; so many failovers arrive.
retried() {
  after_fault "$1"
  run_neap -q run failover --group demo -y
  expect_exit 0
  expect_equal "standard error" "$err" ""
  expect_equal "the number of failovers" "$(receipts $failover)" "${2:-1}"
}
about "a failover that is throttled, which the platform refuses before it does anything"
retried "{\"operation\":\"$failover\",\"kind\":\"throttle\",\"count\":2}" 3
about "reads that are throttled"
retried '{"operation":"show_protection_group","kind":"throttle"}'
about "reads that are answered with 503"
retried "{\"operation\":\"$groups\",\"kind\":\"status\",\"status\":503,\"count\":2}"
about "polls of the job that are answered with 503 or not at all"
retried '[{"operation":"show_job_status","kind":"status","status":503,"count":2},
  {"operation":"show_job_status","kind":"drop_before","nth":3}]'

finish
