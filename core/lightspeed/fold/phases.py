"""Phases of the frames of cubes, exact and the same live and afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ...errors import NightglassError
from ...timing.grid import later

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from ...frames.times import FrameTime
    from ...timing.edits import PivotedPhases
    from ..times import TimeModel
    from .settings import FoldSettings

    Numbers = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class FramePhases:
    """What turns the stamps of a capture into phases.

    Attributes
    ----------
    model : TimeModel
        Of the capture.
    pulsar : PivotedPhases
        Of the par file, with its edits.
    settings : FoldSettings
    exposure_s : float
        Of a frame.
    delay_s : float
        By how much the rows of a region are read after the middle row of the frame.
    """

    model: TimeModel
    pulsar: PivotedPhases
    settings: FoldSettings
    exposure_s: float
    delay_s: float = 0.0

    @property
    def key(self) -> tuple[object, ...]:
        """All that `phases` depends on beside the stamps; `phase_offset` is not in them."""
        return self.model, self.pulsar.key, self._shift_s

    @property
    def _shift_s(self) -> float:
        settings = self.settings
        return settings.stamp_shift_s(self.exposure_s) + self.delay_s - settings.timing_offset_s

    @property
    def frequency_hz(self) -> float:
        """Spin frequency seen at the telescope at the start of the capture."""
        return self.pulsar.frequency_hz

    @property
    def smear_turns(self) -> float:
        """Turns that a frame lasts."""
        return self.exposure_s * self.frequency_hz

    def phases(self, elapsed_s: Sequence[Numbers]) -> list[Numbers]:
        """Give the phases of the frames of cubes.

        Parameters
        ----------
        elapsed_s : sequence of ndarray of float64, shape (n_frames,)
            Seconds from the start of the capture to the start of each frame, as `TimeModel.elapsed`
            makes them of stamps.

        Returns
        -------
        list of ndarray of float64, shape (n_frames,)
            Turns in [0, 1), without the phase offset; NaN for a frame without a time.
        """
        if not elapsed_s:
            return []
        every = self.pulsar.phase(*self.instants(np.concatenate(list(elapsed_s))))
        return np.split(every, np.cumsum([len(one) for one in elapsed_s])[:-1])

    def instants(self, elapsed_s: Numbers) -> tuple[NDArray[np.int64], Numbers]:
        """UTC days and seconds of the instants that are given a phase, of such times."""
        start, later_s = self.model.instant, self.model.constant_s + self._shift_s
        return later(start.day, start.seconds, elapsed_s + later_s)


def pivot_of(model: TimeModel, path: Path | None = None) -> FrameTime:
    """Give the start of a capture, about which edits turn the phases.

    Raises
    ------
    NightglassError
        If nothing tells when the capture was taken.
    """
    if model.quality == "none":
        raise NightglassError(
            "No phases without a date",
            "Nothing tells when this capture was taken: GPSSTART, DATEOBS and the date in the "
            "file name are all missing or unreadable.",
            "Give the files their own names back.",
            path,
        )
    return model.instant
