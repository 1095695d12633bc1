"""Sum, mean, median and the like of numbers, each of which may count in part."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

# More whole counts than this are faster counted than sorted.
_MANY = 1 << 15


@dataclass(frozen=True)
class Summary:
    """Numbers that describe numbers; None where there is nothing to describe.

    Attributes
    ----------
    weight : float
        Pixels, parts added up.
    sum, mean, median : float or None
        The median has half of the weight on either side; the mean of two where both do.
    std : float or None
        Of these pixels as a population, ``sqrt(mean((v - mean)**2))``, as DS9 has it.
    min, max : float or None
        Of all pixels that count with any part.
    """

    weight: float = 0.0
    sum: float | None = None
    mean: float | None = None
    median: float | None = None
    std: float | None = None
    min: float | None = None
    max: float | None = None

    @classmethod
    def of(cls, values: NDArray[Any], parts: Numbers | None = None) -> Summary:
        """Describe finite values.

        Parameters
        ----------
        values : ndarray, shape (n,)
        parts : ndarray of float64, shape (n,), or None
            How much each counts, above 0; None for 1.
        """
        if not values.size:
            return cls()
        if parts is not None:
            order = np.argsort(values, kind="stable")
            return cls.of_sorted(values[order], parts[order])
        if values.size > _MANY and values.dtype in (np.uint8, np.uint16):
            occurs = np.bincount(values)
            (levels,) = np.nonzero(occurs)
            return cls.of_sorted(levels, occurs[levels].astype(np.float64))
        ordered = np.sort(values)
        size, middle = ordered.size, ordered.size // 2
        numbers = ordered.astype(np.float64)
        total = float(numbers.sum())
        mean = total / size
        around = numbers - mean
        median = (numbers[middle] + numbers[(size - 1) // 2]) / 2
        std = math.sqrt(float(around @ around) / size)
        return cls(
            float(size), total, mean, float(median), std, float(numbers[0]), float(numbers[-1])
        )

    @classmethod
    def of_sorted(cls, values: NDArray[Any], parts: Numbers) -> Summary:
        """Describe values in order, each counting `parts` (above 0) times."""
        if not values.size:
            return cls()
        numbers = values.astype(np.float64)
        weight = float(parts.sum())
        total = float(numbers @ parts)
        mean = total / weight
        std = math.sqrt(float(parts @ (numbers - mean) ** 2) / weight)
        median = _median(numbers, np.cumsum(parts))
        return cls(weight, total, mean, median, std, float(numbers[0]), float(numbers[-1]))


def _median(ordered: Numbers, reached: Numbers) -> float:
    """Value at half of the weight; `reached` is the weight up to each value."""
    half = reached[-1] / 2
    # Parts of pixels add up to halves with rounding errors.
    slack = 1e-12 * reached[-1]
    low, high = np.searchsorted(reached, [half - slack, half + slack])
    last = ordered.size - 1
    return float(ordered[min(low, last)] + ordered[min(high, last)]) / 2
