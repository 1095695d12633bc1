"""Numbers for JSON, which knows no NaN."""

from __future__ import annotations

import math
from typing import Any, SupportsFloat

import numpy as np


def finite_or_none(value: SupportsFloat, digits: int | None = None) -> float | None:
    """Give a number as a plain float, rounded to `digits` if given; None where it is not finite."""
    plain = float(value)
    if not math.isfinite(plain):
        return None
    return plain if digits is None else round(plain, digits)


def plain(value: Any) -> Any:
    """A tree of values as JSON can carry it: arrays are lists, what is not finite is None."""
    if isinstance(value, dict):
        return {str(name): plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    if isinstance(value, np.ndarray):
        return plain(value.tolist())
    return None if isinstance(value, float) and not math.isfinite(value) else value
