"""The figures of a camera against time, longer with each line of the journal."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from ...timing.sidereal import jd_from_unix
from ..report.records import column, listed, mapped, number
from .grid import transparency_of
from .snapshot import CameraSeries

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from ...engine.journal import Record
    from ..report.records import CameraRecords

    Numbers = NDArray[np.float64]

_POINTS, _SIDES = 5, 4
_OF_BATCHES = (
    "jd", "stars_used", "stars_expected", "rms_px", "rms_binned_px", "zero_point_mag",
    "transparency",
)  # fmt: skip
_OF_FRAMES = {"jd": "jd", "sky_adu": "sky", "ccdtemp_c": "ccdtemp"}
"""Names here and in the journal."""


@dataclass(frozen=True, eq=False)
class _Batch:
    """What one record gives."""

    figures: Numbers
    drift_arcmin: Numbers
    frames: Numbers
    overscan_adu: Numbers
    steady: Numbers
    flags: dict[str, float]


class Growing:
    """Rows that are added one by one; what was given out stays as it was."""

    def __init__(self, columns: int) -> None:
        self._rows = np.empty((256, columns))
        self._count = 0

    def add(self, *row: float) -> None:
        """Add a row."""
        if self._count == len(self._rows):
            self._rows = np.concatenate([self._rows, np.empty_like(self._rows)])
        self._rows[self._count] = row
        self._count += 1

    def column(self, number: int) -> Numbers:
        """A column of the rows so far."""
        return _frozen(self._rows[: self._count, number])


class CameraHistory:
    """Follows the records of one camera."""

    def __init__(self) -> None:
        self._lags = Growing(2)
        self._batches: dict[str, tuple[Record, _Batch]] = {}
        self._records: CameraRecords | None = None
        self._series: CameraSeries | None = None
        self._is_longer = False

    def take_lag(self, at_s: float, lag_s: float) -> None:
        """Hear of a sign of life: when it was (Unix) and how far the camera was behind."""
        if math.isfinite(at_s + lag_s):
            self._lags.add(jd_from_unix(at_s), lag_s)
            self._is_longer = True

    def series(self, records: CameraRecords) -> CameraSeries:
        """Everything so far; the same object where nothing is new."""
        if self._series is None or self._records is not records:
            self._series = self._made(records)
        elif self._is_longer:
            self._series = self._with_lags(self._series)
        self._records, self._is_longer = records, False
        return self._series

    def _with_lags(self, series: CameraSeries) -> CameraSeries:
        return replace(series, lag_jd=self._lags.column(0), lag_s=self._lags.column(1))

    def _made(self, records: CameraRecords) -> CameraSeries:
        parts = [self._part(record) for record in records.reduced]
        figures = _joined(parts, lambda one: one.figures, len(_OF_BATCHES))
        frames = _joined(parts, lambda one: one.frames, len(_OF_FRAMES))
        drift = _joined(parts, lambda one: one.drift_arcmin, 2 * _POINTS)
        return CameraSeries(
            **{name: _frozen(figures[:, k]) for k, name in enumerate(_OF_BATCHES)},
            drift_arcmin=_frozen(drift.reshape(-1, _POINTS, 2)),
            **{f"frame_{name}": _frozen(frames[:, k]) for k, name in enumerate(_OF_FRAMES)},
            frame_overscan_adu=_joined(parts, lambda one: one.overscan_adu, _SIDES),
            steady=_joined(parts, lambda one: one.steady, _SIDES),
            flags=_flags(parts),
            lag_jd=self._lags.column(0),
            lag_s=self._lags.column(1),
        )

    def _part(self, record: Record) -> _Batch:
        unit = str(record["unit"])
        known = self._batches.get(unit)
        if known is None or known[0] is not record:
            self._batches[unit] = known = record, _batch(record)
        return known[1]


def _batch(record: Record) -> _Batch:
    solution, frames = mapped(record, "astrometry"), listed(record, "frames")
    figures = [
        number(record, "mid_jd"), number(solution, "stars_used"),
        number(solution, "stars_expected"), number(solution, "dr"),
        number(solution, "binned", "dr"), number(record, "zero_point"), transparency_of(record),
    ]  # fmt: skip
    drift = _table(listed(solution, "drift_arcmin"), _POINTS, 2).reshape(1, -1)
    return _Batch(
        np.array([figures]),
        drift,
        np.stack([_of_frames(frames, name) for name in _OF_FRAMES.values()], axis=-1),
        _table([frame.get("overscan") for frame in frames], len(frames), _SIDES),
        _steady(record),
        {name: number(record, "flags", name) for name in mapped(record, "flags")},
    )


def _steady(record: Record) -> Numbers:
    rows = [[number(record, "mid_jd"), *row] for row in listed(record, "calibration_stars")]
    return _table(rows, len(rows), _SIDES)


def _of_frames(frames: Sequence[Record], name: str) -> Numbers:
    try:
        return np.array([frame.get(name) for frame in frames], np.float64)
    except (TypeError, ValueError):  # something else than numbers
        return column(frames, name)


def _table(rows: list[Any], count: int, columns: int) -> Numbers:
    """Rows of numbers; NaN all over where they have another shape."""
    try:
        found = np.array(rows, np.float64)
    except (TypeError, ValueError):
        found = np.empty(0)
    return found if found.shape == (count, columns) else np.full((count, columns), np.nan)


def _joined(parts: list[_Batch], part: Callable[[_Batch], Numbers], columns: int) -> Numbers:
    return _frozen(np.concatenate([np.empty((0, columns)), *(part(one) for one in parts)]))


def _flags(parts: list[_Batch]) -> dict[str, Numbers]:
    names = sorted({name for one in parts for name in one.flags})
    return {name: _frozen(np.array([one.flags.get(name, 0.0) for one in parts])) for name in names}


def _frozen(values: Numbers) -> Numbers:
    given = values.view()
    given.flags.writeable = False
    return given
