"""Rows of a table of measurements, and how time and memory are taken."""

from __future__ import annotations

import resource
import statistics
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


def row(figure: str, bar: str, measured: str, reference: str = "") -> None:
    """Print one line of the table."""
    print(f"{figure:44} {bar:>12}   {measured:44} {reference}", flush=True)


def spent(work: Callable[[], object], times: int = 1) -> tuple[float, float]:
    """Medians of processor and clock seconds of several calls."""
    found = []
    for _ in range(times):
        began = time.process_time(), time.perf_counter()
        work()
        found.append((time.process_time() - began[0], time.perf_counter() - began[1]))
    cpu_s, clock_s = (statistics.median(values) for values in zip(*found, strict=True))
    return cpu_s, clock_s


def told(cpu_s: float, clock_s: float) -> str:
    """Both times in words."""
    return f"{cpu_s:.2f} s of a core ({clock_s:.2f} s by the clock)"


def children_s() -> float:
    """Processor seconds of all processes that were started and have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def anonymous_kb(pid: int) -> int:
    """RssAnon of a process; 0 once it has ended."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in status.splitlines() if "RssAnon" in line), 0)
