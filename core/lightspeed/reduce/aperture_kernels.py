"""Compiled sums over apertures; to be imported inside functions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import boolean, float64, int32, int64, types

from ...compiled import kernel, part, read_only
from .pixel_kernels import JUDGE, SPAN, STORED, bases_of, decoded, electrons_of_run

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .views import Judge, Stored

NO_RESCALE, BY_PIXELS, BY_TEMPLATE = range(3)

# Ratios of faint light are noise: so many electrons are added above and below the line.
STEADY_E = 10.0


@part
def _whole_sum(
    stored: Stored, base: int, runs: NDArray[np.int64], saturation: int
) -> tuple[int, bool]:
    """Sum of the numbers of all pixels of a mask, and whether one is saturated."""
    total, highest = 0, np.uint16(0)
    for run in range(runs.shape[0]):
        begin = base + runs[run, 0] * stored.stride
        for number in stored.flat[begin + runs[run, 1] : begin + runs[run, 2]]:
            value = decoded(number, stored.flip)
            total += int64(value)
            highest = max(highest, value)
    return total, int64(highest) >= saturation


@part
def _plain(
    stored: Stored,
    judge: Judge,
    base: int,
    total: int,
    member: NDArray[np.bool_],
    pixels: int,
    pedestal: float,
    rays: NDArray[np.int64],
) -> tuple[float, int]:
    """Electrons of the good pixels from the exact sum of counts, and how many were lost."""
    lost = 0
    for index in rays:
        y, x = index // stored.columns, index % stored.columns
        if member[y, x]:
            total -= int64(decoded(stored.flat[base + y * stored.stride + x], stored.flip))
            lost += 1
            if judge.pedestal.size:
                pedestal -= judge.pedestal[y, x]
    good = pixels - lost
    counts = float64(total + good * stored.zero_adu)
    return (counts - good * judge.offset) / judge.gain - pedestal, lost


@part
def _take_values(
    stored: Stored,
    judge: Judge,
    base: int,
    run: NDArray[np.int64],
    weights: NDArray[np.float64],
    clip: bool,
    out: NDArray[np.float64],
) -> None:
    """Electrons of a run of pixels, rounded and weighted if that is asked for."""
    y, first, last = run[0], run[1], run[2]
    electrons_of_run(stored, judge, base, y, first, out)
    if clip:
        for x in range(out.size):
            out[x] = np.rint(out[x])
    if weights.size:
        weight = weights[y, first:last]
        for x in range(out.size):
            out[x] *= weight[x]


@part
def _split(
    values: NDArray[np.float64], begin: int, rays: NDArray[np.int64], place: int
) -> tuple[float, float, int, int]:
    """Sums of the good and the lost values of a run, how many were lost, and the next ray.

    `begin` is the flat index of the first pixel; the lost values become 0.
    """
    gone, lost = 0.0, 0
    while place < rays.size and rays[place] < begin + values.size:
        if rays[place] >= begin:
            gone += values[rays[place] - begin]
            values[rays[place] - begin] = 0.0
            lost += 1
        place += 1
    return _sum(values), gone, lost, place


@part
def _sum(values: NDArray[np.float64]) -> float:
    """Add up in four columns: one addition need not wait for the one before."""
    one, two, three, four = 0.0, 0.0, 0.0, 0.0
    whole = values.size // 4 * 4
    for x in range(0, whole, 4):
        one += values[x]
        two += values[x + 1]
        three += values[x + 2]
        four += values[x + 3]
    for value in values[whole:]:
        one += value
    return (one + two) + (three + four)


@part
def _light(
    stored: Stored,
    judge: Judge,
    base: int,
    runs: NDArray[np.int64],
    weights: NDArray[np.float64],
    clip: bool,
    rays: NDArray[np.int64],
    room: NDArray[np.float64],
) -> tuple[float, float, int]:
    """Light in the pixels that stayed and in those that were lost, and how many these are."""
    good, gone, lost, place = 0.0, 0.0, 0, 0
    for k in range(runs.shape[0]):
        values = room[: runs[k, 2] - runs[k, 1]]
        _take_values(stored, judge, base, runs[k], weights, clip, values)
        begin = runs[k, 0] * stored.columns + runs[k, 1]
        some, some_gone, some_lost, place = _split(values, begin, rays, place)
        good, gone, lost = good + some, gone + some_gone, lost + some_lost
    return good, gone, lost


@part
def _sizes(
    columns: int,
    runs: NDArray[np.int64],
    weights: NDArray[np.float64],
    rays: NDArray[np.int64],
    room: NDArray[np.float64],
) -> tuple[float, float]:
    """Number, or sum of the weights, of the pixels that stayed and of those that were lost."""
    good, gone, place = 0.0, 0.0, 0
    for k in range(runs.shape[0]):
        y, first, last = runs[k, 0], runs[k, 1], runs[k, 2]
        values = room[: last - first]
        for x in range(values.size):
            values[x] = weights[y, first + x] if weights.size else 1.0
        some, some_gone, _, place = _split(values, y * columns + first, rays, place)
        good, gone = good + some, gone + some_gone
    return good, gone


@part
def _restored(
    stored: Stored,
    judge: Judge,
    bases: tuple[int, int, int],
    runs: NDArray[np.int64],
    weights: NDArray[np.float64],
    rays: NDArray[np.int64],
    room: NDArray[np.float64],
    rescale: int,
    light: float,
) -> float:
    """Light of all pixels, given that of those that stayed."""
    good, gone, references = 0.0, 0.0, 0
    if rescale == BY_TEMPLATE:
        for base in bases[1:]:
            if base >= 0:
                some, its_gone, _ = _light(stored, judge, base, runs, weights, False, rays, room)
                good, gone, references = good + some, gone + its_gone, references + 1
    if references:
        good, gone = good / references, gone / references
        return light + gone * (max(light, 0.0) + STEADY_E) / (max(good, 0.0) + STEADY_E)
    stayed, went = _sizes(stored.columns, runs, weights, rays, room)
    return light * (1.0 + went / stayed) if stayed > 0.0 else light


@kernel(
    types.void(
        STORED,
        JUDGE,
        read_only(int64),
        int64,
        SPAN,
        types.Tuple(
            (read_only(int64, 2), read_only(boolean, 2), read_only(float64, 2), int64, float64)
        ),
        types.Tuple((boolean, int64, int64)),
        int64[::1],
        int64[::1],
        float64[::1],
        int32[::1],
        boolean[::1],
    )
)
def add_up(
    stored: Stored,
    judge: Judge,
    bases: NDArray[np.int64],
    first: int,
    span: tuple[int, int, int],
    mask: tuple[NDArray[np.int64], NDArray[np.bool_], NDArray[np.float64], int, float],
    options: tuple[bool, int, int],
    found: NDArray[np.int64],
    ends: NDArray[np.int64],
    flux: NDArray[np.float64],
    losses: NDArray[np.int32],
    saturated: NDArray[np.bool_],
) -> None:
    """Add up the electrons in one mask in some frames.

    Parameters
    ----------
    bases, first, span, found, ends
        As `ray_kernels.find_rays` takes and gives them.
    mask : tuple
        Runs of pixels (row, first, last column), the mask, its weights or none, pixels, sum of
        the pedestal.
    options : tuple
        Whether electrons are rounded, kind of rescaling, smallest saturated number.
    flux, losses, saturated : ndarray
        Of the frames of `span`; written.
    """
    runs, member, weights, pixels, pedestal = mask
    clip, rescale, saturation = options
    room, begin = np.empty(stored.columns, np.float64), 0
    for i in range(span[1] - span[0]):
        near = bases_of(bases, first, span[0] + i, span[2])
        rays = found[begin : ends[i]]
        begin = ends[i]
        total, full = _whole_sum(stored, near[0], runs, saturation)
        if clip or weights.size:
            light, _, lost = _light(stored, judge, near[0], runs, weights, clip, rays, room)
        else:
            light, lost = _plain(stored, judge, near[0], total, member, pixels, pedestal, rays)
        if lost and lost == pixels:
            light = np.nan
        elif lost and rescale != NO_RESCALE:
            light = _restored(stored, judge, near, runs, weights, rays, room, rescale, light)
        flux[i], losses[i] = light, lost
        saturated[i] |= full
