"""The night's astrometry of one camera: stars, residuals, drift."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .figures import (
    BLUE,
    COLOURS,
    DARK,
    GREY,
    RED,
    as_png,
    drawing,
    explain,
    finite_span,
    name_figure,
    say_empty,
    time_axis,
)
from .limits import MASTER_RMS_PX, WORST_RMS_PX
from .messages import UNSOLVED
from .moments import evening_jd, hours
from .records import column, count, mapped

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from ...engine.journal import Record
    from .records import CameraRecords

    Numbers = NDArray[np.float64]
    Chosen = NDArray[np.bool_]

_DRIFT_ARCMIN = 2.0
_POINTS = ("lower left", "upper left", "chip centre", "lower right", "upper right")
_MARKERS = "osD^v"


def astrometry_name(camera: CameraRecords) -> str:
    """File name of the picture: ``<date><cam>astro.png``."""
    return f"{camera.name}astro.png"


def astrometry_picture(camera: CameraRecords) -> bytes:
    """Draw stars expected and used, rms and drift of the corners against UTC, as a PNG."""
    batches = [batch for batch in camera.batches if batch.get("astrometry")]
    jd = column(batches, "mid_jd")
    times = hours(jd, evening_jd(camera.night, jd))
    solved = np.array([not _aflag(batch) & UNSOLVED for batch in batches], bool)
    with drawing(8.2, 9.4) as figure:
        axes = figure.subplots(4, 1, sharex=True, height_ratios=(1.0, 1.0, 0.9, 0.9))
        name_figure(figure, f"Astrometry {camera.night} {camera.camera}")
        _stars(axes[0], times, batches, solved)
        _residuals(axes[1], times, batches, solved)
        drift = _drift(batches)
        for k, name in enumerate(("hour angle", "declination")):
            _one_drift(axes[2 + k], times[solved], drift[solved, :, k], name)
        time_axis(axes[3], times)
        axes[3].set_xlabel("UTC")
        return as_png(figure)


def _aflag(batch: Record) -> int:
    return count(batch, "astrometry", "aflag")


def _stars(axes: Axes, times: Numbers, batches: list[Record], solved: Chosen) -> None:
    expected, used = (column(batches, "astrometry", f"stars_{n}") for n in ("expected", "used"))
    axes.plot(times, expected, "o", mfc="none", mec=DARK, ms=4.5, label="expected")
    axes.plot(times[solved], used[solved], "o", color=BLUE, ms=3.0, label="used")
    lost = ~solved
    if lost.any():
        axes.plot(times[lost], np.zeros(lost.sum()), "x", color=RED, ms=6, label="not solved")
    axes.set_ylabel("Stars")
    axes.set_ylim(-0.04 * _top(expected), 1.25 * _top(expected))
    _finish(axes, times, "Stars of the astrometric fit")


def _top(values: Numbers) -> float:
    return float(np.nanmax(values, initial=10.0))


def _residuals(axes: Axes, times: Numbers, batches: list[Record], solved: Chosen) -> None:
    single, binned = (
        column(batches, "astrometry", "dr"),
        column(batches, "astrometry", "binned", "dr"),
    )
    axes.axhline(WORST_RMS_PX, color=RED, lw=1.0, ls="-", label="rejected above")
    axes.axhline(MASTER_RMS_PX, color=DARK, lw=1.0, ls="--", label="poor above")
    axes.plot(times[solved], single[solved], "o", color=BLUE, ms=3.0, label="single frame")
    if np.isfinite(binned[solved]).any():
        axes.plot(times[solved], binned[solved], "o", mfc="none", mec=DARK, ms=4.5, label="binned")
    high = (np.fmax(single, binned) > WORST_RMS_PX * 1.1) & solved
    if high.any():
        axes.plot(
            times[high], np.full(high.sum(), 2.12), "^", color=RED, ms=5, label="off the scale"
        )
    axes.set_ylim(0.0, WORST_RMS_PX * 1.1)
    axes.set_ylabel("rms (px)")
    _finish(axes, times, "Residuals of the stars")


def _drift(batches: list[Record]) -> Numbers:
    """Drift in arcmin, shape (batches, 5, 2); NaN where it is not given."""
    found = np.full((len(batches), len(_POINTS), 2), np.nan)
    for row, batch in zip(found, batches, strict=True):
        given = np.array(mapped(batch, "astrometry").get("drift_arcmin") or [], np.float64)
        if given.shape == row.shape:
            row[:] = given
    return found


def _one_drift(axes: Axes, times: Numbers, drift: Numbers, name: str) -> None:
    for k, point in enumerate(_POINTS):
        axes.plot(
            times, drift[:, k], _MARKERS[k], ls="-", lw=0.6, ms=3.0, color=COLOURS[k], label=point,
            mfc=COLOURS[k] if k % 2 == 0 else "white",
        )  # fmt: skip
    low, high = finite_span(drift, 0.0)
    axes.axhline(0.0, color=GREY, lw=0.8)
    axes.set_ylim(min(-_DRIFT_ARCMIN, low), max(_DRIFT_ARCMIN, high))
    axes.set_ylabel("Drift (arcmin)")
    _finish(axes, times, f"Drift in {name}")


def _finish(axes: Axes, times: Numbers, title: str) -> None:
    axes.set_title(title)
    if not len(times):
        say_empty(axes, "no astrometric solution")
    else:
        explain(axes, 5)
