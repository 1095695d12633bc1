"""Compiled sums over apertures; to be imported inside functions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import boolean, float64, int32, int64, types

from ...compiled import kernel, part, read_only
from .ray_kernels import JUDGE, STORED, bases_of, decoded, electrons

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .views import Judge, Stored

NO_RESCALE, BY_PIXELS, BY_TEMPLATE = range(3)

# Ratios of faint light are noise: so many electrons are added above and below the line.
STEADY_E = 10.0


@part
def _number_at(stored: Stored, base: int, y: int, x: int) -> int:
    """Number of a pixel."""
    number: int = int64(decoded(stored.flat[base + y * stored.stride + x], stored.flip))
    return number


@part
def electrons_at(stored: Stored, judge: Judge, base: int, y: int, x: int) -> float:
    """Electrons of a pixel."""
    value = decoded(stored.flat[base + y * stored.stride + x], stored.flip)
    light = electrons(value, stored.zero_adu, judge.offset, judge.gain)
    return light - judge.pedestal[y, x] if judge.pedestal.size else light


@part
def _is_in(member: NDArray[np.bool_], index: int, columns: int) -> bool:
    return bool(member[index // columns, index % columns])


@part
def _value(
    stored: Stored, judge: Judge, base: int, index: int, weights: NDArray[np.float64], clip: bool
) -> float:
    """Electrons of a pixel, rounded and weighted if that is asked for."""
    y, x = index // stored.columns, index % stored.columns
    value = electrons_at(stored, judge, base, y, x)
    if clip:
        value = np.rint(value)
    return value * weights[y, x] if weights.size else value


@part
def _whole_sum(
    stored: Stored, base: int, runs: NDArray[np.int64], saturation: int
) -> tuple[int, bool]:
    """Sum of the numbers of all pixels of a mask, and whether one is saturated."""
    total, highest = 0, 0
    for run in range(runs.shape[0]):
        for x in range(runs[run, 1], runs[run, 2]):
            code = _number_at(stored, base, runs[run, 0], x)
            total += code
            highest = max(highest, code)
    return total, highest >= saturation


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
        if _is_in(member, index, stored.columns):
            y, x = index // stored.columns, index % stored.columns
            total -= _number_at(stored, base, y, x)
            lost += 1
            if judge.pedestal.size:
                pedestal -= judge.pedestal[y, x]
    good = pixels - lost
    counts = float64(total + good * stored.zero_adu)
    return (counts - good * judge.offset) / judge.gain - pedestal, lost


@part
def _valued(
    stored: Stored,
    judge: Judge,
    base: int,
    runs: NDArray[np.int64],
    weights: NDArray[np.float64],
    clip: bool,
    rays: NDArray[np.int64],
) -> tuple[float, int]:
    """Sum of rounded or weighted electrons of the good pixels, and how many were lost."""
    total, lost, place = 0.0, 0, 0
    for run in range(runs.shape[0]):
        row = runs[run, 0] * stored.columns
        for index in range(row + runs[run, 1], row + runs[run, 2]):
            while place < rays.size and rays[place] < index:
                place += 1
            if place < rays.size and rays[place] == index:
                lost += 1
            else:
                total += _value(stored, judge, base, index, weights, clip)
    return total, lost


@part
def _light(
    stored: Stored,
    judge: Judge,
    base: int,
    runs: NDArray[np.int64],
    weights: NDArray[np.float64],
    rays: NDArray[np.int64],
) -> tuple[float, float]:
    """Light of a reference frame in the pixels that stayed and in those that were lost."""
    good, lost, place = 0.0, 0.0, 0
    for run in range(runs.shape[0]):
        row = runs[run, 0] * stored.columns
        for index in range(row + runs[run, 1], row + runs[run, 2]):
            while place < rays.size and rays[place] < index:
                place += 1
            value = _value(stored, judge, base, index, weights, False)
            if place < rays.size and rays[place] == index:
                lost += value
            else:
                good += value
    return good, lost


@part
def _sizes(
    columns: int,
    runs: NDArray[np.int64],
    weights: NDArray[np.float64],
    rays: NDArray[np.int64],
    pixels: int,
    lost: int,
) -> tuple[float, float]:
    """Number, or sum of the weights, of the pixels that stayed and of those that were lost."""
    if weights.size == 0:
        return float64(pixels - lost), float64(lost)
    good, gone, place = 0.0, 0.0, 0
    for run in range(runs.shape[0]):
        row = runs[run, 0] * columns
        for index in range(row + runs[run, 1], row + runs[run, 2]):
            while place < rays.size and rays[place] < index:
                place += 1
            weight = weights[index // columns, index % columns]
            if place < rays.size and rays[place] == index:
                gone += weight
            else:
                good += weight
    return good, gone


@part
def _restored(
    stored: Stored,
    judge: Judge,
    bases: tuple[int, int, int],
    runs: NDArray[np.int64],
    weights: NDArray[np.float64],
    rays: NDArray[np.int64],
    sizes: tuple[float, float],
    rescale: int,
    light: float,
) -> float:
    """Light of all pixels, given that of those that stayed."""
    good, gone, references = 0.0, 0.0, 0
    if rescale == BY_TEMPLATE:
        for base in bases[1:]:
            if base >= 0:
                some, some_lost = _light(stored, judge, base, runs, weights, rays)
                good, gone, references = good + some, gone + some_lost, references + 1
    if references:
        good, gone = good / references, gone / references
        return light + gone * (max(light, 0.0) + STEADY_E) / (max(good, 0.0) + STEADY_E)
    stayed, went = sizes
    return light * (1.0 + went / stayed) if stayed > 0.0 else light


@kernel(
    types.void(
        STORED,
        JUDGE,
        read_only(int64),
        int64,
        types.UniTuple(int64, 3),
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
    begin = 0
    for frame in range(span[0], span[1]):
        i = frame - span[0]
        near = bases_of(bases, first, frame, span[2])
        rays = found[begin : ends[i]]
        begin = ends[i]
        total, full = _whole_sum(stored, near[0], runs, saturation)
        if clip or weights.size:
            light, lost = _valued(stored, judge, near[0], runs, weights, clip, rays)
        else:
            light, lost = _plain(stored, judge, near[0], total, member, pixels, pedestal, rays)
        if lost and lost == pixels:
            light = np.nan
        elif lost and rescale != NO_RESCALE:
            sizes = _sizes(stored.columns, runs, weights, rays, pixels, lost)
            light = _restored(stored, judge, near, runs, weights, rays, sizes, rescale, light)
        flux[i], losses[i] = light, lost
        saturated[i] |= full
