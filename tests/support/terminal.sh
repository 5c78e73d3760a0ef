# What suites with a real terminal share: a tmux server of their own, whose screens are read.
# Brings e2e.sh along; whoever opens a session puts its name into $window.
source "$(dirname "${BASH_SOURCE[0]}")/e2e.sh"

if ! command -v tmux >/dev/null; then
  echo "tmux is not installed; ./dev test installs it"
  exit 1
fi
terminal() { tmux -S "$work/tmux" -f /dev/null "$@"; }
trap 'terminal kill-server 2>/dev/null; stop_simulator; cd /; rm -rf "$work"' EXIT

# screen_with TEXT [option of capture-pane]: polls the screen until it holds TEXT; leaves it in
# $screen.
screen_with() {
  local deadline=$((SECONDS + 20))
  while screen=$(terminal capture-pane -t "$window" -p -J "${@:2}"); [[ $screen != *"$1"* ]]; do
    ((SECONDS < deadline)) || break
    sleep 0.02 # between two looks
  done
  out=$screen
  expect_text screen "$screen" "$1"
}
