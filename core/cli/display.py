"""Whether a window can be shown: where it cannot, Qt would end the whole process with an abort."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import NightglassError

if TYPE_CHECKING:
    import ctypes
    from collections.abc import Mapping

    from .window import WindowOptions

PLATFORM_VARIABLE = "QT_QPA_PLATFORM"
_TITLE = "No window can be opened"
_LIBRARIES = {"libxcb.so.1": "libxcb1", "libxcb-cursor.so.0": "libxcb-cursor0"}
"""Libraries of Qt's X11 plugin that its wheels do not bring, and their Debian packages."""


def choose_platform(options: WindowOptions) -> None:
    """Make sure that Qt finds a display; a headless check without one runs off screen.

    Raises
    ------
    NightglassError
        If a window is wanted and no display answers, or a library for it is missing.
    """
    if sys.platform != "linux" or PLATFORM_VARIABLE in os.environ:
        return
    try:
        require_display(os.environ)
    except NightglassError:
        if not options.is_headless:
            raise
        os.environ[PLATFORM_VARIABLE] = "offscreen"


def require_display(environment: Mapping[str, str]) -> None:
    """Return when a Wayland or X11 display can be reached.

    Raises
    ------
    NightglassError
        Which of them were tried.
    """
    if _has_wayland(environment):
        return
    name = environment.get("DISPLAY", "")
    if not name:
        raise NightglassError(
            _TITLE,
            "There is no display: neither DISPLAY nor WAYLAND_DISPLAY leads to one.",
            "Log in with 'ssh -X', or use --screenshot FILE to run off screen.",
        )
    if not _x11_answers(name):
        raise NightglassError(
            _TITLE,
            f"The display {name} does not answer or does not let this user in.",
            "Check DISPLAY, log in again with 'ssh -X', or use --screenshot FILE.",
        )


def _has_wayland(environment: Mapping[str, str]) -> bool:
    name = environment.get("WAYLAND_DISPLAY", "")
    return bool(name) and (Path(environment.get("XDG_RUNTIME_DIR", "/")) / name).is_socket()


def _x11_answers(name: str) -> bool:
    """Connect as Qt would, which also tries the user's X11 authority."""
    import ctypes

    xcb, _ = (_load(library) for library in _LIBRARIES)
    xcb.xcb_connect.restype = ctypes.c_void_p
    connection = ctypes.c_void_p(xcb.xcb_connect(name.encode(), None))
    has_failed = bool(xcb.xcb_connection_has_error(connection))
    xcb.xcb_disconnect(connection)
    return not has_failed


def _load(library: str) -> ctypes.CDLL:
    import ctypes

    try:
        return ctypes.CDLL(library)
    except OSError:
        package = _LIBRARIES[library]
        raise NightglassError(
            _TITLE,
            f"The system library {library} is missing.",
            f"Install it; on Debian and Ubuntu: sudo apt-get install {package}.",
        ) from None
