"""Phases moved by a change of frequency, at the rate of a hand that drags."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ...errors import NightglassError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Numbers = NDArray[np.float64]


def shifted_phases(
    phase: ArrayLike,
    elapsed_s: ArrayLike,
    frequency_hz: float,
    derivative_hz_s: float = 0.0,
    *,
    offset_turns: float = 0.0,
    out: Numbers | None = None,
) -> Numbers:
    """Give ``phase + offset + df t + df1 t^2 / 2`` less whole turns.

    Linear in the change: exact for the spin of an isolated pulsar in barycentric time, and a
    preview for anything else.

    Parameters
    ----------
    phase : array_like of float64, shape (n,)
        Turns.
    elapsed_s : array_like of float64, shape (n,)
        Seconds since the instant at which phases stay as they are but for the offset.
    frequency_hz, derivative_hz_s : float
        Change df of the frequency at that instant, and df1 of its derivative (Hz/s).
    offset_turns : float
        Added to every phase.
    out : ndarray of float64, shape (n,), or None
        Where to write; C-contiguous, may be `phase` itself. A new array if None.

    Returns
    -------
    ndarray of float64, shape (n,)
        Turns in [0, 1); NaN where the phase or the time is NaN.

    Raises
    ------
    NightglassError
        If the shapes do not fit.
    """
    from .shift_kernels import shift_phases

    turns, seconds = (np.ascontiguousarray(row, np.float64) for row in (phase, elapsed_s))
    moved = np.empty(turns.shape) if out is None else out
    if turns.ndim != 1 or not turns.shape == seconds.shape == moved.shape:
        told = f"{turns.shape}, {seconds.shape}, {moved.shape}"
        raise NightglassError("Cannot shift phases", f"The shapes do not fit: {told}.")
    shift_phases(turns, seconds, offset_turns, frequency_hz, derivative_hz_s, moved)
    return moved
