"""Round numbers for an axis."""

from __future__ import annotations

import math


def round_ticks(low: float, high: float, most: int) -> list[float]:
    """Return at most `most` multiples of 1, 2 or 5 times a power of ten between two ends."""
    if not (math.isfinite(low) and math.isfinite(high) and high > low and most > 0):
        return []
    rough = (high - low) / most
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * factor for factor in (1, 2, 5, 10, 20) if power * factor >= rough)
    first, last = math.ceil(low / step), math.floor(high / step)
    return [number * step for number in range(first, last + 1)]


def tick_text(value: float) -> str:
    """Write a tick briefly."""
    return f"{value:.6g}"
