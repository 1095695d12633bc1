"""How the stars of one night differ from the same stars of another one."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .stars import NightStars

    Numbers = NDArray[np.float64]
    Places = NDArray[np.intp]

BIN_EDGES_VMAG = (-2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 7.5, 8.0, 8.5, 14.0)
FEWEST_STARS = 3
"""Bins with fewer stars say nothing."""
_SIGMA_OF_MAD = 1.4826


@dataclass(frozen=True)
class StarsOfMagnitude:
    """Stars of both nights within a range of magnitudes. Numbers that are not known are NaN.

    Attributes
    ----------
    bright_vmag, faint_vmag : float
        Ends of the range; not a number for all stars together.
    stars : int
        With a mean flux in both nights.
    shift_mag : float
        Median of the difference of their mean magnitudes: positive, the other night is fainter.
    spread_mag : float
        Scatter of that difference from star to star, from its median absolute deviation.
    first_scatter_mag, other_scatter_mag : float
        Median of the scatter within each night.
    scatter_ratio : float
        Median ratio of the scatter within the other night to that within the first.
    points_ratio : float
        Fast points in the other night over those in the first, of all these stars.
    """

    bright_vmag: float
    faint_vmag: float
    stars: int
    shift_mag: float
    spread_mag: float
    first_scatter_mag: float
    other_scatter_mag: float
    scatter_ratio: float
    points_ratio: float


@dataclass(frozen=True)
class StarDifferences:
    """What the stars tell of another night.

    Attributes
    ----------
    first_stars, other_stars : int
        Stars in each night.
    common_stars : int
        Stars in both.
    every : StarsOfMagnitude
        All stars together.
    by_vmag : tuple of StarsOfMagnitude
        From bright to faint, ranges with a few stars at least.
    """

    first_stars: int
    other_stars: int
    common_stars: int
    every: StarsOfMagnitude
    by_vmag: tuple[StarsOfMagnitude, ...]


def star_differences(first: NightStars, other: NightStars) -> StarDifferences:
    """Compare the stars that two nights have in common.

    Parameters
    ----------
    first, other : NightStars

    Returns
    -------
    StarDifferences
    """
    _, ours, theirs = np.intersect1d(
        first.ascc, other.ascc, assume_unique=True, return_indices=True
    )
    pairs = _Pairs(first, other, ours, theirs)
    by_vmag = [pairs.within(bright, faint) for bright, faint in pairwise(BIN_EDGES_VMAG)]
    return StarDifferences(
        len(first),
        len(other),
        len(ours),
        pairs.all_together(),
        tuple(one for one in by_vmag if one.stars >= FEWEST_STARS),
    )


class _Pairs:
    """Stars that both nights have, side by side."""

    def __init__(self, first: NightStars, other: NightStars, ours: Places, theirs: Places) -> None:
        self._vmag = first.vmag[ours]
        self._flux = first.mean_flux[ours], other.mean_flux[theirs]
        self._scatter = first.scatter_mag[ours], other.scatter_mag[theirs]
        self._points = first.fast_points[ours], other.fast_points[theirs]
        with np.errstate(divide="ignore", invalid="ignore"):
            self._shift = -2.5 * np.log10(self._flux[1] / self._flux[0])
            self._ratio = self._scatter[1] / self._scatter[0]
        self._is_measured = (self._flux[0] > 0.0) & (self._flux[1] > 0.0)

    def all_together(self) -> StarsOfMagnitude:
        return self._summed_up(np.ones(self._vmag.size, bool), float("nan"), float("nan"))

    def within(self, bright: float, faint: float) -> StarsOfMagnitude:
        chosen = (self._vmag >= bright) & (self._vmag < faint)
        return self._summed_up(chosen, bright, faint)

    def _summed_up(
        self, chosen: NDArray[np.bool_], bright: float, faint: float
    ) -> StarsOfMagnitude:
        measured = chosen & self._is_measured
        shift = self._shift[measured]
        middle = median(shift)
        points = [int(one[chosen].sum()) for one in self._points]
        return StarsOfMagnitude(
            bright,
            faint,
            int(measured.sum()),
            middle,
            _SIGMA_OF_MAD * median(np.abs(shift - middle)),
            median(self._scatter[0][measured]),
            median(self._scatter[1][measured]),
            median(self._ratio[measured]),
            points[1] / points[0] if points[0] else float("nan"),
        )


def median(values: Numbers) -> float:
    """Median of the finite numbers; NaN where there is none."""
    finite = values[np.isfinite(values)]
    return float(np.median(finite)) if finite.size else float("nan")
