#!/usr/bin/env bash
# The service from outside, over HTTP: what it is told wrongly, what it answers, what a reload, an
# operator, a crash and an end do to it, and that none of it shows a secret.
source "$(dirname "${BASH_SOURCE[0]}")/../support/e2e.sh"

service=
stop_service() {
  [[ -n $service ]] || return 0
  kill -9 "$service" 2>/dev/null
  wait "$service" 2>/dev/null
  service=
}
trap 'stop_service; stop_simulator; cd /; rm -rf "$work"' EXIT

# until_true WHAT COMMAND...: tries for 20 s; the check fails when it never comes true.
until_true() {
  local what=$1 tries=0
  shift
  until "$@" 2>/dev/null; do
    if ((++tries > 200)) || { [[ -n $service ]] && ! kill -0 "$service" 2>/dev/null; }; then
      tail -n 20 "$log" # what the service had to say
      report false "$what"
      return 1
    fi
    sleep 0.1
  done
  report true "$what"
}

# start_service [option...]: with handlers.lua and a log of its own; $address is where it listens.
# The log goes through a pipe, so that a limit on files leaves it alone; a write beyond such a limit
# is refused in place of the process being killed.
logs=0
start_service() {
  stop_service
  log=$work/service.$((++logs)).log
  (
    trap '' XFSZ
    exec "$neap" --log-level trace serve ./handlers.lua --topic "$topic" --confirm \
      --listen "${address:-127.0.0.1:0}" --interval 2s --notify "$NEAP_ENDPOINT/told" "$@"
  ) >"$work/service.out" 2> >(exec cat >"$log") </dev/null &
  service=$!
  until_true "the service listens" logged '"msg":"serving"' || exit 1
  address=$(sed -n 's/.*"msg":"serving","listen":"\([^"]*\)".*/\1/p' "$log")
}

logged() { grep -q -- "$1" "$log"; }
logged_times() { [[ $(grep -c -- "$1" "$log") -ge $2 ]]; }

# get PATH, post PATH BODY: prints status and body of the service's answer.
get() { request GET "$1" ""; }
post() { request POST "$1" "$2"; }
request() {
  lua "local answer = http.request { method = '$1', url = 'http://$address$2', body = [==[$3]==],
      repeatable = true, headers = { ['Content-Type'] = 'application/json' } }
    return answer.status .. ' ' .. answer.body"
}

ready() { get /readyz | grep -q '^200 '; }

# metric LINE: whether the page says so.
metric() { get /metrics | grep -qF -- "$1"; }

# book NAME: a total of the simulator's own book of holds. held COUNT: so many hang now.
book() { admin GET /as/outcomes >book.json && member book.json "'totals'" "'$1'"; }
booked() { [[ $(book "$1") == "$2" ]]; }

# a_group NAME HOOK: a group whose launching instances that hook holds. scale NAME COUNT: the
# servers are made at once, so that its instances are held.
a_group() {
  admin POST /as/groups "{\"name\":\"$1\",\"hooks\":[{\"name\":\"$2\",\"timeout\":600,
    \"type\":\"INSTANCE_LAUNCHING\",\"topic_urn\":\"$topic\"}]}" >/dev/null
}
scale() {
  admin POST "/as/groups/$1/set" "{\"desire\":$2}" >/dev/null
  admin POST /clock '{"advance_seconds":60}' >/dev/null
}

# the_event STATUS: the id of the newest event that is in that status.
the_event() {
  "$neap" --output jsonl hooks ls --status "$1" --limit 1 | sed 's/.*"id":"\([a-z0-9]*\)".*/\1/'
}
is_in() { [[ $(the_event "$1") == "$2" ]]; }
any_in() { [[ -n $(the_event "$1") ]]; }

handlers() { printf '%s\n' "$1" >handlers.lua; }

start_simulator --time-scale 1
topic=urn:smn:cn-north-4:$HUAWEICLOUD_SDK_PROJECT_ID:hooks
export NEAP_NOTIFY_SECRET=whsec_Q0FOQVJZQ0FOQVJZQ0FOQVJZQ0FOQVJZQ0FOQVJZ

