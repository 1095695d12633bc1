"""Live numbers of the regions on the frame shown."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from psygnal import Signal

from ..stand_in import on_screen

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ...engine.engine import Engine
    from ...frames.source import FrameSource
    from ...regions.entries import RegionEntry
    from ...regions.numbers.aperture_flux import Counts
    from ...regions.numbers.statistics import RegionStatistics
    from ...session.regions import RegionList
    from ...session.view import Session, View
    from ..desk import Desk, OpenCapture

KEY = "region numbers"


class RegionNumbers:
    """Measures all regions whenever one of them or the frame changes; owner thread only.

    Raw counts of the single frame shown, whatever stack or calibration the picture has, or the
    values of what is shown in place of a frame. Only the newest request matters; the one that runs
    is delivered, so that numbers follow a drag.

    Parameters
    ----------
    engine : Engine
    session : Session
    desk : Desk
    regions : RegionList
    """

    changed = Signal()

    def __init__(self, engine: Engine, session: Session, desk: Desk, regions: RegionList) -> None:
        self._engine = engine
        self._session = session
        self._desk = desk
        self._regions = regions
        self._statistics: Mapping[int, RegionStatistics] = {}
        self._measured: Mapping[int, RegionEntry] = {}
        self._of: tuple[FrameSource, int, int] | None = None
        self._frame: int | None = None
        regions.changed.connect(self.ask)
        session.changed.connect(self._on_view_changed)
        desk.grown.connect(self._on_grown)
        desk.closed.connect(self._on_closed)

    @property
    def statistics(self) -> Mapping[int, RegionStatistics]:
        """Numbers by region, of the frame measured last; never changes once given out."""
        return MappingProxyType(self._statistics)

    @property
    def frame(self) -> int | None:
        """The frame they are of, from 0."""
        return self._frame

    def ask(self, *_: object) -> None:
        """Measure anew what has changed; everything on another frame."""
        capture = self._desk.get(self._session.view.capture)
        entries = dict(self._regions.entries)
        if capture is None or not capture.captured or not entries:
            self._engine.drop(KEY)
            self._of = None
            self._take(None, {}, {})
            return
        source, frame = on_screen(capture, self._session.view.frame)
        counts = self._counts(capture) if source is capture.source else None
        place = source, source.generation, frame
        wanted = self._changed(entries) if place == self._of else entries
        self._engine.latest(
            KEY,
            lambda _: _measured(source, frame, wanted, counts),
            title="Measure the regions",
            lane="watch",
            on_result=lambda found: self._take(place, entries, found),
        )

    def ask_all(self) -> None:
        """Measure all regions anew: counts become electrons in another way."""
        self._of = None
        self.ask()

    def _changed(self, entries: Mapping[int, RegionEntry]) -> dict[int, RegionEntry]:
        """Regions measured before as they are now are left out, unless another one cuts them."""
        before = self._measured
        new = {i for i, entry in entries.items() if before.get(i) is not entry}
        gone = before.keys() - entries.keys()
        touched = [*(entries[i] for i in new), *(before[i] for i in (new | gone) & before.keys())]
        if any(_is_shared(entry) for entry in touched):
            return dict(entries)
        return {i: entry for i, entry in entries.items() if i in new or _is_shared(entry)}

    def _counts(self, capture: OpenCapture) -> Counts | None:
        from ...lightspeed.calibration import CountScale
        from ...regions.numbers.aperture_flux import Counts

        known, settings = capture.lightspeed, self._desk.settings
        if known is None:
            return None
        scale = CountScale.of(known.header, settings)
        return Counts.of(scale, float(settings.saturation_adu), settings.read_noise_e)

    def _take(
        self,
        place: tuple[FrameSource, int, int] | None,
        entries: Mapping[int, RegionEntry],
        found: Mapping[int, RegionStatistics],
    ) -> None:
        if place is None and self._frame is None:
            return
        kept = self._statistics if place == self._of else {}
        both = {**kept, **found}
        self._statistics = {ident: both[ident] for ident in entries if ident in both}
        self._of, self._measured = place, entries
        self._frame = None if place is None else place[2]
        self.changed.emit()

    def _on_view_changed(self, before: View, after: View) -> None:
        if (before.capture, before.frame) != (after.capture, after.frame):
            self.ask()

    def _on_closed(self, _: str) -> None:
        """What is measured may be of the frames just closed: that is no trouble to tell of."""
        self._engine.drop(KEY)
        self._of = None
        self.ask()

    def _on_grown(self, key: str) -> None:
        """The first frames of a capture that is shown already have come."""
        if self._frame is None and key == self._session.view.capture:
            self.ask()


def _is_shared(entry: RegionEntry) -> bool:
    """Whether the numbers of other regions depend on it."""
    return entry.background or not entry.include


def _measured(
    source: FrameSource,
    frame: int,
    entries: Mapping[int, RegionEntry],
    counts: Counts | None,
) -> dict[int, RegionStatistics]:
    from ...regions.numbers.statistics import measure, rows_needed

    rows = rows_needed(entries.values(), source.shape)
    return measure(source.read(frame, rows), entries, counts, corner=(0, rows.start))
