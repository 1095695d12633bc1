"""What was counted in the regions of one capture, and the curves made of it."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ..curve import GrowingCurve
from .passes import CountedSlab, LostSlab, Slab, seconds_of, slabs_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from ...lightspeed.calibration import CountScale
    from ...lightspeed.region_spots import Lead, Shift, Spot
    from ...lightspeed.region_sums import SpotSums
    from ...lightspeed.times import TimeModel
    from ..desk import OpenCapture
    from .targets import Target

    Floats = NDArray[np.float64]

MOST_NUMBERS = 30_000_000
"""Sums of regions no longer there are kept for an undo up to this many, 8 bytes each."""


class SlabCounts(NamedTuple):
    """Start of each exposure (s since the start), and counts of source and sky, in one slab."""

    seconds: Floats
    source: SpotSums
    sky: SpotSums | None


class Ledger:
    """Exact counts of one capture, slab by slab and spot by spot; owner thread only.

    Parameters
    ----------
    capture : OpenCapture
    """

    def __init__(self, capture: OpenCapture) -> None:
        self.capture = capture
        self.slabs: dict[int, Slab] = {}
        self.ends: dict[Lead, dict[int, Shift]] = {}
        self._token: object = None
        self._sums: OrderedDict[Spot, dict[int, SpotSums]] = OrderedDict()
        self._clocks: dict[int, Floats | None] = {}
        self._seconds: dict[int, Floats] = {}
        self._lost: dict[int, Slab] = {}
        self._curves: dict[tuple[Spot, Spot | None, CountScale], GrowingCurve] = {}
        self._counts: dict[tuple[Spot, Spot | None], dict[int, SlabCounts]] = {}
        self._timed_by: TimeModel | None = None

    @property
    def total(self) -> int:
        """Frames there are."""
        return self.capture.source.n_frames

    def sync(self) -> bool:
        """Take note of slabs that came; forget those that went or changed, True if some did."""
        source = self.capture.source
        known = self.capture.lightspeed
        token = (source.generation, source.n_frames) if known is None else known.cubes
        if token is self._token or (known is None and token == self._token):
            return False
        before, self._token = self.slabs, token
        self.slabs = {slab.number: slab for slab in slabs_of(source)}
        gone = [one.number for one in before.values() if not self._is_same(one) or known is None]
        for number in gone:
            self._forget(number)
        return bool(gone)

    def _forget(self, number: int) -> None:
        for sums in self._sums.values():
            sums.pop(number, None)
        for ends in self.ends.values():
            ends.pop(number, None)
        for curve in self._curves.values():
            curve.remove(number)
        for kept in (self._clocks, self._seconds, self._lost):
            kept.pop(number, None)
        self._forget_counts(number)

    def _forget_counts(self, number: int) -> None:
        for counts in self._counts.values():
            counts.pop(number, None)

    def retime(self) -> None:
        """Time the frames anew when the capture has learned better since."""
        from ...errors import NightglassError

        source = self.capture.lightspeed
        try:
            model = None if source is None else source.time_model()
        except NightglassError:
            return
        if model is None or model == self._timed_by:
            return
        self._timed_by = model
        self._seconds.clear()
        self._counts.clear()
        for curve in self._curves.values():
            if len(curve):
                curve.retime(self._seconds_of)

    def missing(self, spots: Iterable[Spot]) -> list[tuple[Slab, tuple[Spot, ...]]]:
        """Slabs to be counted, in order, with the spots each lacks."""
        wanted: dict[int, list[Spot]] = {}
        for spot in dict.fromkeys(spots):
            for number in self.slabs.keys() - self._sums.get(spot, {}).keys() - self._lost.keys():
                wanted.setdefault(number, []).append(spot)
        return [(self.slabs[number], tuple(wanted[number])) for number in sorted(wanted)]

    def is_complete(self, target: Target) -> bool:
        """Whether every frame that can be read is counted."""
        return not any(
            self.slabs.keys() - self._sums.get(spot, {}).keys() - self._lost.keys()
            for spot in target.spots
        )

    def take(self, part: CountedSlab | LostSlab, wanted: Sequence[Target]) -> bool:
        """Keep what was counted; False when the slab is another one by now."""
        slab, number = part.slab, part.slab.number
        if not self._is_same(slab):
            return False
        if isinstance(part, LostSlab):
            self._lost[number] = slab
            return True
        self._clocks[number] = part.clock_s
        self._forget_counts(number)
        for spot, sums in part.counts.of.items():
            self._sums.setdefault(spot, {})[number] = sums
        for lead, end in part.counts.ends.items():
            self.ends.setdefault(lead, {})[number] = end
        self._extend(number)
        self._trim({spot for target in wanted for spot in target.spots})
        return True

    def curve(self, target: Target, scale: CountScale) -> GrowingCurve:
        """Light of a target in the slabs counted; the same object while it grows."""
        key = target.source, target.sky, scale
        curve = self._curves.get(key)
        if curve is None:
            curve = self._curves[key] = GrowingCurve.of(
                {n: self._points(n, *key) for n in sorted(self.numbers(target))}
            )
        return curve

    def keep(self, targets: Iterable[Target]) -> None:
        """Let go of the curves of all other targets; what was counted stays."""
        wanted = {(target.source, target.sky) for target in targets}
        self._curves = {key: one for key, one in self._curves.items() if key[:2] in wanted}
        self._counts = {key: kept for key, kept in self._counts.items() if key in wanted}
        for target in targets:
            for spot in target.spots:
                if spot in self._sums:
                    self._sums.move_to_end(spot)

    def numbers(self, target: Target) -> set[int]:
        """Slabs that are counted for a target."""
        parts = [self._sums.get(spot, {}).keys() for spot in target.spots]
        return set(parts[0]).intersection(*parts[1:])

    def frames(self, target: Target) -> NDArray[np.int64]:
        """Numbers of the frames in the curve of a target, from 0."""
        slabs = [self.slabs[number] for number in sorted(self.numbers(target))]
        parts = [np.arange(one.first_frame, one.first_frame + one.n_frames) for one in slabs]
        return np.concatenate(parts) if parts else np.empty(0, np.int64)

    def counts(self, targets: Sequence[Target]) -> list[list[SlabCounts]]:
        """What was counted of some targets in the slabs that are counted for all of them."""
        numbers = sorted(set.intersection(*(self.numbers(one) for one in targets)))
        return [self._counts_of(target, numbers) for target in targets]

    def _counts_of(self, target: Target, numbers: Sequence[int]) -> list[SlabCounts]:
        """Counts of a target, slab by slab; the same objects until something has changed."""
        kept = self._counts.setdefault((target.source, target.sky), {})
        for number in numbers:
            if number not in kept:
                sky = None if target.sky is None else self._sums[target.sky][number]
                seconds, source = self._seconds_of(number), self._sums[target.source][number]
                kept[number] = SlabCounts(seconds, source, sky)
        return [kept[number] for number in numbers]

    def _is_same(self, slab: Slab) -> bool:
        now = self.slabs.get(slab.number)
        if now is None:
            return False
        return now.header is slab.header and now.n_frames == slab.n_frames

    def _extend(self, number: int) -> None:
        """Put a slab that was just counted into every curve that can take it."""
        for key, curve in self._curves.items():
            spots = [spot for spot in key[:2] if spot is not None]
            if all(number in self._sums.get(spot, {}) for spot in spots):
                curve.put(number, *self._points(number, *key))

    def _points(
        self, number: int, source: Spot, sky: Spot | None, scale: CountScale
    ) -> tuple[Floats, Floats]:
        """Seconds and light of the frames of a slab."""
        below = None if sky is None else self._sums[sky][number]
        return self._seconds_of(number), flux(self._sums[source][number], below, scale)

    def _seconds_of(self, number: int) -> Floats:
        seconds = self._seconds.get(number)
        if seconds is None:
            seconds = seconds_of(self.capture.source, self.slabs[number], self._clocks[number])
            self._seconds[number] = seconds
        return seconds

    def _trim(self, wanted: set[Spot]) -> None:
        """Let go of the oldest counts that nobody wants, when there are too many."""
        slab_frames = self.total // max(1, len(self.slabs))
        held = sum(len(sums) for sums in self._sums.values()) * slab_frames
        for spot in [one for one in self._sums if one not in wanted]:
            if held <= MOST_NUMBERS:
                return
            held -= len(self._sums.pop(spot)) * slab_frames


def flux(source: SpotSums, sky: SpotSums | None, scale: CountScale) -> Floats:
    """Light of a source above its sky, or above the offset where it has no sky.

    ``(sum - pixels x sky sum / sky pixels) / gain``, or ``(sum - pixels x offset) / gain``; raw
    counts, without calibration.

    Returns
    -------
    ndarray of float64, shape (n_frames,)
        Electrons; NaN where a region holds no pixel.
    """
    pixels = np.where(source.pixels > 0, source.pixels, np.nan)
    below: Floats | float = scale.offset_adu
    if sky is not None:
        below = sky.sums / np.where(sky.pixels > 0, sky.pixels, np.nan)
    light: Floats = (source.sums - pixels * below) / scale.adu_per_electron
    return light
