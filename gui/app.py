"""Start, run and end the window."""

from __future__ import annotations

import os
import signal
import sys
from time import perf_counter
from typing import TYPE_CHECKING

from ..core.errors import NightglassError

if TYPE_CHECKING:
    from ..core.cli.window import WindowOptions

COULD_NOT_RUN = 2


def main(options: WindowOptions) -> int:
    """Open the window and stay until it is closed.

    Returns
    -------
    int
        0, or 2 when no window can be opened.
    """
    try:
        _choose_platform(options)
    except NightglassError as error:
        print(f"nightglass: {error}", file=sys.stderr)  # noqa: T201 - there is no window to say it
        return COULD_NOT_RUN
    from .running import Running

    begun_s = perf_counter()
    running = Running(options)
    # Python must get a turn to see Ctrl-C while Qt waits; the display tick gives it one.
    signal.signal(signal.SIGINT, lambda *_: running.window.close())
    return running.run(begun_s)


def _choose_platform(options: WindowOptions) -> None:
    """Without a display a headless check runs off screen; anything else cannot run.

    Raises
    ------
    NightglassError
        If a window is wanted and there is no display: Qt would abort the process.
    """
    if sys.platform != "linux" or "QT_QPA_PLATFORM" in os.environ:
        return
    if os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"):
        return
    if options.is_headless:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
        return
    raise NightglassError(
        "No window can be opened",
        "There is no display: neither DISPLAY nor WAYLAND_DISPLAY is set.",
        "Log in with 'ssh -X', or use --screenshot FILE to run off screen.",
    )
