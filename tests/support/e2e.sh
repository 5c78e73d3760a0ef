# What the end-to-end suites share: a simulator on a free port, runs of neap, and their checks.
# A suite is called with the path of neap; it sources this file, and ends with `finish`.

neap=$1
if [[ ! -x $neap ]]; then
  echo "usage: $0 PATH-OF-NEAP" >&2
  exit 2
fi
work=$(mktemp -d)
simulator_pid=
passed=0
failed=0

# Nothing of the caller's may decide what a suite sees.
for name in $(compgen -e); do
  case $name in
    HUAWEICLOUD_* | HW_* | OS_* | NEAP_* | *_proxy | *_PROXY | NO_COLOR) unset "$name" ;;
  esac
done
export HOME=$work/home XDG_CONFIG_HOME=$work/home/.config LC_ALL=C.UTF-8
export NEAP_ECS_METADATA=off # nothing answers there, and waiting for that costs seconds
mkdir -p "$XDG_CONFIG_HOME"
cd "$work" || exit 1

stop_simulator() {
  [[ -n $simulator_pid ]] || return 0
  kill "$simulator_pid" 2>/dev/null
  wait "$simulator_pid" 2>/dev/null
  simulator_pid=
}
trap 'stop_simulator; cd /; rm -rf "$work"' EXIT

# start_simulator [option...]: exports what leads to it. Its last export line says that it is ready.
start_simulator() {
  stop_simulator
  local line pipe=$work/ready
  rm -f "$pipe" && mkfifo "$pipe"
  "$neap" -q sim --listen 127.0.0.1:0 --seed 7 "$@" >"$pipe" 2>"$work/simulator.log" &
  simulator_pid=$!
  while read -r line; do
    eval "$line"
    [[ $line != *PROJECT_ID* ]] || break
  done <"$pipe"
  [[ -n ${NEAP_ENDPOINT:-} ]] || {
    cat "$work/simulator.log" >&2
    exit 1
  }
}

# lua CODE: prints what it returns; for the suite's own needs, so it must succeed.
lua() { "$neap" -q run --allow net:127.0.0.1 -e "$1"; }

# admin METHOD PATH [BODY]: a call of the simulator's administrator; prints the answer.
admin() {
  lua "local answer = http.request { method = '$1', url = '$NEAP_ENDPOINT/_sim$2',
      body = [==[${3:-}]==], headers = { ['Content-Type'] = 'application/json' } }
    if answer.status ~= 200 then error(answer.body) end
    return answer.body"
}

# fresh: the world as it was, without faults or runs of before. fault JSON: plants one.
fresh() { rm -rf "$HOME/.local/state/neap" && admin POST /reset '{"seed":7}' >/dev/null && admin POST /clock '{"skew_seconds":0}' >/dev/null &&
  admin DELETE /faults >/dev/null; }
fault() { admin POST /faults "$1" >/dev/null; }

# receipts [OPERATION]: how many requests arrived since fresh. unsigned: how many bore no key.
receipts() { count_receipts "${1:+?operation=$1}" true; }
unsigned_receipts() { count_receipts "" "row.access_key == nil"; }
count_receipts() {
  lua "local count, answer = 0, http.get('$NEAP_ENDPOINT/_sim/receipts$1')
    for _, row in ipairs(json.decode(answer.body).receipts) do
      if $2 then count = count + 1 end
    end
    return count"
}

# member FILE KEY...: prints a member of the JSON document in a file.
member() {
  local path="" key file=$1
  shift
  for key in "$@"; do path+="[$key]"; done
  lua "return tostring(json.decode([==[$(cat "$file")]==])$path)"
}

# run_neap ARGUMENT...: leaves $status, $out and $err, and the files out and err in $work.
run_neap() {
  "$neap" "$@" >"$work/out" 2>"$work/err" </dev/null
  status=$?
  out=$(<"$work/out")
  err=$(<"$work/err")
}

report() {
  local good=$1 what=$2
  if [[ $good == true ]]; then
    passed=$((passed + 1))
    return
  fi
  failed=$((failed + 1))
  printf 'FAILED: %s: %s\n  status: %s\n  stdout: %s\n  stderr: %s\n' \
    "$subject" "$what" "${status:-}" "${out:-}" "${err:-}"
}

# about WHAT: names the checks that follow.
about() {
  subject=$1
  [[ -z ${E2E_SHOW:-} ]] || printf '\n%s\n' "$subject"
}

expect_exit() { report "$([[ $status == "$1" ]] && echo true)" "exit $1"; }
expect_equal() { report "$([[ $2 == "$3" ]] && echo true)" "$1 is $2, wanted $3"; }
expect_out() { expect_text stdout "$out" "$@"; }
expect_err() { expect_text stderr "$err" "$@"; }
expect_text() {
  local where=$1 text=$2 wanted
  shift 2
  for wanted in "$@"; do
    report "$([[ $text == *"$wanted"* ]] && echo true)" "$where says \"$wanted\""
  done
}
expect_no() {
  local where=$1 text=$2 unwanted
  shift 2
  for unwanted in "$@"; do
    report "$([[ $text != *"$unwanted"* ]] && echo true)" "$where does not say \"$unwanted\""
  done
}

# One line on standard error, nothing like a traceback, nothing on standard output.
expect_one_line() {
  [[ -z ${E2E_SHOW:-} ]] || printf '  [%s] %s\n' "$status" "$err"
  report "$([[ $err != *$'\n'* && $err == "neap: "?* ]] && echo true)" "one line on stderr"
  expect_no stderr "$err" "stack traceback" "[C]" "std::"
  expect_equal "standard output" "$out" ""
}

# refused EXIT WANTED... -- ARGUMENT...: a run that ends in one clear line.
refused() {
  local code=$1 wanted=()
  shift
  while [[ $1 != -- ]]; do
    wanted+=("$1")
    shift
  done
  shift
  run_neap -q "$@"
  expect_exit "$code"
  expect_one_line
  expect_err "${wanted[@]}"
}

finish() {
  printf '%s passed, %s failed\n' "$passed" "$failed"
  [[ $failed -eq 0 ]]
  exit
}
