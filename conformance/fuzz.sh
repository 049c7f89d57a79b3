#!/bin/bash
# fuzz.sh FROM TO [STEP]: runs the programs of seeds FROM..TO in chunks of STEP, CPython beside the build in dist/.
# ASYNCIO_PYTHON: a CPython 3.13 (python3.13). FUZZ_IMPL: py | c. OUT: where differences and statistics go (out/ beside this file).
cd "$(dirname "$0")"
OUT=${OUT:-out}; STEP=${3:-5000}; failed=0; mkdir -p "$OUT"
for ((a = $1; a < $2; a += STEP)); do
  b=$((a + STEP < $2 ? a + STEP : $2))
  "${ASYNCIO_PYTHON:-python3.13}" produce.py $a $b "$OUT/stats.jsonl" | node compare.mjs "$OUT/failures.jsonl"
  [ "${PIPESTATUS[*]}" = "0 0" ] || failed=1
done
exit $failed
