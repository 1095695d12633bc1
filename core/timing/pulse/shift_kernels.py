"""Compiled change of phases with the frequency; to be imported inside functions. One thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from numba import float64, void

from ...compiled import kernel, read_only
from ..fold_kernels import fraction_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

_ONE = read_only(float64)


@kernel(void(_ONE, _ONE, float64, float64, float64, float64[::1]))
def shift_phases(
    phase: Numbers,
    elapsed_s: Numbers,
    offset_turns: float,
    frequency_hz: float,
    derivative_hz_s: float,
    out: Numbers,
) -> None:
    """Write ``phase + offset + df t + df1 t^2 / 2`` less whole turns; `out` may be `phase`."""
    half = 0.5 * derivative_hz_s
    for frame in range(phase.size):
        time_s = elapsed_s[frame]
        turns = phase[frame] + (offset_turns + time_s * (frequency_hz + half * time_s))
        out[frame] = fraction_of(turns)
