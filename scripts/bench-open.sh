#!/usr/bin/env bash
# What it costs to open snapshots completely: CPU, wall, peak and settled memory, stage by stage. Medians of RUNS (default 3).
#   scripts/bench-open.sh FILE...
# A peer can be measured in the same minutes: PEER="command that takes a file" scripts/bench-open.sh FILE...
set -euo pipefail
cd "$(dirname "$0")/.."
cargo build --quiet --release --no-default-features
exec python3 scripts/bench_open.py "${CARGO_TARGET_DIR:-target}/release/heapatlas" "$@"
