"""How good the light curve of a star is, in four numbers: a list cannot read every point."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .rows import apertures_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Table = NDArray[np.void]
    Quality = tuple[int, int, float, float]

MAG_PER_PART = 2.5 / np.log(10.0)
"""Magnitudes of a small part of the light."""


def quality_dtype() -> np.dtype[np.void]:
    """Type of the quality of a star."""
    return np.dtype([("flagged", "<u4"), ("flags", "u1"), ("flux", "<f8"), ("scatter", "<f8")])


def quality_of(points: Table) -> Quality:
    """Judge a light curve.

    Parameters
    ----------
    points : structured ndarray of `rows.data_dtype`, shape (n,)

    Returns
    -------
    flagged : int
        Points with a flag.
    flags : int
        All flags, or-ed.
    flux : float
        Mean of the largest aperture over the points without one; NaN where there is none.
    scatter : float
        Standard deviation of these over their mean, magnitudes; NaN where the mean is not
        positive.
    """
    flag = points["flag"]
    good = flag == 0
    flux = points[f"flux{apertures_of(points.dtype.names or ()) - 1}"][good]
    flagged, flags = len(flag) - len(flux), int(np.bitwise_or.reduce(flag))
    if not len(flux):
        return flagged, flags, np.nan, np.nan
    mean = float(flux.mean())
    scatter = MAG_PER_PART * float(flux.std()) / mean if mean > 0.0 else np.nan
    return flagged, flags, mean, scatter


def quality_rows(found: Sequence[Quality]) -> Table:
    """What was found of star after star as a table."""
    return np.array(found, quality_dtype())
