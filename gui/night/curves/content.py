"""From a light curve and what is chosen about it to the points that are drawn."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from ....core.mascara.browsing.values import (
    AXES,
    OF_APERTURES,
    apertures,
    axis_values,
    binned,
    is_flagged,
    series,
)
from .curve_view import TURNS
from .points import AxisKind, CurveContent, PlotAxis, PointSet

if TYPE_CHECKING:
    from ....core.mascara.browsing.curve import Curve
    from ....core.mascara.browsing.values import Axis, Series
    from .choices import PlotChoices
    from .points import Floats

_KINDS: dict[Axis, AxisKind] = {
    "utc": "hours", "jd": "number", "lst": "hours", "slot": "whole", "phase": "phase"
}  # fmt: skip


def content_of(curve: Curve, choices: PlotChoices) -> CurveContent:
    """Make the points of a curve."""
    x_axis, x = _along(curve, choices)
    shown = shown_apertures(curve, choices)
    every = [series(curve, choices.what, aperture) for aperture in shown]
    behind = int(choices.bin_width > 0.0)
    sets: list[PointSet] = []
    for rank, (aperture, values) in enumerate(zip(shown, every, strict=True)):
        name = aperture_name(curve, aperture) if len(shown) > 1 else ""
        sets += _sets(curve, choices, (x, values), name, rank + behind)
        if behind:
            sets += _bins(curve, choices, (x, values), name, rank)
    sets.sort(key=lambda one: -one.rank)
    if choices.axis == "phase":
        sets = [_twice(one) for one in sets]
    label, unit = every[0].label, every[0].unit
    return CurveContent(tuple(sets), x_axis, PlotAxis(label, unit), choices.what == "magnitude")


def shown_apertures(curve: Curve, choices: PlotChoices) -> list[int]:
    """Apertures that are drawn, the one in front first."""
    count = max(1, apertures(curve))
    if choices.what not in OF_APERTURES:
        return [count - 1]
    if choices.aperture is None:
        return list(reversed(range(count)))
    return [choices.aperture % count]


def aperture_name(curve: Curve, aperture: int) -> str:
    """Radius of an aperture, or its number where the radius is not known."""
    radii_px = curve.radii_px
    return f"{radii_px[aperture]:g} px" if aperture < len(radii_px) else f"aperture {aperture}"


def _along(curve: Curve, choices: PlotChoices) -> tuple[PlotAxis, Floats]:
    axis = choices.axis
    x = axis_values(curve, axis, choices.period_d, choices.epoch_jd)
    name = AXES[axis]
    if axis == "jd" and len(x):
        # All digits of a Julian date leave no room for a second number.
        whole = math.floor(x.min())
        return PlotAxis(f"{name} − {whole:,}", "d", _KINDS[axis]), x - whole
    return PlotAxis(name, "turns" if axis == "phase" else "", _KINDS[axis]), x


def _sets(
    curve: Curve, choices: PlotChoices, points: tuple[Floats, Series], name: str, rank: int
) -> list[PointSet]:
    """The points of each camera."""
    x, values = points
    flagged = is_flagged(curve)
    is_shown = np.ones(len(curve), bool) if choices.shows_flagged else ~flagged
    found = []
    for number, camera in enumerate(curve.cameras):
        place = np.flatnonzero((curve.camera == number) & is_shown)
        found.append(
            PointSet(
                " ".join(filter(None, (camera, name))),
                camera,
                rank,
                x[place],
                values.values[place],
                values.errors[place],
                flagged[place],
                place,
            )
        )
    return found


def _bins(
    curve: Curve, choices: PlotChoices, points: tuple[Floats, Series], name: str, rank: int
) -> list[PointSet]:
    """Medians of the unflagged points of each camera."""
    bins = binned(curve, points[0], points[1].values, choices.bin_width)
    found = []
    for number, camera in enumerate(curve.cameras):
        own = np.flatnonzero(bins.camera == number)
        found.append(
            PointSet(
                " ".join(filter(None, (camera, name, "median"))),
                camera,
                rank,
                bins.axis[own],
                bins.values[own],
                bins.errors[own],
                np.zeros(len(own), bool),
                np.full(len(own), -1),
                is_binned=True,
            )
        )
    return found


def _twice(one: PointSet) -> PointSet:
    """A second turn after the first: what happens at phase zero is seen whole in the middle."""
    turns = np.repeat(np.arange(TURNS), len(one.x))
    return PointSet(
        one.name, one.camera, one.rank, np.tile(one.x, int(TURNS)) + turns,
        np.tile(one.y, int(TURNS)), np.tile(one.error, int(TURNS)),
        np.tile(one.is_flagged, int(TURNS)), np.tile(one.place, int(TURNS)), one.is_binned,
    )  # fmt: skip
