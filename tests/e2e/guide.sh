#!/usr/bin/env bash
# Executes every block of README.md and of the guide, against simulators: tests/guide/run.lua.
# guide.sh NEAP [PAGE...]
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
pages=("${@:2}")
set -- "$(realpath "$1")"
source "$root/tests/support/e2e.sh"
cd "$root" || exit 1
if [[ ${#pages[@]} -eq 0 ]]; then
  pages=(README.md docs/guide/*.md)
  about "troubleshooting has a section for each kind of error"
  kinds=$(sed -n 's/.*KindName{ErrorKind::k[A-Za-z]*, "\([a-z_]*\)"}.*/\1/p' runtime/base/error.cpp)
  report "$([[ $(wc -w <<<"$kinds") -eq 18 ]] && echo true)" "there are 18 kinds"
  for kind in $kinds; do
    report "$(grep -q "^## $kind\$" docs/guide/troubleshooting.md && echo true)" "$kind"
  done
fi
luajit tests/guide/run.lua "$neap" "$work" "${pages[@]}" || failed=$((failed + 1))
finish
