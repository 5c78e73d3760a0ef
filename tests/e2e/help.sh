#!/usr/bin/env bash
# What neap knows of itself: help of everything, types for editors, man pages.
source "$(dirname "${BASH_SOURCE[0]}")/../support/e2e.sh"
export NEAP_STATE_DIR=$work/state

about "help of a call"
run_neap help sdrs.groups.failover
expect_exit 0
expect_out "group:failover() -> neap.Job" "from protected" "SDRS.1013" "job:wait()"
run_neap help "sdrs.groups:failover()"
expect_exit 0
run_neap --output json help sdrs.groups.reverse
expect_out '"format":"neap.help/1"' '"stands_for":"priority_station"'
run_neap help failover
expect_out "neap run failover --group" "Needs"
run_neap help in_doubt
expect_out "neap resolve RUN STEP"
run_neap help sdrs.groups.failovr
expect_exit 2
expect_err "did you mean sdrs.groups.failover"
run_neap help --apropos "protection group not found"
expect_out "SDRS.1013"
run_neap help --apropos zzzzz
expect_exit 1
expect_err "nothing has to do with"

about "types for editors"
run_neap types
expect_exit 0
expect_out "wrote" ".neap/types" ".luarc.json"
for file in .neap/types/*.lua .neap/types/*/*.lua; do
  luajit -b "$file" /dev/null && good=true || good=false
  report "$good" "$file is Lua"
done
report "$(grep -q '"LuaJIT"' .luarc.json && echo true)" ".luarc.json names the dialect"
echo mine >.luarc.json
run_neap types --out elsewhere
expect_exit 0
expect_out "is there already"
report "$([[ $(cat .luarc.json) == mine && -e elsewhere/sdrs.lua ]] && echo true)" "what is there stays"
run_neap types --out /dev/null/x
expect_exit 2
expect_err "cannot write"

about "man pages"
run_neap man man1
expect_exit 0
report "$([[ -s man1/neap.1 && -s man1/neap-runs-show.1 ]] && echo true)" "each command has one"
if command -v groff >/dev/null; then
  for page in man1/*.1; do
    expect_equal "${page##*/}: complaints" "$(groff -ww -man -Tutf8 -z "$page" 2>&1)" ""
  done
fi

finish
