"""Z^2 and H of the light of frames, without bins."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Numbers = NDArray[np.float64]

HARMONICS = 20
PENALTY = 4.0
"""What H pays for each further harmonic."""


@dataclass(frozen=True)
class HTest:
    """Outcome of the H-test.

    Attributes
    ----------
    h : float
        Statistic; NaN where there is no light that varies.
    harmonics : int
        How many harmonics gave it.
    probability : float
        That noise alone gives as much in one try.
    """

    h: float
    harmonics: int
    probability: float


@dataclass(frozen=True, eq=False)
class Moments:
    """Sums over frames; those of parts may be added, in order the same to the last bit.

    Attributes
    ----------
    value_cos, value_sin : ndarray of float64, shape (HARMONICS,)
        Value times cosine and sine of 2 pi k phase, k = 1, 2, ...
    cos, sin : ndarray of float64, shape (HARMONICS,)
        Cosines and sines alone.
    total, squares, variance : float
        Values, their squares, and their variances.
    frames : int
        Frames whose phase, value and variance are known.
    """

    value_cos: Numbers
    value_sin: Numbers
    cos: Numbers
    sin: Numbers
    total: float
    squares: float
    variance: float
    frames: int

    @classmethod
    def of(cls, numbers: Numbers) -> Moments:
        """Take a row of `numbers_of_parts`, or the sum of several in order."""
        rows = numbers[: 4 * HARMONICS].reshape(4, HARMONICS)
        total, squares, variance, frames = numbers[4 * HARMONICS :].tolist()
        return cls(rows[0], rows[1], rows[2], rows[3], total, squares, variance, round(frames))

    def __add__(self, other: Moments) -> Moments:
        """Add up two parts."""
        return Moments(
            self.value_cos + other.value_cos,
            self.value_sin + other.value_sin,
            self.cos + other.cos,
            self.sin + other.sin,
            self.total + other.total,
            self.squares + other.squares,
            self.variance + other.variance,
            self.frames + other.frames,
        )

    @property
    def scatter(self) -> float:
        """Sum of squared deviations of the values from their mean."""
        if self.frames == 0:
            return 0.0
        scatter = self.squares - self.total * self.total / self.frames
        # What is left of values that are all the same is rounding.
        return scatter if scatter > 1e-12 * self.squares else 0.0

    def powers(self) -> Numbers:
        """Power of each harmonic, shape (HARMONICS,), 2 on average where there is no pulse.

        Notes
        -----
        P_k = 2 |sum (x - mean) exp(2 pi i k phase)|^2 / sum (x - mean)^2, which for events is the
        term of Buccheri et al. 1983. Values are measured by their own scatter, so that a gain that
        is not known well makes no pulsar.
        """
        if self.scatter == 0.0:
            return np.full(self.cos.shape, np.nan)
        mean = self.total / self.frames
        real, imaginary = self.value_cos - mean * self.cos, self.value_sin - mean * self.sin
        return np.asarray(2.0 * (real**2 + imaginary**2) / self.scatter)

    def z_squared(self, n: int) -> float:
        """Z^2 of `n` harmonics, at most HARMONICS: chi-square of 2n degrees of freedom in noise."""
        return float(self.powers()[:n].sum())

    def h_test(self) -> HTest:
        """H of up to HARMONICS harmonics (de Jager, Raubenheimer & Swanepoel 1989, A&A 221, 180).

        H = max (Z^2_m - 4 m + 4), of probability exp(-0.4 H) in noise (de Jager & Buesching 2010).
        """
        from .probability import h_probability

        powers = self.powers()
        if not np.isfinite(powers).all():
            return HTest(float("nan"), 0, 1.0)
        tried = sums_of_h(powers)
        best = int(np.argmax(tried))
        h = float(tried[best])
        return HTest(h, best + 1, h_probability(h))


def sums_of_h(powers: Numbers) -> Numbers:
    """Z^2_m - 4 m + 4 of the first m harmonics, of which H is the largest; along the last axis."""
    return np.asarray(np.cumsum(powers - PENALTY, axis=-1) + PENALTY)


def moments_of(phase: ArrayLike, values: ArrayLike, variances: ArrayLike) -> Moments:
    """Sum over frames in their order; releases the interpreter.

    Parameters
    ----------
    phase : array_like of float64, shape (n,)
        Of the middles of the exposures, turns. A frame with anything not finite is left out.
    values, variances : array_like of float64, shape (n,)
        Light of a frame and its variance.
    """
    return Moments.of(numbers_of_parts(phase, values, variances, [0, np.size(phase)])[0])


def numbers_of_parts(
    phase: ArrayLike, values: ArrayLike, variances: ArrayLike, starts: ArrayLike
) -> Numbers:
    """Sum over the frames of each part by themselves, in one call; releases the interpreter.

    Parameters
    ----------
    phase, values, variances : array_like of float64, shape (n,)
        As `moments_of` takes them.
    starts : array_like of int64, shape (n_parts + 1,)
        Frames at which parts begin, and the end of the last.

    Returns
    -------
    ndarray of float64, shape (n_parts, 4 * HARMONICS + 4)
        For `Moments.of`. Rows added in order make the same moments as those added one by one.
    """
    from .moments_kernels import add_moments_of_parts

    turns, light, spread = (
        np.ascontiguousarray(row, np.float64) for row in (phase, values, variances)
    )
    places = np.ascontiguousarray(starts, np.int64)
    parts = places.size - 1
    harmonics, plain = np.zeros((parts, 4, HARMONICS)), np.zeros((parts, 4))
    add_moments_of_parts(turns, light, spread, places, harmonics, plain)
    return np.concatenate([harmonics.reshape(parts, 4 * HARMONICS), plain], axis=1)
