"""When each frame was taken: from the GPS event, the camera clock and the place in the bundle.

Mid-exposure of frame k in bundle b =
    GPSSTART + (TIMESTAMP[b] - TIMESTAMP[first of the capture]) + k x interval + constant term.

Until November 2025 the stamps are the raw camera clock, since then the camera software has zeroed
the first one; subtracting the first stamp of cube 1 is right for both.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

from ..frames.times import FrameTime, FrameTimes, TimeQuality, day_of, normalised, parse_iso, spread

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from .cube import CubeHeader, Stamps

# So many differences give the median to a small part of the 1 us the stamps are rounded to.
ENOUGH_DIFFERENCES = 200
_HEADER_TOLERANCE = 0.01

_DATE = re.compile(r"(\d{4})[-/]?(\d\d)[-/]?(\d\d)(?:[T ].*)?", re.ASCII)
_TIME = re.compile(r"(\d{1,2}):(\d\d):(\d\d(?:\.\d*)?)", re.ASCII)


class ConstantTerm(Protocol):
    """The constant part of the time model, as the settings hold it."""

    @property
    def readout_fraction(self) -> float:
        """Part of TIMING READOUT TIME that is added."""

    @property
    def exposure_fraction(self) -> float:
        """Part of EXPOSURE TIME that is added."""

    @property
    def offset_s(self) -> float:
        """Fixed time that is added, seconds."""


@dataclass(frozen=True)
class MidExposure:
    """The usual constant term: half the exposure, and half the readout for the central row."""

    readout_fraction: float = 0.5
    exposure_fraction: float = 0.5
    offset_s: float = 0.0


def constant_seconds(
    constant: ConstantTerm, exposure_s: float | None, readout_s: float | None
) -> float:
    """Constant term in seconds; an unknown exposure or readout counts as zero."""
    return (
        constant.exposure_fraction * (exposure_s or 0.0)
        + constant.readout_fraction * (readout_s or 0.0)
        + constant.offset_s
    )


@dataclass(frozen=True)
class Epoch:
    """UTC (or what comes nearest) of the start of one exposure.

    `of_first_present` tells that it belongs to the first frame there is, and not to the first
    frame of the capture.
    """

    instant: FrameTime
    quality: TimeQuality
    note: str = ""
    of_first_present: bool = False


@dataclass(frozen=True)
class Spacing:
    """Time from one frame to the next inside a bundle.

    Attributes
    ----------
    interval_s : float
        Seconds; 0 when nothing tells.
    settled : bool
        Whether more stamps would not change it.
    note : str
        What was assumed or disagrees; may be empty.
    """

    interval_s: float
    settled: bool = False
    note: str = ""


@dataclass(frozen=True)
class TimeModel:
    """All that turns stamps into times, with its assumptions.

    Attributes
    ----------
    instant : FrameTime
        Start of the exposure whose stamp is `origin_s`.
    origin_s : float
        Stamp, camera clock, that belongs to `instant`.
    note : str
        Assumptions, as sentences.
    """

    instant: FrameTime
    quality: TimeQuality
    origin_s: float
    interval_s: float
    frames_per_bundle: int
    constant_s: float
    note: str

    def elapsed(self, clock_s: NDArray[np.float64]) -> NDArray[np.float64]:
        """Seconds from `instant` to the start of each frame.

        Parameters
        ----------
        clock_s : ndarray, shape (bundles,)
            TIMESTAMP of each bundle.

        Returns
        -------
        ndarray, shape (bundles x frames per bundle,)
        """
        places = np.arange(self.frames_per_bundle) * self.interval_s
        return ((clock_s - self.origin_s)[:, None] + places).reshape(-1)

    def start(self, clock_s: float, place: int = 0) -> FrameTime:
        """Start of the exposure of one frame, without the constant term."""
        elapsed = clock_s - self.origin_s + place * self.interval_s
        return normalised(self.instant.day, self.instant.seconds + elapsed)

    def middle(self, clock_s: float, place: int) -> FrameTime | None:
        """Middle of the exposure of frame `place` of a bundle; None when it is not known."""
        if self.quality == "none" or not np.isfinite(clock_s):
            return None
        elapsed = (clock_s - self.origin_s) + place * self.interval_s
        return normalised(self.instant.day, self.instant.seconds + (elapsed + self.constant_s))

    def frame_times(self, clock_s: NDArray[np.float64]) -> FrameTimes:
        """Middles of the exposures of all frames of the bundles with these stamps."""
        elapsed = self.elapsed(clock_s)
        if self.quality == "none":
            day = np.zeros(len(elapsed), np.int64)
            return FrameTimes(day, elapsed, "none", self.constant_s, self.note)
        day, seconds = spread(self.instant.day, self.instant.seconds, elapsed + self.constant_s)
        return FrameTimes(day, seconds, self.quality, self.constant_s, self.note)


def parse_gps(text: str | None) -> FrameTime | None:
    """Instant of a GPSSTART value; None when it is absent or unreadable."""
    try:
        return parse_iso(text) if text else None
    except ValueError:
        return None


def find_epoch(headers: Sequence[CubeHeader]) -> Epoch:
    """Best zero point among the cubes of a capture: GPS, else telescope, else file name.

    Parameters
    ----------
    headers : sequence of CubeHeader
        In order of number, at least one.
    """
    for header in headers:
        instant = parse_gps(header.gps_start)
        if instant is not None:
            return Epoch(instant, "gps")
    return _telescope_epoch(headers) or _name_epoch(headers[0]) or _no_epoch()


def _telescope_epoch(headers: Sequence[CubeHeader]) -> Epoch | None:
    """Zero point from DATEOBS and TELUT of the first cube that has them readable."""
    instants = [_telescope_instant(header) for header in (headers[0], headers[-1])]
    first, last = instants
    if first is None:
        return None
    # Some versions write the block once for all cubes, later ones anew for each.
    renewed = headers[0].number > 1 and last is not None and last != first
    note = "No GPS time: times come from the telescope's clock and are good to seconds at best."
    return Epoch(first, "telescope", note, of_first_present=renewed)


def _telescope_instant(header: CubeHeader) -> FrameTime | None:
    day = _DATE.fullmatch(header.cards.text("DATEOBS") or "")
    time = _TIME.fullmatch(header.cards.text("TELUT") or "")
    if day is None or time is None:
        return None
    seconds = int(time[1]) * 3600 + int(time[2]) * 60 + float(time[3])
    try:
        return normalised(day_of(int(day[1]), int(day[2]), int(day[3])), seconds)
    except ValueError:
        return None


def _name_epoch(header: CubeHeader) -> Epoch | None:
    """Zero point from the time in the file name, which is local time of an unknown zone."""
    text = header.start
    if text is None:
        return None
    note = (
        "No GPS or telescope time: times are the camera computer's local clock, "
        "from the file name, and not UTC."
    )
    date, clock = f"{text[:4]}-{text[4:6]}-{text[6:8]}", f"{text[9:11]}:{text[11:13]}:{text[13:]}"
    try:
        return Epoch(parse_iso(f"{date}T{clock}"), "file name", note)
    except ValueError:
        return None


def _no_epoch() -> Epoch:
    note = "Nothing tells when this capture was taken: times count from its first exposure."
    return Epoch(FrameTime(0, 0.0), "none", note)


def frame_spacing(stamps: Sequence[tuple[int, Stamps]], header: CubeHeader) -> Spacing:
    """Frame interval from the stamps, checked against the header.

    Parameters
    ----------
    stamps : sequence of (int, Stamps)
        Number and stamps of the first cubes, in order.
    header : CubeHeader
        Of the first cube: INTERNAL FRAME INTERVAL, else the longer of exposure and readout,
        stands in while there are no two bundles to compare.
    """
    steps = _bundle_steps(stamps)
    if not len(steps):
        return _spacing_from_header(header)
    # Stamps are whole microseconds: digits beyond the picosecond are left from subtracting.
    interval_s = round(float(np.median(steps)) / header.frames_per_bundle, 12)
    settled = len(steps) >= ENOUGH_DIFFERENCES
    told = header.interval_s
    # The stamps are rounded to a microsecond, which matters for the shortest intervals.
    tolerance = _HEADER_TOLERANCE * interval_s + 2e-6
    if told is None or abs(told - interval_s) <= tolerance:
        return Spacing(interval_s, settled)
    note = (
        f"Frames are {interval_s:.9g} s apart by their time stamps, "
        f"but {told:.9g} s by INTERNAL FRAME INTERVAL; the stamps are used."
    )
    return Spacing(interval_s, settled, note)


def _bundle_steps(stamps: Sequence[tuple[int, Stamps]]) -> NDArray[np.float64]:
    """Positive differences of neighbouring stamps, not across missing cubes."""
    pieces: list[NDArray[np.float64]] = []
    before: tuple[int, float] | None = None
    for number, piece in stamps:
        clock_s = piece.clock_s
        if before is not None and number == before[0] + 1:
            clock_s = np.concatenate(([before[1]], clock_s))
        pieces.append(np.diff(clock_s))
        before = (number, float(piece.clock_s[-1]))
    steps = np.concatenate(pieces) if pieces else np.empty(0)
    return steps[steps > 0]


def _spacing_from_header(header: CubeHeader) -> Spacing:
    """Frame interval where the stamps cannot tell: a single bundle, or broken stamps."""
    if header.interval_s:
        return Spacing(header.interval_s)
    longest = max(header.exposure_s or 0.0, header.readout_s or 0.0)
    return Spacing(
        longest,
        note=f"The frame interval is assumed to be {longest:.9g} s: too few stamps to measure it.",
    )


@dataclass(frozen=True)
class Origin:
    """Stamp at the start of the capture."""

    clock_s: float
    note: str = ""


def clock_origin(first: CubeHeader, stamps: Stamps, interval_s: float, full: int) -> Origin:
    """Stamp that belongs to the start of the capture.

    Parameters
    ----------
    first : CubeHeader
        First cube there is.
    stamps : Stamps
        Its stamps.
    interval_s : float
        Frame interval.
    full : int
        Frames in a full cube, to estimate how many came before `first`.
    """
    known = np.flatnonzero(np.isfinite(stamps.clock_s))
    if not len(known):
        return Origin(0.0, "The first cube has no readable time stamps.")
    step_s = first.frames_per_bundle * interval_s
    first_s = float(stamps.clock_s[known[0]]) - int(known[0]) * step_s
    if first.number <= 1:
        return Origin(first_s)
    return _origin_without_cube_1(first, first_s, (first.number - 1) * full * interval_s)


def _origin_without_cube_1(first: CubeHeader, first_s: float, expected_s: float) -> Origin:
    """Decide between a zeroed and a raw camera clock by the time that should have passed."""
    missing = f"Cube 1 is not here (the first is {first.number})"
    if abs(first_s - expected_s) <= 0.1 * expected_s + 1.0:
        return Origin(0.0, f"{missing}; its clock is assumed to start at zero, as it fits.")
    return Origin(
        first_s - expected_s,
        f"{missing} and the camera clock was not zeroed: the start is estimated from the "
        "number of cubes before it, and frames lost in them make the times early.",
    )


def build_model(
    headers: Sequence[CubeHeader],
    first_stamps: Stamps,
    spacing: Spacing,
    constant: ConstantTerm,
) -> TimeModel:
    """Time model of a capture.

    Parameters
    ----------
    headers : sequence of CubeHeader
        In order of number, at least one.
    first_stamps : Stamps
        Of the first of them.
    spacing : Spacing
        From `frame_spacing`.
    constant : ConstantTerm
        From the settings.
    """
    first = headers[0]
    full = max(header.n_frames for header in headers)
    epoch = find_epoch(headers)
    origin = clock_origin(first, first_stamps, spacing.interval_s, full)
    if epoch.of_first_present or epoch.quality == "none":
        known = first_stamps.clock_s[np.isfinite(first_stamps.clock_s)]
        origin = Origin(float(known[0]) if len(known) else 0.0)
    notes = [epoch.note, origin.note, spacing.note, _missing_terms(first)]
    return TimeModel(
        epoch.instant,
        epoch.quality,
        origin.clock_s,
        spacing.interval_s,
        first.frames_per_bundle,
        constant_seconds(constant, first.exposure_s, first.readout_s),
        " ".join(note for note in notes if note),
    )


def _missing_terms(header: CubeHeader) -> str:
    """Sentence on camera times the header lacks, which the constant term needs."""
    absent = [
        keyword
        for keyword, value in (
            ("EXPOSURE TIME", header.exposure_s),
            ("TIMING READOUT TIME", header.readout_s),
        )
        if value is None
    ]
    if not absent:
        return ""
    return f"The header has no valid {' and '.join(absent)}, taken as zero in the frame times."
