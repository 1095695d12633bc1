"""Compiled access to the pixels of stored frames; to be imported inside functions.

Coordinates are those of the window, which reaches one pixel beyond the part that is judged unless
the frame ends there. Arrays are handed on one by one: tuples of them cost more than the work on a
pixel.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import boolean, float64, int64, types, uint16

from ...compiled import part, read_only
from .views import Judge, Stored

if TYPE_CHECKING:
    from numpy.typing import NDArray

STORED = types.NamedTuple((read_only(uint16), int64, int64, int64, uint16, int64), Stored)
JUDGE = types.NamedTuple(
    (
        int64,
        float64,
        boolean,
        float64,
        float64,
        float64,
        read_only(float64, 2),
        read_only(uint16, 2),
        read_only(types.int32),
        int64,
    ),
    Judge,
)
SPAN = types.UniTuple(int64, 3)
_EIGHT = np.uint16(8)


@part
def decoded(value: np.uint16, flip: np.uint16) -> np.uint16:
    """Native number of a stored one."""
    return np.uint16(np.uint16((value << _EIGHT) | (value >> _EIGHT)) ^ flip)


@part
def shifted(value: np.uint16, shift: np.uint16) -> np.uint16:
    """Number less a shift, 0 at least."""
    return np.uint16(max(value, shift) - shift)


@part
def electrons(value: np.uint16, zero_adu: int, offset: float, gain: float) -> float:
    """Electrons of a native number, pedestal included."""
    light: float = (float64(int64(value) + zero_adu) - offset) / gain
    return light


@part
def electrons_at(stored: Stored, judge: Judge, base: int, y: int, x: int) -> float:
    """Electrons of a pixel."""
    value = decoded(stored.flat[base + y * stored.stride + x], stored.flip)
    light = electrons(value, stored.zero_adu, judge.offset, judge.gain)
    return light - judge.pedestal[y, x] if judge.pedestal.size else light


@part
def electrons_of_run(
    stored: Stored,
    judge: Judge,
    base: int,
    y: int,
    first: int,
    out: NDArray[np.float64],
) -> None:
    """Electrons of as many pixels of a row as `out` has, from column `first` on."""
    begin, flip = base + y * stored.stride + first, stored.flip
    zero, offset, gain = stored.zero_adu, judge.offset, judge.gain
    source = stored.flat[begin : begin + out.size]
    for x in range(out.size):
        out[x] = electrons(decoded(source[x], flip), zero, offset, gain)
    if judge.pedestal.size:
        pedestal = judge.pedestal[y, first : first + out.size]
        for x in range(out.size):
            out[x] -= pedestal[x]


@part
def references(frame: int, frames: int) -> tuple[int, int]:
    """The two nearest other frames of a cube; -1 where there is none."""
    if frames < 3:
        return (1 - frame, -1) if frames == 2 else (-1, -1)
    if frame == 0:
        return 1, 2
    if frame == frames - 1:
        return frame - 1, frame - 2
    return frame - 1, frame + 1


@part
def bases_of(bases: NDArray[np.int64], first: int, frame: int, frames: int) -> tuple[int, int, int]:
    """Starts of a frame and its references, given those from frame `first` of the cube on."""
    one, two = references(frame, frames)
    return (
        bases[frame - first],
        bases[one - first] if one >= 0 else -1,
        bases[two - first] if two >= 0 else -1,
    )
