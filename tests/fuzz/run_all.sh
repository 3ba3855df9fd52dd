#!/bin/bash
# Runs every fuzz target of a build folder (preset fuzz) one after the other, at the lowest priority, from its corpus
# in the tree: run_all.sh BUILD_FOLDER SECONDS_PER_TARGET [TARGET...]
# One line a target: executions and findings. Exit code 1 when there is a finding or a target cannot run, 2 for bad
# arguments. What was found, and the end of the target's own words, stand below BUILD_FOLDER/fuzz/findings.
set -u

if [ $# -lt 2 ] || [ ! -d "$1/fuzz" ] || ! [[ "$2" =~ ^[0-9]+$ ]]; then
  echo "usage: $0 BUILD_FOLDER SECONDS_PER_TARGET [TARGET...]   (BUILD_FOLDER as made by: cmake --preset fuzz && ninja)" >&2
  exit 2
fi
build=$(cd "$1" && pwd)
seconds=$2
shift 2
corpora=$(cd "$(dirname "$0")" && pwd)/corpus
findings=$build/fuzz/findings
mkdir -p "$findings"

targets=("$@")
if [ ${#targets[@]} -eq 0 ]; then
  for corpus in "$corpora"/*/; do targets+=("$(basename "$corpus")"); done
fi

failed=0
for target in "${targets[@]}"; do
  program=$build/fuzz/fuzz_$target
  if [ ! -x "$program" ]; then
    printf '%-16s not built\n' "$target"
    failed=1
    continue
  fi
  grown=$build/fuzz/grown/$target
  mkdir -p "$grown"
  rm -f "$findings/$target"-*
  log=$findings/$target.log
  nice -n 19 "$program" -max_total_time="$seconds" -timeout=20 -rss_limit_mb=1536 -use_value_profile=1 -print_final_stats=1 \
    -artifact_prefix="$findings/$target-" "$grown" "$corpora/$target" >"$log" 2>&1
  code=$?
  runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log" | tail -1)
  # A slow input is worth a look, but a loaded machine makes any input slow: no finding.
  found=$(find "$findings" -maxdepth 1 -name "$target-*" ! -name "$target-slow-unit-*" | wc -l)
  printf '%-16s %10s executions, %s findings\n' "$target" "${runs:-?}" "$found"
  if [ "$found" -ne 0 ] || [ "$code" -ne 0 ]; then
    failed=1
    grep -m 3 -E 'ERROR:|runtime error:|SUMMARY:|invariant' "$log" | sed 's/^/    /'
    tail -n 40 "$log" >"$findings/$target.end"
  fi
done
exit $failed
