#!/usr/bin/env bash
# Runs the programs of tests/data/programs/leaks, with and without a leak, and sets what heapatlas says of their snapshots
# against what they say of themselves: id spaces, sums, growth, suspects. Needs Node (10 or later) and, for lodash, npm.
#   scripts/check-leaks.sh [PROGRAM...]                      all programs, or those whose name holds one of the words
#   NODE=path/to/node PROGRAM=path/to/heapatlas KEEP=folder scripts/check-leaks.sh sessions memoize
# KEEP: where the snapshots (8 of 4 to 8 MB for each program) stay and are found again; without it they are deleted.
set -euo pipefail
cd "$(dirname "$0")/.."
node=$(command -v "${NODE:-node}")
if [ -z "${PROGRAM:-}" ]; then
  cargo build --quiet --release --no-default-features
  PROGRAM=${CARGO_TARGET_DIR:-target}/release/heapatlas
fi
program=$(realpath "$PROGRAM")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
heaps=$(realpath -m "${KEEP:-$work/heaps}")
mkdir -p "$heaps"

# A copy, so that nothing is installed into the project, and packages lie where packages lie.
cp -r tests/data/programs/leaks "$work/programs"
cd "$work/programs"
npm install --silent --no-audit --no-fund --no-package-lock
cp -r packages/* node_modules/

wanted() { # wanted NAME WORD...: whether the name holds one of the words
  local name=$1 word
  shift
  for word in "$@"; do [[ $name == *$word* ]] && return; done
  [ $# = 0 ]
}
major=$("$node" -p 'process.versions.node.split(".")[0]')
for source in leaking/*.?js healthy/*.?js bundled/*.?js; do
  name=$(basename "${source%.*}")
  # A file that another one loads is no program.
  grep -q 'serve(\|finish(' "$source" && wanted "$name" "$@" || continue
  needs=$(sed -n 's,^// needs: ,,p' "$source")
  [ "$major" -ge "${needs:-0}" ] || { echo "left out: $name needs Node $needs"; continue; }
  [ -f "$heaps/$name-a.truth.json" ] || "$node" --expose-gc --no-warnings "$source" "$heaps/$name-a" 300,800,1300,1800
  [ -f "$heaps/$name-b.truth.json" ] || "$node" --expose-gc --no-warnings "$source" "$heaps/$name-b" 450,700,1500,2100
done
node check.cjs "$program" "$heaps"