# --- what it is told wrongly ----------------------------------------------------------------------

serving=(--topic "$topic" --listen 127.0.0.1:0)
about "no file of handlers"
refused 2 "HANDLERS" -- serve
about "a file that is not there"
refused 2 "cannot read ./none.lua" "No such file" "registers handlers" -- \
  serve ./none.lua "${serving[@]}"
about "a file that registers nothing"
handlers 'return {}'
refused 2 "registers no handler" "hooks.on(" -- serve ./handlers.lua "${serving[@]}"
about "a syntax error"
handlers 'return = 1'
refused 1 "./handlers.lua:1:" -- serve ./handlers.lua "${serving[@]}"
about "an unknown option of hooks.on"
handlers 'hooks.on("INSTANCE_LAUNCHING", { atempts = 2 }, function() end)'
refused 2 'unknown option `atempts`' "did you mean attempts?" -- \
  serve ./handlers.lua "${serving[@]}"
about "a file that never yields"
handlers 'while true do end'
refused 1 "CPU" -- serve ./handlers.lua "${serving[@]}"
about "a host that is not allowed"
handlers 'hooks.on("INSTANCE_LAUNCHING", { needs = { "net:a.example" } }, function() end)'
refused 2 "needs net:a.example" "--allow net:a.example" -- serve ./handlers.lua "${serving[@]}"
refused 2 "needs net:*" "--allow net:" -- serve scale_hook "${serving[@]}"
about "handlers that are run as a runbook"
refused 2 "registers handlers of lifecycle hooks" "neap serve scale_hook" -- run scale_hook
about "an unknown option"
refused 2 "unknown option --intervall" "neap serve --help" -- serve ./handlers.lua --intervall 5s
about "a bad duration"
refused 2 '--interval: "soon" is no duration' -- serve ./handlers.lua --interval soon
about "a rate that would let nothing in"
refused 2 "--topic-rate" "not in range" -- serve ./handlers.lua --topic-rate 0
about "half a pair of TLS files"
refused 2 "--tls-certificate and --tls-key go together" -- \
  serve ./handlers.lua "${serving[@]}" --tls-key key.pem
about "notifications without a secret"
NEAP_NOTIFY_SECRET='' refused 2 "--notify needs a secret" NEAP_NOTIFY_SECRET -- \
  serve ./handlers.lua "${serving[@]}" --notify https://ops.example.com/hooks

# --- a day of work --------------------------------------------------------------------------------

# Each kind of handler has its hook.
handlers_version() {
  handlers '
    hooks.on("INSTANCE_LAUNCHING", { hook = "up" }, function(event)
      log.info("'"$1"' has %s at %s", event.instance_id, tostring(event.instance_ip))
      return "CONTINUE"
    end)
    hooks.on("INSTANCE_LAUNCHING", { hook = "stuck", attempts = 1, on_error = "HOLD" }, function()
      error("it never works")
    end)
    hooks.on("INSTANCE_LAUNCHING", { hook = "slow" }, function(event)
      task.sleep('"${2:-600}"')
      return "CONTINUE"
    end)'
}

about "a subscription that is confirmed"
handlers_version first
start_service
admin POST /as/groups '{"name":"web","max":20}' >/dev/null
run_neap run hooks_setup --group web --topic hooks --subscriber "http://$address/smn" -y
expect_exit 0
expect_out "confirmed"
expect_err "is confirmed: it is told"
until_true "the log says so" logged "a subscription is confirmed"
admin GET /smn/subscriptions >subscriptions.json
token=$(member subscriptions.json "'subscriptions'" 1 "'token'")
report "$([[ ${#token} -ge 32 ]] && echo true)" "there was a token"

about "instances that come"
a_group up up
a_group stuck stuck
a_group slow slow
admin POST /smn/mishaps '{"kind":"duplicate","count":2}' >/dev/null
scale up 3
until_true "all are let in" booked callback 3
expect_equal "holds" "$(book holds)" 3
until_true "the handler was told their addresses" logged_times "first has .* at 1" 3
until_true "a line of the handler names its event" \
  logged '"msg":"first has[^}]*"event":"[a-z0-9]*","run":"[a-z0-9]*","group"'
