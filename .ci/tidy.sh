#!/usr/bin/env bash
# Runs clang-tidy over our own sources: .ci/tidy.sh JOBS. A source that passed is not checked again
# until it, a header of ours that it reaches, the configuration or the tools change.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

directory=build/lint
passed=$directory/passed

# check_one KEY SOURCE: the part that runs in parallel.
check_one() {
  local output
  # g++'s -Wshadow=local is unknown to clang, and is reported by the build.
  if output=$(clang-tidy -p "$directory" --quiet --extra-arg=-Wno-unknown-warning-option "$2" 2>&1)
  then
    touch "$passed/$1"
  else
    printf '%s\n' "$output" | grep -v 'warnings generated\|warnings and .* generated'
    return 1
  fi
}

if [[ ${1:-} == --one ]]; then
  check_one "$2" "$3"
  exit
fi

# Its own directory: a precompiled header of g++ means nothing to clang, and nothing is built here.
mkdir -p "$passed"
cmake --preset release -B "$directory" -DNEAP_BENCH=ON -DCMAKE_DISABLE_PRECOMPILE_HEADERS=ON \
  >"$directory/configure.log" || { cat "$directory/configure.log"; exit 1; }

tools=$(clang-tidy --version; dpkg-query -W '*-dev' 2>/dev/null || true; cat .clang-tidy tests/.clang-tidy)

# Every source of ours with a compile command, and the key of all it is made of.
list() {
  grep -o '"file": "[^"]*"' "$directory/compile_commands.json" | cut -d'"' -f4 | sort -u |
    sed -n "s|^$PWD/||p" | grep -v '^build/' | luajit .ci/inputs.lua |
    while read -r source inputs; do
      # shellcheck disable=SC2086  # a list of names without blanks
      key=$({ printf '%s\n' "$tools"; grep -F "/$source\"" "$directory/compile_commands.json"
              cat $inputs; } | sha256sum)
      printf '%s %s\n' "${key%% *}" "$source"
    done
}

mapfile -t all < <(list)
todo=()
for entry in "${all[@]}"; do [[ -e $passed/${entry%% *} ]] || todo+=("$entry"); done
printf 'tidy: %d sources, %d to check\n' "${#all[@]}" "${#todo[@]}"
[[ ${#todo[@]} -eq 0 ]] || printf '%s\n' "${todo[@]}" | xargs -P "${1:-1}" -L 1 bash "$0" --one
