"""What a fold is asked: counts of regions, par files, and how."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, Protocol

from ..rolling_shutter import row_delay_s
from .light import light_of
from .phases import FramePhases

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from ...timing.edits import PivotedPhases
    from ...timing.ephemeris import Ephemeris
    from ...timing.sites import Site
    from ..calibration import CountScale
    from ..region_sums import SpotSums
    from ..times import TimeModel
    from .light import Light
    from .settings import FoldSettings

    Numbers = NDArray[np.float64]


class CubeCounts(Protocol):
    """Counts of one source in one cube, or in some frames of it."""

    @property
    def seconds(self) -> Numbers:
        """Start of each exposure, seconds since the start of the capture, shape (n_frames,)."""

    @property
    def source(self) -> SpotSums:
        """Of the source."""

    @property
    def sky(self) -> SpotSums | None:
        """Of its sky."""


@dataclass(frozen=True, eq=False)
class SourceCounts:
    """Counts of one source.

    Attributes
    ----------
    ident : int
        Number of the region.
    name : str
    row : float
        Mean row of its pixels, from 0.
    cubes : sequence of CubeCounts
        In order.
    """

    ident: int
    name: str
    row: float
    cubes: Sequence[CubeCounts]


class Shift(NamedTuple):
    """Change of frequency (Hz) and of its derivative (Hz/s) that is not yet in the phases."""

    frequency_hz: float = 0.0
    derivative_hz_s: float = 0.0


@dataclass(frozen=True, eq=False)
class FoldRequest:
    """Everything a fold depends on.

    Attributes
    ----------
    sources : tuple of SourceCounts
    ephemerides : tuple of Ephemeris
        Par files; the edits of the settings and `shift` are for the first of them.
    site : Site
        Where the camera was.
    settings : FoldSettings
    shift : Shift or None
        Follows a hand; None where phases are exact.
    model : TimeModel
        Of the capture.
    scale : CountScale
    read_noise_e : float
        Of a pixel in a frame.
    frame_s, readout_s : float
        Exposure and readout time.
    frame_rows : int
        Rows of the frame.
    capture : str
    path : Path
    frames_total, frames_missing : int
    is_preview : bool
    """

    sources: tuple[SourceCounts, ...]
    ephemerides: tuple[Ephemeris, ...]
    site: Site
    settings: FoldSettings
    shift: Shift | None
    model: TimeModel
    scale: CountScale
    read_noise_e: float
    frame_s: float
    readout_s: float
    frame_rows: int
    capture: str
    path: Path
    frames_total: int
    frames_missing: int
    is_preview: bool = False

    def delay_s(self, source: SourceCounts) -> float:
        """By how much the rolling shutter reads a source after the middle row of the frame."""
        if not self.settings.row_delay:
            return 0.0
        return row_delay_s(source.row, self.frame_rows, self.readout_s)

    def clock(self, pulsar: PivotedPhases, source: SourceCounts) -> FramePhases:
        """What gives the frames of a source their phases."""
        delay_s = self.delay_s(source)
        return FramePhases(self.model, pulsar, self.settings, self.frame_s, delay_s)

    def light(self, source: SpotSums, sky: SpotSums | None) -> Light:
        """Electrons of a source in a cube."""
        return light_of(source, sky, self.scale, self.read_noise_e)
