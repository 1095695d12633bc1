"""Compiled sums over frames for Z^2 and H; to be imported inside functions. One thread."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from numba import float64, int64, void

from ...compiled import kernel, part, read_only

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]
    Places = NDArray[np.int64]

_ONE = read_only(float64)

# Frames are taken side by side, so that the processor does several at once. Rows of the bench lie
# in one array at distances known beforehand, without which the loops would not be made into that.
_SIDE = 32
_VALUE, _TWICE, _LAST_COSINE, _LAST_SINE = 2 * _SIDE, 3 * _SIDE, 4 * _SIDE, 5 * _SIDE
_BENCH = 6 * _SIDE

# Taylor series of sine and cosine of 2 pi x, good to the last bit for |x| <= 1/8.
_SINE = tuple((-1) ** i * math.tau ** (2 * i + 1) / math.factorial(2 * i + 1) for i in range(8))
_COSINE = tuple((-1) ** i * math.tau ** (2 * i) / math.factorial(2 * i) for i in range(9))


@part
def _turn(phase: Numbers, bench: Numbers) -> None:
    """Put cosine and sine of the turns in [0, 1] on the bench, without a branch."""
    for j in range(_SIDE):
        quarter = np.floor(4.0 * phase[j] + 0.5)
        x = phase[j] - 0.25 * quarter
        square = x * x
        cosine, sine = _COSINE[8], _SINE[7]
        for i in range(7, -1, -1):
            cosine = cosine * square + _COSINE[i]
        for i in range(6, -1, -1):
            sine = sine * square + _SINE[i]
        sine *= x
        half = np.floor(0.5 * quarter)
        odd, sign = quarter - 2.0 * half, 1.0 - 2.0 * (half - 2.0 * np.floor(0.5 * half))
        bench[j] = sign * (cosine - odd * (cosine + sine))
        bench[_SIDE + j] = sign * (sine - odd * (sine - cosine))


@part
def _climb(bench: Numbers, sums: Numbers, harmonics: int) -> None:
    """Add all harmonics: cos (k + 1) x = 2 cos x cos k x - cos (k - 1) x, the same for sines."""
    for k in range(harmonics):
        at = 4 * _SIDE * k
        for j in range(_SIDE):
            cosine, sine, value = bench[j], bench[_SIDE + j], bench[_VALUE + j]
            sums[at + j] += value * cosine
            sums[at + _SIDE + j] += value * sine
            sums[at + 2 * _SIDE + j] += cosine
            sums[at + 3 * _SIDE + j] += sine
            bench[j] = bench[_TWICE + j] * cosine - bench[_LAST_COSINE + j]
            bench[_SIDE + j] = bench[_TWICE + j] * sine - bench[_LAST_SINE + j]
            bench[_LAST_COSINE + j], bench[_LAST_SINE + j] = cosine, sine


@part
def _prepare(phase: Numbers, bench: Numbers, frames: int) -> None:
    """Put the zeroth and first harmonic of so many frames on the bench, nothing in other places."""
    _turn(phase, bench)
    for j in range(_SIDE):
        bench[_TWICE + j] = 2.0 * bench[j]
        bench[_LAST_COSINE + j], bench[_LAST_SINE + j] = 1.0, 0.0
    for j in range(frames, _SIDE):
        bench[j] = bench[_SIDE + j] = bench[_VALUE + j] = bench[_LAST_COSINE + j] = 0.0


@kernel(void(_ONE, _ONE, _ONE, float64[:, ::1], float64[::1]))
def add_moments(
    phase: Numbers, values: Numbers, variances: Numbers, harmonics: Numbers, plain: Numbers
) -> None:
    """Add frames, leaving out those with anything not finite.

    Rows of `harmonics` (4, n) are sums of value times cosine, value times sine, cosine and sine of
    2 pi k phase for k = 1 to n; `plain` is the sum of values, of their squares, of variances, and
    the frames.
    """
    most = harmonics.shape[1]
    bench, sums, turns = np.zeros(_BENCH), np.zeros(4 * _SIDE * most), np.zeros(_SIDE)
    for start in range(0, phase.size, _SIDE):
        count = 0
        for frame in range(start, min(start + _SIDE, phase.size)):
            value, variance = values[frame], variances[frame]
            if not np.isfinite(phase[frame] + value + variance):
                continue
            turns[count] = phase[frame] - np.floor(phase[frame])
            bench[_VALUE + count] = value
            plain[0] += value
            plain[1] += value * value
            plain[2] += variance
            plain[3] += 1.0
            count += 1
        _prepare(turns, bench, count)
        _climb(bench, sums, most)
    for k in range(most):
        for row in range(4):
            at = (4 * k + row) * _SIDE
            harmonics[row, k] += sums[at : at + _SIDE].sum()


@kernel(void(_ONE, _ONE, _ONE, read_only(int64), float64[:, :, ::1], float64[:, ::1]))
def add_moments_of_parts(
    phase: Numbers,
    values: Numbers,
    variances: Numbers,
    starts: Places,
    harmonics: Numbers,
    plain: Numbers,
) -> None:
    """Add the frames of each part by themselves, as `add_moments` does.

    `starts` (parts + 1,) are the frames at which parts begin, and the end of the last; `harmonics`
    is (parts, 4, n) and `plain` (parts, 4).
    """
    for i in range(starts.size - 1):
        begin, end = starts[i], starts[i + 1]
        add_moments(
            phase[begin:end], values[begin:end], variances[begin:end], harmonics[i], plain[i]
        )
