"""Compiled sums over frames for searches; to be imported inside functions. One thread each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import complex128, float64, int64, void

from ...compiled import kernel, part, read_only

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]
    Amplitudes = NDArray[np.complex128]

NODES = 12
"""Even times that stand for one of a frame."""
_BEFORE = NODES // 2 - 1
_BLOCK = 4096
_ONE = read_only(float64)


@part
def _lagrange(place: float, weights: Numbers) -> None:
    """Weights of the nodes for a value at `place`, 0 to 1, from the middle one before it."""
    weights[0] = 1.0
    product = 1.0
    for node in range(1, NODES):
        product *= place - (node - 1 - _BEFORE)
        weights[node] = product
    product = 1.0
    for node in range(NODES - 2, -1, -1):
        product *= place - (node + 1 - _BEFORE)
        weights[node] *= product


@kernel(void(_ONE, _ONE, _ONE, float64, float64, float64, int64, complex128[::1]))
def bring_to_even_times(
    values: Numbers,
    turns: Numbers,
    clock_s: Numbers,
    harmonic: float,
    offset_hz: float,
    step_s: float,
    first: int,
    out: Amplitudes,
) -> None:
    """Add value times exp(2 pi i k (turns + offset t)) of frames to even times.

    Element j of `out` stands for the time ``(first + j) step_s``. What is summed there with a
    phase that is smooth in time gives what the frames would give, as Lagrange's polynomial through
    the nodes around a frame follows such a phase.
    """
    weights, scale = np.empty(NODES), np.empty(NODES)
    for node in range(NODES):
        scale[node] = 1.0
        for other in range(NODES):
            if other != node:
                scale[node] /= node - other
    for frame in range(values.size):
        angle = harmonic * (turns[frame] + offset_hz * clock_s[frame])
        angle = 2.0 * np.pi * (angle - np.rint(angle))
        value = values[frame] * complex(np.cos(angle), np.sin(angle))
        place = clock_s[frame] / step_s - first
        before = np.floor(place)
        _lagrange(place - before, weights)
        start = int(before) - _BEFORE
        for node in range(NODES):
            out[start + node] += value * (weights[node] * scale[node])


@kernel(void(read_only(complex128), float64, float64, int64, complex128[::1]))
def turn_and_wrap(
    even: Amplitudes, turns_s2: float, step_s: float, first: int, out: Amplitudes
) -> None:
    """Turn even times by exp(2 pi i c t^2) and add them to `out`, which they may go round."""
    place = first % out.size
    for number in range(even.size):
        value = even[number]
        if turns_s2 != 0.0:
            time_s = (first + number) * step_s
            angle = turns_s2 * time_s * time_s
            angle = 2.0 * np.pi * (angle - np.rint(angle))
            value *= complex(np.cos(angle), np.sin(angle))
        out[place] += value
        place = place + 1 if place + 1 < out.size else 0


@kernel(void(_ONE, _ONE, _ONE, _ONE, _ONE, float64, int64, float64[::1], int64[::1]))
def fold_trials(
    values: Numbers,
    turns: Numbers,
    clock_s: Numbers,
    half_square_s2: Numbers,
    offsets_hz: Numbers,
    offset_hz_s: float,
    bins: int,
    between: Numbers,
    occupied: NDArray[np.int64],
) -> None:
    """Fold frames into bins for each trial; a frame goes whole into the bin of its middle.

    Gives the sum over bins of (sum of values)^2 / frames, and the bins with frames. Frames are
    taken in blocks that stay in the cache for all trials, those of each trial in their order.
    """
    trials = offsets_hz.size
    # A phase may round up to 1: what comes there belongs to the first bin.
    sums, frames = np.zeros((trials, bins + 1)), np.zeros((trials, bins + 1), np.int64)
    places = np.empty(_BLOCK, np.int64)
    for start in range(0, values.size, _BLOCK):
        block = slice(start, min(start + _BLOCK, values.size))
        value, turn, clock, half_square = (
            values[block], turns[block], clock_s[block], half_square_s2[block],
        )  # fmt: skip
        for trial in range(trials):
            rate, own, counts = offsets_hz[trial], sums[trial], frames[trial]
            # Places first, in a loop by itself: several are computed at once.
            for frame in range(value.size):
                phase = turn[frame] + rate * clock[frame] + offset_hz_s * half_square[frame]
                places[frame] = np.int64((phase - np.floor(phase)) * bins)
            for frame in range(value.size):
                own[places[frame]] += value[frame]
                counts[places[frame]] += 1
    for trial in range(trials):
        total, used = 0.0, 0
        sums[trial, 0] += sums[trial, bins]
        frames[trial, 0] += frames[trial, bins]
        for place in range(bins):
            if frames[trial, place] > 0:
                total += sums[trial, place] * sums[trial, place] / frames[trial, place]
                used += 1
        between[trial], occupied[trial] = total, used
