"""Compiled re-projection of a frame onto a stack; to be imported inside functions. One thread.

Neighbouring pixels are shifted by nearly the same amount: a row is cut into runs whose pixels have
their sources side by side, so that the loop over a run is one of vector instructions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import float32, float64, int64, uint16, void

from ...compiled import kernel, part, read_only

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]
    Pixels = NDArray[np.float32]
    Counts = NDArray[np.uint16]
    Weights = tuple[np.float32, np.float32, np.float32, np.float32]

_NODES = read_only(float64, 2)
_ONE, _HALF, _TWO = np.float32(1.0), np.float32(0.5), np.float32(2.0)
_STEEP, _EDGE = np.float32(1.5), np.float32(2.5)


@part
def _weights(f: np.float32) -> Weights:
    """Cubic convolution (Catmull and Rom) for a place `f` of a pixel after the second of four.

    It reproduces parabolas, so that the second moments of a star stay what they are.
    """
    return (
        f * (f * (_ONE - _HALF * f) - _HALF),
        f * f * (_STEEP * f - _EDGE) + _ONE,
        f * (f * (_TWO - _STEEP * f) + _HALF),
        f * f * (_HALF * f - _HALF),
    )


@part
def _mean(weights: Weights, row: Pixels, first: np.uint64) -> np.float32:
    mean: np.float32 = (
        weights[0] * row[first]
        + weights[1] * row[first + np.uint64(1)]
        + weights[2] * row[first + np.uint64(2)]
        + weights[3] * row[first + np.uint64(3)]
    )
    return mean


@part
def _run(
    rows: tuple[Pixels, Pixels, Pixels, Pixels],
    source: int,
    total: Pixels,
    target: int,
    length: int,
    begin: tuple[float, float, float],
    slope: tuple[float, float, float],
) -> None:
    """Add a run: its first source, its first target, fractions in x and y and area at `begin`.

    Numbers without a sign cannot mean a place counted from the end: the loop becomes a vector's.
    """
    first, second, third, fourth = rows
    s, t = np.uint64(source), np.uint64(target)
    x, y, area = np.float32(begin[0]), np.float32(begin[1]), np.float32(begin[2])
    dx, dy, grown = np.float32(slope[0]), np.float32(slope[1]), np.float32(slope[2])
    for k in range(np.uint64(length)):
        step = np.float32(np.int32(k))
        across, up = _weights(x + dx * step), _weights(y + dy * step)
        p = s + k
        light = (
            up[0] * _mean(across, first, p)
            + up[1] * _mean(across, second, p)
            + up[2] * _mean(across, third, p)
            + up[3] * _mean(across, fourth, p)
        )
        total[t + k] += light * (area + grown * step)


@part
def _count(coverage: Counts, target: int, length: int) -> None:
    t = np.uint64(target)
    for k in range(np.uint64(length)):
        coverage[t + k] += np.uint16(1)


@part
def _stays(value: float, slope: float, left: int) -> int:
    """For how many of `left` steps the whole part stays the same."""
    fraction = value - np.floor(value)
    room = 1.0 - fraction if slope > 0.0 else fraction
    if abs(slope) * left <= room:
        return left
    return min(left, int(room / abs(slope)) + 1)


@part
def _between(nodes: Numbers, line: int, place: int, down: float, step: int) -> tuple[float, float]:
    """Value at the left end of a cell, `down` between its upper and lower nodes, and its slope."""
    left = nodes[line, place] + down * (nodes[line + 1, place] - nodes[line, place])
    right = nodes[line, place + 1] + down * (nodes[line + 1, place + 1] - nodes[line, place + 1])
    return left, (right - left) / step


@part
def _add_cell(
    image: Pixels,
    x: tuple[float, float],
    y: tuple[float, float],
    area: tuple[float, float],
    left: int,
    length: int,
    total: Pixels,
    coverage: Counts,
) -> None:
    """Add a row of a cell: source x and y and area at its left end, and their slopes."""
    ny, nx = image.shape
    k = 0
    while k < length:
        shift, across = x[0] - left + (x[1] - 1.0) * k, y[0] + y[1] * k
        run = _stays(shift, x[1] - 1.0, length - k)
        run = _stays(across, y[1], run)
        column, line = int(np.floor(shift)) + left + k - 1, int(np.floor(across)) - 1
        # What would come from beside the image is left out.
        skip = max(0, -column)
        end = min(run, nx - 3 - column)
        if 0 <= line < ny - 3 and skip < end:
            rows = (image[line], image[line + 1], image[line + 2], image[line + 3])
            begin = (
                shift - np.floor(shift) + (x[1] - 1.0) * skip,
                across - np.floor(across) + y[1] * skip,
                area[0] + area[1] * (k + skip),
            )
            slope = (x[1] - 1.0, y[1], area[1])
            _run(rows, column + skip, total, left + k + skip, end - skip, begin, slope)
            _count(coverage, left + k + skip, end - skip)
        k += run


@kernel(
    void(
        read_only(float32, 2), _NODES, _NODES, _NODES, int64, float32[:, ::1], uint16[:, ::1]
    )
)  # fmt: skip
def add_frame(
    image: Pixels,
    x: Numbers,
    y: Numbers,
    area: Numbers,
    step: int,
    total: Pixels,
    coverage: Counts,
) -> None:
    """Add a frame to a stack, re-projected.

    Parameters
    ----------
    image : array of float32, shape (ny, nx)
        The frame.
    x, y, area : arrays of float64, shape (lines, places)
        For the pixels (place * step, line * step) of the stack: where they are in the frame [px]
        and the area they have there [px]. Where one is not a number nothing is added.
    step : int
        Pixels between nodes.
    total : array of float32, shape (ny, nx)
        Added to.
    coverage : array of uint16, shape (ny, nx)
        Frames added; added to.
    """
    ny, nx = total.shape
    for row in range(ny):
        line, down = row // step, (row % step) / step
        for place in range(x.shape[1] - 1):
            left = place * step
            length = min(step, nx - left)
            source_x = _between(x, line, place, down, step)
            source_y = _between(y, line, place, down, step)
            grown = _between(area, line, place, down, step)
            known = source_x[0] + source_x[1] + source_y[0] + source_y[1] + grown[0] + grown[1]
            if np.isfinite(known):
                _add_cell(image, source_x, source_y, grown, left, length, total[row], coverage[row])
