"""Light and predicted phases of the frames of a capture, for searches."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ...frames.times import DAY_S, FrameTime, normalised
from ...timing.search.light import SearchLight, refusal
from ...timing.search.result import Prediction
from ..modes import check_mode
from .frame_fluxes import frame_fluxes
from .parts import make_plan
from .power import frame_interval_s

if TYPE_CHECKING:
    import os

    from numpy.typing import NDArray

    from ...engine.jobs import JobContext
    from ..data_set import DataSet
    from ..ephemeris import Ephemeris
    from ..modes import Mode

    Numbers = NDArray[np.float64]


class Start(NamedTuple):
    """What a search starts from: a par file, or a frequency at the telescope.

    Attributes
    ----------
    ephemeris : Ephemeris or None
    f0_hz, f1_hz_s : float or None
        Without an ephemeris: in UTC seconds at the telescope, at the mean time of the frames.
    """

    ephemeris: Ephemeris | None = None
    f0_hz: float | None = None
    f1_hz_s: float | None = None


class Measured(NamedTuple):
    """Light of frames and when it came.

    Attributes
    ----------
    net_e : ndarray of float64, shape (n,)
        Electrons, the sky taken off; NaN where there are none.
    elapsed_s : ndarray of float64, shape (n,)
        Seconds since `first`; NaN for a frame without a time.
    first : FrameTime
        Of the first frame that has a time.
    """

    net_e: Numbers
    elapsed_s: Numbers
    first: FrameTime

    @property
    def epoch(self) -> FrameTime:
        """UTC of the mean time of the frames that have light and a time."""
        used = np.isfinite(self.net_e) & np.isfinite(self.elapsed_s)
        return normalised(self.first.day, self.first.seconds + float(self.elapsed_s[used].mean()))


def require_start(start: Start) -> None:
    """Refuse a start that makes no sense before any frame is read.

    Raises
    ------
    NightglassError
        If so.
    """
    if (start.ephemeris is None) == (start.f0_hz is None):
        raise refusal(
            "A par file and a frequency were given" if start.f0_hz else
            "Nothing tells where to search",
            "Give either --eph or --f0, or --blind for a search of all frequencies.",
        )  # fmt: skip
    if start.f0_hz is not None and not 0.0 < start.f0_hz < np.inf:
        raise refusal(f"F0 of {start.f0_hz:g} Hz is no frequency", "Change --f0.")
    if start.f1_hz_s is not None and not np.isfinite(start.f1_hz_s):
        raise refusal(f"F1 of {start.f1_hz_s:g} Hz/s is none", "Change --f1.")
    if start.f1_hz_s is not None and start.f0_hz is None:
        raise refusal("F1 is that of the par file", "Leave out --f1.")


def measured_light(
    data_set: DataSet,
    roi: str | os.PathLike[str],
    background: str | os.PathLike[str] | None,
    mode: Mode,
    ctx: JobContext | None,
) -> Measured:
    """Measure the light of the first source of a region file in every frame.

    Raises
    ------
    NightglassError
        If the mode gives no light of single frames, no frame has a time, or one cannot be read.
    """
    check_mode(mode)
    if mode == "weight":
        raise refusal("Weight mode gives no light of single frames", "Use --mode sum or clip.")
    data_set.notice_times()
    plan = make_plan(data_set, roi, background, clip=mode == "clip", only_first=True)
    net_e = frame_fluxes(data_set, plan, ctx).net_e[0]
    times = data_set.frame_times()
    known = np.flatnonzero(np.isfinite(times.seconds))
    if not known.size:
        raise refusal("No frame has a time", "Use cubes whose headers are whole.")
    first = times[int(known[0])]
    elapsed_s = (times.day - first.day) * float(DAY_S) + (times.seconds - first.seconds)
    return Measured(net_e, np.asarray(elapsed_s, np.float64), first)


def predicted(
    data_set: DataSet, measured: Measured, start: Start
) -> tuple[SearchLight, Prediction]:
    """Give the light with the turns that a start predicts, and what F0 and F1 it stands for.

    Raises
    ------
    NightglassError
        If too few frames have light and a time, or PINT cannot evaluate the date.
    """
    interval_s = frame_interval_s(data_set)
    if start.ephemeris is not None:
        return _at_pulsar(data_set, measured.net_e, start.ephemeris, interval_s)
    f0_hz, f1_hz_s = start.f0_hz or 0.0, start.f1_hz_s or 0.0
    light = SearchLight.of(measured.net_e, measured.elapsed_s, interval_s=interval_s)
    return light.turned(f0_hz, f1_hz_s), Prediction(f0_hz, f1_hz_s)


def _at_pulsar(
    data_set: DataSet, net_e: Numbers, ephemeris: Ephemeris, interval_s: float
) -> tuple[SearchLight, Prediction]:
    """Count time by the pulsar's own turns, in which F0 and F1 are what the par file means."""
    from ...timing.edits import f1_of
    from ...timing.nodes import PintPhases
    from ...timing.offline import PINT_LOCK

    times = data_set.frame_times()
    turns, phases = ephemeris.turns(times)
    known = np.flatnonzero(np.isfinite(phases))
    middle = int(known[known.size // 2])
    with PINT_LOCK:
        since_s = float(
            PintPhases(ephemeris.solution, ephemeris.site).since_pepoch_s(
                times.day[middle : middle + 1], times.seconds[middle : middle + 1]
            )[0]
        )
    f0_hz, f1_hz_s = ephemeris.nu_hz, f1_of(ephemeris.solution)
    since_middle = (turns - turns[middle]) + (phases - phases[middle])
    clock_s = since_middle / (f0_hz + f1_hz_s * since_s)
    light = SearchLight.of(
        net_e, clock_s, phases, frequency_hz=ephemeris.frequency_hz(times), interval_s=interval_s
    )
    return light, Prediction(f0_hz, f1_hz_s, since_s + light.mean_s)
