#!/bin/sh
# Build dist/nightglass, a folder that runs without Python, and prove that it does:
# it must simulate a capture, report on it, open it and save a picture of its window.
set -eu
CDPATH='' cd -- "$(dirname "$0")/.."
. packaging/environment.sh

build() {
    rm -rf build dist
    PYTHONPATH=packaging/src .venv/bin/pyinstaller --noconfirm --log-level ERROR \
        --distpath dist --workpath build packaging/nightglass.spec
    share=dist/nightglass/share
    mkdir -p "$share/applications" "$share/icons/hicolor/scalable/apps" "$share/icons/hicolor/256x256/apps"
    cp packaging/nightglass.desktop "$share/applications/"
    cp resources/icons/nightglass.svg "$share/icons/hicolor/scalable/apps/"
    cp resources/icons/nightglass.png "$share/icons/hicolor/256x256/apps/"
}

# Without any Python and with an empty home, as on the machine of somebody else.
bundled() {
    env -i PATH=/nonexistent HOME="$trial" LC_ALL=C.UTF-8 QT_QPA_PLATFORM=offscreen \
        dist/nightglass/nightglass "$@"
}

try() {
    trial=$(mktemp -d)
    trap 'rm -rf "$trial"' EXIT
    bundled simulate lightspeed --output "$trial/capture" --object bundle \
        --frames 200 --shape 64 64 --exposure 0.002
    bundled info "$trial/capture" --json >"$trial/info.json"
    printf 'image\ncircle(32.5,32.5,9)\n' >"$trial/star.reg"
    bundled regions stats "$trial/capture" --roi "$trial/star.reg" --method exact --json \
        >"$trial/stats.json"
    for seconds in 10 60; do # the first start compiles the picture kernels
        bundled "$trial/capture" --exit-after "$seconds" --screenshot "$trial/window.png" \
            --timings "$trial/timings.json"
        if is_proven; then
            return 0
        fi
    done
    give_up "the bundle starts but does not show the capture."
}

is_proven() {
    "$PYTHON" - "$trial" <<'CHECK'
import json
import sys
from pathlib import Path

trial = Path(sys.argv[1])
frames = json.loads((trial / "info.json").read_text())["captures"][0]["frames"]
painted = json.loads((trial / "timings.json").read_text())["painted_frames"]
area = json.loads((trial / "stats.json").read_text())["regions"][0]["npix"]
picture = (trial / "window.png").stat().st_size
sys.exit(not (frames == 200 and painted and picture > 10_000 and abs(area - 254.469) < 0.001))
CHECK
}

prepare packaging/requirements-bundle.lock
command -v objdump >/dev/null 2>&1 || apt_install binutils || exit 2
say "building dist/nightglass (takes some minutes)"
build
say "trying the bundle"
try
say "the bundle works: dist/nightglass, $(du -sh dist/nightglass | cut -f1)"
