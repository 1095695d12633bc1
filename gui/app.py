"""Start, run and end the window."""

from __future__ import annotations

import signal
from time import perf_counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..core.cli.window import WindowOptions


def main(options: WindowOptions) -> int:
    """Open the window and stay until it is closed; there must be a display (`core.cli`).

    Returns
    -------
    int
        0.
    """
    from .running import Running

    begun_s = perf_counter()
    running = Running(options)
    # Python must get a turn to see Ctrl-C while Qt waits; the display tick gives it one.
    signal.signal(signal.SIGINT, lambda *_: running.window.close())
    return running.run(begun_s)
