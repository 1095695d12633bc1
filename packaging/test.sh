#!/bin/sh
# Install what is missing, then run every check: ruff, mypy, import-linter and the test suite.
# Tests marked slow run too when CI is set. Further words go to pytest.
set -eu
CDPATH='' cd -- "$(dirname "$0")/.."
. packaging/environment.sh

# Programs that some tests compare with; a test whose program is absent is skipped and named.
install_test_programs() {
    absent=
    for program in Xvfb:xvfb ds9:saods9 xpaget:xpa-tools; do
        command -v "${program%%:*}" >/dev/null 2>&1 || absent="$absent ${program##*:}"
    done
    # shellcheck disable=SC2086 # a list of package names
    if [ -n "$absent" ] && ! apt_install $absent; then
        say "going on without$absent: the tests that need them are skipped and named at the end"
    fi
}

prepare packaging/requirements-test.lock
install_test_programs

export QT_QPA_PLATFORM=offscreen
bin=.venv/bin
"$bin/ruff" check .
"$bin/ruff" format --check .
"$bin/mypy"
"$bin/lint-imports"
exec "$bin/pytest" -rs "$@"
