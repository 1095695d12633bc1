"""Axes of values: how far they reach, whether they are logarithmic, what is written at them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from .words import fixed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

MARGIN = 0.06
LOG_FACTOR = 20.0
"""Values that span more than this factor are seen better on a logarithmic axis."""
_KEPT = 0.5
_FACTORS = (1.0, 2.0, 5.0)


def is_log_better(values: Sequence[Floats], is_log: bool) -> bool:
    """Whether an axis should be logarithmic; one that is stays so for a while."""
    every = np.concatenate([np.empty(0), *values])
    every = every[np.isfinite(every)]
    if not len(every) or every.min() <= 0.0:
        return False
    return bool(every.max() > LOG_FACTOR * (_KEPT if is_log else 1.0) * every.min())


def room_for(ends: tuple[float, float] | None, span: Sequence[float]) -> tuple[float, float]:
    """Ends of an axis that shows values and what is to be seen at least, with room above."""
    every = [*(ends or ()), *span]
    low, high = (min(every), max(every)) if every else (0.0, 1.0)
    room = (high - low) * MARGIN or max(abs(high) * MARGIN, 1e-3)
    return (low if low == 0.0 and span else low - room), high + room


def axis_ticks(low: float, high: float, most: int, is_log: bool) -> list[tuple[float, str]]:
    """Place and text of the marks of an axis of values."""
    ticks = _log_ticks(low, high, most) if is_log else _linear_ticks(low, high, most)
    return ticks or [(low, f"{10.0**low if is_log else low:.3g}")]


def _linear_ticks(low: float, high: float, most: int) -> list[tuple[float, str]]:
    step = _step((high - low) / max(1, most))
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    digits = max(0, -math.floor(math.log10(step) + 1e-9))
    return [(k * step, fixed(k * step, digits)) for k in range(first, last + 1)]


def _step(least: float) -> float:
    """1, 2 or 5 times a power of ten."""
    power = 10.0 ** math.floor(math.log10(max(least, 1e-12)))
    return next((f * power for f in _FACTORS if f * power >= least), 10.0 * power)


def _log_ticks(low: float, high: float, most: int) -> list[tuple[float, str]]:
    decades = range(math.floor(low), math.ceil(high) + 1)
    for factors in (_FACTORS, (1.0,)):
        places = [d + math.log10(f) for d in decades for f in factors]
        inside = [place for place in places if low <= place <= high]
        if len(inside) <= most:
            break
    every = max(1, math.ceil(len(inside) / max(1, most)))
    return [(place, fixed(10.0**place, max(0, -math.floor(place)))) for place in inside[::every]]
