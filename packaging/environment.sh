# shellcheck shell=sh
# Shared by run.sh, test.sh and bundle.sh: the virtual environment and the system libraries.
# Source it from the repository root. Only what is missing is installed, so a second call is quick.

PYTHON=.venv/bin/python
PACKAGE_OF_LIBRARY='
libEGL.so.1 libegl1
libGL.so.1 libgl1
libX11-xcb.so.1 libx11-xcb1
libX11.so.6 libx11-6
libdbus-1.so.3 libdbus-1-3
libfontconfig.so.1 libfontconfig1
libfreetype.so.6 libfreetype6
libglib-2.0.so.0 libglib2.0-0
libxcb-cursor.so.0 libxcb-cursor0
libxcb-icccm.so.4 libxcb-icccm4
libxcb-image.so.0 libxcb-image0
libxcb-keysyms.so.1 libxcb-keysyms1
libxcb-randr.so.0 libxcb-randr0
libxcb-render-util.so.0 libxcb-render-util0
libxcb-shape.so.0 libxcb-shape0
libxcb-shm.so.0 libxcb-shm0
libxcb-sync.so.1 libxcb-sync1
libxcb-util.so.1 libxcb-util1
libxcb-xfixes.so.0 libxcb-xfixes0
libxcb-xkb.so.1 libxcb-xkb1
libxkbcommon-x11.so.0 libxkbcommon-x11-0
libxkbcommon.so.0 libxkbcommon0
'

say() { printf 'nightglass: %s\n' "$*" >&2; }

# Could not run: one sentence, exit code 2.
give_up() {
    say "$*"
    exit 2
}

# The virtual environment with the packages of LOCK, and the system libraries that Qt loads.
# Without the right to install, everything that is missing is named in one command.
prepare() {
    find_python
    missing=$(missing_packages)
    if [ -n "$missing" ]; then
        # shellcheck disable=SC2086 # a list of package names
        apt_install $missing || exit 2
    fi
    install_locked "$1"
}

# The interpreter to build .venv from, in $base, and its version, such as 3.11, in $version.
find_python() {
    for name in python3 python3.13 python3.12 python3.11; do
        base=$(command -v "$name") || continue
        version=$("$base" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null) || continue
        case $version in 3.11 | 3.12 | 3.13) return 0 ;; esac
    done
    give_up "Nightglass needs Python 3.11, 3.12 or 3.13 and found none; install one and start again."
}

missing_packages() {
    if [ ! -x "$PYTHON" ] && ! "$base" -c 'import ensurepip, venv' 2>/dev/null; then
        echo "python$version-venv"
    fi
    known=$(PATH=$PATH:/usr/sbin:/sbin ldconfig -p 2>/dev/null) || return 0 # not a Linux system
    echo "$PACKAGE_OF_LIBRARY" | while read -r library package; do
        case $known in
        *"$library "*) ;;
        *) echo "$package" ;;
        esac
    done
    font_missing && echo fonts-dejavu-core
    return 0
}

font_missing() {
    [ -z "$(find /usr/share/fonts /usr/local/share/fonts "${HOME:-/}/.fonts" \
        "${HOME:-/}/.local/share/fonts" -name '*.[to]tf' -print -quit 2>/dev/null)" ]
}

# Install Debian packages when allowed; otherwise name the command and return 1.
apt_install() {
    if ! command -v apt-get >/dev/null 2>&1; then
        say "this system has no apt-get; install what corresponds to these Debian packages:" "$@"
        return 1
    fi
    by_root=
    if [ "$(id -u)" -ne 0 ]; then
        by_root="sudo -n"
        if ! $by_root true 2>/dev/null; then
            say "please run this, then start again:  $(command_for_root "$@")"
            return 1
        fi
    fi
    say "installing system packages:" "$@"
    if told=$(run_apt "$@" 2>&1); then
        return 0
    fi
    echo "$told" | tail -n 5 >&2
    say "apt-get failed; try by hand, then start again:  $(command_for_root "$@")"
    return 1
}

command_for_root() {
    if command -v sudo >/dev/null 2>&1; then
        echo "sudo apt-get update && sudo apt-get install -y $*"
    else
        echo "su -c 'apt-get update && apt-get install -y $*'"
    fi
}

run_apt() {
    # shellcheck disable=SC2086 # by_root is two words or none
    $by_root env DEBIAN_FRONTEND=noninteractive apt-get update -q &&
        $by_root env DEBIAN_FRONTEND=noninteractive \
            apt-get install -q -y --no-install-recommends "$@"
}

# install_locked LOCK: the locked packages and the project itself, once per state of the locks.
install_locked() {
    stamp=.venv/installed-$(basename "$1")
    state="$(cat packaging/*.lock pyproject.toml packaging/src/nightglass/__init__.py | cksum) $PWD"
    if holds "$stamp" "$state" && "$PYTHON" -c 'import nightglass' 2>/dev/null; then
        return 0
    fi
    venv_is_sound || make_venv || give_up "Python could not make a virtual environment in $PWD/.venv."
    forget_other_states
    say "installing the locked Python packages (the first time takes a few minutes)"
    if ! pip_install --require-hashes -r "$1" || ! pip_install --no-deps --no-build-isolation -e .; then
        give_up "the Python packages could not be installed, see above; put that right and start again."
    fi
    "$PYTHON" packaging/link_sources.py
    printf '%s\n' "$state" >"$stamp"
    rm .venv/unfinished
}

holds() {
    [ -f "$1" ] && [ "$(cat "$1")" = "$2" ]
}

# Whether .venv works, was finished and was made at this place: its programs hold its full path.
venv_is_sound() {
    [ ! -e .venv/unfinished ] && "$PYTHON" -c 'import pip' 2>/dev/null || return 1
    for other in .venv/installed-*; do
        case $(cat "$other" 2>/dev/null) in '' | *" $PWD") ;; *) return 1 ;; esac
    done
}

# Make .venv, marked unfinished. One that was left so by an interruption is made anew the next
# time, because pip takes a package that was half copied for an installed one.
make_venv() {
    say "making .venv with Python $version"
    "$base" -m venv --clear --without-pip .venv && : >.venv/unfinished &&
        "$PYTHON" -m ensurepip >/dev/null
}

forget_other_states() {
    : >.venv/unfinished
    for other in .venv/installed-*; do
        holds "$other" "$state" || rm -f "$other"
    done
}

pip_install() {
    "$PYTHON" -m pip install --quiet --disable-pip-version-check "$@"
}
