#!/usr/bin/env bash
# Runs clang-tidy over our own sources: .ci/tidy.sh JOBS. A source that passed is not checked again,
# in this clone or another, until it, a header of ours that it reaches, its compile command, the
# configuration or the tools change.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

directory=build/lint
plugin=$directory/ours_only.so
passed=${XDG_CACHE_HOME:-$HOME/.cache}/neap/tidy

# The analyzer does not follow calls into templates: they used up what it looks at of a function,
# most of the time in the far ends of Beast and CLI11. Of 115 faults planted in ten sources it finds
# 74 this way in 31 s, and 47 in 106 s when it follows them.
analysis=c++-template-inlining=false

# tidy SOURCE: what clang-tidy has to say of it.
tidy() {
  local precompiled=$directory/common.pch
  [[ $1 != tests/*_test.cpp ]] || precompiled=$directory/common_test.pch
  # What only g++ knows among our flags is the build's to report.
  clang-tidy --load="$plugin" -p "$directory" --quiet --extra-arg=-Wno-unknown-warning-option \
    --extra-arg=-Wno-unused-command-line-argument \
    --extra-arg=-include-pch --extra-arg="$PWD/$precompiled" \
    --extra-arg={-Xclang,-analyzer-config,-Xclang,"$analysis"} "$1" 2>&1
}

# precompile NAME SOURCE HEADER...: these headers, compiled as the source is.
precompile() {
  local name=$1 source=$2 flags
  shift 2
  flags=$(grep -F "/$source\"" "$directory/compile_commands.json" | grep '"command"' |
    sed 's/^.*c++ //; s/ -o .*//; s/ -fpch-preprocess//')
  printf '#include %s\n' "$@" >"$directory/$name.h"
  # shellcheck disable=SC2086  # flags without blanks
  clang++ $flags -Wno-unknown-warning-option -Wno-unused-command-line-argument \
    -x c++-header "$directory/$name.h" -o "$directory/$name.pch"
}

# check_one KEY SOURCE: the part that runs in parallel.
check_one() {
  local output
  if output=$(tidy "$2"); then
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
mkdir -p "$directory" "$passed"
find "$passed" -type f -mtime +30 -delete
cmake --preset release -B "$directory" -DNEAP_BENCH=ON -DCMAKE_DISABLE_PRECOMPILE_HEADERS=ON \
  >"$directory/configure.log" || { cat "$directory/configure.log"; exit 1; }
g++ -std=c++17 -fno-rtti -fPIC -shared -isystem /usr/lib/llvm-14/include .ci/ours_only.cpp \
  -o "$plugin"

# The headers that the build precompiles; .ci/inputs.lua --check sees that nobody leans on that.
mapfile -t common < <(sed -n '/^set(NEAP_PRECOMPILED/,/)$/p' CMakeLists.txt | grep -o '<[^>]*>')
precompile common runtime/base/text.cpp "${common[@]}"
precompile common_test tests/unit/base/text_test.cpp "${common[@]}" '<catch2/catch.hpp>'

# A clang-tidy that finds nothing any more, whatever the reason, must not pass for clean sources.
planted=$directory/planted.cpp
printf '%s\n' 'int* planted(bool why) {' '  int* none = 0;' '  if (why) *none = 1;' \
  '  return none;' '}' >"$planted"
found=$(tidy "$planted" || true)
[[ $found == *modernize-use-nullptr* && $found == *clang-analyzer-core.NullDereference* ]] || {
  printf 'tidy: did not find all that was planted in %s\n%s\n' "$planted" "$found"
  exit 1
}

tools=$(clang-tidy --version; dpkg-query -W '*-dev' 2>/dev/null || true
        cat .clang-tidy tests/.clang-tidy .ci/tidy.sh .ci/ours_only.cpp
        printf '%s\n' "${common[@]}")

# Every source of ours with a compile command, and the key of all it is made of.
list() {
  grep -o '"file": "[^"]*"' "$directory/compile_commands.json" | cut -d'"' -f4 | sort -u |
    sed -n "s|^$PWD/||p" | grep -v '^build/' | luajit .ci/inputs.lua |
    while read -r source inputs; do
      # shellcheck disable=SC2086  # a list of names without blanks
      key=$({ printf '%s\n' "$tools" "$inputs"
              grep -F "/$source\"" "$directory/compile_commands.json" | sed "s|$PWD|.|g"
              cat $inputs; } | sha256sum)
      printf '%s %s\n' "${key%% *}" "$source"
    done
}

mapfile -t all < <(list)
todo=()
for entry in "${all[@]}"; do [[ -e $passed/${entry%% *} ]] || todo+=("$entry"); done
printf 'tidy: %d sources, %d to check\n' "${#all[@]}" "${#todo[@]}"
[[ ${#todo[@]} -eq 0 ]] || printf '%s\n' "${todo[@]}" | xargs -P "${1:-1}" -L 1 bash "$0" --one
