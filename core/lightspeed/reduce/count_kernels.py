"""Compiled histograms of the counts of each pixel; to be imported inside functions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import int16, int64, types, uint32

from ...compiled import kernel, part, read_only
from .pixel_kernels import JUDGE, SPAN, STORED, decoded

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .views import Judge, Stored

BELOW, ABOVE, LOST = range(3)


@part
def _count_run(
    row: NDArray[np.uint16],
    flip: np.uint16,
    lowest: int,
    counts: NDArray[np.uint32],
    below: NDArray[np.uint32],
    above: NDArray[np.uint32],
) -> None:
    """Count the stored values of pixels side by side; the lowest that is told apart is `lowest`."""
    values = counts.shape[1]
    for x in range(row.size):
        value = int64(decoded(row[x], flip)) - lowest
        if 0 <= value < values:
            counts[x, value] += np.uint32(1)
        elif value < 0:
            below[x] += np.uint32(1)
        else:
            above[x] += np.uint32(1)


@part
def _take_back(
    value: int,
    place: int,
    counts: NDArray[np.uint32],
    rest: NDArray[np.uint32],
) -> None:
    """Make a counted value of a pixel a lost one."""
    rest[LOST, place] += np.uint32(1)
    if value < 0:
        rest[BELOW, place] -= np.uint32(1)
    elif value >= counts.shape[1]:
        rest[ABOVE, place] -= np.uint32(1)
    else:
        counts[place, value] -= np.uint32(1)


@kernel(
    types.void(
        STORED,
        JUDGE,
        read_only(int64),
        int64,
        SPAN,
        int64[::1],
        int64[::1],
        read_only(int16),
        read_only(int64, 2),
        read_only(int64, 2),
        int64,
        uint32[:, :, ::1],
        uint32[:, :, ::1],
    )
)
def count_values(
    stored: Stored,
    _judge: Judge,
    bases: NDArray[np.int64],
    first: int,
    span: tuple[int, int, int],
    found: NDArray[np.int64],
    ends: NDArray[np.int64],
    groups: NDArray[np.int16],
    runs: NDArray[np.int64],
    places: NDArray[np.int64],
    low_adu: int,
    counts: NDArray[np.uint32],
    rest: NDArray[np.uint32],
) -> None:
    """Count how often each pixel has each value.

    Parameters
    ----------
    found, ends
        As `ray_kernels.find_rays` gives them, of wanted pixels only.
    groups : ndarray of int16
        Group of each frame; frames of group -1 are left out.
    runs : ndarray of int64, shape (n, 4)
        Pixels side by side: row, first and last column (not in it), place of the first.
    places : ndarray of int64, shape (rows, columns) of the window
        Of each wanted pixel in the result.
    low_adu : int
        Lowest value that is told apart, counts.
    counts : ndarray of uint32, shape (n_groups, n_pixels, values)
        Added to.
    rest : ndarray of uint32, shape (n_groups, 3, n_pixels)
        Values below, values above, cosmic rays; added to.
    """
    begin, lowest, columns = 0, low_adu - stored.zero_adu, stored.columns
    for i in range(span[1] - span[0]):
        rays, group, base = found[begin : ends[i]], groups[i], bases[span[0] + i - first]
        begin = ends[i]
        if group < 0:
            continue
        its, other = counts[group], rest[group]
        for k in range(runs.shape[0]):
            start, place = base + runs[k, 0] * stored.stride, runs[k, 3]
            row = stored.flat[start + runs[k, 1] : start + runs[k, 2]]
            end = place + row.size
            _count_run(
                row, stored.flip, lowest,
                its[place:end], other[BELOW, place:end], other[ABOVE, place:end],
            )  # fmt: skip
        for index in rays:
            y, x = index // columns, index % columns
            value = int64(decoded(stored.flat[base + y * stored.stride + x], stored.flip))
            _take_back(value - lowest, places[y, x], its, other)
