"""How many trials are independent, when trials are closer than what light can tell apart.

Noise does not pass a level trial by trial: neighbours pass it together, in clumps. The largest of
N trials passes it with probability ``1 - (1 - p)^n``, p that of one trial and n = N theta the
clumps that N trials could hold; theta is the part of the trials above the level after which none of
the following ones on the grid, as far as they are correlated, is above it (the extremal index;
Leadbetter, Lindgren & Rootzen 1983). It grows with the level and is 1 for steps of 1/T; for fine
steps of a single harmonic n is Davies' (1987, Biometrika 74, 33) or Baluev's (2008, MNRAS 385,
1279), but here steps may be coarse, harmonics many, and F1 beside F0.

theta is measured on complex amplitudes drawn with the correlation that the frame times themselves
give neighbouring trials: those of the first trial above the level, the following ones free. Draws
are seeded, and good to a few per cent; on wide planes of F0 and F1, whose ridges are long, n is up
to a fifth too large.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ..pulse.moments import PENALTY, sums_of_h
from .statistic import Statistic, h_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from .grid import Grid
    from .light import SearchLight

    Numbers = NDArray[np.float64]
    Whole = NDArray[np.int64]
    Flags = NDArray[np.bool_]
    Amplitudes = NDArray[np.complex128]

_SEED = 20
_MOST_DRAWS, _LEAST_DRAWS, _MOST_VALUES = 2500, 400, 1_000_000
_SAMPLE = 256
_MOST_LAGS, _FARTHEST = 96, (32, 12)
_UNRELATED = 0.05
_ROUNDS = 3
_ROUNDING = 1e-6
_HIGHEST_H, _LEAST_LOG = 1000.0, -550.0


@dataclass(frozen=True, eq=False)
class Clumps:
    """Trials around a trial.

    Attributes
    ----------
    lags : ndarray of int64, shape (following, 2)
        Steps of F0 and F1 to trials that follow it in their order, rows of F0 after each other.
    correlation : ndarray of complex128, shape (following, harmonics)
        Of their amplitudes with those of the trial.
    is_h : bool
        Whether the statistic is H; else a plain sum of powers.
    """

    lags: Whole
    correlation: Amplitudes
    is_h: bool
    _rest: Amplitudes

    @classmethod
    def of(cls, light: SearchLight, statistic: Statistic, grid: Grid, copies: int = 1) -> Clumps:
        """Find out how trials of a grid belong together.

        Parameters
        ----------
        light : SearchLight
        statistic : Statistic
        grid : Grid
        copies : int
            Stretches like this light whose powers are added up.
        """
        window = _Window.of(light, statistic, grid, copies)
        lags = _lags(window, grid)
        correlation = window(lags)
        harmonics = correlation.shape[1]
        draws = int(np.clip(_MOST_VALUES // correlation.size, _LEAST_DRAWS, _MOST_DRAWS))
        rng = np.random.default_rng(_SEED)
        between = window(lags[:, None] - lags)
        rest = [_rest_of(correlation[:, k], between[..., k], draws, rng) for k in range(harmonics)]
        return cls(lags, correlation, statistic.kind == "h", np.stack(rest, axis=-1))

    def independent(self, counts: tuple[int, int], log_probability: float) -> float:
        """Count the independent trials of a grid, at a level.

        Parameters
        ----------
        counts : tuple of int
            Trials of F0 and F1.
        log_probability : float
            Natural logarithm of the probability that one trial is above the level.
        """
        level, chance = self._level(log_probability), float(np.exp(log_probability))
        following, weights = self._following(level)
        is_on_grid = self._are_on_grid(counts, len(weights))
        is_last = ~((following > level) & is_on_grid).any(axis=1)
        theta = float((weights * is_last).sum() / weights.sum())
        # A following trial may also be above the level by itself, clump or not: that is taken out.
        by_itself = chance * (1.0 + theta * float(is_on_grid.sum(axis=1).mean()))
        trials = counts[0] * counts[1]
        return float(np.clip(trials * theta / max(1.0 - by_itself, 0.5), 1.0, trials))

    def independent_in_noise(self, counts: tuple[int, int]) -> float:
        """Count them at the level that noise alone passes in every other search."""
        return in_noise(lambda log_once: self.independent(counts, log_once), counts[0] * counts[1])

    def _are_on_grid(self, counts: tuple[int, int], draws: int) -> Flags:
        """Whether trials that follow one, anywhere on the grid, are on it, (draws, following)."""
        rng = np.random.default_rng(_SEED + 2)
        place = np.floor(rng.random((draws, 1, 2)) * counts) + self.lags
        return np.asarray(((place >= 0) & (place < counts)).all(axis=-1))

    def _level(self, log_probability: float) -> float:
        from scipy.special import gammainccinv

        if self.is_h:
            return min(h_of(log_probability), _HIGHEST_H)
        chance = np.exp(max(log_probability, _LEAST_LOG))
        return float(2.0 * gammainccinv(self._rest.shape[2], chance))

    def _following(self, level: float) -> tuple[Numbers, Numbers]:
        """Draw the statistic of the following trials, (draws, following), with weights (draws,)."""
        first, weights = _above(level, self._rest.shape[::2], is_h=self.is_h)
        powers = np.abs(self.correlation * first[:, None, :] + self._rest) ** 2
        made = sums_of_h(powers).max(axis=-1) if self.is_h else powers.sum(axis=-1)
        return made, weights


def in_noise(independent: Callable[[float], float], trials: int) -> float:
    """Count trials at the level that noise passes in every other search."""
    made = float(trials)
    for _ in range(_ROUNDS):
        made = independent(math.log(math.log(2.0) / max(made, 1.0)))
    return made


def _above(level: float, shape: tuple[int, ...], *, is_h: bool) -> tuple[Amplitudes, Numbers]:
    """Draw amplitudes of a trial above a level, of shape (draws, harmonics), with weights (draws,).

    H is above it where one of its sums is: one is chosen by how probable that is and drawn above
    its own level; a draw counts the less, the more of its sums are above theirs.
    """
    from scipy.special import gammaincc, gammainccinv

    rng = np.random.default_rng(_SEED + 1)
    draws, harmonics = shape
    sums = np.arange(1, harmonics + 1) if is_h else np.array([harmonics])
    levels = level + (PENALTY if is_h else 0.0) * (sums - 1)
    chances = gammaincc(sums, 0.5 * levels)
    chosen = rng.choice(sums.size, draws, p=chances / chances.sum())
    inside = np.arange(harmonics) < sums[chosen][:, None]
    powers = rng.exponential(2.0, (draws, harmonics))
    wanted = 2.0 * gammainccinv(sums[chosen], chances[chosen] * rng.random(draws))
    scale = wanted / np.where(inside, powers, 0.0).sum(axis=1)
    powers = np.where(inside, powers * scale[:, None], powers)
    totals = np.cumsum(powers, axis=1)[:, sums - 1]
    # The one that was chosen is above its level, whatever rounding says.
    count = np.maximum((totals > levels).sum(axis=1), 1)
    angle = rng.uniform(0.0, 2.0 * np.pi, powers.shape)
    return np.sqrt(powers) * np.exp(1j * angle), 1.0 / count


def _rest_of(
    correlation: Amplitudes, between: Amplitudes, draws: int, rng: np.random.Generator
) -> Amplitudes:
    """What following trials have besides what the trial gives them, shape (draws, following)."""
    own = between - np.outer(correlation, correlation.conj())
    # Trials that are nearly the same leave nearly nothing, and rounding may leave less.
    root = np.linalg.cholesky(own + _ROUNDING * np.eye(correlation.size))
    drawn = rng.standard_normal((2, draws, correlation.size))
    return np.asarray((drawn[0] + 1j * drawn[1]) @ root.T)


@dataclass(frozen=True, eq=False)
class _Window:
    """Correlation of the amplitudes of trials that are some steps of F0 and F1 apart."""

    turns_f0: Numbers
    turns_f1: Numbers
    statistic: Statistic
    copies: int

    @classmethod
    def of(cls, light: SearchLight, statistic: Statistic, grid: Grid, copies: int) -> _Window:
        sample = light.sample(_SAMPLE)
        square = sample.half_square_s2 - sample.half_square_s2.mean()
        return cls(sample.clock_s * grid.f0.step, square * grid.f1.step, statistic, copies)

    def __call__(self, lags: Whole) -> Amplitudes:
        """Give it for every harmonic, shape of `lags` with harmonics for its last dimension.

        A bin of phase shows harmonic k as well as n - k and n + k of n bins, each damped by the
        width of the bin; what is further off has no correlation left.
        """
        different, place = np.unique(lags.reshape(-1, 2), axis=0, return_inverse=True)
        bins, k = self.statistic.bins, np.arange(1, self.statistic.harmonics + 1)
        seen = np.array([k] if bins == 0 else [k, bins - k, bins + k])
        signs = np.array([1, -1, 1])[: len(seen), None]
        shares = np.ones(seen.shape) if bins == 0 else np.sinc(seen / bins) ** 2
        made = np.array([self._of_lag(lag, seen * signs, shares) for lag in different.tolist()])
        made = np.tile(made, self.copies)
        return made[place.reshape(lags.shape[:-1])]

    def _of_lag(self, lag: list[int], seen: Whole, shares: Numbers) -> Amplitudes:
        if lag == [0, 0]:
            return np.ones(seen.shape[1], np.complex128)
        turn = np.exp(2j * np.pi * (lag[0] * self.turns_f0 + lag[1] * self.turns_f1))
        most = int(np.abs(seen).max())
        powers = np.cumprod(np.broadcast_to(turn, (most, turn.size)), axis=0).mean(axis=1)
        heights = powers[np.abs(seen) - 1]
        return np.asarray((shares * np.where(seen > 0, heights, heights.conj())).sum(axis=0))


def _lags(window: _Window, grid: Grid) -> Whole:
    """Choose the following trials that are correlated with a trial, the strongest if many."""
    f0, f1 = (
        min(count - 1, most)
        for count, most in zip((grid.f0.count, grid.f1.count), _FARTHEST, strict=True)
    )
    rows, steps = np.mgrid[0 : f1 + 1, -f0 : f0 + 1]
    lags = np.stack([steps, rows], axis=-1).reshape(-1, 2)
    lags = lags[(lags[:, 1] > 0) | (lags[:, 0] > 0)]
    if not lags.size:
        return np.array([[1, 0]])
    strength = np.mean(np.abs(window(lags)) ** 2, axis=1)
    strongest = np.argsort(-strength)[:_MOST_LAGS]
    chosen = strongest[strength[strongest] > _UNRELATED]
    return np.asarray(lags[np.sort(chosen if chosen.size else strongest[:1])])
