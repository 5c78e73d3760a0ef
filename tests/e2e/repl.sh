#!/usr/bin/env bash
# Sessions of neap repl in a real terminal, and through a pipe: what is typed, and what the screen
# shows of it.
source "$(dirname "${BASH_SOURCE[0]}")/../support/terminal.sh"

failover=start_failover_protection_group
start_simulator --time-scale 30
window=repl-0
terminal new-session -d -s keeper cat # the server lives as long as a session does

# open COLUMNS [NAME=VALUE...] [-- ARGUMENT...]: a session in a fresh terminal, at its first prompt.
open() {
  local columns=$1 variables=()
  shift
  while [[ $# -gt 0 && $1 != -- ]]; do
    variables+=("$1")
    shift
  done
  [[ $# -eq 0 ]] || shift
  window=repl-$((${window#repl-} + 1))
  terminal new-session -d -s "$window" -x "$columns" -y 50 \
    "env TERM=xterm-256color ${variables[*]} $neap repl $*; echo code=\$?; exec cat"
  screen_with "> "
}

# keys KEY...: as tmux names them. typed TEXT: a line, entered.
keys() { terminal send-keys -t "$window" "$@"; }
typed() { terminal send-keys -t "$window" -l "$1" && keys Enter; }

# clean: an empty screen, so that what is looked for is new.
clean() {
  keys C-l
  local deadline=$((SECONDS + 20))
  while [[ $(terminal capture-pane -t "$window" -p | grep -c .) -gt 1 ]] && ((SECONDS < deadline)); do
    sleep 0.02 # between two looks
  done
}

# leave: out of the session, and away with its window.
leave() {
  keys C-c
  typed :quit
  screen_with "code=0"
  terminal kill-session -t "$window"
}

about "the first prompt"
open 120
expect_text screen "$screen" "the simulator. Read-only until :arm. :help helps, :quit leaves." \
  "5147d000 simulator read-only>"

about "expressions, statements and the last value"
typed "1 + 1"
screen_with $'\n2\n'
typed "x = _ * 21"
typed "=x"
screen_with $'\n42\n'
typed "local y = 'kept'"
typed "y"
screen_with $'\nkept\n'
typed "pcall(error, 'no')"
screen_with $'\nfalse\nno\n'

about "statements of several lines"
typed "for i = 1, 2 do"
screen_with "..>"
typed "print('row ' .. i)"
typed "end"
screen_with $'row 1\nrow 2\n'
typed "f = function("
keys C-c
typed "'after ' .. 'all'"
screen_with $'\nafter all\n'

about "keys that come with Ctrl-C, and after it"
keys -l $'1 + 1\x0340 + 4\n'
screen_with $'\n44\n'
clean

about "a paste of several lines"
printf 'total = 0\nfor i = 1, 4 do\n\ttotal = total + i\nend\n' >"$work/pasted"
terminal load-buffer "$work/pasted"
terminal paste-buffer -p -t "$window"
typed "'total ' .. total"
screen_with $'\ntotal 10\n'

about "a waiting call just waits, and a thing is a card"
typed "g = sdrs.groups:find('demo')"
typed "g"
screen_with "protection group demo"
expect_text screen "$screen" "status" "protected" "UTC"

about "completion of modules, methods, names, parameters and values"
keys -l "sdrs.gr"
keys Tab
screen_with "> sdrs.groups"
keys -l ":"
keys Tab
screen_with "The one thing with this id or exactly this name"
keys -l "fi"
keys Tab
keys -l "('de"
keys Tab
screen_with "> sdrs.groups:find('demo"
keys -l "'):fail"
keys Tab
screen_with "> sdrs.groups:find('demo'):failover"
keys C-c
keys -l "g:rev"
keys Tab
screen_with "> g:reverse"
keys C-c
keys -l "sdrs.groups:create { dr"
keys Tab
screen_with "> sdrs.groups:create { dr_type = "
keys -l "'m"
keys Tab
screen_with "> sdrs.groups:create { dr_type = 'migration"
keys C-c
keys -l ":dis"
keys Tab
screen_with "> :disarm"
keys C-c

about "a session is read-only until it is armed"
typed "g:failover()"
screen_with "the session is read-only; nothing was sent; :arm"
expect_equal "the number of failovers" "$(receipts $failover)" 0
typed ":arm 20m"
screen_with "ARMED 20m>"
typed "g:failover()"
screen_with "Send it to"
expect_text screen "$screen" "sdrs:$failover: Fail over" "failing-over, then failed-over" "[y/N]"
typed n
screen_with "not confirmed; nothing was sent"
typed ":disarm"
screen_with "the session is read-only"
typed "g:failover()"
typed "'still ' .. g.status"
screen_with $'\nstill protected\n'
expect_equal "the number of failovers" "$(receipts $failover)" 0

about "a yes that was typed before the question is none"
typed ":arm"
screen_with "ARMED 15m>"
clean
terminal send-keys -t "$window" -l $'task.sleep(1) g:failover()\ny\n'
screen_with "[y/N]"
typed n
screen_with "ARMED 15m> y" # it came to the prompt
expect_equal "the number of failovers" "$(receipts $failover)" 0
clean

about "Ctrl-C ends the wait for a job, and nothing else"
typed "job = g:failover() job:wait()"
screen_with "[y/N]"
typed y
screen_with "sub-jobs done"
keys C-c
screen_with "error: interrupted"
expect_text screen "$screen" "goes on in the cloud: sdrs.job("
typed "'alive ' .. #job.id"
screen_with $'\nalive 32\n'
expect_equal "the number of failovers" "$(receipts $failover)" 1

about "a wait in the background"
typed "job:wait() &"
screen_with "goes on in the background"
typed ":jobs"
screen_with "waits"
typed "'typed meanwhile'"
screen_with $'\ntyped meanwhile\n'
screen_with "done after" # comes by itself, above what is typed
typed ":fg"
screen_with "  status      SUCCESS"
typed "g:refresh().status"
screen_with $'\nfailed-over\n'

about "Ctrl-Z puts a wait aside, and :fg brings it back"
clean
typed "task.sleep('3s') return 'slept'"
keys C-z
screen_with ":fg "
typed ":fg"
screen_with $'\nslept\n'

about "leaving with statements in the background is said once"
typed "task.sleep('1h') &"
keys C-d
screen_with "leave once more"
typed ":cancel"
screen_with "interrupted"
clean

about "saving the session, and rehearsing it"
typed ":save $work/night.lua"
screen_with "statements saved; rehearse them: neap rehearse"
typed ":save $work/night.lua"
screen_with "is there already"
run_neap -q rehearse "$work/night.lua"
expect_exit 0
run_neap rehearse "$work/night.lua"
expect_err "? Send sdrs:$failover?" "done   job = g:failover() job:wait()"
leave

about "history: of another session, with ^R, and in :history"
open 100
keys Up Up Up
keys C-r
keys -l "typed mean"
screen_with "bck:typed mean"
keys Enter
screen_with $'\ntyped meanwhile\n'
typed ":history meanwhile"
screen_with "-"
typed "s = { admin_pass = 'canary-of-the-prompt' }"
screen_with "not kept in the history"
typed "'last'"
screen_with $'\nlast\n'
expect_no history "$(cat "$HOME/.local/state/neap/repl_history")" canary-of-the-prompt
expect_text history "$(cat "$HOME/.local/state/neap/repl_history")" '"at":"20' 'typed meanwhile'
expect_equal "the history's rights" "$(stat -c %a "$HOME/.local/state/neap/repl_history")" 600

about "help"
typed ":help"
screen_with "Ctrl-C ends a wait"
typed ":help sdrs.groups.failover"
screen_with "failing-over"
typed ":help SDRS.1013"
screen_with "Next step"
typed ":apropos failover"
screen_with "sdrs.groups.failover"
typed ":hlp"
screen_with "unknown command :hlp (did you mean :help?)"
leave

about "wrong input"
open 100
typed 'x = "unfinished'
screen_with "unfinished string"
typed "function f() return 1 + f() end f()"
screen_with "error: stack overflow"
typed "t = {} t.self = t"
typed "t"
screen_with "the whole again"
typed "m = {} for i = 1, 1000000 do m[i] = i end"
typed "m"
screen_with "999960 more (:more)"
typed ":more"
screen_with "999920 more (:more)"
typed "'\\27[2Jescaped'"
screen_with 'escaped'
expect_text screen "$screen" '\x1b[2Jescaped'
typed "while true do end"
screen_with "of CPU without waiting"
typed ":json print"
screen_with "error: "
typed ":fg 99"
screen_with 'there is no statement "99"'
leave

about "a terminal of 20 columns"
open 20
expect_text screen "$screen" "sim ro>"
typed "sdrs.groups:all()"
screen_with "protected"
terminal resize-window -t "$window" -x 100
typed "'wide again'"
screen_with $'\nwide again\n'
typed "'wide again'"
screen_with "read-only> 'wide again'"
expect_text screen "$screen" "5147d000 simulator read-only> 'wide again'"
leave

about "a history that cannot be read"
rm -rf "$HOME/.local/state/neap" && mkdir -p "$HOME/.local/state/neap/repl_history"
open 100
expect_text screen "$screen" "the history cannot be read" "statements of this session are not kept"
typed "1 + 1"
screen_with $'\n2\n'
leave
rm -rf "$HOME/.local/state/neap"

about "colours, and none"
open 100
screen_with "simulator read-only" -e
expect_text screen "$screen" $'\e[32msimulator read-only'
leave
open 100 NO_COLOR=1
screen_with "simulator read-only" -e
expect_no screen "$screen" $'\e[3'
leave

about "what is no simulator is the real cloud"
open 100 NEAP_ENDPOINT=http://127.0.0.1:1
expect_text screen "$screen" "the real cloud" "REAL read-only>"
leave

about "a pipe: no prompt, the first failure ends it"
printf 'x = 20\nfor i = 1, 2 do\n  x = x + 1\nend\nx\n' >"$work/script"
out=$("$neap" repl <"$work/script" 2>"$work/err")
status=$?
expect_exit 0
expect_equal "the output" "$out" 22
expect_equal "standard error" "$(<"$work/err")" ""
out=$(printf 'nil + 1\nprint("not reached")\n' | "$neap" repl 2>"$work/err")
status=$?
expect_exit 1
expect_equal "the output" "$out" ""
expect_text stderr "$(<"$work/err")" "error: "
out=$(printf ':arm\nsdrs.groups:find("demo"):reprotect()\n' | "$neap" -q repl 2>"$work/err")
status=$?
expect_exit 1
expect_text stderr "$(<"$work/err")" "nobody can be asked here"
out=$(printf 'for i = 1, 100000 do print(i) end\n' | "$neap" repl 2>"$work/err" | head -n 1)
expect_equal "the first line" "$out" 1
expect_no stderr "$(<"$work/err")" "terminate" "Broken pipe"
run_neap repl --sim -e 'return 6 * 7'
expect_exit 0
expect_out 42
run_neap repl missing.lua
expect_exit 2
expect_err "cannot read missing.lua: No such file"

finish
