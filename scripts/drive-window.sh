#!/usr/bin/env bash
# Drives the real program in a virtual display as a person would, and fails if it does not do what is asked: a file by argument,
# one by the system's dialog (a stand-in for it), selecting, following a retainer, splitting, the other theme, closing. What is
# selected is read from the clipboard, what is shown from the pictures, which stay in the folder that is given.
# Needs Xvfb, xdotool, xclip, zstd and ImageMagick.
#   scripts/drive-window.sh [FOLDER FOR PICTURES]
set -euo pipefail
cd "$(dirname "$0")/.."
[ -n "${PROGRAM:-}" ] || cargo build --quiet --release
program=$(realpath "${PROGRAM:-${CARGO_TARGET_DIR:-target}/release/heapatlas}")
work=$(mktemp -d)
pictures=${1:-$work/pictures}
mkdir -p "$pictures" "$work/bin" "$work/home"

zstd -qd assets/demo-1.heapsnapshot.zst -o "$work/before.heapsnapshot"
zstd -qd assets/demo-2.heapsnapshot.zst -o "$work/after.heapsnapshot"

# Stands in for the system's file dialog: without a portal the program asks this one.
cat >"$work/bin/zenity" <<END
#!/bin/sh
sleep 0.5
case "\$*" in
*--save*) echo "$work/table.csv" ;;
*) echo "$work/after.heapsnapshot" ;;
esac
END
chmod +x "$work/bin/zenity"

display=:$((90 + RANDOM % 100))
export DISPLAY=$display
Xvfb "$display" -screen 0 1440x900x24 +extension GLX >/dev/null 2>&1 &
server=$!
window=
trap 'kill $window $server 2>/dev/null || true; rm -rf "$work"' EXIT
sleep 2

fail() { echo "FAILED: $*" >&2; import -window root "$pictures/failed.png"; exit 1; }
alive() { kill -0 "$window" 2>/dev/null || fail "the program ended"; }
shot() { sleep 0.6; import -window root -strip "$pictures/$1.png"; }
keys() { for key in "$@"; do xdotool key "$key"; sleep 0.4; done; alive; }
type() { xdotool type --delay 30 "$1"; sleep 0.8; alive; }
click() { xdotool mousemove "$1" "$2" click "${3:-1}"; sleep 0.7; alive; }
copied() { xdotool key ctrl+c; sleep 0.4; timeout 3 xclip -selection clipboard -o -t UTF8_STRING || true; }
# How many pixels differ between two pictures.
differ() { { compare -metric AE "$pictures/$1.png" "$pictures/$2.png" null: 2>&1 || true; } | awk '{ printf "%d", $1 }'; }
changed() { [ "$(differ "$1" "$2")" -gt "${3:-500}" ] || fail "$2 looks like $1"; }

env -u WAYLAND_DISPLAY -u DBUS_SESSION_BUS_ADDRESS HOME="$work/home" XDG_DATA_HOME="$work/home" PATH="$work/bin:$PATH" \
  "$program" "$work/before.heapsnapshot" >"$work/log" 2>&1 &
window=$!
id=$(xdotool search --sync --name Heapatlas | head -1)
xdotool windowsize "$id" 1440 900 windowmove "$id" 0 0 windowfocus "$id"
sleep "${SETTLE:-4}"
shot 1-opened

keys ctrl+o
sleep 4
shot 2-second-file
changed 1-opened 2-second-file

keys ctrl+k
type PriceQuery
shot 3-palette
changed 2-second-file 3-palette
keys Return Right Down
first=$(copied)
[[ $first == @* ]] || fail "no object is selected: '$first'"
shot 4-selected

# The first retainer of the object, followed.
keys r Home
holder=$(copied)
keys Return
sleep 1
keys Home
second=$(copied)
[[ $second == @* && $second != "$holder" ]] || fail "the retainer $holder was not followed"
shot 5-followed
changed 4-selected 5-followed
keys alt+Left
sleep 1
shot 6-back

keys ctrl+k
type "> open another summary"
keys Return
shot 7-split
changed 6-back 7-split

keys ctrl+e
sleep 2
[ -s "$work/table.csv" ] || fail "the table was not exported"
head -1 "$work/table.csv" | grep -q '^level,class' || fail "the exported table has no header"

click 1386 20
shot 8-light
changed 7-split 8-light 100000
xdotool windowsize "$id" 1024 640
sleep 1
shot 9-small
alive
keys ctrl+k
type "> close the snapshot"
keys Return
shot 10-closed
changed 9-small 10-closed
kill "$window"
wait "$window" 2>/dev/null || true
echo "passed: $first is held by $holder, that by $second; pictures in $pictures"
