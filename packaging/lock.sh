#!/bin/sh
# Write the three lock files anew from pyproject.toml (for maintainers; needs uv and the network).
# Versions that still fit are kept; words such as --upgrade or --upgrade-package NAME go to uv.
# Every lock holds the same run-time versions and the build back end; two add their own tools.
set -eu
CDPATH='' cd -- "$(dirname "$0")/.."

build=$(mktemp)
trap 'rm -f "$build"' EXIT
python3 -c 'import tomllib
with open("pyproject.toml", "rb") as file:
    print(*tomllib.load(file)["build-system"]["requires"], sep="\n")' >"$build"

compile() {
    lock=packaging/$1
    shift
    uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
        --no-annotate "$@" pyproject.toml "$build" -o "$lock"
}

compile requirements.lock "$@"
compile requirements-test.lock --extra test -c packaging/requirements.lock "$@"
compile requirements-bundle.lock --extra bundle -c packaging/requirements.lock "$@"
