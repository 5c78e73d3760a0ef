#!/usr/bin/env bash
# A failover in a real terminal: what moves, the question and its answers, screens that are narrow or
# change their size.
source "$(dirname "${BASH_SOURCE[0]}")/../support/terminal.sh"

failover=start_failover_protection_group
start_simulator --time-scale 100

# Each failover has a session of its own; one server holds them all until the end.
window=failover-0

# open COLUMNS [NAME=VALUE...]: a fresh world, and neap at its question in a fresh terminal.
open() {
  local columns=$1
  shift
  fresh
  window=failover-$((${window#failover-} + 1))
  terminal new-session -d -s "$window" -x "$columns" -y 40 \
    "env TERM=xterm-256color $* $neap run failover --group demo; echo code=\$?; exec cat"
  screen_with "[y/N]"
}

about "a yes"
open 100
expect_text screen "$screen" "✓ find the group" "✓ check that it can fail over" \
  "? Fail group demo over from cn-north-4a to cn-north-4b? [y/N]"
terminal send-keys -t "$window" y Enter
screen_with "of about 3m00s"
screen_with "job RUNNING"
expect_text screen "$screen" "of 5 sub-jobs done" "RTO 15m00s: on track"
screen_with "code=0"
expect_text screen "$screen" "✓ fail over" "✓ verify" "UNPROTECTED now" "changed     true"
expect_text screen "$screen" "(usually 3m00s)" "4 steps in " "RTO 15m00s met with " "1 changing call, 1 job"
expect_no screen "$screen" "of about" "on track" # what moves leaves nothing behind
expect_equal "the number of failovers" "$(receipts $failover)" 1

about "colours"
screen_with "code=0" -e
expect_text screen "$screen" $'\e[32m'

about "a no"
open 100
terminal send-keys -t "$window" n Enter
screen_with "code=3"
expect_text screen "$screen" "not confirmed" "nothing was sent"
expect_equal "the number of failovers" "$(receipts $failover)" 0

about "a yes that was typed before the question is none"
fresh
window=failover-$((${window#failover-} + 1))
terminal new-session -d -s "$window" -x 100 -y 40 \
  "sleep 1; env TERM=xterm-256color $neap run failover --group demo; echo code=\$?; exec cat"
terminal send-keys -t "$window" y Enter
screen_with "[y/N]"
terminal send-keys -t "$window" n Enter
screen_with "code=3"
expect_equal "the number of failovers" "$(receipts $failover)" 0

about "Ctrl-C at the question"
open 100
terminal send-keys -t "$window" C-c
screen_with "code=130"
expect_text screen "$screen" $'[y/N] ^C\nstopping at' "neap: interrupted; nothing was sent"
expect_equal "the number of failovers" "$(receipts $failover)" 0

about "a narrow terminal"
open 40
terminal send-keys -t "$window" y Enter
screen_with "job RUNNING"
screen=$(terminal capture-pane -t "$window" -p)
# Without -J, a line that is too long shows as two.
report "$([[ $(grep -c "fail over  [0-9.]*s" <<<"$screen") -le 1 ]] && echo true)" "one moving line"
screen_with "code=0"
screen=$(terminal capture-pane -t "$window" -p)
report "$([[ $screen =~ "✓ fail over "\ +[0-9.]+s ]] && echo true)" "time and step share a line"

about "a second run knows the first"
open 100
terminal send-keys -t "$window" y Enter
screen_with "code=0"
window=failover-$((${window#failover-} + 1))
admin POST /reset '{"seed":7}' >/dev/null
terminal new-session -d -s "$window" -x 100 -y 40 \
  "env TERM=xterm-256color $neap run failover --group demo -y; echo code=\$?; exec cat"
screen_with " left, RTO 15m00s: on track"
screen_with "code=0"
expect_text screen "$screen" "usually "

# rows_with TEXT: how many lines of the screen hold it, as the terminal shows them.
rows_with() { terminal capture-pane -t "$window" -p | grep -c -- "$1"; }

about "twenty columns"
open 20
terminal send-keys -t "$window" y Enter
screen_with "job RUNNING"
report "$([[ $(rows_with "^total\|on track") -le 1 ]] && echo true)" "one line of totals"
screen_with "code=0"
screen=$(terminal capture-pane -t "$window" -p)
expect_no screen "$screen" "job RUNNING" "on track"
report "$([[ $screen =~ "✓ fail over "\ +[0-9.]+s ]] && echo true)" "time and step share a line"

about "a terminal that changes its size under the run"
open 100
terminal send-keys -t "$window" y Enter
screen_with "job RUNNING"
for columns in 70 50 100; do
  terminal resize-window -t "$window" -x "$columns" -y 40
  before=$(terminal capture-pane -t "$window" -p)
  deadline=$((SECONDS + 20)) # until it was drawn anew
  while [[ $(terminal capture-pane -t "$window" -p) == "$before" ]] && ((SECONDS < deadline)); do
    sleep 0.02
  done
  report "$([[ $(rows_with "^total") == 1 ]] && echo true)" "one total on $columns columns"
done
screen_with "code=0"
screen=$(terminal capture-pane -t "$window" -p -S -)
expect_no screen "$screen" "job RUNNING" "job INIT" "of about" "on track"
report "$([[ $(grep -c "✓ find the group" <<<"$screen") == 1 ]] && echo true)" "finished steps stay, once"
report "$([[ $(grep -c "✓ fail over" <<<"$screen") == 1 ]] && echo true)" "the step ends, once"

about "NO_COLOR"
open 100 NO_COLOR=1
terminal send-keys -t "$window" y Enter
screen_with "code=0" -e
expect_text screen "$screen" "✓ verify"
expect_no screen "$screen" $'\e[3' $'\e[1m' $'\e[2m'

about "a dumb terminal"
open 100 TERM=dumb
expect_text screen "$screen" "start  find the group"
expect_no screen "$screen" "✓"
terminal send-keys -t "$window" y Enter
screen_with "code=0"

finish
