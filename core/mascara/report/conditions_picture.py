"""The night's conditions for one camera: zero point, transparency, sky, chip, calibration stars."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .figures import (
    BLUE,
    DARK,
    GREEN,
    RED,
    as_png,
    drawing,
    explain,
    finite_span,
    name_figure,
    say_empty,
    time_axis,
)
from .limits import SET_POINT_C, TOLERANCE_C
from .moments import evening_jd, hours
from .records import column, listed, mapped, number

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from .records import CameraRecords

    Numbers = NDArray[np.float64]

FEWEST_STARS = 3
"""Cells with fewer stars say nothing about the sky."""


def conditions_name(camera: CameraRecords) -> str:
    """File name of the picture: ``<date><cam>phot.png``."""
    return f"{camera.name}phot.png"


def conditions_picture(camera: CameraRecords, set_point_c: float = SET_POINT_C) -> bytes:
    """Draw what a night was like against UTC, as a PNG.

    Parameters
    ----------
    camera : CameraRecords
    set_point_c : float
        Temperature the chip is cooled to.
    """
    batches, frames = camera.reduced, camera.frames
    jd, frame_jd = column(batches, "mid_jd"), column(frames, "jd")
    both = np.concatenate([jd, frame_jd])
    zero_jd = evening_jd(camera.night, both)
    times, frame_times = hours(jd, zero_jd), hours(frame_jd, zero_jd)
    with drawing(8.2, 10.6) as figure:
        axes = figure.subplots(5, 1, sharex=True)
        name_figure(figure, f"Conditions {camera.night} {camera.camera}")
        _zero_points(axes[0], times, column(batches, "zero_point"))
        _transparency(axes[1], times, camera)
        _sky(axes[2], frame_times, column(frames, "sky"))
        _temperature(axes[3], frame_times, column(frames, "ccdtemp"), set_point_c)
        _calibration_stars(axes[4], times, camera)
        time_axis(axes[4], hours(both, zero_jd))
        axes[4].set_xlabel("UTC")
        return as_png(figure)


def _zero_points(axes: Axes, times: Numbers, zero: Numbers) -> None:
    _titled(axes, zero, "Zero point (V of one ADU per exposure)", "no zero point")
    axes.plot(times, zero, "o", color=BLUE, ms=3.0)
    axes.set_ylim(*finite_span(zero, 0.3))
    axes.set_ylabel("mag")


def _transparency(axes: Axes, times: Numbers, camera: CameraRecords) -> None:
    spread = np.array([_cell_spread(batch) for batch in camera.reduced]).reshape(-1, 3)
    _titled(axes, spread, "Transparency of the sky cells of a batch", "no sky cell measured")
    axes.fill_between(
        times, spread[:, 0], spread[:, 2], color=BLUE, alpha=0.22, lw=0, label="lowest to highest"
    )
    axes.plot(times, spread[:, 1], "-o", color=BLUE, ms=2.5, lw=0.8, label="median")
    axes.set_ylim(0.0, max(1.25, finite_span(spread, 0.0)[1]))
    axes.set_ylabel("Fraction")
    if np.isfinite(spread).any():
        explain(axes, 2)


def _cell_spread(batch: dict[str, object]) -> tuple[float, float, float]:
    cells = [cell for cell in mapped(batch, "cells").values() if cell[2] >= FEWEST_STARS]
    values = np.array([cell[1] for cell in cells if cell[1] is not None], np.float64)
    if not len(values):
        return (np.nan,) * 3
    return float(values.min()), float(np.median(values)), float(values.max())


def _sky(axes: Axes, times: Numbers, sky: Numbers) -> None:
    _titled(axes, sky, "Sky level of the frames", "no frame reduced")
    axes.plot(times, sky, ".", color=DARK, ms=2.0)
    finite = sky[np.isfinite(sky) & (sky > 0.0)]
    if len(finite) and finite.max() > 20.0 * finite.min():
        axes.set_yscale("log")
    elif len(finite):
        axes.set_ylim(0.0, 1.1 * finite.max())
    axes.set_ylabel("ADU")


def _temperature(axes: Axes, times: Numbers, ccdtemp: Numbers, set_point_c: float) -> None:
    _titled(axes, ccdtemp, "Temperature of the chip", "no frame reduced")
    axes.axhspan(
        set_point_c - TOLERANCE_C, set_point_c + TOLERANCE_C, color=GREEN, alpha=0.15, lw=0,
        label=f"set point {set_point_c:g} °C ± {TOLERANCE_C:g}",
    )  # fmt: skip
    axes.plot(times, ccdtemp, ".", color=DARK, ms=2.0)
    low, high = finite_span(ccdtemp, 0.0)
    is_measured = bool(np.isfinite(ccdtemp).any())
    low, high = (low, high) if is_measured else (set_point_c, set_point_c)
    axes.set_ylim(min(low, set_point_c) - 0.8, max(high, set_point_c) + 1.2)
    axes.set_ylabel("°C")
    explain(axes, 1)


def _calibration_stars(axes: Axes, times: Numbers, camera: CameraRecords) -> None:
    stars = [listed(batch, "calibration_stars") for batch in camera.reduced]
    at = np.repeat(times, [len(one) for one in stars])
    flux = np.array([_fluxes(star) for one in stars for star in one], np.float64).reshape(-1, 2)
    _titled(axes, flux, "Stars of V 4.75 to 4.80", "no such star in the view")
    axes.plot(at, flux[:, 0], ".", color=BLUE, ms=3.0, label="fast")
    axes.plot(at, flux[:, 1], "o", mfc="none", mec=RED, mew=0.7, ms=4.5, label="slow")
    axes.set_ylabel("ADU/s")
    if len(flux):
        axes.set_ylim(0.0, 1.1 * max(finite_span(flux, 1.0)[1], 1.0))
        explain(axes, 2)


def _fluxes(star: list[object]) -> tuple[float, float]:
    fields = {"fast": star[1], "slow": star[2]}
    return number(fields, "fast"), number(fields, "slow")


def _titled(axes: Axes, values: Numbers, title: str, empty: str) -> None:
    axes.set_title(title)
    if not np.isfinite(values).any():
        say_empty(axes, empty)
