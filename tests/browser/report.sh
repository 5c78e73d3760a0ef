#!/usr/bin/env bash
# The page of a report in Debian's Chromium: report.sh NEAP REPORT_PAGES. With REPORT_PICTURES=FOLDER
# the pictures that were taken are put there, to become the reference when they are as they should be.
set -uo pipefail
neap=$1
report_pages=$2
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
command -v chromedriver >/dev/null || {
  echo "chromedriver is missing: ./dev setup installs it" >&2
  exit 1
}

work=$(mktemp -d)
driver_pid=
end() {
  [[ -z $driver_pid ]] || { kill "$driver_pid" && wait "$driver_pid"; } 2>/dev/null
  rm -rf "$work"
}
trap end EXIT

mkdir "$work/pages" "$work/scripts" "$work/home"
export HOME=$work/home XDG_CONFIG_HOME=$work/home/.config XDG_CACHE_HOME=$work/home/.cache
"$report_pages" "$work/pages" || exit 1
# Without scripts the page is its HTML: every call is there, and nothing that only scripts can do.
grep -q 'class="filters screen-only" hidden' "$work/pages/eventful.html" || exit 1
cp "$here"/*.lua "$work/scripts"
{
  echo "return {"
  for scheme in light dark; do
    [[ ! -r $here/timeline-$scheme.png ]] || printf '%s = "%s",\n' "$scheme" "$(base64 -w0 "$here/timeline-$scheme.png")"
  done
  echo "}"
} >"$work/scripts/references.lua"

chromedriver --port=0 >"$work/driver.log" 2>&1 &
driver_pid=$!
port=
for _ in {1..100}; do
  port=$(sed -n 's/.*successfully on port \([0-9]*\).*/\1/p' "$work/driver.log")
  [[ -z $port ]] || break
  sleep 0.1
done
[[ -n $port ]] || {
  cat "$work/driver.log" >&2
  exit 1
}

"$neap" -q --state-dir "$work/state" --allow net:127.0.0.1 run "$work/scripts/report.lua" \
  --driver "http://127.0.0.1:$port" --pages "$work/pages" --files "$work/profile" >"$work/out"
status=$?
while read -r word scheme picture; do
  [[ $word == picture ]] || continue
  [[ -z ${REPORT_PICTURES:-} ]] || base64 -d <<<"$picture" >"$REPORT_PICTURES/timeline-$scheme.png"
done <"$work/out"
grep -v '^picture ' "$work/out"
exit $status
