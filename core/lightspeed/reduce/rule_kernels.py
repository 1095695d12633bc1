"""Compiled rules that tell a cosmic ray, pixel by pixel; to be imported inside functions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ...compiled import part
from .pixel_kernels import decoded, electrons
from .views import CEILING, LAPLACIAN, Judge, Stored

if TYPE_CHECKING:
    from numpy.typing import NDArray

_LAPLACIAN_FLOOR_E = 3.0


@part
def _order(a: float, b: float) -> tuple[float, float]:
    return min(a, b), max(a, b)


@part
def _median(v: NDArray[np.float64]) -> float:
    """Median of nine: sort columns, then the middle of highest low, middle and lowest high."""
    a, b, c, d, e, f, g, h, i = v[0], v[1], v[2], v[3], v[4], v[5], v[6], v[7], v[8]
    a, b = _order(a, b)
    b, c = _order(b, c)
    a, b = _order(a, b)
    d, e = _order(d, e)
    e, f = _order(e, f)
    d, e = _order(d, e)
    g, h = _order(g, h)
    h, i = _order(h, i)
    g, h = _order(g, h)
    low, high = max(a, d, g), min(c, f, i)
    b, e = _order(b, e)
    low, middle = _order(low, max(b, min(e, h)))
    return max(low, min(middle, high))


@part
def _take_patch(
    stored: Stored, judge: Judge, base: int, y: int, x: int, patch: NDArray[np.float64]
) -> None:
    """Electrons of the 3 x 3 pixels around one, the edge repeated."""
    pedestal = judge.pedestal
    for place in range(9):
        row = min(max(y + place // 3 - 1, 0), stored.rows - 1)
        column = min(max(x + place % 3 - 1, 0), stored.columns - 1)
        value = decoded(stored.flat[base + row * stored.stride + column], stored.flip)
        patch[place] = electrons(value, stored.zero_adu, judge.offset, judge.gain)
        if pedestal.size:
            patch[place] -= pedestal[row, column]


@part
def _excess(value: float, expected: float) -> float:
    deviation: float = abs(value - expected) / np.sqrt(max(expected, 0.0) + 1.0)
    return deviation


@part
def _is_peak(patch: NDArray[np.float64], y: int, x: int, rows: int, columns: int) -> bool:
    """Laplacian rule; outside the frame there is no light."""
    value = patch[4]
    if not value > _LAPLACIAN_FLOOR_E:
        return False
    total = patch[1] if y > 0 else 0.0
    total += patch[7] if y + 1 < rows else 0.0
    total += patch[3] if x > 0 else 0.0
    total += patch[5] if x + 1 < columns else 0.0
    return bool(-(total - 4.0 * value) / value > 2.0)


@part
def _predicted(patch: NDArray[np.float64], median: float) -> float:
    """What a reference frame lets expect where the median is `median`."""
    its_median = _median(patch)
    brighter = (max(median, 0.0) + 1.0) / (max(its_median, 0.0) + 1.0)
    expected: float = median + (patch[4] - its_median) * max(1.0, brighter)
    return expected


@part
def is_ray(
    stored: Stored,
    judge: Judge,
    bases: tuple[int, int, int],
    y: int,
    x: int,
    patch: NDArray[np.float64],
) -> bool:
    """Judge a pixel by the whole rule; `bases` of its frame and the references, or -1."""
    _take_patch(stored, judge, bases[0], y, x, patch)
    value = patch[4]
    if value < judge.least_e:
        return True
    if judge.kind == CEILING:
        return bool(value > judge.threshold)
    if judge.kind == LAPLACIAN:
        return _is_peak(patch, y, x, stored.rows, stored.columns)
    median = _median(patch)
    if not _excess(value, median) > judge.threshold:
        return False
    if not judge.temporal:
        return True
    expected, references = 0.0, 0
    for k in range(1, 3):
        if bases[k] >= 0:
            _take_patch(stored, judge, bases[k], y, x, patch)
            other = _predicted(patch, median)
            if references == 0 or abs(value - other) < abs(value - expected):
                expected = other
            references += 1
    return references == 0 or _excess(value, expected) > judge.threshold
