"""Compiled sums of frames, pixel by pixel; to be imported inside functions.

`top` is the row of the result to which the row `inner[0]` of the windows belongs; `inner` are the
rows that count, the others are neighbours. Frames of group -1 are left out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import boolean, float64, int16, int64, types, uint32, uint64

from ...compiled import kernel, part, read_only
from .pixel_kernels import JUDGE, SPAN, STORED, decoded, electrons_of_run

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .views import Judge, Stored

_INNER = types.UniTuple(int64, 2)
_COMMON = (STORED, JUDGE, read_only(int64), int64, SPAN)
_FOUND = (int64[::1], int64[::1])
# A piece of a row in electrons stays in the nearest cache.
_PIECE = 512


@kernel(
    types.void(
        *_COMMON, *_FOUND, read_only(int16), _INNER, int64, uint32[:, :, ::1], uint32[:, :, ::1]
    )
)
def take_out(
    stored: Stored,
    _judge: Judge,
    bases: NDArray[np.int64],
    first: int,
    span: tuple[int, int, int],
    found: NDArray[np.int64],
    ends: NDArray[np.int64],
    groups: NDArray[np.int16],
    inner: tuple[int, int],
    top: int,
    totals: NDArray[np.uint32],
    lost: NDArray[np.uint32],
) -> None:
    """Take the numbers of cosmic rays out of the totals that `scan_kernels.look` has made."""
    begin = 0
    for i in range(span[1] - span[0]):
        base, group = bases[span[0] + i - first], groups[i]
        for index in found[begin : ends[i]]:
            y, x = index // stored.columns, index % stored.columns
            value = decoded(stored.flat[base + y * stored.stride + x], stored.flip)
            target = top + y - inner[0]
            totals[group, target, x] -= np.uint32(value)
            lost[group, target, x] += np.uint32(1)
        begin = ends[i]


@kernel(
    types.void(
        uint32[:, ::1],
        uint64[:, ::1],
        int64[:, ::1],
        types.UniTuple(float64, 3),
        read_only(float64, 2),
        float64[:, ::1],
    )
)
def to_electrons(
    totals: NDArray[np.uint32],
    large: NDArray[np.uint64],
    good: NDArray[np.int64],
    scale: tuple[float, float, float],
    pedestal: NDArray[np.float64],
    out: NDArray[np.float64],
) -> None:
    """Write sums in electrons; `scale` is counts of number 0, offset, gain."""
    zero, offset, gain = scale
    for y in range(totals.shape[0]):
        row, total, count = out[y], totals[y], good[y]
        for x in range(row.size):
            row[x] = np.float64(total[x])
        if large.size:
            for x in range(row.size):
                row[x] += np.float64(large[y, x])
        for x in range(row.size):
            frames = np.float64(count[x])
            row[x] = ((row[x] + zero * frames) - frames * offset) / gain
        if pedestal.size:
            for x in range(row.size):
                row[x] -= np.float64(count[x]) * pedestal[y, x]


@kernel(int64(STORED, JUDGE, int64, float64[:, ::1]))
def take_frame(stored: Stored, judge: Judge, base: int, out: NDArray[np.float64]) -> int:
    """Electrons of a whole window; gives its highest number."""
    highest, flip = np.uint16(0), stored.flip
    for y in range(stored.rows):
        electrons_of_run(stored, judge, base, y, 0, out[y])
        begin = base + y * stored.stride
        row = stored.flat[begin : begin + stored.columns]
        for x in range(row.size):
            highest = max(highest, decoded(row[x], flip))
    number: int = int64(highest)
    return number


@part
def _leave_out(
    rays: NDArray[np.int64],
    place: int,
    begin: int,
    piece: NDArray[np.float64],
    lost: NDArray[np.uint32],
) -> int:
    """Make the flagged pixels of a piece of a row 0 and count them as lost; gives the next ray.

    `begin` is the flat index of the first pixel.
    """
    while place < rays.size and rays[place] < begin + piece.size:
        if rays[place] >= begin:
            piece[rays[place] - begin] = 0.0
            lost[rays[place] - begin] += np.uint32(1)
        place += 1
    return place


@kernel(
    types.void(
        *_COMMON, *_FOUND, read_only(int16), _INNER, int64, int64[:, :, ::1], uint32[:, :, ::1]
    )
)
def add_rounded(
    stored: Stored,
    judge: Judge,
    bases: NDArray[np.int64],
    first: int,
    span: tuple[int, int, int],
    found: NDArray[np.int64],
    ends: NDArray[np.int64],
    groups: NDArray[np.int16],
    inner: tuple[int, int],
    top: int,
    totals: NDArray[np.int64],
    lost: NDArray[np.uint32],
) -> None:
    """Add electrons rounded to whole numbers, half to even, cosmic rays left out."""
    room = np.empty(_PIECE, np.float64)
    begin = 0
    for i in range(span[1] - span[0]):
        rays, group, place = found[begin : ends[i]], groups[i], 0
        begin = ends[i]
        if group < 0:
            continue
        base = bases[span[0] + i - first]
        for y in range(inner[0], inner[1]):
            target = top + y - inner[0]
            for x in range(0, stored.columns, _PIECE):
                piece = room[: min(_PIECE, stored.columns - x)]
                electrons_of_run(stored, judge, base, y, x, piece)
                end = x + piece.size
                place = _leave_out(
                    rays, place, y * stored.columns + x, piece, lost[group, target, x:end]
                )
                total = totals[group, target, x:end]
                for k in range(piece.size):
                    total[k] += np.int64(np.rint(piece[k]))


@part
def _fold(piece: NDArray[np.float64]) -> None:
    """Distance to the next whole number."""
    for x in range(piece.size):
        piece[x] -= np.floor(piece[x] + 0.5)


@part
def _add_powers(piece: NDArray[np.float64], powers: NDArray[np.float64]) -> None:
    one, two, three = powers[0], powers[1], powers[2]
    for x in range(piece.size):
        value = piece[x]
        one[x] += value
        two[x] += value * value
        three[x] += value * value * value


@kernel(types.void(*_COMMON, *_FOUND, _INNER, int64, boolean, float64[:, :, ::1], uint32[:, ::1]))
def add_moments(
    stored: Stored,
    judge: Judge,
    bases: NDArray[np.int64],
    first: int,
    span: tuple[int, int, int],
    found: NDArray[np.int64],
    ends: NDArray[np.int64],
    inner: tuple[int, int],
    top: int,
    folded: bool,
    powers: NDArray[np.float64],
    lost: NDArray[np.uint32],
) -> None:
    """Add first, second and third power of the electrons, cosmic rays left out."""
    room = np.empty(_PIECE, np.float64)
    begin = 0
    for i in range(span[1] - span[0]):
        rays, place = found[begin : ends[i]], 0
        begin, base = ends[i], bases[span[0] + i - first]
        for y in range(inner[0], inner[1]):
            target = top + y - inner[0]
            for x in range(0, stored.columns, _PIECE):
                piece = room[: min(_PIECE, stored.columns - x)]
                electrons_of_run(stored, judge, base, y, x, piece)
                if folded:
                    _fold(piece)
                end = x + piece.size
                index = y * stored.columns + x
                place = _leave_out(rays, place, index, piece, lost[target, x:end])
                _add_powers(piece, powers[:, target, x:end])
