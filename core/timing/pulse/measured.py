"""Results of measurements on a profile, and the sentences that say what they are."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

FRACTION_TEXT = (
    "Pulsed fraction: amplitude of the sinusoid that has the power of the whole pulse, freed of "
    "noise, over the mean light; (max - min) / (max + min) where the pulse is a sinusoid."
)
FRACTION_OFF_TEXT = (
    "Pulsed fraction: light above the level of the off-pulse phases, over all light."
)
RMS_TEXT = (
    "RMS fraction: standard deviation of the pulse over the turn, freed of noise, over the mean "
    "light."
)
SNR_TEXT = (
    "S/N: square root of the excess of chi-square over its degrees of freedom, scaled so that 5 is "
    "where noise alone gets once in 3.5 million folds (5 sigma)."
)
SNR_RANGES_TEXT = (
    "S/N: light of the on-pulse phases above the level of the off-pulse phases, over its error."
)
DIFFERENCE_TEXT = "Rate in the on-pulse phases less that in the off-pulse phases."

SNR_OF_PULSE = 5.0
"""S/N at which a pulse is taken for one."""
FIVE_SIGMA = 2.866515718791939e-07
"""Probability that a normal deviate is above 5."""


@dataclass(frozen=True)
class Measured:
    """A number with its standard deviation and a sentence that says what it is."""

    value: float
    error: float
    text: str


@dataclass(frozen=True)
class ChiSquare:
    """Chi-square against a constant.

    Attributes
    ----------
    chi2, dof, reduced : float
        Degrees of freedom may be a fraction; `reduced` is the ratio. NaN where there is no degree
        of freedom.
    probability : float
        That noise alone gives as much in one try.
    """

    chi2: float
    dof: float
    reduced: float
    probability: float

    @classmethod
    def of(cls, chi2: float, dof: float) -> ChiSquare:
        """Complete chi-square and its degrees of freedom."""
        from .probability import chi2_probability

        if not dof > 0.0:
            return cls(math.nan, 0.0, math.nan, math.nan)
        return cls(chi2, dof, chi2 / dof, chi2_probability(chi2, dof))

    def signal_to_noise(self) -> Measured:
        """Signal-to-noise ratio as `SNR_TEXT` has it."""
        scale = float(snr_scale(np.array(self.dof)))
        excess = self.chi2 - self.dof
        value = math.sqrt(scale * max(excess, 0.0))
        spread = scale * math.sqrt(2.0 * self.dof + 4.0 * max(excess, 0.0))
        return Measured(value, root_error(value, spread), SNR_TEXT)


def snr_scale(dof: Numbers) -> Numbers:
    """Square of the signal-to-noise ratio over the excess of chi-square; NaN without freedom.

    The excess grows evenly with time, and S/N is 5 where chi-square is as probable as a normal
    deviate of 5.
    """
    from scipy.special import gammainccinv

    known = np.where(dof > 0.0, dof, np.nan)
    return np.asarray(SNR_OF_PULSE**2 / (2.0 * gammainccinv(0.5 * known, FIVE_SIGMA) - known))


def root_error(root: float, spread: float) -> float:
    """Error of a root not below 0 from the error `spread` of its square.

    How far the root is from that of its square one error lower or higher (not below 0), the larger
    of both: spread / (2 root) far from 0, and finite at 0.
    """
    square = root * root
    up = math.sqrt(square + spread) - root
    return max(up, root - math.sqrt(max(square - spread, 0.0)))


def ratio(values: Numbers, divisor: Numbers) -> Numbers:
    """Divide; NaN where the divisor is not above 0."""
    quotient = np.full(values.shape, np.nan)
    np.divide(values, divisor, out=quotient, where=divisor > 0.0)
    return quotient