until_true "the metrics say so" metric 'neap_hook_answers_total{result="CONTINUE"} 3'

about "the pages"
expect_text /healthz "$(get /healthz)" "200 ok"
expect_text /readyz "$(get /readyz)" '200 {"ready":true' '"journal":"ok"'
until_true "a recipient that refuses is given up" \
  metric 'neap_hook_notifications_total{result="given_up"} 3'
expect_text /metrics "$(get /metrics)" "neap_hook_reconciled_total" "neap_hook_queue_age_seconds" \
  'neap_hook_answers_late_total 0'
expect_text "GET /smn" "$(get /smn)" "405 "
expect_text "an unknown path" "$(get /nothing)" "404 "
expect_text "a POST to an unknown path" "$(post /nothing '{}')" "404 "

about "messages that are not to be trusted"
# $(…) takes the last line break away.
certificate=$NEAP_ENDPOINT/smn/SMN_cn-north-4_$(printf '%s\n' "$(admin GET /smn/certificate.pem)" |
  sha256sum | cut -c1-32).pem
# forged [LUA]: the status and reason for a well-formed message, changed by the code.
forged() {
  lua "local m = { type = 'Notification', message_id = ('ab'):rep(16), topic_urn = '$topic',
      message = '{}', signature_version = 'v1',
      signature = ('QUJD'):rep(85) .. 'QQ==', signing_cert_url = '$certificate' }
    $1
    local answer = http.post('http://$address/smn', json.encode(m), { repeatable = true })
    return answer.status .. ' ' .. answer.body"
}
now=$(date -u +%Y-%m-%dT%H:%M:%SZ)
expect_text "not JSON" "$(post /smn '{')" "400 malformed"
expect_text "a bad signature" "$(forged "m.timestamp = '$now'")" "403 signature"
expect_text "an old message" "$(forged "m.timestamp = '2026-01-01T00:00:00Z'")" "403 "
expect_text "another topic" "$(forged "m.topic_urn, m.timestamp = '${topic}2', '$now'")" \
  "403 topic_not_allowed"
expect_text "another certificate" \
  "$(forged "m.signing_cert_url, m.timestamp = 'https://evil.example/smn/x.pem', '$now'")" \
  "403 certificate_address"
until_true "they are counted" metric 'neap_hook_messages_rejected_total{reason="signature"} '

about "a reload"
handlers 'return = 1'
kill -HUP "$service"
until_true "a broken file is refused" logged "could not be read again; those from before stay"
expect_text "the log" "$(cat "$log")" "./handlers.lua:1:"
scale up 4
until_true "the handlers from before go on" logged_times "first has" 4
handlers_version second
kill -HUP "$service"
until_true "a good file is taken" logged "the handlers were read again"
scale up 5
until_true "its handlers answer" logged "second has"
until_true "and the instance is let in" booked callback 5
until_true "both are counted" metric 'neap_hook_reload_total{result="refused"} 1'

about "a second service on the same journal"
refused 7 "pid $service" -- serve ./handlers.lua "${serving[@]}"
about "a port that is in use"
refused 1 "$address" -- --state-dir "$work/other" serve ./handlers.lua --topic "$topic" \
  --listen "$address"

# --- an operator's word ---------------------------------------------------------------------------

about "an event that is set aside"
scale stuck 1
until_true "it is listed" any_in set_aside
event=$(the_event set_aside)
run_neap hooks ls
expect_exit 0
expect_out "$event" "set aside" "it never works"
run_neap hooks show "$event"
expect_exit 0
expect_out "neap hooks retry $event" "it never works" "pid $service"
run_neap hooks show nosuchevent
expect_exit 1
until_true "it is counted" metric "neap_hook_set_aside 1"
about "an event that is tried again"
run_neap hooks retry "$event"
expect_exit 0
expect_err "it will see to it"
until_true "it fails again" logged_times "set aside, for an operator" 2
about "an event that an operator answers"
run_neap hooks discard "$event" --result CONTINUE
expect_exit 0
until_true "it is answered" is_in answered "$event"
until_true "the instance is let in" booked callback 6
about "an event that is left to the default"
scale stuck 2
until_true "it is listed" any_in set_aside
event=$(the_event set_aside)
run_neap hooks discard "$event"
expect_exit 0
until_true "it is discarded" is_in discarded "$event"
expect_equal "answers" "$(book callback)" 6

