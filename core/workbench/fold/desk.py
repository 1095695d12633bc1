"""The fold of the regions in the capture shown, kept up to date in the background."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from psygnal import Signal

from ...errors import NightglassError
from ...lightspeed.fold.settings import FoldSettings
from ...ties import Ties
from .asking import filled, request_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from ...engine.engine import Engine
    from ...engine.jobs import JobContext
    from ...lightspeed.fold.request import FoldRequest, Shift
    from ...lightspeed.fold.result import FoldResult
    from ...lightspeed.fold.store import FoldStore
    from ...problems import ProblemList
    from ...session.regions import RegionList
    from ...session.view import Session, View
    from ..desk import Desk, OpenCapture
    from ..light.ledger import Ledger
    from ..light.light import RegionLight
    from ..light.targets import Target
    from .shelf import EphemerisShelf

    Folding = tuple[FoldRequest, FoldResult]

_FOLD = "fold"
NO_CAPTURE, NO_IMAGES, NO_REGION, NO_PAR, LOADING, WAITING = (
    "no capture", "no times", "no region", "no par file", "loading", "waiting",
)  # fmt: skip


class FoldDesk:
    """Folds one or two regions of the capture shown on the chosen par files; owner thread only.

    Every frame that the light curves have counted is folded. While a region is dragged some
    thousand frames spread over the capture are; while F0 or F1 is dragged phases are shifted by
    the change, and PINT is asked once the hand has let go.

    Parameters
    ----------
    engine : Engine
    desk : Desk
    session : Session
    regions : RegionList
    light : RegionLight
    shelf : EphemerisShelf
    problems : ProblemList

    Attributes
    ----------
    settings : FoldSettings
    result : FoldResult or None
        The newest there is; `request` is what was folded for it.
    failure : NightglassError or None
        Why there is none of what was asked for last.
    folds_all : bool
        Whether every region is folded, not the one or two an observer looks at.

    Signals: `changed` when `result`, `settings` or `missing` are others.
    """

    changed = Signal()

    def __init__(
        self,
        engine: Engine,
        desk: Desk,
        session: Session,
        regions: RegionList,
        light: RegionLight,
        shelf: EphemerisShelf,
        problems: ProblemList,
    ) -> None:
        self._engine, self._desk, self._session = engine, desk, session
        self._regions, self._light, self.shelf = regions, light, shelf
        self._problems = problems
        self.settings = FoldSettings()
        self.result: FoldResult | None = None
        self.request: FoldRequest | None = None
        self.failure: NightglassError | None = None
        self.folds_all = False
        self._second: int | None = None
        self._first: int | None = None
        self._shift: Shift | None = None
        self._store: FoldStore | None = None
        self._exact_of: tuple[object, ...] | None = None
        self._is_wanted = False
        self._edits: tuple[Path | None, dict[str, Any]] = (None, {})
        self._told: str | None = None
        self._ties = Ties(
            (self._light.changed, self._on_light_changed),
            (self._regions.changed, self._on_regions_changed),
            (self._regions.selection_changed, self._on_selection),
            (self._session.changed, self._on_view_changed),
            (self.shelf.changed, self._on_shelf_changed),
            (self.shelf.site_changed, self._renew),
            (self.shelf.loading_changed, self._tell_missing),
        )

    def close(self) -> None:
        """Stop all work and listen no more."""
        self._ties.cut()
        self._engine.drop(_FOLD)
        self.shelf.close()

    # What is asked for

    @property
    def is_wanted(self) -> bool:
        """Whether anybody looks at the fold; nothing is computed otherwise."""
        return self._is_wanted

    @is_wanted.setter
    def is_wanted(self, is_wanted: bool) -> None:
        if is_wanted != self._is_wanted:
            self._is_wanted = is_wanted
            self._renew()

    @property
    def sources(self) -> tuple[Target, ...]:
        """The regions folded: the one selected last (else the first), and the second one."""
        known = {one.ident: one for one in self._light.targets}
        if not known or self.folds_all:
            return tuple(known.values())
        first = known.get(self._first or -1) or next(iter(known.values()))
        second = known.get(self._second or -1)
        return (first,) if second is None or second is first else (first, second)

    @property
    def second(self) -> int | None:
        """Number of the region that is folded beside the first, None for none."""
        return self._second

    @second.setter
    def second(self, ident: int | None) -> None:
        self._second = ident
        self._renew()

    @property
    def missing(self) -> str | None:
        """What is needed before there is a fold: one of the words above, None when nothing is."""
        capture = self._shown()
        if capture is None:
            return NO_CAPTURE
        if capture.lightspeed is None:
            return NO_IMAGES
        if not self.sources:
            return NO_REGION
        if not self.shelf.chosen:
            return LOADING if self.shelf.is_loading else NO_PAR
        return WAITING if self.result is None else None

    @property
    def is_up_to_date(self) -> bool:
        """Whether the result holds every frame that can be read now."""
        result, capture, targets = self.result, self._shown(), self.sources
        ledger = None if capture is None else self._light.ledger(capture.key)
        if result is None or result.is_preview or result.is_linear or ledger is None:
            return False
        ledger.sync()
        if result.settings != self.settings or not all(map(ledger.is_complete, targets)):
            return False
        counted = ledger.counts(targets)
        return result.frames_read == sum(len(slab.seconds) for slab in counted[0])

    def change(self, **changes: Any) -> None:
        """Fold with other settings; see `FoldSettings`.

        Raises
        ------
        NightglassError
            If a value makes no sense; nothing changes then.
        """
        settings = replace(self.settings, **changes)
        if settings != self.settings:
            self.settings = settings
            self._ask()
            self.changed.emit()

    def restore(
        self, pars: Sequence[Path], changes: Mapping[str, Any], edits: Mapping[str, Any]
    ) -> None:
        """Fold as in an earlier session; edits are for the first of the par files."""
        self.settings = replace(FoldSettings(), **changes)
        self.shelf.choose(())  # the same par files with other edits are another choice
        self._edits = (pars[0].absolute() if pars else None), dict(edits)
        self.shelf.choose(pars)
        self._renew()

    def drag(self, delta_f_hz: float, delta_f1_hz_s: float = 0.0) -> None:
        """Show what a change of the frequency seen at the start of the capture would do."""
        from ...lightspeed.fold.request import Shift

        self._shift = Shift(delta_f_hz, delta_f1_hz_s)
        self._ask()

    def settle(self) -> None:
        """Take the change that was dragged into F0 and F1, and ask PINT.

        Raises
        ------
        NightglassError
            If no F0 at PEPOCH could make such a change; the drag is taken back then.
        """
        shift, self._shift = self._shift, None
        if shift is None:
            return
        if self.result is None or not any(shift):
            self._ask()
            return
        clock = self.result.folds[0].clock
        try:
            f0_hz, f1_hz_s = clock.dragged(self.f0_hz, self.f1_hz_s, *shift)
        except NightglassError:
            self._ask()
            raise
        bent = shift.derivative_hz_s != 0.0
        self.change(f0_hz=f0_hz, f1_hz_s=f1_hz_s if bent else self.settings.f1_hz_s)

    def forget_drag(self) -> None:
        """Take a drag back."""
        if self._shift is not None:
            self._shift = None
            self._ask()

    def refresh(self) -> None:
        """Fold by the settings of the program of now."""
        self.shelf.use_settings()
        self._ask()

    def reset(self) -> None:
        """Go back to F0, F1 and phases of the par file."""
        self._shift = None
        self.change(f0_hz=None, f1_hz_s=None, phase_offset=0.0)

    @property
    def f0_hz(self) -> float:
        """F0 in force at PEPOCH, Hz; NaN without a par file."""
        if self.settings.f0_hz is not None:
            return self.settings.f0_hz
        return self.shelf.chosen[0].ephemeris.f0_hz if self.shelf.chosen else float("nan")

    @property
    def f1_hz_s(self) -> float:
        """F1 in force at PEPOCH, Hz/s; NaN without a par file."""
        if self.settings.f1_hz_s is not None:
            return self.settings.f1_hz_s
        from ...timing.edits import f1_of

        return f1_of(self.shelf.chosen[0].ephemeris) if self.shelf.chosen else float("nan")

    # What happens around

    def _on_light_changed(self, key: str) -> None:
        if key == self._session.view.capture:
            self._ask()
            self._tell_missing()

    def _on_regions_changed(self, _: object) -> None:
        if self._regions.is_dragging:
            self._ask()

    def _on_selection(self, *_: object) -> None:
        known = {one.ident for one in self._light.targets}
        chosen = [one for one in self._regions.selection if one in known]
        if chosen and self._first not in chosen:
            self._first = chosen[-1]
            self._renew()

    def _on_view_changed(self, before: View, after: View) -> None:
        if before.capture != after.capture:
            self._renew()

    def _on_shelf_changed(self) -> None:
        (path, edits), self._edits = self._edits, (None, {})
        chosen = self.shelf.chosen
        if not chosen or chosen[0].path != path:
            edits = {}
        self.settings = replace(self.settings, **{"f0_hz": None, "f1_hz_s": None, **edits})
        self._renew()

    def _renew(self) -> None:
        """Begin with the capture, the regions and the par files of now."""
        self._engine.drop(_FOLD)
        self.result, self.request, self._exact_of, self._shift = None, None, None, None
        self.failure = None
        self._ask()
        self.changed.emit()

    def _tell_missing(self) -> None:
        if self.missing != self._told:
            self._told = self.missing
            self.changed.emit()

    # The work

    def _ask(self) -> None:
        """Ask for the fold of what is there now, unless what is shown is as good."""
        capture, targets = self._shown(), self.sources
        if not self._is_wanted or not targets or not self.shelf.chosen or capture is None:
            return
        ledger, source = self._light.ledger(capture.key), capture.lightspeed
        if ledger is None or source is None:
            return
        try:
            request = request_of(
                source, capture.lost, self.shelf, self.settings, self._shift, self._desk.settings
            )
        except NightglassError as error:
            self._fail(error)
            return
        is_whole = all(ledger.is_complete(one) for one in targets)
        of = tuple(one.spots for one in targets)
        if is_whole:
            self._exact_of = of
        if of == self._exact_of or (self.result is None and not self._regions.is_dragging):
            self._fold(capture, filled(request, targets, ledger.counts(targets)))
        elif self._regions.is_dragging:
            self._glance(capture, ledger, request, targets)

    def _fold(self, capture: OpenCapture, request: FoldRequest) -> None:
        if not request.sources[0].cubes:
            return
        self._submit(capture, lambda ctx: (request, self._kept_store().fold(request, ctx)))

    def _glance(
        self, capture: OpenCapture, ledger: Ledger, request: FoldRequest, targets: Sequence[Target]
    ) -> None:
        """Fold some frames spread over the capture."""
        from .glance import glance

        ledger.sync()
        source, slabs = capture.source, tuple(ledger.slabs.values())

        def work(ctx: JobContext) -> Folding | None:
            counts = glance(source, slabs, targets, ctx).counts
            if not counts[0]:
                return None
            asked = replace(filled(request, targets, counts), is_preview=True)
            return asked, self._kept_store().fold(asked, ctx)

        self._submit(capture, work)

    def _submit(self, capture: OpenCapture, work: Callable[[JobContext], Folding | None]) -> None:
        self._engine.latest(
            _FOLD,
            work,
            title=f"Fold {capture.source.name}",
            lane="watch",
            on_result=self._take,
            on_error=self._fail,
        )

    def _fail(self, error: NightglassError) -> None:
        self.failure = error
        self._problems.report(error)

    def _take(self, folding: Folding | None) -> None:
        self.failure = None
        if folding is not None:
            self.request, self.result = folding
            self._told = self.missing
            self.changed.emit()

    def _kept_store(self) -> FoldStore:
        """Used by the one fold that runs."""
        if self._store is None:
            from ...lightspeed.fold.store import FoldStore
            from ...lightspeed.reduce.pool import threads_of

            self._store = FoldStore(threads_of(None))
        return self._store

    def _shown(self) -> OpenCapture | None:
        return self._desk.get(self._session.view.capture)
