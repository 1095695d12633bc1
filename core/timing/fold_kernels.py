"""Compiled folding; to be imported inside functions. One thread, frames in their order."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import float64, int64, void

from ..compiled import kernel, part, read_only

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]
    Places = NDArray[np.int64]

_ONE = read_only(float64)
_ROWS = read_only(float64, 2)


@part
def fraction_of(turns: float) -> float:
    """Fraction of a turn, below 1; what rounds to a whole turn is its beginning, NaN stays."""
    fraction = turns - np.floor(turns)
    return 0.0 if fraction >= 1.0 else fraction


@part
def _entries(
    low: float, high: float, whole: float, bins: int, places: Places, shares: Numbers
) -> int:
    """Where a frame goes that covers bins from `low` to `high` besides `whole` turns.

    Gives the number of entries. Places are those of `fold_frames`; the second column of `shares`
    is what variances are multiplied by, the square of all that the frame gives to the bin.
    """
    scale = 1.0 / (high - low + whole * bins)
    even, first, last = whole * scale, int(low), min(int(high), 2 * bins - 1)
    places[0], places[1] = first, last
    shares[0, 0], shares[1, 0] = (first + 1 - low) * scale, (high - last) * scale
    count = 2
    if last - first == bins or first == last:
        # Both ends in one bin: their shares come together before they are squared.
        shares[0, 0] += shares[1, 0] - (scale if first == last else 0.0)
        count = 1
    if last > first + 1:
        places[count], places[count + 1] = 2 * bins + first + 1, 2 * bins + last
        shares[count, 0], shares[count + 1, 0] = scale, -scale
        count += 2
    for k in range(count):
        shares[k, 1] = shares[k, 0] * (abs(shares[k, 0]) + 2.0 * even)
    if whole > 0.0:
        places[count], shares[count, 0], shares[count, 1] = 4 * bins, even, even * even
        count += 1
    return count


@kernel(void(_ONE, _ONE, _ONE, _ONE, _ONE, float64[:, ::1]))
def fold_short_frames(
    phase: Numbers,
    smear_turns: Numbers,
    exposure_s: Numbers,
    values: Numbers,
    variances: Numbers,
    out: Numbers,
) -> None:
    """Do what `fold_frames` does for one row of values and frames no longer than a bin.

    Nearly every fold is such a one, and without the loops over rows and entries it takes a third
    of the time. The arithmetic is the same, and so are the results to the last bit.
    """
    bins = (out.shape[0] - 1) // 4
    has_variances = variances.size > 0
    smear, exposure, variance = smear_turns[0], exposure_s[0], 0.0
    for frame in range(phase.size):
        if smear_turns.size > 1:
            smear = smear_turns[frame]
        if exposure_s.size > 1:
            exposure = exposure_s[frame]
        if has_variances:
            variance = variances[frame]
        turns, value = phase[frame] - 0.5 * smear, values[frame]
        if not np.isfinite(turns + exposure + value + variance):
            continue
        low = fraction_of(turns) * bins
        high = low + smear * bins
        first, last = int(low), min(int(high), 2 * bins - 1)
        share = 1.0 if first == last else (last - low) / (high - low)
        out[first, 0] += share
        out[first, 1] += share * exposure
        out[first, 2] += share * value
        if has_variances:
            out[first, 3] += share * share * variance
        if first != last:
            share = 1.0 - share
            out[last, 0] += share
            out[last, 1] += share * exposure
            out[last, 2] += share * value
            if has_variances:
                out[last, 3] += share * share * variance


@kernel(void(_ONE, _ONE, _ONE, _ROWS, _ROWS, float64[:, ::1], int64[::1]))
def fold_frames(
    phase: Numbers,
    smear_turns: Numbers,
    exposure_s: Numbers,
    values: Numbers,
    variances: Numbers,
    out: Numbers,
    covers: Places,
) -> None:
    """Add frames to the bins they cover, at a cost that does not grow with their length.

    Smear and exposure have one element or one a frame. A row of `out` has frames, seconds, sums
    and sums of variances. The first rows are the bins of two turns, for what begins or ends in
    them. As many follow for bins covered from side to side: what begins there less what ended
    before; `covers` counts these. The last row is what whole turns give to every bin.
    """
    bins, rows, spreads = covers.size // 2, values.shape[0], variances.shape[0]
    places, shares = np.zeros(5, np.int64), np.zeros((5, 2))
    for frame in range(phase.size):
        smear = smear_turns[frame if smear_turns.size > 1 else 0]
        exposure = exposure_s[frame if exposure_s.size > 1 else 0]
        # The first row outside the loops, which cost more than what they do when there is but one.
        total = phase[frame] + smear + exposure + values[0, frame]
        for row in range(1, rows):
            total += values[row, frame]
        for row in range(spreads):
            total += variances[row, frame]
        if not np.isfinite(total):
            continue
        low = fraction_of(phase[frame] - 0.5 * smear) * bins
        whole = np.floor(smear)
        high = low + (smear - whole) * bins
        first, last = int(low), min(int(high), 2 * bins - 1)
        if whole == 0.0 and last - first < min(2, bins):
            # Most frames, at once; the width itself may be lost in rounding.
            share = 1.0 if first == last else (last - low) / (high - low)
            places[0], shares[0, 0], shares[0, 1] = first, share, share * share
            share, count = 1.0 - share, last - first + 1
            places[1], shares[1, 0], shares[1, 1] = last, share, share * share
        else:
            count = _entries(low, high, whole, bins, places, shares)
        for k in range(count):
            target, share, squared = out[places[k]], shares[k, 0], shares[k, 1]
            target[0] += share
            target[1] += share * exposure
            target[2] += share * values[0, frame]
            for row in range(1, rows):
                target[2 + row] += share * values[row, frame]
            for row in range(spreads):
                target[2 + rows + row] += squared * variances[row, frame]
        if last > first + 1:
            covers[first + 1] += 1
            covers[last] -= 1
