"""Start, run and end the window."""

from __future__ import annotations

import signal
import sys
from importlib.util import LazyLoader, find_spec, module_from_spec
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
    _put_off("PyQt6.uic")
    from .running import Running

    begun_s = perf_counter()
    running = Running(options)
    # Python must get a turn to see Ctrl-C while Qt waits; the display tick gives it one.
    signal.signal(signal.SIGINT, lambda *_: running.window.close())
    return running.run(begun_s)


def _put_off(name: str) -> None:
    """Load a module only when something of it is used: pyqtgraph imports this one and never does.

    Its compiler of Qt Designer's files is a thirtieth of a second of the start.
    """
    spec = find_spec(name)
    if name in sys.modules or spec is None or spec.loader is None:
        return
    spec.loader = LazyLoader(spec.loader)
    sys.modules[name] = module_from_spec(spec)
    spec.loader.exec_module(sys.modules[name])
