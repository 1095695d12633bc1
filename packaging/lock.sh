#!/bin/sh
# Write the three lock files anew from pyproject.toml (for maintainers; needs the network).
# The test and bundle locks hold the same run-time versions plus their own tools.
set -eu
cd "$(dirname "$0")/.."
compile() {
    uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate "$@"
}
compile pyproject.toml -o packaging/requirements.lock
compile pyproject.toml --extra test -c packaging/requirements.lock -o packaging/requirements-test.lock
compile pyproject.toml --extra bundle -c packaging/requirements.lock -o packaging/requirements-bundle.lock
