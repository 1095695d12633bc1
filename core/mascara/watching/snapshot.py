"""A night as it stands at one moment: what the window shows and ``status --json`` prints."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from ...engine.journal import Record
    from ..report.status import NightStatus

    Numbers = NDArray[np.float64]

BatchState = Literal["waiting", "running", "done", "partial", "failed", "skipped"]
AlarmKind = Literal[
    "killed", "stuck", "clock", "disk", "folder", "silent", "torn", "window", "behind", "failed",
    "raw", "unfinished",
]  # fmt: skip
AlarmAction = Literal["", "resume", "stop", "retry", "mark", "new"]


@dataclass(frozen=True)
class BatchCell:
    """One batch of 50 exposures of one camera. Numbers that are not known are NaN.

    Attributes
    ----------
    unit : str
        ``LPC-00212021``.
    camera : str
    number : int
        Number of the batch: LST sequence number over 50.
    state : {"waiting", "running", "done", "partial", "failed", "skipped"}
    mid_jd : float
        Middle of the batch, JD (UTC).
    received, reduced, missing, failed : int
        Exposures.
    sky_adu, rms_px, zero_point_mag, transparency : float
        Median sky, astrometric residual, zero point, median transparency of its cells (1: clear).
    stars_used, stars_fast : int
    took_s : float
    warnings : tuple of str
    """

    unit: str
    camera: str
    number: int
    state: BatchState
    mid_jd: float
    received: int = 0
    reduced: int = 0
    missing: int = 0
    failed: int = 0
    sky_adu: float = float("nan")
    rms_px: float = float("nan")
    zero_point_mag: float = float("nan")
    transparency: float = float("nan")
    stars_used: int = 0
    stars_fast: int = 0
    took_s: float = float("nan")
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class CameraSeries:
    """Figures of one camera against time; times are JD (UTC), not known is NaN.

    Attributes
    ----------
    jd : ndarray, shape (n,)
        Middle of each reduced batch, in order; the next ones are of the same shape.
    stars_used, stars_expected, rms_px, rms_binned_px, zero_point_mag, transparency : ndarray
    drift_arcmin : ndarray, shape (n, 5, 2)
        Shift of centre and corners in hour angle and declination since the first batch.
    frame_jd : ndarray, shape (m,)
        Middle of each reduced exposure; the next ones are of the same shape.
    frame_sky_adu, frame_ccdtemp_c : ndarray
    frame_overscan_adu : ndarray, shape (m, 4)
    steady : ndarray, shape (k, 4)
        Stars of V 4.75 to 4.80: JD, ASCC number, fast and slow flux in ADU/s.
    flags : mapping of str to ndarray, shape (n,)
        Points with each photometric flag.
    lag_jd, lag_s : ndarray, shape (b,)
        Lag behind the camera, at each sign of life: by the clock of the computer, or where frames
        of another night are reduced by that of the newest frame.
    """

    jd: Numbers
    stars_used: Numbers
    stars_expected: Numbers
    rms_px: Numbers
    rms_binned_px: Numbers
    zero_point_mag: Numbers
    transparency: Numbers
    drift_arcmin: Numbers
    frame_jd: Numbers
    frame_sky_adu: Numbers
    frame_ccdtemp_c: Numbers
    frame_overscan_adu: Numbers
    steady: Numbers
    flags: Mapping[str, Numbers]
    lag_jd: Numbers
    lag_s: Numbers


@dataclass(frozen=True)
class Alarm:
    """One thing that is wrong now, in words, with what the panel can do about it.

    Attributes
    ----------
    kind : str
        See `AlarmKind`; the same kind and subject is the same alarm.
    level : {"trouble", "notice"}
    title, text, hint : str
        What happened; the details; what to do next. Sentences.
    action : str
        What the panel offers; empty for nothing.
    subject : str
        Camera, unit or file it is about; empty for the whole night.
    """

    kind: AlarmKind
    level: Literal["trouble", "notice"]
    title: str
    text: str
    hint: str = ""
    action: AlarmAction = ""
    subject: str = ""


@dataclass(frozen=True)
class Forecast:
    """What is left. Not known is NaN.

    Attributes
    ----------
    frames_per_s : float
        Lately reduced, in real time.
    sky_ratio : float
        That rate over the rate at which the cameras expose: below 1 the night falls behind.
    batch_left_s : mapping of str to float
        Until the batch at work is done, by camera.
    night_left_s : float
        Until the frames that wait are reduced; of a live night until its dawn is reduced.
    ends_utc : str
        When that will be; empty where it is not known.
    bytes_needed, bytes_free : float
        On the disk of the products, until the end of the night.
    disk_hours : float
        How long the free room lasts at the pace so far.
    """

    frames_per_s: float = float("nan")
    sky_ratio: float = float("nan")
    batch_left_s: Mapping[str, float] = field(default_factory=dict)
    night_left_s: float = float("nan")
    ends_utc: str = ""
    bytes_needed: float = float("nan")
    bytes_free: float = float("nan")
    disk_hours: float = float("nan")


@dataclass(frozen=True)
class Twilight:
    """Moments of the night, JD (UTC); NaN where they do not come.

    Attributes
    ----------
    dusk_jd, dawn_jd : float
        The Sun 10 degrees below the horizon.
    sunset_jd, sunrise_jd : float
        The Sun 5 degrees above the horizon: the cameras close.
    """

    dusk_jd: float = float("nan")
    dawn_jd: float = float("nan")
    sunset_jd: float = float("nan")
    sunrise_jd: float = float("nan")


@dataclass(frozen=True, eq=False)
class NightSnapshot:
    """Everything about one night now.

    Attributes
    ----------
    output : Path
        Folder of the products.
    revision : int
        Rises whenever anything but `as_of_s` is another.
    as_of_s : float
        Unix time of the look.
    is_running : bool
        Whether a driver holds the folder.
    request : dict
        Fields of the `NightRequest` of the last run.
    settings : dict
        Fields of its `ReductionSettings`.
    status : NightStatus
    grid : mapping of str to tuple of BatchCell
        By camera, in order of time, without a gap between first and newest batch.
    series : mapping of str to CameraSeries
    alarms : tuple of Alarm
        Trouble first.
    forecast : Forecast
    twilight : Twilight
    last : mapping of str to dict
        Newest journal record with products of each camera (see `night.record.batch_record`).
    records : mapping of str to dict
        Newest journal record of each unit. Never changed, only replaced.
    mails : tuple of dict
        What became of the summaries.
    """

    output: Path
    revision: int
    as_of_s: float
    is_running: bool
    request: dict[str, Any]
    settings: dict[str, Any]
    status: NightStatus
    grid: Mapping[str, tuple[BatchCell, ...]]
    series: Mapping[str, CameraSeries]
    alarms: tuple[Alarm, ...]
    forecast: Forecast
    twilight: Twilight
    last: Mapping[str, Record]
    records: Mapping[str, Record]
    mails: tuple[Record, ...] = ()
