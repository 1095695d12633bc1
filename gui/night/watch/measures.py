"""What the batches of a grid can be coloured by, and between which limits."""

from __future__ import annotations

import math
from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING

from ..words import fixed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ....core.mascara.watching.snapshot import BatchCell

    Limits = tuple[float, float]

NICE_STEPS = (1.0, 2.0, 5.0, 10.0)
LEAST_SHARE = 0.4
"""Limits that the values fill less than this are made anew."""


@dataclass(frozen=True)
class Measure:
    """One of them.

    Parameters
    ----------
    key : str
    name : str
    field : str
        Of `BatchCell`.
    unit : str
    digits : int
    limits : tuple of float or None
        Ends of the scale; None: from the values.
    tip : str
    """

    key: str
    name: str
    field: str
    unit: str
    digits: int
    limits: Limits | None
    tip: str

    def value(self, cell: BatchCell) -> float:
        """The number of a batch; NaN where it has none."""
        return float(attrgetter(self.field)(cell))

    def written(self, value: float) -> str:
        """A value with its unit."""
        return fixed(value, self.digits, self.unit)


STATE = "state"
MEASURES = (
    Measure("sky", "Sky level", "sky_adu", "ADU", 0, None, "Median sky of the frames"),
    Measure("rms", "Astrometric residual", "rms_px", "px", 2, (0.0, 2.0),
            "Scatter of measured against computed places; below 1.5 px is in order"),
    Measure("transparency", "Transparency", "transparency", "", 2, (0.0, 1.0),
            "Light that comes through, as a share of a clear sky's"),
    Measure("zero", "Zero point", "zero_point_mag", "mag", 2, None,
            "Median difference of measured and catalogue magnitudes"),
)  # fmt: skip
BY_KEY = {measure.key: measure for measure in MEASURES}


def limits_for(values: Iterable[float], kept: Limits | None) -> Limits:
    """Round limits round the values; those that were kept stay while they fit."""
    known = [value for value in values if math.isfinite(value)]
    if not known:
        return kept or (0.0, 1.0)
    low, high = min(known), max(known)
    if kept is not None and kept[0] <= low and high <= kept[1]:
        is_filled = high - low >= LEAST_SHARE * (kept[1] - kept[0])
        if is_filled or kept == _rounded(low, high):
            return kept
    return _rounded(low, high)


def _rounded(low: float, high: float) -> Limits:
    """Limits on whole steps of a round number."""
    span = high - low or max(abs(high) * 0.1, 0.1)
    step = _step(span / 4.0)
    below, above = math.floor(low / step) * step, math.ceil(high / step) * step
    return (below, above) if above > below else (below - step, above + step)


def _step(least: float) -> float:
    """The smallest round number that is not smaller."""
    power = 10.0 ** math.floor(math.log10(least))
    return next(step * power for step in NICE_STEPS if step * power >= least * (1.0 - 1e-9))
