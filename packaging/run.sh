#!/bin/sh
# Install what is missing, then open Nightglass on a simulated Crab capture.
# With no display the same demo runs off screen and leaves its pictures in demo-output/.
# Usage: sh packaging/run.sh [lightspeed]
set -eu
cd "$(dirname "$0")/.."
. packaging/environment.sh

instrument=${1:-lightspeed}
if [ "$instrument" != lightspeed ]; then
    say "there is no demo called '$instrument'; the one there is: lightspeed"
    exit 2
fi

make_venv
install_locked packaging/requirements.lock
install_system_libraries

output=demo-output
capture=$output/crab
if [ ! -f "$capture/truth.json" ]; then
    say "simulating a Crab capture in $capture"
    rm -rf "$capture"
    mkdir -p "$output"
    "$PYTHON" -m nightglass simulate lightspeed --output "$capture" --object crab \
        --frames 6000 --shape 256 256 --exposure 0.002
fi

if [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then
    exec "$PYTHON" -m nightglass "$capture"
fi

say "no display here: the demo runs off screen"
export QT_QPA_PLATFORM=offscreen
"$PYTHON" -m nightglass info "$capture" --json >"$output/info.json"
for theme in dark light red; do
    "$PYTHON" -m nightglass "$capture" --theme "$theme" --exit-after 4 \
        --screenshot "$output/window-$theme.png" --timings "$output/timings-$theme.json"
done
for product in "$capture" "$output/info.json" "$output"/window-*.png "$output"/timings-*.json; do
    printf '%s\n' "$product"
done
