#!/usr/bin/env bash
# Makes the pictures under screenshots/: runs the demo in a virtual display and drives it by keyboard and mouse.
# Needs Xvfb, xdotool and ImageMagick's import.
set -euo pipefail
cd "$(dirname "$0")/.."
[ -n "${PROGRAM:-}" ] || cargo build --quiet --release
program=${PROGRAM:-${CARGO_TARGET_DIR:-target}/release/heapatlas}
mkdir -p screenshots

display=:$((90 + RANDOM % 100))
export DISPLAY=$display
# What the program remembers of earlier runs is left alone.
home=$(mktemp -d)
export HOME=$home XDG_DATA_HOME=$home
Xvfb "$display" -screen 0 1440x900x24 +extension GLX >/dev/null 2>&1 &
server=$!
window=
trap 'kill $window $server 2>/dev/null || true; rm -rf "$home"' EXIT
sleep 4

start() { # start ARGUMENT...: the program, its window as large as the display
  env -u WAYLAND_DISPLAY "$program" "$@" >/dev/null 2>&1 &
  window=$!
  local id
  id=$(xdotool search --sync --name Heapatlas | head -1)
  xdotool windowsize "$id" 1440 900 windowmove "$id" 0 0 windowfocus "$id"
  sleep "${SETTLE:-4}"
}
shot() { sleep 1 && import -window root -strip "screenshots/$1.png"; }
keys() { for key in "$@"; do xdotool key "$key" && sleep 0.4; done; }
click() { xdotool mousemove "$1" "$2" click 1 && sleep 0.6; }

go() { # go TEXT: to what the palette finds for it
  xdotool key ctrl+k && sleep 0.6
  xdotool type --delay 30 "$1" && sleep 1.5
  xdotool key Return && sleep 1.5
}
both() { # both NAME: in both themes, the pointer out of the way
  xdotool mousemove 1300 899 && shot "$1-dark"
  go "> light theme" && xdotool mousemove 1300 899 && shot "$1-light"
  go "> dark theme"
}

start
shot start-dark
kill "$window" && wait "$window" 2>/dev/null || true

start demo
both suspects
go Overview
both overview
go PriceQuery
keys Right Down
go Retainers
sleep 1.5
both summary
go Chain
both chain
go Comparison
sleep 4
both comparison
go Trend
sleep 4
both trend
go Dominators
click 359 90 # as a treemap
keys ctrl+j
both treemap
