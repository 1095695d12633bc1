"""What a fold gives: profiles, rasters and numbers, for each region and par file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ...timing.pulse.measured import ratio

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from ...frames.times import FrameTime
    from ...timing.pulsar_clock import PulsarClock
    from ...timing.pulse.growth import Growth
    from ...timing.pulse.measured import Measured
    from ...timing.pulse.moments import Moments
    from ...timing.pulse.profile import Profile
    from .settings import FoldSettings

    Numbers = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Raster:
    """Light against time and phase.

    Attributes
    ----------
    sums, variances, shares : ndarray of float64, shape (rows, n_bins)
        Electrons, their variances and frames.
    edges_s : ndarray of float64, shape (rows + 1,)
        Seconds since the start of the capture; rows without frames are gaps.
    frame_s : float
        Exposure of a frame.
    """

    sums: Numbers
    variances: Numbers
    shares: Numbers
    edges_s: Numbers
    frame_s: float

    @property
    def rate(self) -> Numbers:
        """Electrons per second, shape (rows, n_bins); NaN where nothing was exposed."""
        return ratio(self.sums, self.exposure_s)

    @property
    def error(self) -> Numbers:
        """Standard deviation of `rate`."""
        return ratio(np.sqrt(np.maximum(self.variances, 0.0)), self.exposure_s)

    @property
    def exposure_s(self) -> Numbers:
        """Seconds of each bin of each row, shape (rows, n_bins)."""
        return self.shares * self.frame_s


@dataclass(frozen=True, eq=False)
class SourceFold:
    """One region folded on one par file.

    Attributes
    ----------
    ident : int
        Number of the region.
    name, psr : str
        Of region and pulsar.
    profile : Profile
        Net of sky.
    sky_rate : float
        Electrons of sky per second in the pixels of the region; 0 where no sky was drawn.
    raster : Raster
    moments : Moments
        For Z^2 and H; of the frames by the phases of their middles.
    growth : Growth
        Of the significance with time.
    pulsed_fraction : Measured
        By the on and off ranges of the settings, where there are any.
    frames_counted : int
        Frames whose light and time are known.
    par_path : Path or None
    par_text : str
        Lines that PINT was given.
    f0_hz, f1_hz_s : float
        In force, at PEPOCH.
    frequency_hz : float
        Seen at the telescope at the start of the capture.
    clock : PulsarClock
        Time at the pulsar about that instant, which tells what F0 makes a change of what is seen.
    """

    ident: int
    name: str
    psr: str
    profile: Profile
    sky_rate: float
    raster: Raster
    moments: Moments
    growth: Growth
    pulsed_fraction: Measured
    frames_counted: int
    par_path: Path | None
    par_text: str
    f0_hz: float
    f1_hz_s: float
    pepoch_mjd: float
    frequency_hz: float
    clock: PulsarClock


@dataclass(frozen=True, eq=False)
class FoldResult:
    """A capture folded: every region with every par file, regions first.

    Attributes
    ----------
    folds : tuple of SourceFold
    settings : FoldSettings
    capture : str
        Its name; `path` is its first file.
    frames_read : int
        Frames in the cubes folded, also those without light or time.
    frames_total : int
        Frames in complete cubes; `frames_missing` those that must have been taken and are not
        there.
    start : FrameTime
        UTC of the start of the first exposure.
    span_s : float
        From the start of the first exposure counted to the end of the last.
    frame_s, interval_s : float
        Exposure, and time from frame to frame.
    time_note : str
        Time scale, quality and convention of the phases, for the plot.
    notices : tuple of str
        What was put right or is uncertain, as sentences.
    is_preview : bool
        Whether only some frames spread over the capture were folded, while a hand moves.
    is_linear : bool
        Whether phases were shifted by the change of F0 and F1 instead of asking PINT.
    """

    folds: tuple[SourceFold, ...]
    settings: FoldSettings
    capture: str
    path: Path
    frames_read: int
    frames_total: int
    frames_missing: int
    start: FrameTime
    span_s: float
    frame_s: float
    interval_s: float
    time_note: str
    notices: tuple[str, ...] = ()
    is_preview: bool = False
    is_linear: bool = False

    @property
    def frames_counted(self) -> int:
        """Frames in the first fold; others lack those where a region has no pixel."""
        return self.folds[0].frames_counted if self.folds else 0
