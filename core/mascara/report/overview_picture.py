"""The light curve overview: bright stars of one magnitude against UTC."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ...atomic import write_bytes
from ...errors import NightglassError, translate
from .figures import COLOURS, DARK, GREY, as_png, clock, drawing, say_empty, time_axis
from .moments import evening_jd, hours
from .overview_stars import MAGNITUDES, read_overview_stars

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from .overview_stars import OverviewStars, StarCurve

    Numbers = NDArray[np.float64]

OVERVIEW_NAME = "LCoverview"
OBSERVING_SUN_DEG = -10.0
"""Exposures begin and end at this altitude of the Sun."""

_MOST_LABELS = 24


def light_curve_overview(
    path: Path,
    night: str,
    filename: str = OVERVIEW_NAME,
    mrange: Sequence[float] = MAGNITUDES,
) -> Path:
    """Draw flux per second of the stars of a magnitude range and save the picture.

    Parameters
    ----------
    path : Path
        A night file, or a folder of light curves; the picture goes into that folder.
    night : str
        Evening date, YYYYMMDD.
    filename : str
        Of the picture; ``.png`` is added where it has no suffix.
    mrange : (float, float)
        Brightest and faintest V.

    Returns
    -------
    Path
        The picture: fast light curves as dots, slow ones as open circles, and the moments at
        which the Sun stood at -10 degrees.

    Raises
    ------
    NightglassError
        If there are no light curves, or the picture cannot be written.
    """
    path = Path(path)
    low, high = sorted(float(limit) for limit in mrange)
    picture = overview_picture(read_overview_stars(path, night, (low, high)), night, (low, high))
    name = filename if filename.lower().endswith(".png") else f"{filename}.png"
    target = (path if path.is_dir() else path.parent) / name
    try:
        write_bytes(target, picture)
    except OSError as error:
        raise translate(error, target) from error
    return target


def overview_picture(stars: OverviewStars, night: str, magnitudes: tuple[float, float]) -> bytes:
    """Draw the overview as a PNG."""
    curves = stars.curves
    jd = np.concatenate([np.empty(0), *(curve.jd for curve in curves)])
    zero_jd = evening_jd(night, jd)
    with drawing(9.6, 6.0) as figure:
        axes = figure.subplots()
        names = list(dict.fromkeys(curve.ascc for curve in curves))
        for curve in curves:
            _draw(axes, curve, hours(curve.jd, zero_jd), COLOURS[names.index(curve.ascc) % 8])
        time_axis(axes, hours(jd, zero_jd))
        _rate_axis(axes, curves)
        _sun_lines(axes, stars, night, zero_jd)
        _name_stars(axes, curves, zero_jd, names)
        _explain(axes, curves)
        who = " ".join(filter(None, (stars.station, night, stars.camera)))
        axes.set_title(f"{who}: {len(names)} stars of V {magnitudes[0]:.2f} to {magnitudes[1]:.2f}")
        if not len(jd):
            say_empty(axes, "no star of this magnitude was measured")
        return as_png(figure)


def _draw(axes: Axes, curve: StarCurve, times: Numbers, colour: str) -> None:
    if curve.is_slow:
        axes.plot(times, curve.rate_adu_s, "o", mfc="none", mec=colour, mew=0.9, ms=5.0, zorder=3)
    else:
        axes.plot(times, curve.rate_adu_s, ".", color=colour, ms=1.6, mew=0.0, alpha=0.7, zorder=2)


def _rate_axis(axes: Axes, curves: Sequence[StarCurve]) -> None:
    axes.set_xlabel("UTC")
    axes.set_ylabel("Flux of the first aperture (ADU/s)")
    # A few wild points of a satellite shall not press all stars into the lowest tenth.
    tops = [np.percentile(curve.rate_adu_s, 99.5) for curve in curves if len(curve.rate_adu_s)]
    axes.set_ylim(0.0, 1.15 * float(max(tops, default=1.0)))


def _sun_lines(axes: Axes, stars: OverviewStars, night: str, zero_jd: float) -> None:
    from ...timing.stations import find_station, twilight_times

    try:
        station = find_station(stars.station)
        moments = twilight_times(night, station, OBSERVING_SUN_DEG)
    except (NightglassError, ValueError):  # a station we do not know has no such lines
        return
    low, high = axes.get_xlim()
    for moment, name in zip(hours(moments, zero_jd), ("evening", "morning"), strict=True):
        if low - 0.5 <= moment <= high + 0.5:
            low, high = min(low, moment - 0.05), max(high, moment + 0.05)
            axes.axvline(moment, color=GREY, lw=1.0, ls="--")
            axes.annotate(
                f"Sun {OBSERVING_SUN_DEG:.0f}°, {name} {clock(moment)}", (moment, 0.0),
                xycoords=("data", "axes fraction"), xytext=(-3 if name == "morning" else 3, 4),
                textcoords="offset points", rotation=90, va="bottom",
                ha="right" if name == "morning" else "left", fontsize=7.5, color=GREY,
            )  # fmt: skip
    axes.set_xlim(low, high)


def _name_stars(
    axes: Axes, curves: Sequence[StarCurve], zero_jd: float, names: Sequence[str]
) -> None:
    """Write each star's number at that place of its light curve where there is most room."""
    span_h, top = np.ptp(axes.get_xlim()), axes.get_ylim()[1]
    taken: list[tuple[float, float]] = []
    for k, name in enumerate(names[:_MOST_LABELS]):
        curve = next(curve for curve in curves if curve.ascc == name)
        if not len(curve.jd):
            continue
        x, y = _places(hours(curve.jd, zero_jd), curve.rate_adu_s)
        room = [_room((a / span_h, b / top), taken) for a, b in zip(x, y, strict=True)]
        best = int(np.argmax(room))
        taken.append((x[best] / span_h, y[best] / top))
        axes.annotate(
            name, (x[best], y[best]), xytext=(0, 9), textcoords="offset points", fontsize=7,
            color=DARK, ha="center", va="center", zorder=5,
            bbox={"fc": "white", "ec": COLOURS[k % 8], "lw": 0.8, "alpha": 0.9, "pad": 1.2},
        )  # fmt: skip


def _places(times: Numbers, rates: Numbers) -> tuple[Numbers, Numbers]:
    """Some places along a curve: medians of its ninths, without the ends."""
    pieces = np.array_split(np.arange(len(times)), min(9, len(times)))
    inner = pieces[1:-1] or pieces
    return (
        np.array([np.median(times[piece]) for piece in inner]),
        np.array([np.median(rates[piece]) for piece in inner]),
    )


def _room(place: tuple[float, float], taken: Sequence[tuple[float, float]]) -> float:
    """Distance to the nearest label; labels are three times wider than high."""
    gaps = [np.hypot((place[0] - x) / 3.0, place[1] - y) for x, y in taken]
    return float(min(gaps, default=1.0))


def _explain(axes: Axes, curves: Sequence[StarCurve]) -> None:
    kinds = {curve.is_slow for curve in curves}
    if False in kinds:
        axes.plot([], [], ls="none", marker=".", ms=5, color=GREY, label="fast: each exposure")
    if True in kinds:
        axes.plot([], [], ls="none", marker="o", mfc="none", color=GREY, label="slow: binned image")
    if kinds:
        axes.legend(loc="upper right", title="Numbers: ASCC")
