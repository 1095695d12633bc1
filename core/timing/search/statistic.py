"""The statistics of a search: what a trial is worth, and how often noise alone gives as much."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np

from ..pulse.moments import HARMONICS, PENALTY
from ..pulse.probability import chi2_log_probability, h_log_probability
from .light import refusal

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]
    Flags = NDArray[np.bool_]

Kind = Literal["ef", "z2", "h"]
KINDS: tuple[str, ...] = get_args(Kind)
USUAL_HARMONICS = {"z2": 2, "h": HARMONICS}
USUAL_BINS = 32
LEAST_BINS, MOST_BINS = 3, 1024


@dataclass(frozen=True)
class Statistic:
    """One of three.

    Attributes
    ----------
    kind : {"ef", "z2", "h"}
        Chi-square of the folded light against a constant (epoch folding), Z^2, or H.
    harmonics : int
        Of Z^2; the most of H; those that bins show with epoch folding.
    bins : int
        Of epoch folding; 0 otherwise.

    Notes
    -----
    Powers P_k are 2 on average in noise and measured by the scatter of the light itself, see
    `Moments.powers`. Z^2 is their sum (Buccheri et al. 1983); H = max (Z^2_m - 4 m + 4) (de Jager,
    Raubenheimer & Swanepoel 1989). Chi-square is ``sum_b n_b (x_b - mean)^2 / s^2`` over bins with
    n_b frames each, of mean x_b; s^2 is the scatter of all frames (Leahy et al. 1983 with the noise
    measured). Frames are taken at the middle of their exposures.
    """

    kind: Kind
    harmonics: int
    bins: int = 0

    @classmethod
    def of(cls, kind: str, harmonics: int | None = None, bins: int | None = None) -> Statistic:
        """Make one of what was asked for; None takes the usual number.

        Raises
        ------
        NightglassError
            If a number makes no sense.
        """
        if kind == "ef":
            count = USUAL_BINS if bins is None else bins
            if not LEAST_BINS <= count <= MOST_BINS:
                raise refusal(
                    f"{count} bins are not between {LEAST_BINS} and {MOST_BINS}", "Change --bins."
                )
            return cls("ef", count // 2, count)
        if kind not in USUAL_HARMONICS:
            raise refusal(f"'{kind}' is none of {', '.join(KINDS)}", "Change --statistic.")
        most = USUAL_HARMONICS[kind] if harmonics is None else harmonics
        if not 1 <= most <= HARMONICS:
            raise refusal(
                f"{most} harmonics are not between 1 and {HARMONICS}", "Change --harmonics."
            )
        return cls("h" if kind == "h" else "z2", most)

    @property
    def name(self) -> str:
        """How it is written: chi2, Z^2_2, H."""
        return {"ef": "chi2", "z2": f"Z^2_{self.harmonics}", "h": "H"}[self.kind]

    @property
    def noise(self) -> float:
        """Its mean in noise, nearly."""
        return {"ef": self.bins - 1.0, "z2": 2.0 * self.harmonics, "h": 2.5}[self.kind]

    def of_powers(self, powers: Numbers, distinct: Flags) -> Numbers:
        """Give the statistic of powers, both of shape (harmonics, trials); not epoch folding.

        Harmonics that are not `distinct` are left out.
        """
        if self.kind == "z2":
            return np.asarray(np.where(distinct, powers, 0.0).sum(axis=0))
        tried = np.cumsum(np.where(distinct, powers - PENALTY, 0.0), axis=0)
        return np.asarray(tried.max(axis=0) + PENALTY)

    def log_probability(self, value: float, counted: int) -> float:
        """Natural logarithm of the probability that one trial gives more in noise.

        Parameters
        ----------
        value : float
        counted : int
            Harmonics that are distinct, or bins with frames.
        """
        if self.kind == "h":
            return h_log_probability(value)
        dof = counted - 1 if self.kind == "ef" else 2 * counted
        return chi2_log_probability(value, dof)


def h_of(log_probability: float) -> float:
    """H that one trial passes with the probability of this natural logarithm."""
    return log_probability / h_log_probability(1.0)


def distinct_harmonics(
    frequency_hz: Numbers, harmonics: int, interval_s: float, resolution_hz: float
) -> Flags:
    """Say which harmonics even frames can tell apart, shape (harmonics, trials).

    Frames at even intervals see a frequency as its distance to the nearest multiple of their own.
    Harmonics that seem to be within `resolution_hz` of zero, of the highest frequency that can be
    seen, or of a lower harmonic bring nothing new, and their powers are not those of noise.

    Parameters
    ----------
    frequency_hz : ndarray of float64, shape (trials,)
        As seen at the telescope.
    harmonics : int
    interval_s : float
        From frame to frame; 0 where it is not known or not even.
    resolution_hz : float
        1/T.
    """
    distinct = np.ones((harmonics, frequency_hz.size), np.bool_)
    if interval_s <= 0.0:
        return distinct
    cycles = np.arange(1, harmonics + 1)[:, None] * frequency_hz * interval_s
    seen = np.abs(cycles - np.rint(cycles))
    least = resolution_hz * interval_s
    distinct &= (seen > least) & (seen < 0.5 - least)
    for k in range(1, harmonics):
        distinct[k] &= (np.abs(seen[:k] - seen[k]) > least).all(axis=0)
    return distinct
