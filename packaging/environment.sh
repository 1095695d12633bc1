# Shared by run.sh, test.sh and bundle.sh: the virtual environment and the system libraries.
# Source it from the repository root. Only what is missing is installed, so a second call is quick.

QT_PACKAGES="libxcb-cursor0 libegl1 libgl1 libxkbcommon0 libxkbcommon-x11-0 libdbus-1-3
libfontconfig1 libglib2.0-0 libxcb-icccm4 libxcb-image0 libxcb-keysyms1 libxcb-randr0
libxcb-render-util0 libxcb-shape0 libxcb-xinerama0 libxcb-xkb1 fonts-dejavu-core"
PYTHON=.venv/bin/python

say() { printf 'nightglass: %s\n' "$*" >&2; }

# Install Debian packages when allowed; otherwise name the command and return 1.
apt_install() {
    if ! command -v apt-get >/dev/null 2>&1; then
        say "this system has no apt-get; please install the equivalents of: $*"
        return 1
    fi
    as_root=
    if [ "$(id -u)" -ne 0 ]; then
        as_root="sudo -n"
        if ! $as_root true 2>/dev/null; then
            say "please run this once, then start again:  sudo apt-get install -y $*"
            return 1
        fi
    fi
    say "installing system packages: $*"
    log=$(mktemp)
    # shellcheck disable=SC2086 # as_root is two words or none
    if { $as_root env DEBIAN_FRONTEND=noninteractive apt-get update -q &&
        $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "$@"; } >"$log" 2>&1; then
        rm -f "$log"
        return 0
    fi
    tail -n 5 "$log" >&2
    rm -f "$log"
    say "apt-get could not install them; try by hand:  apt-get install -y $*"
    return 1
}

find_python() {
    for name in python3 python3.13 python3.12 python3.11; do
        if command -v "$name" >/dev/null 2>&1 &&
            "$name" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null; then
            command -v "$name"
            return 0
        fi
    done
    say "Nightglass needs Python 3.11, 3.12 or 3.13 and found none; install one and start again."
    return 1
}

make_venv() {
    if [ -x "$PYTHON" ] && "$PYTHON" -c 'import pip' 2>/dev/null; then
        return 0
    fi
    base=$(find_python) || return 1
    "$base" -m venv --clear .venv >/dev/null 2>&1 && return 0
    apt_install python3-venv || return 1
    "$base" -m venv --clear .venv
}

# install_locked LOCK: the locked packages and the project itself, once per state of the lock.
install_locked() {
    stamp=.venv/installed-$(basename "$1")
    state=$(cat "$1" pyproject.toml packaging/src/nightglass/__init__.py | cksum)
    if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$state" ]; then
        return 0
    fi
    say "installing the locked Python packages (the first time takes a few minutes)"
    "$PYTHON" -m pip install --quiet --disable-pip-version-check --require-hashes -r "$1" || return 1
    "$PYTHON" -m pip install --quiet --disable-pip-version-check --no-deps -e . || return 1
    "$PYTHON" packaging/link_sources.py || return 1
    printf '%s' "$state" >"$stamp"
}

qt_library_missing() {
    platforms=$(echo .venv/lib/python3*/site-packages/PyQt6/Qt6/plugins/platforms)
    [ -d "$platforms" ] || return 1
    command -v ldd >/dev/null 2>&1 || return 1
    ldd "$platforms"/libqxcb.so "$platforms"/libqoffscreen.so 2>/dev/null | grep -q 'not found'
}

font_missing() {
    [ -z "$(find /usr/share/fonts /usr/local/share/fonts "$HOME/.fonts" "$HOME/.local/share/fonts" \
        -name '*.[to]tf' -print -quit 2>/dev/null)" ]
}

install_system_libraries() {
    if qt_library_missing || font_missing; then
        # shellcheck disable=SC2086 # a list of package names
        apt_install $QT_PACKAGES || return 1
    fi
}