# --- crash and end --------------------------------------------------------------------------------

about "a service that is killed while a handler runs"
scale slow 1
until_true "its handler runs" metric 'neap_hook_running{handler="launching-3"} 1'
stop_service
event=$(the_event open)
run_neap hooks retry "$event"
expect_exit 0
expect_err "the next one will see to it"
run_neap hooks show "$event"
expect_out "asked for   retry, by " "not seen to yet"
handlers_version third 0
start_service
expect_text "the log" "$(cat "$log")" "events of an earlier process are taken up"
until_true "the next one answers" booked callback 7
run_neap --output json hooks show "$event"
expect_out '"wish":null'

about "messages that nobody took"
stop_service
scale up 6
start_service
until_true "what is held is found" booked callback 8

about "a disk that is full for a while"
prlimit --pid "$service" --fsize=4096: # what counts is the size of the files
scale up 7
until_true "the log says so" logged "the journal cannot be written"
expect_text /readyz "$(get /readyz)" '503 {"ready":false'
expect_text "a message" "$(post /smn '{}')" "503 "
prlimit --pid "$service" --fsize=unlimited:
until_true "it goes on by itself" logged "the journal can be written again"
until_true "what is held is found and answered" booked callback 9
until_true "it is ready" ready

about "a service that is told to end while a handler runs"
handlers_version fourth 1
kill -HUP "$service"
until_true "the handlers are taken" logged "the handlers were read again"
scale slow 2
until_true "its handler runs" metric 'neap_hook_running{handler="launching-3"} 1'
kill -TERM "$service"
wait "$service"
status=$?
service=
expect_exit 0
expect_text "the log" "$(cat "$log")" "stopping: what runs may come to its end"
expect_equal "the handler came to its end: answers" "$(book callback)" 10

about "the platform's own book"
expect_equal "holds that the default ended" "$(book default)" 0
expect_equal "holds that were answered again" "$(book answered_again)" 0
expect_equal "answers to nothing" "$(book strays)" 0

# --- around it ------------------------------------------------------------------------------------

about "a unit for systemd"
case $(realpath "$neap") in
  /home/* | /root/* | /run/user/* | /tmp/* | /var/tmp/*)
    refused 2 "out of the service's sight" -- serve scale_hook --print-unit
    ;;
  *)
    run_neap --region cn-east-3 serve scale_hook --print-unit --topic "$topic" \
      --allow net:10.0.0.0/16 --topic-rate 9 --smn-private
    expect_exit 0
    expect_out "Type=notify" "serve scale_hook --listen" "--topic $topic" "--region cn-east-3" \
      "--allow net:10.0.0.0/16" "--topic-rate 9" "--smn-private"
    if command -v systemd-analyze >/dev/null; then
      cp out neap-serve.service
      systemd-analyze verify ./neap-serve.service >verify.txt 2>&1
      expect_equal "what systemd-analyze finds" "$(grep -c neap-serve verify.txt)" 0
    fi
    ;;
esac

about "secrets"
seen=0
for secret in "$token" "$HUAWEICLOUD_SDK_SK" Q0FOQVJZ CANARYCANARY; do
  expect_equal "places that show one" "$(grep -rla -- "$secret" "$work"/service.*.log \
    "$work/service.out" "$HOME/.local/state/neap" | wc -l)" 0
  seen=$((seen + 1))
done
expect_equal "secrets that were looked for" "$seen" 4
report "$(grep -rqa -- "$topic" "$HOME/.local/state/neap" && echo true)" "the journal holds something"
report "$([[ $(cat "$work"/service.*.log | wc -l) -gt 50 ]] && echo true)" "the logs hold something"

finish
