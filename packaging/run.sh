#!/bin/sh
# Install what is missing, then open Nightglass on a simulated Crab capture, or on a live night of
# the MASCARA cameras. With no display the same demo runs off screen and leaves its pictures in
# demo-output/.
# Usage: sh packaging/run.sh [lightspeed|mascara]
set -eu
CDPATH='' cd -- "$(dirname "$0")/.."
. packaging/environment.sh

instrument=${1:-lightspeed}
[ $# -le 1 ] || instrument=
case $instrument in
lightspeed | mascara) ;;
*) give_up "usage: sh packaging/run.sh [lightspeed|mascara]; those are the two demos there are." ;;
esac

output=demo-output
capture=$output/crab

. packaging/mascara.sh

nightglass() {
    "$PYTHON" -m nightglass "$@"
}

# Twelve seconds of a pulsar like the Crab's in a field of stars, first frame on the main pulse.
# Bright enough to see the pulses frame by frame, which the real one is not.
# Its truth.json is written last.
simulate() {
    if [ -f "$capture/truth.json" ] && [ -z "$(find packaging/run.sh -newer "$capture/truth.json")" ]; then
        return 0
    fi
    say "simulating a Crab capture in $capture (0.8 GB)"
    rm -rf "$capture"
    nightglass simulate lightspeed --output "$capture" --object crab --seed 7 \
        --start 2025-12-10T03:15:00.094 --frames 6000 --shape 256 256 --exposure 0.002 \
        --star-rate 400000 --stars 24 --sky 60
}

# Compile the picture kernels before somebody waits for the first frame; numba keeps them.
compile_kernels() {
    compiled=$output/home/compiled
    is_newer_than_sources "$compiled" && return 0
    "$PYTHON" -c 'from nightglass.core.picture.warm import warm; warm()'
    "$PYTHON" -c 'from nightglass.core.engine.jobs import JobContext
from nightglass.core.lightspeed.warm import warm
warm(JobContext())'
    : >"$compiled"
}

is_newer_than_sources() {
    [ -f "$1" ] && [ -z "$(find core gui resources packaging/src -type f ! -path '*/__pycache__/*' \
        -newer "$1" -print -quit)" ]
}

# The pulsar, the sky around it, and its ephemeris.
draw_regions() {
    cp resources/data/crab_demo.par "$output/crab.par"
    printf 'image\ncircle(128.5,128.5,9)\nannulus(128.5,128.5,20,30) # background\n' >"$output/star.reg"
}

# A mean image and the folded light of the pulsar, made when the program has changed.
measure() {
    is_newer_than_sources "$output/light-curve.fits" && return 0
    say "measuring an image, a fold and a light curve"
    nightglass fold "$capture" --roi "$output/star.reg" --eph "$output/crab.par" --bins 64 \
        --clobber --output "$output/fold.fits" --json >"$output/fold.json"
    nightglass image --input "$capture" --wcs --clobber --output "$output/image.fits" --json \
        >"$output/image.json"
    nightglass lc --input "$capture" --roi "$output/star.reg" --eph resources/data/crab_demo.par \
        --bins 64 --clobber --output "$output/light-curve.fits" --json >"$output/light-curve.json"
}

# Whether a display answers; DISPLAY alone may lead to one that has gone.
has_display() {
    [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ] || [ "$(uname -s)" != Linux ] || return 1
    case ${QT_QPA_PLATFORM:-} in offscreen | minimal) return 1 ;; esac
    [ "$(uname -s)" != Linux ] || "$PYTHON" - 2>/dev/null <<'CHECK'
import os
from nightglass.core.cli.display import require_display

require_display(os.environ)
CHECK
}

# Save the window in one theme; wait longer where the machine is slow or still compiling.
shoot() {
    for seconds in 8 30; do
        nightglass "$capture" "$output/star.reg" "$output/crab.par" --theme "$1" --exit-after "$seconds" \
            --screenshot "$output/window-$1.png" --timings "$output/timings-$1.json"
        is_painted "$1" && return 0
    done
    say "the window painted no frame within $seconds s."
    return 1
}

is_painted() {
    grep -q '"painted_frames": [1-9]' "$output/timings-$1.json"
}

# Pictures are taken when the program has changed; else the window is only tried.
shoot_themes() {
    for theme in dark light red; do
        is_newer_than_sources "$output/window-$theme.png" || shoot "$theme"
    done
    nightglass "$capture" --exit-after 1 --timings "$output/timings-dark.json"
}

lightspeed() {
    simulate
    draw_regions
    if has_display; then
        exec "$PYTHON" -m nightglass "$capture" "$output/star.reg" "$output/crab.par"
    fi
    say "no display here: the demo runs off screen"
    export QT_QPA_PLATFORM=offscreen
    nightglass info "$capture" --json >"$output/info.json" &
    report=$!
    shoot_themes
    measure
    wait "$report"
    for product in "$capture" "$output"/*.json "$output"/*.fits "$output"/window-*.png; do
        printf '%s\n' "$PWD/$product"
    done
}

prepare packaging/requirements.lock
# The demo leaves the home folder and the settings of the person who starts it alone.
mkdir -p "$output/home"
export NIGHTGLASS_HOME="$PWD/$output/home" XDG_CACHE_HOME="$PWD/$output/home/cache"
compile_kernels
"$instrument"
