"""Folds a capture again and again, and computes only what is new each time."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from .frames import pulsar_of
from .request import Shift
from .results import source_fold, told
from .running import Cuts, Frames, RunningFold, RunningMean, RunningMoments
from .strips import Strip

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    import numpy as np
    from numpy.typing import NDArray

    from ...engine.jobs import JobContext
    from ...timing.edits import PivotedPhases
    from ..region_sums import SpotSums
    from .phases import FramePhases
    from .request import FoldRequest, SourceCounts
    from .result import FoldResult, SourceFold

    Numbers = NDArray[np.float64]

    Times = Strip[tuple[Numbers]]
    Lights = Strip[tuple[SpotSums, SpotSums | None]]

Kept = TypeVar("Kept")
_MOST_KEPT = 16
_NET, _VARIANCE, _SKY = range(3)


class _Strips(NamedTuple):
    """What is kept of the frames of one source with one par file."""

    times: Times
    phases: Times
    light: Lights

    @property
    def revision(self) -> tuple[object, object, object]:
        return self.times.revision, self.phases.revision, self.light.revision

    def frames(self, offset_turns: float, shift: Shift | None) -> Frames:
        """Light by phases that are moved by an offset and a change of frequency."""
        light = self.light
        return Frames(
            self.phases.column(0), light.column(_NET), light.column(_VARIANCE),
            self.times.column(0), offset_turns, shift or Shift(),
        )  # fmt: skip


class FoldStore:
    """Keeps phases, light and sums between folds; one thread at a time.

    Parameters
    ----------
    threads : int
        Results do not depend on it.
    """

    def __init__(self, threads: int) -> None:
        self._threads = threads
        self._pulsars: OrderedDict[Hashable, PivotedPhases] = OrderedDict()
        self._times: OrderedDict[Hashable, Times] = OrderedDict()
        self._phases: OrderedDict[Hashable, Times] = OrderedDict()
        self._light: OrderedDict[Hashable, Lights] = OrderedDict()
        self._cuts: OrderedDict[Hashable, Cuts] = OrderedDict()
        self._moments: OrderedDict[Hashable, RunningMoments] = OrderedDict()
        self._sums: OrderedDict[Hashable, RunningFold] = OrderedDict()
        self._skies: OrderedDict[Hashable, RunningMean] = OrderedDict()

    def fold(self, request: FoldRequest, ctx: JobContext) -> FoldResult:
        """Fold every source with every par file.

        Raises
        ------
        Cancelled
            If the job was cancelled.
        NightglassError
            If phases cannot be computed.
        """
        pulsars = [self._pulsar(request, number) for number in range(len(request.ephemerides))]
        folds = []
        for source in request.sources:
            for number, pulsar in enumerate(pulsars):
                ctx.check()
                shift = None if number else request.shift
                folds.append(self._fold(request, source, pulsar, shift, ctx))
        read = len(self._times[request.is_preview]) if request.sources else 0
        return told(request, pulsars, tuple(folds), read)

    def _pulsar(self, request: FoldRequest, number: int) -> PivotedPhases:
        edits = None if number else (request.settings.f0_hz, request.settings.f1_hz_s)
        key = request.ephemerides[number].key, request.site, request.model.instant, edits
        return _kept(self._pulsars, key, lambda: pulsar_of(request, number))

    def _fold(
        self,
        request: FoldRequest,
        source: SourceCounts,
        pulsar: PivotedPhases,
        shift: Shift | None,
        ctx: JobContext,
    ) -> SourceFold:
        clock = request.clock(pulsar, source)
        strips = self._synced(request, source, clock)
        cuts = _kept(self._cuts, strips.times.revision, Cuts)
        cuts.extend(strips.times.column(0), strips.times.ends)
        offset = request.settings.phase_offset
        frames = strips.frames(offset, shift)
        sums, moments = self._running(request, clock, (strips.revision, offset, shift))
        try:
            sums.add(frames, cuts, ctx.check)
            moments.add(frames, cuts.ends, ctx.check)
        except BaseException:
            # What was cut short holds some of the pieces, nobody knows which.
            self._sums.clear()
            self._moments.clear()
            raise
        sky_e = _kept(self._skies, strips.light.revision, RunningMean)
        sky_e.add(strips.light.column(_SKY), strips.light.ends)
        return source_fold(request, source, pulsar, sums, moments.moments, sky_e.mean)

    def _synced(self, request: FoldRequest, source: SourceCounts, clock: FramePhases) -> _Strips:
        """Bring what is kept up to the cubes there are; that of a preview is made for itself."""
        mark = request.is_preview
        light_key = (mark, source.ident, request.scale, request.read_noise_e)
        strips = _Strips(
            _kept(self._times, mark, lambda: Strip(1)),
            _kept(self._phases, (mark, clock.key), lambda: Strip(1)),
            _kept(self._light, light_key, lambda: Strip(3)),
        )
        times = [(cube.seconds,) for cube in source.cubes]
        strips.times.sync(times, lambda new: new)
        strips.phases.sync(
            times, lambda new: [(one,) for one in clock.phases([of for (of,) in new])]
        )
        light = [(cube.source, cube.sky) for cube in source.cubes]
        strips.light.sync(light, lambda new: [request.light(*one) for one in new])
        return strips

    def _running(
        self, request: FoldRequest, clock: FramePhases, key: tuple[object, ...]
    ) -> tuple[RunningFold, RunningMoments]:
        """The sums to go on from; new ones where something before has changed or will."""
        n_bins = request.settings.n_bins

        def sums() -> RunningFold:
            return RunningFold(n_bins, clock.smear_turns, self._threads)

        if request.shift is not None or request.is_preview:
            return sums(), RunningMoments(self._threads)
        return (
            _kept(self._sums, (*key, n_bins), sums),
            _kept(self._moments, key, lambda: RunningMoments(self._threads)),
        )


def _kept(of: OrderedDict[Any, Kept], key: Hashable, make: Callable[[], Kept]) -> Kept:
    """What is kept under a key, made when it is not there; what was not used longest goes."""
    made = of.pop(key, None)
    of[key] = kept = make() if made is None else made
    while len(of) > _MOST_KEPT:
        of.popitem(last=False)
    return kept
