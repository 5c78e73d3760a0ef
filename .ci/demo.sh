#!/usr/bin/env bash
# Shows a failover from beginning to end against the simulator, over HTTP: .ci/demo.sh [NEAP].
# Exits with what `neap run failover` exits with.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

neap=${1:-build/release/neap}
[[ -x $neap ]] || { echo "demo: there is no program $neap; build it with ./dev build" >&2; exit 1; }

# Simulated seconds per second: the failover of seed 7 takes 2 min 48 s there, and 14 s here.
time_scale=15
simulator=
NEAP_STATE_DIR=$(mktemp -d) # the runs of a demonstration are nobody's history
export NEAP_STATE_DIR

stop_simulator() {
  [[ -n $simulator ]] || return 0
  kill "$simulator" 2>/dev/null || true
  wait "$simulator" 2>/dev/null || true
  simulator=
}
trap 'stop_simulator; rm -rf "$NEAP_STATE_DIR"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

if [[ -t 1 && -z ${NO_COLOR:-} && ${TERM:-dumb} != dumb ]]; then
  heading() { printf '\n\e[1m== %s\e[0m\n' "$*"; }
else
  heading() { printf '\n== %s\n' "$*"; }
fi

# Job control gives the simulator a process group of its own: Ctrl-C reaches the run alone, which
# then stops as it would in front of the real cloud.
start_simulator() {
  set -m
  coproc serve {
    exec "$neap" --quiet sim --listen 127.0.0.1:0 --seed 7 --time-scale "$time_scale" </dev/null
  }
  simulator=$serve_PID
  set +m
  local line
  while IFS= read -r -t 20 -u "${serve[0]}" line; do
    export "${line#export }"
    [[ $line == *_PROJECT_ID=* ]] && return
  done
  echo "demo: the simulator did not start" >&2
  exit 1
}

# The operator's own surroundings must not leak in: keys of the real cloud least of all.
unset HUAWEICLOUD_SDK_SECURITY_TOKEN HW_ACCESS_KEY HW_SECRET_KEY HW_SECURITY_TOKEN HW_USER_NAME
ask() { "$neap" --output human --quiet run "$@"; }

show_groups() {
  # shellcheck disable=SC2016  # Lua, not the shell's
  ask -e '
    local row = "%-8s %-12s %-13s %-13s %9s %6s"
    print(row:format("group", "status", "production", "recovery", "progress", "pairs"))
    for group in sdrs.groups:each {} do
      print(row:format(group.name, group.status, group:production(), group:recovery(),
        group.progress .. "%", #group.pairs:all()))
    end'
}

show_receipts() {
  ask --allow net:127.0.0.1 -e '
    local answer = http.get("'"$NEAP_ENDPOINT"'/_sim/receipts")
    local signed, counts, names = 0, {}, {}
    for _, receipt in ipairs(json.decode(answer.body).receipts) do
      local name = receipt.operation
      if receipt.access_key then signed = signed + 1 end
      if not counts[name] then names[#names + 1] = name end
      counts[name] = (counts[name] or 0) + 1
    end
    table.sort(names)
    for _, name in ipairs(names) do print(("%4d  %s"):format(counts[name], name)) end
    print(("%4d  signed requests in all"):format(signed))
    local failovers = counts.start_failover_protection_group or 0
    assert(failovers == 1, ("%d failovers arrived instead of one"):format(failovers))
    print("one failover was sent, and one arrived")'
}

start_simulator
heading "the simulator listens on $NEAP_ENDPOINT; $time_scale simulated seconds a second"
heading "before"
show_groups

heading "neap run failover --group demo -y"
code=0
"$neap" --output human run failover --group demo -y || code=$?

heading "after"
show_groups || [[ $code -ne 0 ]]
heading "what the simulator received (GET /_sim/receipts)"
show_receipts || [[ $code -ne 0 ]]

stop_simulator
heading "the simulator is stopped; neap run ended with exit code $code"
exit "$code"
