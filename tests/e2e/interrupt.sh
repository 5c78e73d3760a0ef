#!/usr/bin/env bash
# Ctrl-C: the first stops at the next safe point and says what goes on, the second forces.
source "$(dirname "${BASH_SOURCE[0]}")/../support/e2e.sh"

failover=start_failover_protection_group
start_simulator --time-scale 1 # a job takes minutes: none ends while a suite looks

# begin ARGUMENT...: neap in the background; its progress comes from file descriptor 3. A shell
# starts what it puts into the background with SIGINT ignored; env gives that back.
begin() {
  rm -f progress && mkfifo progress
  env --default-signal=INT "$neap" "$@" >"$work/out" 2>progress </dev/null &
  pid=$!
  exec 3<progress
  err=
}

# until_line TEXT: reads progress up to a line that holds TEXT.
until_line() {
  local line
  while IFS= read -r -t 20 line <&3; do
    err+=$line$'\n'
    [[ $line != *"$1"* ]] || return 0
  done
  report false "progress holds \"$1\""
  return 1
}

# ended: the rest of the progress, and the exit code.
ended() {
  local line
  while IFS= read -r -t 20 line <&3; do err+=$line$'\n'; done
  wait "$pid"
  status=$?
  out=$(<"$work/out")
  exec 3<&-
}

for signal in INT TERM; do
  about "SIG$signal while the job runs"
  fresh
  begin run failover --group demo -y
  until_line "RUNNING"
  kill -s "$signal" "$pid"
  ended
  expect_exit 130
  expect_err "stopping at the next safe point" "($failover) goes on in the cloud"
  expect_err "neap run -e 'return sdrs.job("
  again=${err##*neap run -e \'}
  again=${again%%\'*}
  expect_equal "the number of failovers" "$(receipts $failover)" 1
  admin POST /clock '{"advance_seconds":600}' >/dev/null
  run_neap -q run -e "$again"
  expect_exit 0
  expect_equal "what the job came to" "$out" SUCCESS
done

about "SIGINT while the failover awaits its answer"
fresh
fault "{\"operation\":\"$failover\",\"kind\":\"delay\",\"seconds\":1}"
begin -v run failover --group demo -y
until_line "start  fail over"
until [[ $(receipts $failover) == 1 ]]; do :; done
kill -s INT "$pid"
ended
expect_exit 130
expect_err "stopping at the next safe point" "($failover) goes on in the cloud" "sdrs.job("

about "a second SIGINT while the failover awaits its answer"
fresh
fault "{\"operation\":\"$failover\",\"kind\":\"delay\",\"seconds\":60}"
begin run failover --group demo -y
until_line "start  fail over"
until [[ $(receipts $failover) == 1 ]]; do :; done
kill -s INT "$pid"
until_line "stopping at the next safe point"
kill -s INT "$pid"
ended
expect_exit 6
expect_err "$failover was sent" "may have taken effect" "look at the cloud"
expect_equal "the number of failovers" "$(receipts $failover)" 1

about "SIGINT before anything is sent"
fresh
fault '{"operation":"list_protection_groups","kind":"delay","seconds":60}'
begin run failover --group demo -y
until_line "start  find the group"
until [[ $(receipts list_protection_groups) == 1 ]]; do :; done
kill -s INT "$pid"
ended
expect_exit 130
expect_no stderr "$err" "goes on in the cloud"
expect_err "neap: interrupted; nothing was sent"
expect_equal "the number of failovers" "$(receipts $failover)" 0

finish
