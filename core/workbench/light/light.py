"""The light curve of every region: a quick look while a hand drags, then every frame counted."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from psygnal import Signal

from ...ties import Ties
from .curves import ELECTRONS, NO_DOTS, Dots, RegionCurve, compared
from .ledger import Ledger, flux
from .look import look
from .passes import LostSlab, Work, block_of, count_all
from .targets import TargetFinder

if TYPE_CHECKING:
    from collections.abc import Collection

    from ...engine.engine import Engine
    from ...engine.jobs import Job
    from ...errors import NightglassError
    from ...lightspeed.calibration import CountScale
    from ...problems import ProblemList
    from ...session.region_history import RegionChange
    from ...session.regions import RegionList
    from ...session.view import Session, View
    from ..desk import Desk, OpenCapture
    from .look import Preview
    from .passes import CountedSlab
    from .targets import Target


class RegionLight:
    """Keeps the light curves of all regions in the capture shown; owner thread only.

    A light curve is made of raw counts: those of the source less those of as many pixels of its
    sky (less the offset of the settings where it has none), over the gain. While regions are
    dragged some hundred frames spread over the whole capture are looked at; once they have settled
    every frame is counted, cube by cube, and what was counted stays for an undo. Frames that
    arrive are counted as soon as the pass that runs has ended; a cube written anew is counted
    again, a deleted one is forgotten.

    Parameters
    ----------
    engine : Engine
    desk : Desk
    session : Session
    regions : RegionList
    problems : ProblemList

    Signals: `changed` with the key of a capture whose curves are others now.
    """

    changed = Signal(str)

    def __init__(
        self,
        engine: Engine,
        desk: Desk,
        session: Session,
        regions: RegionList,
        problems: ProblemList,
    ) -> None:
        self._engine, self._desk, self._session = engine, desk, session
        self._regions, self._problems = regions, problems
        self._ledgers: dict[str, Ledger] = {}
        self._finder = TargetFinder()
        self._targets: tuple[Target, ...] = ()
        self._preview: Preview | None = None
        self._looked: dict[int, Target] = {}
        self._job: Job[None] | None = None
        self._is_counting = False
        self._relative = False
        self._connect()
        self._renew()

    def _connect(self) -> None:
        self._ties = Ties(
            (self._regions.changed, self._on_regions_changed),
            (self._regions.settled, self._on_settled),
            (self._desk.grown, self._on_grown),
            (self._desk.closed, self._on_closed),
            (self._session.changed, self._on_view_changed),
        )

    def close(self) -> None:
        """Stop all work and listen no more."""
        self._ties.cut()
        self._stop()
        self._ledgers.clear()

    @property
    def relative(self) -> bool:
        """Whether sources are shown relative to the comparison stars, where there are some.

        Light over that of the comparison stars together in the same frame, times the mean of
        theirs.
        """
        return self._relative

    @relative.setter
    def relative(self, relative: bool) -> None:
        if relative != self._relative:
            self._relative = relative
            self._look()
            self._tell()

    @property
    def has_comparison(self) -> bool:
        """Whether there are comparison stars and something to compare with them."""
        return len({one.is_comparison for one in self._targets}) == 2

    @property
    def is_counting(self) -> bool:
        """Whether a full pass runs."""
        return self._is_counting

    def refresh(self) -> None:
        """Show the curves by the settings of now."""
        self._tell()

    @property
    def idents(self) -> tuple[int, ...]:
        """The regions that have a curve, in the order of the region list."""
        return tuple(target.ident for target in self._targets)

    @property
    def targets(self) -> tuple[Target, ...]:
        """What is measured, in the order of the region list."""
        return self._targets

    def ledger(self, key: str | None) -> Ledger | None:
        """What was counted of the capture shown; None for another one."""
        capture = self._shown()
        return self._ledger(capture) if capture is not None and capture.key == key else None

    def curves(
        self, key: str | None, idents: Collection[int] | None = None
    ) -> tuple[RegionCurve, ...]:
        """Give the curves of sources, in the order of the region list.

        Parameters
        ----------
        key : str or None
            Of a capture; only the one shown has curves.
        idents : collection of int or None
            Which regions; None for all.
        """
        capture = self._shown()
        if capture is None or capture.key != key:
            return ()
        ledger = self._ledger(capture)
        scale, unit = self._scale(capture)
        wanted = self._targets
        if idents is not None:
            wanted = tuple(one for one in wanted if one.ident in idents or one.is_comparison)
        made = [self._made(ledger, target, scale, unit) for target in wanted]
        rivals = [curve for curve in made if curve.is_comparison]
        if self._compares:
            made = [one if one.is_comparison else compared(one, rivals) for one in made]
        return tuple(
            curve if curve.counted else _seen(curve)
            for curve in made
            if idents is None or curve.ident in idents
        )

    # What happens around

    def _on_regions_changed(self, _: RegionChange) -> None:
        if self._regions.is_dragging and self._take_targets():
            # What the full pass counts is on the move; both processors are for the quick look,
            # of which the one that runs is finished: a hand that never rests still sees some.
            self._stop_counting()
            if not self._look():
                self._tell()

    def _on_settled(self) -> None:
        if self._take_targets() or not self._is_counting:
            self._renew()
        else:
            self._tell()

    def _on_view_changed(self, before: View, after: View) -> None:
        if before.capture != after.capture:
            self._preview, self._looked = None, {}
            self._take_targets()
            self._renew()

    def _on_closed(self, key: str) -> None:
        self._ledgers.pop(key, None)
        if key == self._session.view.capture:
            self._stop()

    def _on_grown(self, key: str) -> None:
        capture = self._shown()
        if capture is None or key != capture.key or not self._targets:
            return
        ledger = self._ledger(capture)
        ledger.retime()
        if ledger.sync():
            self._tell()
        if not self._is_counting and not self._regions.is_dragging:
            self._count()

    def _take_targets(self) -> bool:
        """Find what is to be measured; False when that is what it was."""
        capture = self._shown()
        shape = None if capture is None else capture.source.shape
        targets = () if shape is None else self._finder.find(self._regions.entries, shape)
        before, self._targets = self._targets, targets
        return targets != before

    def _renew(self) -> None:
        """Begin with the regions and the capture of now; what was counted is not counted again."""
        self._stop()
        capture = self._shown()
        if capture is not None and not self._targets:
            self._take_targets()
        if capture is not None:
            ledger = self._ledger(capture)
            ledger.sync()
            ledger.keep(self._targets)
            self._look()
            self._count()
        self._tell()

    # The quick look

    def _look(self) -> bool:
        """Ask for a quick look; False where everything is counted already."""
        capture = self._shown()
        if capture is None:
            return False
        ledger = self._ledger(capture)
        ledger.sync()
        open_ = [one for one in self._targets if not ledger.is_complete(one)]
        if open_ and self._compares:
            open_ = list(self._targets)
        looked = {target.ident: target for target in open_}
        spots = tuple(dict.fromkeys(spot for one in open_ for spot in one.spots))
        slabs = tuple(ledger.slabs.values())
        if not spots or not slabs:
            return False
        source = capture.source
        self._engine.latest(
            _LOOK,
            lambda ctx: (capture, looked, look(source, slabs, spots, ctx)),
            title=f"Look at the regions of {source.name}",
            lane="watch",
            on_result=lambda seen: self._take_look(*seen),
        )
        return True

    def _take_look(self, capture: OpenCapture, looked: dict[int, Target], preview: Preview) -> None:
        if capture is self._shown():
            self._preview, self._looked = preview, looked
            self._tell()

    # The full pass

    def _stop(self) -> None:
        self._engine.drop(_LOOK)
        self._stop_counting()

    def _stop_counting(self) -> None:
        if self._job is not None:
            self._job.cancel()
        self._job, self._is_counting = None, False

    def _count(self) -> None:
        capture = self._shown()
        if capture is None or self._regions.is_dragging:
            return
        ledger = self._ledger(capture)
        ledger.sync()
        spots = (spot for target in self._targets for spot in target.spots)
        parts = ledger.missing(spots)
        if not parts:
            return
        ends = {lead: dict(known) for lead, known in ledger.ends.items()}
        work = Work(capture.source, parts, ends, block_of(capture.source))
        self._is_counting = True
        job = self._engine.submit(
            lambda ctx: count_all(work, ctx),
            title=f"Measure the regions of {capture.source.name}",
            lane="watch",
            on_partial=lambda part: self._take_part(ledger, part),
            on_result=lambda _: self._take_end(),
            on_error=self._take_failure,
        )
        if not job.state.is_finished:
            self._job = job

    def _take_part(self, ledger: Ledger, part: CountedSlab | LostSlab) -> None:
        ledger.sync()
        ledger.retime()
        if ledger.take(part, self._targets):
            if isinstance(part, LostSlab):
                self._tell_lost(part)
            self.changed.emit(ledger.capture.key)

    def _take_end(self) -> None:
        """Count what has arrived meanwhile."""
        self._job, self._is_counting = None, False
        self._tell()
        self._count()

    def _take_failure(self, error: NightglassError) -> None:
        self._job, self._is_counting = None, False
        self._problems.report(error)
        self._tell()

    def _tell_lost(self, lost: LostSlab) -> None:
        from ...lightspeed.counting import LostCube

        header, capture = lost.slab.header, self._shown()
        path = header.path if header is not None else capture.source.path if capture else None
        if path is not None:
            slab = lost.slab
            self._desk.tell_lost(LostCube(slab.number, slab.n_frames, path, lost.why))

    # What is shown

    def _made(self, ledger: Ledger, target: Target, scale: CountScale, unit: str) -> RegionCurve:
        growth = ledger.curve(target, scale)
        return RegionCurve(
            target.ident, target.name, growth.seconds, growth.values, unit, False,
            len(growth), ledger.total, target.is_comparison, self._dots(ledger, target, scale),
            growth, lambda: ledger.frames(target),
        )  # fmt: skip

    def _dots(self, ledger: Ledger, target: Target, scale: CountScale) -> Dots:
        """Quick look at the frames not counted; a hand that moves on is a step ahead of it."""
        preview, seen = self._preview, self._looked.get(target.ident)
        numbers = ledger.numbers(target)
        if preview is None or seen is None or len(numbers) == len(ledger.slabs):
            return NO_DOTS
        of = preview.counts.of
        if any(spot not in of for spot in seen.spots):
            return NO_DOTS
        new = ~np.isin(preview.numbers, list(numbers))
        values = flux(of[seen.source], None if seen.sky is None else of[seen.sky], scale)
        return Dots(preview.frames[new], preview.seconds[new], values[new])

    @property
    def _compares(self) -> bool:
        return self._relative and self.has_comparison

    def _scale(self, capture: OpenCapture) -> tuple[CountScale, str]:
        from ...lightspeed.calibration import CountScale

        source = capture.lightspeed
        if source is None:
            return CountScale(1.0, 0.0), capture.unit
        return CountScale.of(source.header, self._desk.settings), ELECTRONS

    def _shown(self) -> OpenCapture | None:
        return self._desk.get(self._session.view.capture)

    def _ledger(self, capture: OpenCapture) -> Ledger:
        known = self._ledgers.get(capture.key)
        if known is None or known.capture is not capture:
            known = self._ledgers[capture.key] = Ledger(capture)
            known.sync()
        return known

    def _tell(self) -> None:
        key = self._session.view.capture
        if key is not None:
            self.changed.emit(key)


_LOOK = "light preview"


def _seen(curve: RegionCurve) -> RegionCurve:
    """What the quick look saw, where no frame is counted."""
    seconds, values = curve.dots.seconds, curve.dots.values
    return replace(curve, seconds=seconds, values=values, is_preview=True, growth=None)
