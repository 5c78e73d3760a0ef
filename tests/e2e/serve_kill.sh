#!/usr/bin/env bash
# kill -9 of neap serve at random points of a large scale-out: every hold is answered once, and in
# time. The simulator's own book is the judge (GET /_sim/as/outcomes).
#   SERVE_KILLS=n   how often it is killed (200)
#   NEAP_SEED=n     repeats the points; each run prints its own
seed=${NEAP_SEED:-$((RANDOM * 32768 + RANDOM))} # the next line clears what begins like that
source "$(dirname "${BASH_SOURCE[0]}")/../support/e2e.sh"

kills=${SERVE_KILLS:-200}
RANDOM=$((seed % 32768))
instances=500
export NEAP_STATE_DIR=$work/state
printf 'seed %s: %s instances, %s kills\n' "$seed" "$instances" "$kills"

# Simulated time runs faster, so instances take a second to be made; holds last an hour of it.
start_simulator --time-scale 20
port=$((20000 + $$ % 12000)) # below those that the system hands out; two runs may go on at once
topic=$(member <(admin POST /smn/topics "{\"name\":\"hooks\",\"endpoint\":\"http://127.0.0.1:$port/smn\"}") \
  '"topic_urn"')
admin POST /as/groups "{\"name\":\"web\",\"max\":1000,\"hooks\":[{\"name\":\"up\",
  \"type\":\"INSTANCE_LAUNCHING\",\"topic_urn\":\"$topic\",\"timeout\":3600,
  \"default_result\":\"ABANDON\"}]}" >/dev/null

cat >handlers.lua <<'END'
-- A read of the cloud and a pause: places at which the process may die. Few at a time, so that
-- there is work left for every life of the process.
hooks.on("INSTANCE_LAUNCHING", { concurrency = 2, attempts = 1000, needs = { "as:show_scaling_group" } },
  function(event)
    local group = as.groups:get(event.group_id)
    task.sleep(0.1)
    return group.scaling_group_name == "web" and "CONTINUE" or "ABANDON"
  end)
END

total() { lua "return json.decode(http.get('$NEAP_ENDPOINT/_sim/as/outcomes').body).totals.$1"; }

# serve LINES: runs the service until it has said so many lines, then kills it; 0: leaves it running.
serve() {
  local left=$1 line
  rm -f said && mkfifo said
  "$neap" --log-level info --log-format json serve handlers.lua --topic "$topic" --interval 2s \
    --listen "127.0.0.1:$port" 2>said >/dev/null </dev/null &
  server_pid=$!
  exec 4<said
  while [[ $left -gt 0 ]] && IFS= read -r -t 1 -u 4 line; do
    left=$((left - 1))
    printf '%s\n' "$line" >>serve.log
  done
  [[ $1 -eq 0 ]] && { cat <&4 >>serve.log & return; }
  kill -KILL "$server_pid"
  wait "$server_pid" 2>/dev/null
  exec 4<&-
}

about "a scale-out of $instances instances while the service is killed $kills times"
admin POST /as/groups/web/set "{\"desire\":$instances}" >/dev/null
for ((i = 0; i < kills; i++)); do
  serve $((1 + RANDOM % 6))
done
left=$((instances - $(total callback))) # for the last life: the others died at work
serve 0
for ((looks = 0; looks < 600; looks++)); do
  in_service=$(lua "local answer = json.decode(http.get('$NEAP_ENDPOINT/_sim/as/groups').body)
    return answer.scaling_groups[1].states.INSERVICE or 0")
  [[ $in_service -lt $instances ]] || break
done
expect_equal "instances in service" "$in_service" "$instances"
expect_equal "holds" "$(total holds)" "$instances"
expect_equal "holds answered by callback" "$(total callback)" "$instances"
expect_equal "holds that the default decided" "$(total default)" 0
expect_equal "holds that still hang" "$(total hanging)" 0
expect_equal "holds answered twice" "$(total answered_again)" 0
run_neap --output json hooks ls --limit 1000
expect_exit 0
expect_no stdout "$out" '"status":"gone"' '"status":"open"' '"status":"set_aside"'
printf 'killed %s times, %s left for the last life: %s answered by callback, %s refused, %s events\n' \
  "$kills" "$left" "$(total callback)" "$(total refused)" "$(grep -o '"action_key"' out | wc -l)"
kill "$server_pid" 2>/dev/null
wait "$server_pid" 2>/dev/null
exec 4<&-
finish
