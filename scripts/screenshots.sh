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
Xvfb "$display" -screen 0 1440x900x24 +extension GLX >/dev/null 2>&1 &
server=$!
window=
trap 'kill $window $server 2>/dev/null || true' EXIT
sleep 2

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

start
shot start-dark
kill "$window" && wait "$window" 2>/dev/null || true

start demo
click 130 170 # the second snapshot
keys ctrl+f
xdotool type --delay 40 PriceQ
sleep 1
keys F6 Home Right Down Right
xdotool mousemove 700 890
shot summary-dark
click 1386 20 # the other theme
xdotool mousemove 700 890
shot summary-light
