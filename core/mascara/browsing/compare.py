"""Nights side by side: what their journals tell of each camera, and what their stars tell."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ...errors import NightglassError
from ..letters import in_order
from ..night.reading import read_night
from ..night.request import journal_of
from ..report.camera_status import camera_status
from ..report.camera_summary import summarize
from ..report.records import column, night_records
from .star_differences import median, star_differences

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from ...engine.jobs import JobContext
    from ..report.records import CameraRecords, NightRecords
    from .star_differences import StarDifferences
    from .stars import NightStars


@dataclass(frozen=True)
class CameraFigures:
    """What the night of one camera came to. Numbers that are not known are NaN.

    Attributes
    ----------
    camera : str
        Id such as ``LPC``.
    received, reduced, missing, failed : int
        Exposures.
    batches, failed_batches : int
    solved : int
        Batches with an astrometric solution of their own.
    rms_px, zero_point_mag, sky_adu, ccdtemp_c : float
        Medians over the batches: residual, zero point, sky of a frame, temperature of the chip.
    worst_lag_s : float
    frame_s : float
        Computing time of a frame, median over the batches.
    stars_fast, stars_slow : int
        In the night files, or of the last batch before there are any.
    warnings, errors : int
    """

    camera: str
    received: int
    reduced: int
    missing: int
    failed: int
    batches: int
    failed_batches: int
    solved: int
    rms_px: float
    zero_point_mag: float
    sky_adu: float
    ccdtemp_c: float
    worst_lag_s: float
    frame_s: float
    stars_fast: int
    stars_slow: int
    warnings: int
    errors: int


@dataclass(frozen=True)
class NightFigures:
    """One of the nights.

    Attributes
    ----------
    output : Path
    night, site : str
    cameras : mapping of str to CameraFigures
        By letter, since stations differ in the rest of the id.
    """

    output: Path
    night: str
    site: str
    cameras: Mapping[str, CameraFigures]

    @property
    def name(self) -> str:
        """What tells it from the other nights."""
        return " ".join(filter(None, (self.night, self.site))) or self.output.name


@dataclass(frozen=True)
class NightComparison:
    """Nights side by side.

    Attributes
    ----------
    nights : tuple of NightFigures
        The first is what the others are compared with.
    stars : tuple of StarDifferences or None
        Of each other night against the first; None where one of them has no stars yet.
    """

    nights: tuple[NightFigures, ...]
    stars: tuple[StarDifferences | None, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Name of each night; with its folder where two have the same."""
        names = [one.name for one in self.nights]
        folders = [one.output.name for one in self.nights]
        tails = folders if len(set(folders)) == len(folders) else _tails(self.nights)
        return tuple(
            f"{name} ({tail})" if names.count(name) > 1 else name
            for name, tail in zip(names, tails, strict=True)
        )

    @property
    def letters(self) -> tuple[str, ...]:
        """Cameras of any night, in order."""
        known = {letter for one in self.nights for letter in one.cameras}
        return tuple(in_order(known))

    def to_json(self) -> dict[str, Any]:
        """Plain values for JSON; what is not known is None."""
        nights = [asdict(one) | {"output": str(one.output)} for one in self.nights]
        stars = [None if one is None else asdict(one) for one in self.stars]
        plain: dict[str, Any] = _plain({"nights": nights, "stars": stars})
        return plain


def compare_nights(outputs: Sequence[Path], ctx: JobContext) -> NightComparison:
    """Put nights side by side.

    Parameters
    ----------
    outputs : sequence of Path
        Folders of products, two at least; the first is what the others are compared with.
    ctx : JobContext

    Raises
    ------
    NightglassError
        If a folder holds no night, or there is only one.
    """
    if len({output.absolute() for output in outputs}) < 2:
        raise NightglassError(
            "There is nothing to compare", "A comparison needs two different nights.",
            "Name the folders of two nights.",
        )  # fmt: skip
    nights = tuple(night_figures(output) for output in outputs)
    ctx.check()
    stars = [_stars_of(output, ctx) for output in outputs]
    return NightComparison(nights, tuple(_differences(stars[0], other) for other in stars[1:]))


def night_figures(output: Path) -> NightFigures:
    """Read from the journal what the latest night in a folder came to.

    Raises
    ------
    NightglassError
        If the folder holds no night.
    """
    night = night_records(read_night(journal_of(output)))
    cameras = {one.camera[-1:]: _figures(one, night) for one in night.of_night(night.night)}
    return NightFigures(output, night.night, night.site, cameras)


def _figures(camera: CameraRecords, night: NightRecords) -> CameraFigures:
    summary, status = summarize(camera, night), camera_status(camera, night, "")
    levels = [(group.level, group.times) for group in summary.messages]
    return CameraFigures(
        camera=camera.camera,
        received=summary.received,
        reduced=summary.reduced,
        missing=summary.missing,
        failed=summary.failed,
        batches=len(camera.reduced),
        failed_batches=summary.batches["failed"],
        solved=summary.solved,
        rms_px=median(np.array(summary.rms_px)),
        zero_point_mag=median(column(camera.reduced, "zero_point")),
        sky_adu=median(column(camera.reduced, "sky")),
        ccdtemp_c=median(column(camera.reduced, "ccdtemp")),
        worst_lag_s=max(summary.lag_s, default=math.nan),
        frame_s=median(_frame_s(camera)),
        stars_fast=summary.stars_fast or status.stars_fast,
        stars_slow=summary.stars_slow or status.stars_slow,
        warnings=sum(times for level, times in levels if level == "WARNING"),
        errors=sum(times for level, times in levels if level == "ERROR"),
    )


def _frame_s(camera: CameraRecords) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    spent = [sum(one.get("seconds", {}).values()) for one in camera.reduced]
    return np.array(spent) / np.maximum(column(camera.reduced, "reduced"), 1.0)


def _tails(nights: Sequence[NightFigures]) -> list[str]:
    """Last folder and the one above it."""
    return ["/".join(one.output.absolute().parts[-2:]) for one in nights]


def _stars_of(output: Path, ctx: JobContext) -> NightStars:
    from .index import StarIndex

    index = StarIndex(output)
    try:
        return index.refresh(ctx)
    finally:
        index.close()


def _differences(first: NightStars, other: NightStars) -> StarDifferences | None:
    return star_differences(first, other) if len(first) and len(other) else None


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
