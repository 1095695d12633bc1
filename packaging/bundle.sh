#!/bin/sh
# Build dist/nightglass, a folder that runs without Python, and prove that it does:
# it must simulate a capture, open it and save a picture of its window.
set -eu
cd "$(dirname "$0")/.."
. packaging/environment.sh

make_venv
install_locked packaging/requirements-bundle.lock
install_system_libraries
if ! command -v objdump >/dev/null 2>&1; then
    apt_install binutils
fi

rm -rf build dist
PYTHONPATH=packaging/src .venv/bin/pyinstaller --noconfirm --log-level WARN \
    --distpath dist --workpath build packaging/nightglass.spec
mkdir -p dist/nightglass/share/applications dist/nightglass/share/icons
cp packaging/nightglass.desktop dist/nightglass/share/applications/
cp resources/icons/nightglass.png dist/nightglass/share/icons/

say "trying the bundle"
trial=$(mktemp -d)
trap 'rm -rf "$trial"' EXIT
NIGHTGLASS_HOME=$trial/home
QT_QPA_PLATFORM=offscreen
export NIGHTGLASS_HOME QT_QPA_PLATFORM
dist/nightglass/nightglass simulate lightspeed --output "$trial/capture" --object bundle \
    --frames 200 --shape 64 64 --exposure 0.002
dist/nightglass/nightglass "$trial/capture" --exit-after 5 \
    --screenshot "$trial/window.png" --timings "$trial/timings.json"
test -s "$trial/window.png"
"$PYTHON" - "$trial/timings.json" <<'CHECK'
import json
import sys

painted = json.load(open(sys.argv[1]))["painted_frames"]
sys.exit(0 if painted > 0 else "nightglass: the bundle painted no frame")
CHECK
say "the bundle works: dist/nightglass ($(du -sh dist/nightglass | cut -f1))"
