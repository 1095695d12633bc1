"""Compiled folding of pieces of consecutive frames; to be imported inside functions. One thread.

Some frames are located at once, without branches and in vectors, and then added one by one. What is
added to a bin lies side by side in the memory; a frame that is not finite has bin -1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numba import float64, int64, void

from ...compiled import kernel, part, read_only
from ..fold_kernels import fraction_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]
    Places = NDArray[np.int64]

_ONE = read_only(float64)
_FRAMES = (_ONE, _ONE, _ONE, read_only(int64))
_CALL = (*_FRAMES, int64, int64, float64, float64[:, :, ::1])
# What is known of so many frames stays in the nearest cache.
_CHUNK = 256
_SUM, _VARIANCE, _SHARE = range(3)
# Columns of what begins or ends in a bin, of what passes from the next bin on, and of what passed
# until this bin; each with the three above and a place left empty.
_BEGUN, _PASSING, _PASSED, _COLUMNS = 0, 4, 8, 12


class Located(NamedTuple):
    """Where frames lie, shape (_CHUNK,) each.

    Attributes
    ----------
    first, last : ndarray of int64
        Bins where they begin and end; the last is counted on through the end of the turn.
    begun, ended : ndarray of float64
        What of them is in these, in bins; all in the first where both are the same bin.
    passes : ndarray of float64
        1 where there are bins between, else 0.
    """

    first: Places
    last: Places
    begun: Numbers
    ended: Numbers
    passes: Numbers


@part
def _locate_short(
    phase: Numbers, values: Numbers, variances: Numbers, smear: float, bins: int, located: Located
) -> None:
    """Locate frames no longer than a bin; `begun` is the share in the first bin."""
    width = smear * bins
    for i in range(phase.size):
        turns = phase[i] - 0.5 * smear
        is_known = np.isfinite(turns + values[i] + variances[i])
        low = fraction_of(turns if is_known else 0.0) * bins
        high = low + width
        first, last = np.floor(low), np.floor(high)
        located.first[i] = np.int64(first) if is_known else -1
        located.begun[i] = (last - low) / (high - low) if first != last else 1.0


@part
def _add_short(located: Located, values: Numbers, variances: Numbers, room: Numbers) -> None:
    """Add frames to their first bins and, what is left, to the next ones."""
    for i in range(values.size):
        first = located.first[i]
        if first < 0:
            continue
        share, value, variance = located.begun[i], values[i], variances[i]
        left = 1.0 - share
        one, two = room[first], room[first + 1]
        one[_SUM] += share * value
        one[_VARIANCE] += share * share * variance
        one[_SHARE] += share
        two[_SUM] += left * value
        two[_VARIANCE] += left * left * variance
        two[_SHARE] += left


@part
def _new_located() -> Located:
    return Located(
        np.empty(_CHUNK, np.int64),
        np.empty(_CHUNK, np.int64),
        np.empty(_CHUNK),
        np.empty(_CHUNK),
        np.empty(_CHUNK),
    )


@kernel(void(*_CALL))
def fold_short(
    phase: Numbers,
    values: Numbers,
    variances: Numbers,
    starts: Places,
    first: int,
    last: int,
    smear: float,
    out: Numbers,
) -> None:
    """Fold pieces `first` to `last` - 1 of frames that are no longer than a bin.

    `out` (3, pieces, bins) is sums, variances and shares. The arithmetic is that of
    `timing.fold_kernels.fold_short_frames`, and so are the results to the last bit.
    """
    bins = out.shape[2]
    located = _new_located()
    # Behind the end of the turn lie the first bin again, and one for rounding.
    room = np.empty((bins + 2, 4))
    for piece in range(first, last):
        room[:] = 0.0
        for begin in range(starts[piece], starts[piece + 1], _CHUNK):
            end = min(begin + _CHUNK, starts[piece + 1])
            turns, value, variance = phase[begin:end], values[begin:end], variances[begin:end]
            _locate_short(turns, value, variance, smear, bins, located)
            _add_short(located, value, variance, room)
        for kind in range(3):
            row = out[kind, piece]
            for k in range(bins):
                row[k] = room[k, kind]
            row[0] += room[bins, kind]
            row[1 % bins] += room[bins + 1, kind]


@part
def _locate_long(
    phase: Numbers, values: Numbers, variances: Numbers, smear: float, bins: int, located: Located
) -> None:
    """Locate frames of any length; whole turns are left out."""
    rest = (smear - np.floor(smear)) * bins
    for i in range(phase.size):
        turns = phase[i] - 0.5 * smear
        is_known = np.isfinite(turns + values[i] + variances[i])
        low = fraction_of(turns if is_known else 0.0) * bins
        high = low + rest
        first, last = np.floor(low), np.floor(high)
        begun, ended, apart = first + 1.0 - low, high - last, last - first
        is_one = (apart == 0.0) | (apart == bins)
        located.first[i] = np.int64(first) if is_known else -1
        located.last[i] = np.int64(last)
        located.begun[i] = begun + (ended if is_one else 0.0) - (1.0 if apart == 0.0 else 0.0)
        located.ended[i] = 0.0 if is_one else ended
        located.passes[i] = 1.0 if apart > 1.0 else 0.0


@part
def _add_long(
    located: Located, values: Numbers, variances: Numbers, twice: float, room: Numbers
) -> None:
    """Add frames to the bins where they begin and end, and to what passes those between.

    `twice` the whole turns: what they give to a bin and what is there beside them come together
    before they are squared.
    """
    for i in range(values.size):
        first = located.first[i]
        if first < 0:
            continue
        begun, ended, passes = located.begun[i], located.ended[i], located.passes[i]
        value, variance = values[i], variances[i]
        one, two = room[first], room[located.last[i]]
        one[_BEGUN + _SUM] += begun * value
        one[_BEGUN + _VARIANCE] += begun * (begun + twice) * variance
        one[_BEGUN + _SHARE] += begun
        one[_PASSING + _SUM] += passes * value
        one[_PASSING + _VARIANCE] += passes * variance
        one[_PASSING + _SHARE] += passes
        two[_BEGUN + _SUM] += ended * value
        two[_BEGUN + _VARIANCE] += ended * (ended + twice) * variance
        two[_BEGUN + _SHARE] += ended
        two[_PASSED + _SUM] += passes * value
        two[_PASSED + _VARIANCE] += passes * variance
        two[_PASSED + _SHARE] += passes


@part
def _add_even(located: Located, values: Numbers, variances: Numbers, even: Numbers) -> None:
    """Add frames to what each of their whole turns gives to every bin."""
    for i in range(values.size):
        if located.first[i] >= 0:
            even[_SUM] += values[i]
            even[_VARIANCE] += variances[i]
            even[_SHARE] += 1.0


@part
def _collect_turn(room: Numbers, through: float, running: Numbers, out: Numbers) -> None:
    """Add the bins of a turn to `out` (3, bins); `running` is what passes from turn to turn."""
    for k in range(room.shape[0]):
        row = room[k]
        for kind in range(3):
            running[kind] -= row[_PASSED + kind]
        # Rounding leaves a trace of what came and went; where nothing is, nothing shall be.
        share = 1.0 if running[_SHARE] > 0.0 else 0.0
        out[_SUM, k] += row[_SUM] + share * running[_SUM]
        out[_VARIANCE, k] += row[_VARIANCE] + share * through * running[_VARIANCE]
        out[_SHARE, k] += row[_SHARE] + running[_SHARE]
        for kind in range(3):
            running[kind] += row[_PASSING + kind]


@part
def _collect(room: Numbers, even: Numbers, smear: float, running: Numbers, out: Numbers) -> None:
    """Write shares of frames (3, bins) of what was added up in bins."""
    bins, whole = out.shape[1], np.floor(smear)
    scale, through = 1.0 / (smear * bins), 1.0 + 2.0 * whole
    out[_SUM] = whole * even[_SUM]
    out[_VARIANCE] = whole * whole * even[_VARIANCE]
    out[_SHARE] = whole * even[_SHARE]
    running[:] = 0.0
    for begin in range(0, room.shape[0], bins):
        _collect_turn(room[begin : begin + bins], through, running, out)
    for k in range(bins):
        out[_SUM, k] *= scale
        out[_VARIANCE, k] *= scale * scale
        out[_SHARE, k] *= scale


@kernel(void(*_CALL))
def fold_long(
    phase: Numbers,
    values: Numbers,
    variances: Numbers,
    starts: Places,
    first: int,
    last: int,
    smear: float,
    out: Numbers,
) -> None:
    """Fold as `fold_short`, frames of any length above zero, at a cost that does not grow with it.

    What passes bins from side to side is added where it begins and taken off where it ends, and
    summed up along the bins in the end. At least two bins.
    """
    bins, twice = out.shape[2], 2.0 * np.floor(smear)
    located = _new_located()
    # Two turns, and one bin for rounding.
    room = np.empty((2 * bins + 1, _COLUMNS))
    even, running = np.empty(3), np.empty(3)
    for piece in range(first, last):
        room[:] = 0.0
        even[:] = 0.0
        for begin in range(starts[piece], starts[piece + 1], _CHUNK):
            end = min(begin + _CHUNK, starts[piece + 1])
            turns, value, variance = phase[begin:end], values[begin:end], variances[begin:end]
            _locate_long(turns, value, variance, smear, bins, located)
            _add_long(located, value, variance, twice, room)
            if twice > 0.0:
                _add_even(located, value, variance, even)
        _collect(room, even, smear, running, out[:, piece])
