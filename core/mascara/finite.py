"""Numbers for JSON, which knows no NaN."""

from __future__ import annotations

import math
from typing import SupportsFloat


def finite_or_none(value: SupportsFloat, digits: int | None = None) -> float | None:
    """Give a number as a plain float, rounded to `digits` if given; None where it is not finite."""
    plain = float(value)
    if not math.isfinite(plain):
        return None
    return plain if digits is None else round(plain, digits)
