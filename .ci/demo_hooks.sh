#!/usr/bin/env bash
# Shows lifecycle hooks from beginning to end against the simulator, over HTTP: .ci/demo_hooks.sh
# [NEAP]. Exits with 0 when every hold was answered in time, by an answer, once.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

neap=$(realpath "${1:-build/release/neap}")
[[ -x $neap ]] || { echo "demo: there is no program $neap; build it with ./dev build" >&2; exit 1; }

work=$(mktemp -d)
simulator=
service=
export NEAP_STATE_DIR=$work/state NEAP_ECS_METADATA=off

stop() {
  [[ -z $service ]] || kill "$service" 2>/dev/null || true
  [[ -z $simulator ]] || kill "$simulator" 2>/dev/null || true
  wait 2>/dev/null || true
}
trap 'stop; rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

terminal=
heading() { printf '\n== %s\n' "$*"; }
if [[ -t 1 && -z ${NO_COLOR:-} && ${TERM:-dumb} != dumb ]]; then
  terminal=yes
  heading() { printf '\n\e[1m== %s\e[0m\n' "$*"; }
fi

give_up() {
  echo "demo: $1" >&2
  [[ ! -f $work/service.log ]] || tail -n 5 "$work/service.log" >&2
  exit 1
}

# The operator's own surroundings must not leak in: keys of the real cloud least of all.
unset HUAWEICLOUD_SDK_SECURITY_TOKEN HW_ACCESS_KEY HW_SECRET_KEY HW_SECURITY_TOKEN HW_USER_NAME

# One simulated second a second: the service judges the deadlines of holds by its own clock, and the
# simulator writes them by its.
start_simulator() {
  local line
  mkfifo "$work/ready"
  "$neap" --quiet sim --listen 127.0.0.1:0 --seed 7 --time-scale 1 >"$work/ready" </dev/null &
  simulator=$!
  while IFS= read -r -t 20 line; do
    export "${line#export }"
    [[ $line != *_PROJECT_ID=* ]] || return 0
  done <"$work/ready"
  give_up "the simulator did not start"
}

# Instances of the simulator have no ports: its own health stands for theirs.
write_handlers() {
  cp scripts/scale_hook.lua "$work"
  cat >"$work/handlers.lua" <<LUA
local settings = require "scale_hook"
settings.probe, settings.healthy, settings.every = "$NEAP_ENDPOINT/_sim/health", 3, 1
LUA
}

start_service() {
  "$neap" serve "$work/handlers.lua" --topic "$topic" --confirm --listen 127.0.0.1:0 \
    --interval 10s --allow net:127.0.0.1 2>"$work/service.log" </dev/null &
  service=$!
  local tries=0
  until address=$(sed -n 's/.*"msg":"serving","listen":"\([^"]*\)".*/\1/p' "$work/service.log") &&
    [[ -n $address ]]; do
    kill -0 "$service" 2>/dev/null && ((tries++ < 200)) || give_up "the service did not start"
    sleep 0.1
  done
}

ask() { "$neap" --output human --quiet run --allow net:127.0.0.1 "$@"; }

# On a terminal the line of each second stands in the place of the one before; elsewhere seconds in
# which nothing happened are left out.
show() {
  local line live='' before=''
  while IFS= read -r line; do
    if [[ $line == *" s  "* ]]; then
      if [[ -n $terminal ]]; then
        printf '\r\e[K%s' "$line"
        live=yes
      elif [[ ${line#* s  } != "$before" ]]; then
        printf '%s\n' "$line"
      fi
      before=${line#* s  }
      continue
    fi
    [[ -z $live ]] || printf '\n'
    live=
    if [[ $line == "== "* ]]; then heading "${line#== }"; else printf '%s\n' "$line"; fi
  done
}

start_simulator
topic=urn:smn:cn-north-4:$HUAWEICLOUD_SDK_PROJECT_ID:hooks
write_handlers
start_service
heading "the simulator listens on $NEAP_ENDPOINT, neap serve on $address"
ask -e "http.post('$NEAP_ENDPOINT/_sim/as/groups', '{\"name\":\"web\",\"instances\":1}')" >/dev/null

heading "neap run hooks_setup --group web --topic hooks --subscriber http://$address/smn -y"
"$neap" --output human run hooks_setup --group web --topic hooks \
  --subscriber "http://$address/smn" -y 2>&1 >/dev/null | grep -v ' start  '

heading "some messages get lost on their way, some come twice"
# shellcheck disable=SC2016  # Lua, not the shell's
ask -e 'for kind, count in pairs({ lose = 4, duplicate = 6 }) do
    local mishap = json.encode({ kind = kind, count = count })
    local answer = http.post("'"$NEAP_ENDPOINT"'/_sim/smn/mishaps", mishap)
    print(("%s: %d"):format(kind, count))
    assert(answer.status == 200, answer.body)
  end'

code=0
ask -e "local SIMULATOR, SERVICE = '$NEAP_ENDPOINT', 'http://$address'
  $(<.ci/demo_hooks.lua)" | show || code=$?

kill "$service" 2>/dev/null && { wait "$service" || code=$?; }
service=
[[ $code -eq 0 ]] || give_up "not everything was as it should be; the service said last:"
heading "every hold was answered, in time and once; the service has stopped"
