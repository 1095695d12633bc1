"""All regions over a frame as one graphics item."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QPainter, QPolygonF, QTransform
from PyQt6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from ...core.regions.geometry.outlines import distance
from ...core.regions.marks import Text
from ...core.session.region_edits import may
from ..theme import worn
from .drawn import DrawnRegion, drawn_region
from .grips import MOST_SELECTED, Grip, grip_at, grips_of, middle_on_screen
from .ink import Ink
from .painting import (
    Batch,
    draw_band,
    draw_draft,
    draw_frame,
    draw_grips,
    draw_middles,
    middles_of,
    words_rect,
)
from .still import Still, reach_of_words, within

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ...core.regions.entries import RegionEntry
    from ..theme import Roles

_EVERYWHERE = QRectF(-1e6, -1e6, 2e6, 2e6)
_NEAR_PX = 5.0
_ABOVE_PICTURE = 50.0


class RegionLayer(QGraphicsItem):
    """Paint regions, the handles of those selected, and what is just being drawn.

    Lies over the picture in its image coordinates (0-based, y up); outlines are kept and only
    those of regions that changed are made again. The mouse passes through: `grip_at` and
    `region_at` tell what is under it.
    """

    def __init__(self) -> None:
        super().__init__()
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        self.setZValue(_ABOVE_PICTURE)
        self._entries: Mapping[int, RegionEntry] = {}
        self._drawn: dict[int, DrawnRegion] = {}
        self._selection: frozenset[int] = frozenset()
        self._arcsec_per_px: float | None = None
        self._draft: QPolygonF | None = None
        self._band: QRectF | None = None
        self._ink = Ink(worn())
        self._still = Still()
        self._known_middles: tuple[int, dict[str, QPolygonF]] | None = None
        self._known_grips: tuple[QTransform, list[tuple[Grip, ...]]] | None = None

    # What is shown

    def show_entries(
        self, entries: Mapping[int, RegionEntry], selection: frozenset[int] = frozenset()
    ) -> None:
        """Show exactly these regions, in this order from the bottom to the top."""
        self._drawn = self._made(entries)
        self._entries, self._selection = entries, selection & self._drawn.keys()
        self._known_grips = self._known_middles = None
        self._keep_still()
        self.update()

    def _made(self, entries: Mapping[int, RegionEntry]) -> dict[int, DrawnRegion]:
        """Regions ready to be painted; those that are the same as before are kept."""
        known, made = self._drawn, {}
        for ident, entry in entries.items():
            drawn = known.get(ident)
            if drawn is None or drawn.entry is not entry:
                drawn = drawn_region(entry, self._arcsec_per_px)
            if drawn is not None:
                made[ident] = drawn
        return made

    def _keep_still(self) -> None:
        """Keep the picture of what is not selected as long as none of it changed."""
        live = self._live()
        drawn = self._drawn
        regions = list(drawn.values()) if not live else [drawn[i] for i in drawn if i not in live]
        self._still.show(regions)

    @property
    def is_whole(self) -> bool:
        """Whether the last paint showed all regions; many come in several paints."""
        return self._still.is_whole

    def _live(self) -> frozenset[int]:
        """What may be dragged at any moment and is painted afresh each time."""
        return self._selection if len(self._selection) <= MOST_SELECTED else frozenset()

    def set_scale_arcsec(self, arcsec_per_px: float | None) -> None:
        """Let rulers tell arcseconds too; None where the scale is not known."""
        if arcsec_per_px != self._arcsec_per_px:
            self._arcsec_per_px = arcsec_per_px
            self._drawn = {}
            self.show_entries(self._entries, self._selection)

    def set_roles(self, roles: Roles) -> None:
        """Take the colours of a theme."""
        self._ink = Ink(roles)
        self._still.forget()
        self.update()

    def show_draft(self, points: Sequence[tuple[float, float]]) -> None:
        """Show a line through 1-based places that is still being drawn; none takes it away."""
        places = [QPointF(x - 1.0, y - 1.0) for x, y in points]
        self._draft = QPolygonF(places) if places else None
        self.update()

    def show_band(self, band: QRectF | None) -> None:
        """Show a rubber band in 0-based image coordinates, or none."""
        self._band = band
        self.update()

    # What is where

    @property
    def to_screen(self) -> QTransform:
        """From 0-based image coordinates to logical pixels of the widget."""
        return self.sceneTransform()

    def grips(self) -> tuple[Grip, ...]:
        """The handles shown, those of the top region first."""
        return tuple(grip for one in self._grips(self.to_screen) for grip in one)

    def grip_at(self, position: QPointF) -> Grip | None:
        """The handle a press at a place of the widget would take."""
        return grip_at(self.grips(), position)

    def region_at(self, position: QPointF) -> int | None:
        """The region a press at a place of the widget would take: the smallest of several."""
        to_screen = self.to_screen
        reach = _NEAR_PX / abs(to_screen.m11())
        place = to_screen.inverted()[0].map(position)
        near = QRectF(place.x() - reach, place.y() - reach, 2 * reach, 2 * reach)
        found = [
            (drawn.rect.width() * drawn.rect.height(), -number, ident)
            for number, (ident, drawn) in enumerate(self._drawn.items())
            if (near.intersects(drawn.rect) and _is_hit(drawn, place, reach))
            or _are_words_hit(drawn, position, to_screen)
            if may(drawn.entry, "select")
        ]
        return min(found)[2] if found else None

    def rect_of(self, ident: int) -> QRectF | None:
        """What a region fills of the widget, its words included; None when it is not drawn."""
        drawn = self._drawn.get(ident)
        if drawn is None:
            return None
        to_screen = self.to_screen
        return to_screen.mapRect(drawn.rect).united(words_rect(drawn, to_screen))

    def regions_in(self, band: QRectF) -> frozenset[int]:
        """The regions that lie wholly in a rectangle of 0-based image coordinates."""
        return frozenset(
            ident
            for ident, drawn in self._drawn.items()
            if band.contains(drawn.rect) and may(drawn.entry, "select")
        )

    def _grips(self, to_screen: QTransform) -> list[tuple[Grip, ...]]:
        """Handles of each selected region that has any, from the top to the bottom."""
        if self._known_grips is None or self._known_grips[0] != to_screen:
            self._known_grips = to_screen, self._found_grips(to_screen)
        return self._known_grips[1]

    def _found_grips(self, to_screen: QTransform) -> list[tuple[Grip, ...]]:
        if len(self._selection) > MOST_SELECTED:
            return []
        chosen = [ident for ident in reversed(self._drawn) if ident in self._selection]
        found = (grips_of(ident, self._drawn[ident].entry, to_screen) for ident in chosen)
        return [grips for grips in found if grips]

    # Painting

    def boundingRect(self) -> QRectF:
        """Everywhere: words and handles reach beyond the regions."""
        return _EVERYWHERE

    def paint(
        self,
        painter: QPainter | None,
        option: QStyleOptionGraphicsItem | None,  # noqa: ARG002 - given by Qt
        widget: QWidget | None = None,
    ) -> None:
        """Paint what can be seen, in logical pixels of the screen."""
        if painter is None or widget is None:
            return
        to_screen = painter.worldTransform()
        painter.save()
        painter.resetTransform()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._still.paint(painter, self._ink, to_screen, widget)
        self._paint_live(painter, to_screen, widget)
        self._paint_selection(painter, to_screen)
        self._paint_unfinished(painter, to_screen)
        painter.restore()

    def _paint_live(self, painter: QPainter, to_screen: QTransform, widget: QWidget) -> None:
        live = self._live()
        regions = [self._drawn[ident] for ident in self._drawn if ident in live] if live else []
        batch = Batch(within(QRectF(widget.rect()), regions, to_screen, reach_of_words(regions)))
        batch.paint(painter, self._ink, to_screen, widget.devicePixelRatioF())

    def _paint_selection(self, painter: QPainter, to_screen: QTransform) -> None:
        if len(self._selection) > MOST_SELECTED:
            draw_middles(painter, self._ink, self._middles(), to_screen)
            return
        with_grips = set()
        for grips in reversed(self._grips(to_screen)):
            with_grips.add(grips[0].ident)
            self._paint_grips(painter, self._drawn[grips[0].ident], grips, to_screen)
        for ident in self._selection - with_grips:
            draw_frame(painter, self._ink, self._drawn[ident], to_screen)

    def _middles(self) -> dict[str, QPolygonF]:
        """Where many selected regions are marked, as far as they are painted."""
        shown = self._still.shown
        if self._known_middles is None or self._known_middles[0] != len(shown):
            chosen = {self._drawn[ident] for ident in self._selection}
            known = middles_of(drawn for drawn in shown if drawn in chosen)
            self._known_middles = len(shown), known
        return self._known_middles[1]

    def _paint_grips(
        self,
        painter: QPainter,
        drawn: DrawnRegion,
        grips: tuple[Grip, ...],
        to_screen: QTransform,
    ) -> None:
        assert drawn.entry.shape is not None  # or it would not be drawn
        about = middle_on_screen(drawn.entry.shape, to_screen)
        draw_grips(painter, self._ink, drawn.style.color, grips, about)

    def _paint_unfinished(self, painter: QPainter, to_screen: QTransform) -> None:
        if self._draft is not None:
            draw_draft(painter, self._ink, to_screen.map(self._draft))
        if self._band is not None:
            draw_band(painter, self._ink, to_screen.mapRect(self._band))


def _is_hit(drawn: DrawnRegion, place: QPointF, reach: float) -> bool:
    assert drawn.entry.shape is not None  # or it would not be drawn
    return distance(drawn.entry.shape, place.x() + 1.0, place.y() + 1.0) <= reach


def _are_words_hit(drawn: DrawnRegion, position: QPointF, to_screen: QTransform) -> bool:
    """Words of a text are all there is of it."""
    if drawn.middle is None or not isinstance(drawn.entry.shape, Text):
        return False
    return words_rect(drawn, to_screen).contains(position)
