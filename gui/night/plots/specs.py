"""The plots of a night: what each shows, in which unit, against which limits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from ....core.mascara.report.limits import WORST_RMS_PX
from ....core.mascara.report.moments import hours
from ....core.timing.sidereal import BATCH_D, BATCH_S
from ..glyphs import GLYPHS
from .lines import PlotLine

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from numpy.typing import NDArray

    from ....core.mascara.watching.snapshot import CameraSeries

    Builder = Callable[[str, CameraSeries, float], Iterable[PlotLine]]

CHIP_POINTS = ("lower left", "upper left", "centre", "lower right", "upper right")


@dataclass(frozen=True)
class Limit:
    """A level to compare with: a line, or a band where `high` is another one.

    Attributes
    ----------
    name : str
        Written at it.
    low, high : float
    is_named_below : bool
        Whether the name stands under the line.
    """

    name: str
    low: float
    high: float
    is_named_below: bool = False


@dataclass(frozen=True)
class PlotSpec:
    """One plot.

    Attributes
    ----------
    key : str
        For the settings.
    title, unit, note : str
        Written above it; the note tells what its marks mean.
    build : callable
        Gives the lines of a camera from its id, its series, and JD of 0 h UTC of the evening.
    format : str
        Of the values at the cursor.
    scale : {"linear", "log", "auto"}
        "auto" is logarithmic where the values span more than a factor of twenty.
    limits : tuple of Limit
    span : tuple of float
        Values that are seen at least; empty for those measured alone.
    empty : str
        Said where there is no number.
    """

    key: str
    title: str
    unit: str
    build: Builder
    format: str
    note: str = ""
    scale: Literal["linear", "log", "auto"] = "linear"
    limits: tuple[Limit, ...] = ()
    span: tuple[float, ...] = ()
    empty: str = "No batch is reduced yet"


def _lag(camera: str, series: CameraSeries, zero_jd: float) -> Iterator[PlotLine]:
    # Of a night that is reduced later the driver lives at another time than the cameras.
    seen = _hours_of(series.lag_jd, zero_jd)
    is_here = (seen > 0.0) & (seen < 48.0)
    yield PlotLine(camera, "", seen[is_here], series.lag_s[is_here], "line")


def _sky(camera: str, series: CameraSeries, zero_jd: float) -> Iterator[PlotLine]:
    yield PlotLine(camera, "", _hours_of(series.frame_jd, zero_jd), series.frame_sky_adu, "line")


def _ccdtemp(camera: str, series: CameraSeries, zero_jd: float) -> Iterator[PlotLine]:
    yield PlotLine(camera, "", _hours_of(series.frame_jd, zero_jd), series.frame_ccdtemp_c, "line")


def _overscan(camera: str, series: CameraSeries, zero_jd: float) -> Iterator[PlotLine]:
    seen = _hours_of(series.frame_jd, zero_jd)
    for side, values in enumerate(series.frame_overscan_adu.reshape(-1, 4).T):
        yield PlotLine(
            camera, f"side {side + 1}", seen, np.ascontiguousarray(values), "line",
            is_told=side == 0,
        )  # fmt: skip


def _of_batches(*rows: tuple[str, str]) -> Builder:
    """Lines of fields of the series: the first with its points filled, the next ones open."""

    def build(camera: str, series: CameraSeries, zero_jd: float) -> Iterator[PlotLine]:
        seen = _hours_of(series.jd, zero_jd)
        for place, (name, field) in enumerate(rows):
            yield PlotLine(
                camera, name, seen, getattr(series, field), "rings" if place else "points",
                is_told=not place,
            )  # fmt: skip

    return build


def _drift(axis: int) -> Builder:
    def build(camera: str, series: CameraSeries, zero_jd: float) -> Iterator[PlotLine]:
        seen = _hours_of(series.jd, zero_jd)
        moved = series.drift_arcmin.reshape(-1, len(CHIP_POINTS), 2)[:, :, axis]
        for point, name in enumerate(CHIP_POINTS):
            yield PlotLine(
                camera, name, seen, np.ascontiguousarray(moved[:, point]), "points",
                GLYPHS[point], is_told=name == "centre",
            )  # fmt: skip

    return build


def _steady(camera: str, series: CameraSeries, zero_jd: float) -> Iterator[PlotLine]:
    rows = series.steady.reshape(-1, 4)
    rows = rows[np.argsort(rows[:, 0], kind="stable")]
    seen, stars = _hours_of(rows[:, 0], zero_jd), rows[:, 1].astype(np.int64)
    for column, name, mark in ((2, "fast", "dots"), (3, "slow", "rings")):
        values = np.ascontiguousarray(rows[:, column])
        yield PlotLine(camera, name, seen, values, mark, is_told=False, stars=stars)  # type: ignore[arg-type]


def _hours_of(jd: NDArray[np.float64], zero_jd: float) -> NDArray[np.float64]:
    return hours(jd, zero_jd)


def flag_lines(series: Mapping[str, CameraSeries], zero_jd: float) -> list[PlotLine]:
    """Points with each flag, batch by batch, of several cameras together."""
    found: dict[str, dict[int, float]] = {}
    for one in series.values():
        slots = np.rint(one.jd / BATCH_D).astype(int)
        for kind, counts in one.flags.items():
            total = found.setdefault(kind, {})
            for slot, count in zip(slots.tolist(), counts.tolist(), strict=True):
                total[slot] = total.get(slot, 0.0) + (count if np.isfinite(count) else 0.0)
    return [_flag_line(kind, found[kind], zero_jd) for kind in sorted(found)]


def _flag_line(kind: str, total: dict[int, float], zero_jd: float) -> PlotLine:
    slots = np.array(sorted(total), np.float64)
    counts = np.array([total[int(slot)] for slot in slots])
    seen = _hours_of(slots * BATCH_D, zero_jd)
    return PlotLine("", kind, seen, np.where(counts > 0, counts, np.nan), "points")


def _no_lines(_camera: str, _series: CameraSeries, _zero_jd: float) -> tuple[PlotLine, ...]:
    return ()


FLAGS = "flags"
PLOTS = (
    PlotSpec(
        "lag", "Lag behind the camera", "s", _lag, ".0f", span=(0.0, 30.0),
        limits=(Limit("1 batch", BATCH_S, BATCH_S),),
        empty="Reduced after the night: no lag while the cameras exposed",
    ),
    PlotSpec("sky", "Sky level", "ADU", _sky, ",.0f", scale="auto"),
    PlotSpec("ccdtemp", "Chip temperature", "°C", _ccdtemp, ".1f"),
    PlotSpec("overscan", "Overscan, four sides", "ADU", _overscan, ".1f"),
    PlotSpec(
        "stars", "Stars of the astrometry", "stars",
        _of_batches(("used", "stars_used"), ("expected", "stars_expected")), ".0f",
        note="● used  ○ expected",
    ),
    PlotSpec(
        "rms", "Astrometric residual", "px, rms",
        _of_batches(("single frame", "rms_px"), ("binned image", "rms_binned_px")), ".2f",
        note="● frame  ○ binned", scale="log", span=(0.1, 2.0 * WORST_RMS_PX),
        empty="No batch is solved yet",
    ),
    PlotSpec(
        "drift-ha", "Drift in hour angle", "arcmin", _drift(0), "+.2f",
        note="◆ centre ● ▼ lower ■ ▲ upper", span=(-0.1, 0.1), empty="No batch is solved yet",
    ),
    PlotSpec(
        "drift-dec", "Drift in declination", "arcmin", _drift(1), "+.2f",
        note="◆ centre ● ▼ lower ■ ▲ upper", span=(-0.1, 0.1), empty="No batch is solved yet",
    ),
    PlotSpec("zero-point", "Zero point", "mag", _of_batches(("", "zero_point_mag")), ".2f"),
    PlotSpec(
        "transparency", "Transparency", "1 is clear", _of_batches(("", "transparency")), ".2f",
        span=(0.0, 1.1),
    ),
    PlotSpec(
        "steady", "Stars of V 4.75 to 4.80", "ADU/s", _steady, ",.0f", note="● fast  ○ slow",
        span=(0.0,), empty="No such star is in the view yet",
    ),
    PlotSpec(
        FLAGS, "Flagged points, chosen cameras", "per batch", _no_lines, ",.0f", scale="log",
        empty="No point is flagged yet",
    ),
)  # fmt: skip
KEYS = tuple(spec.key for spec in PLOTS)
