"""Errors from the data themselves: blocks of consecutive frames drawn again and again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ...errors import NightglassError

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

BLOCKS = 32
RESAMPLINGS = 200


def block_count(n_frames: int) -> int:
    """Give the number of blocks of a capture.

    Raises
    ------
    NightglassError
        If there are too few frames to tell a scatter.
    """
    blocks = min(BLOCKS, n_frames)
    if blocks < 2:
        raise NightglassError(
            "Too few frames for errors from resampling",
            f"The capture has {n_frames} frame{'s' * (n_frames != 1)}.",
            "Leave out --errors, or use more frames.",
        )
    return blocks


def require_seed(seed: int) -> None:
    """Refuse a seed that random numbers cannot start from.

    Raises
    ------
    NightglassError
        If it is below zero.
    """
    if seed < 0:
        raise NightglassError(
            "Cannot resample so", f"The seed {seed} is below zero.", "Change --seed."
        )


def draws(n_blocks: int, n_draws: int, seed: int) -> Numbers:
    """How often each block is drawn, shape (n_draws, n_blocks); with replacement, seeded."""
    rng = np.random.default_rng(seed)
    return rng.multinomial(n_blocks, np.full(n_blocks, 1.0 / n_blocks), n_draws).astype(np.float64)


def scatter(flux: Callable[[Numbers], Numbers], n_blocks: int, n_draws: int, seed: int) -> Numbers:
    """Standard deviation of a flux over resamplings of blocks.

    Parameters
    ----------
    flux : callable
        Gives fluxes, shape (n_draws, n_bins), when each block counts so many times, shape
        (n_draws, n_blocks).
    n_blocks, n_draws, seed : int
        Blocks, resamplings, and where the random choice begins.

    Returns
    -------
    ndarray of float64, shape (n_bins,)
        Larger by ``sqrt(n / (n - 1))`` than the plain scatter, which n blocks make too small.
        NaN where fewer than two resamplings give a flux.
    """
    values = flux(draws(n_blocks, n_draws, seed))
    known = np.isfinite(values)
    count = known.sum(axis=0)
    mean = np.where(known, values, 0.0).sum(axis=0) / np.maximum(count, 1)
    squares = np.where(known, (values - mean) ** 2, 0.0).sum(axis=0)
    few = count < 2
    variance = squares / np.where(few, 1, count - 1)
    return np.where(few, np.nan, np.sqrt(variance * n_blocks / (n_blocks - 1.0)))
