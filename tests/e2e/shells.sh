#!/usr/bin/env bash
# Completion in the shells themselves: the same words are offered in each.
source "$(dirname "${BASH_SOURCE[0]}")/../support/terminal.sh"
export NEAP_STATE_DIR=$work/state

about "a shell that there is no script for"
run_neap completion tcsh
expect_exit 2
expect_err "bash, zsh or fish"

for shell in bash zsh fish; do "$neap" completion "$shell" >"completion.$shell"; done
mkdir bin && ln -s "$neap" bin/neap
export PATH=$work/bin:$PATH

# in_SHELL LINE: what is offered behind it, as a line each.
in_bash() {
  local words
  read -ra words <<<"$1"
  [[ $1 != *' ' ]] || words+=('')
  bash -c 'source completion.bash
    COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
    _neap
    printf "%s\n" "${COMPREPLY[@]}"' _ "${words[@]}"
}
in_fish() {
  fish --no-config -c 'source completion.fish; complete -C $argv[1]' "$1" | cut -f 1
}
# What would show the words tells them here.
in_zsh() {
  zsh -f -c 'compdef() {}; source completion.zsh
    compadd() {
      shift
      local found=(${(M)@:#${words[CURRENT]}*})
      ((${#found})) && print -l -- $found
    }
    _files() { print -l -- ${words[CURRENT]}*(N); }
    words=(${(s: :)1}); [[ $1 != *" " ]] || words+=("")
    CURRENT=${#words}; _neap' _ "$1"
}

# offers LINE WORDS [SHELL...]: in every shell, in any order.
offers() {
  local shell shells=(bash zsh fish)
  [[ $# -eq 2 ]] || shells=("${@:3}")
  for shell in "${shells[@]}"; do
    expect_equal "$shell: $1" "$("in_$shell" "$1" | sort | paste -sd ' ')" "$2"
  done
}

about "commands"
offers "neap comp" "completion"
offers "neap --profile x comp" "completion"
offers "neap -q runs " "compact export logs ls rm show"
offers "neap completion " "bash fish zsh"

about "runbooks and their parameters"
offers "neap run fail" "failback failover"
offers "neap run failover --group demo --ti" "--timeout"
offers "neap rehearse -q switchover --to " "source target"

about "values of options"
offers "neap run failover --output j" "json jsonl"
offers "neap --log-level=warn --log-format " "json text"

about "topics of help"
offers "neap help sdrs.groups.failo" "sdrs.groups.failover"
offers "neap help limits.cpu_per_ru" "limits.cpu_per_run"

about "runs that were kept"
offers "neap resume nosuch" ""
start_simulator
"$neap" run failover --group demo </dev/null >/dev/null 2>&1
run_neap --output json runs ls
offers "neap resume " "$(member out '"runs"' 1 '"id"')"

about "files"
touch handlers.lua
offers "neap run ./hand" "./handlers.lua" zsh fish # bash falls back to them by itself

# zsh_prompt LINE: a fresh zsh that reads the line at its start.
zsh_prompt() {
  printf '%s\n' "PROMPT='ready %% '" "$1" >.zshrc
  window=zsh-$((${window#zsh-} + 1))
  terminal new-session -d -s "$window" -x 80 -y 20 "ZDOTDIR=$work zsh"
  screen_with "ready %"
}
window=zsh-0

about "zsh, at its prompt"
zsh_prompt "autoload -Uz compinit && compinit -u -D; source completion.zsh"
terminal send-keys -t "$window" 'neap run failo' Tab
screen_with "neap run failover"
terminal send-keys -t "$window" C-u 'neap runs ' Tab
screen_with "compact  export   logs     ls       rm       show"

about "zsh that finds the script among its functions"
mkdir functions && cp completion.zsh functions/_neap
zsh_prompt "fpath=($work/functions \$fpath); autoload -Uz compinit && compinit -u -D"
terminal send-keys -t "$window" 'neap run failo' Tab
screen_with "neap run failover"

finish
