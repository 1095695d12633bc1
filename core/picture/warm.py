"""Load the compiled loops before anybody waits for them."""

from __future__ import annotations

import time


def warm() -> float:
    """Load every kernel of this package, compiling what has no machine code on the disk yet.

    Meant for a background thread at start: half a second when the machine code is there, some
    ten seconds the first time.

    Returns
    -------
    float
        Seconds it took.
    """
    started_s = time.perf_counter()
    from . import kernels, stack_kernels  # noqa: F401 - importing them loads them

    return time.perf_counter() - started_s
