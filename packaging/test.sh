#!/bin/sh
# Install what is missing, then run every check: ruff, mypy, import-linter and the test suite.
# Tests marked slow run too when CI is set. Further words go to pytest.
set -eu
cd "$(dirname "$0")/.."
. packaging/environment.sh

make_venv
install_locked packaging/requirements-test.lock
install_system_libraries
for program in Xvfb:xvfb ds9:saods9 xpaget:xpa-tools; do
    command -v "${program%%:*}" >/dev/null 2>&1 || missing="${missing:-} ${program##*:}"
done
if [ -n "${missing:-}" ]; then
    # shellcheck disable=SC2086 # a list of package names
    apt_install $missing || say "going on without:$missing (the tests that need them are skipped by name)"
fi

export QT_QPA_PLATFORM=offscreen
bin=.venv/bin
"$bin/ruff" check .
"$bin/ruff" format --check .
"$bin/mypy"
"$bin/lint-imports"
exec "$bin/pytest" -rs "$@"
