#!/bin/sh
# Usage: Fuzz/run.sh TARGET SECONDS
# Replays FailCases/TARGET, then fuzzes TARGET from Corpus/TARGET; 0 seconds only replays. What fails is written to
# FailCases/TARGET: keep it there with the fix. New inputs are found anew each time and not kept.
set -eu
target=${1:?usage: $0 TARGET SECONDS}
seconds=${2:?usage: $0 TARGET SECONDS}
cd "$(dirname "$0")"
# The package manager passes two -sanitize options of which the compiler heeds the last; the third one says both. Some
# decoders are nobody's business but the fuzzers': testing makes them visible.
build() {
  swift build -c release --disable-dead-strip --sanitize=fuzzer --sanitize=address -Xswiftc -sanitize=fuzzer,address \
    -Xswiftc -enable-testing "$@"
}
build --product "$target" >&2
binary=$(build --show-bin-path)/$target
# The Swift runtime keeps its metadata until the end; that is no leak.
ASAN_OPTIONS=detect_leaks=0${ASAN_OPTIONS:+:$ASAN_OPTIONS}
export ASAN_OPTIONS

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
status=0
for file in "FailCases/$target"/* "Corpus/$target"/*; do
  if [ -f "$file" ]; then set -- "$@" "$file"; fi
done
shift 2
"$binary" "$@" >"$work/log" 2>&1 || status=$?
if [ "$status" -eq 0 ] && [ "$seconds" -gt 0 ]; then
  mkdir "$work/corpus"
  "$binary" -max_total_time="$seconds" -max_len=4200 -artifact_prefix="FailCases/$target/" -print_final_stats=1 \
    "$work/corpus" "Corpus/$target" >"$work/log" 2>&1 || status=$?
fi
# An uninstrumented binary runs blindly and finds nothing; that must not look like success.
if ! grep -q 'INFO: Loaded [1-9][0-9]* PC tables' "$work/log"; then
  echo "$target is not instrumented" >&2
  status=1
fi
tail -n 25 "$work/log"
exit "$status"
