"""What is under the pointer in a frame view."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...core.regions.geometry.outlines import nearest_edge
from ...core.regions.shapes import Polygon
from ...core.session.region_edits import may
from . import cursors
from .grips import Grip, screen_direction

if TYPE_CHECKING:
    from PyQt6.QtCore import QPointF
    from PyQt6.QtGui import QCursor

    from ...core.regions.geometry.placement import Pair
    from ...core.session.regions import RegionList
    from ..frame.view import FrameView
    from .layer import RegionLayer

_USUAL_RADIUS_PX = 10.0
_USUAL_ON_SCREEN = (8.0, 80.0)
_OTHERWISE_ON_SCREEN = 20.0
_EDGE_PX = 5.0


class Pointing:
    """Translate places of the widget; positions are logical pixels, places 1-based image pixels."""

    def __init__(self, view: FrameView, regions: RegionList, layer: RegionLayer) -> None:
        self._view, self._regions, self._layer = view, regions, layer
        self._turn_cursor = cursors.turn()

    @property
    def scale(self) -> float:
        """Logical pixels of the screen in an image pixel."""
        return self._view.zoom / self._view.device_ratio

    def place(self, position: QPointF) -> Pair:
        """Where a position is in the image."""
        x, y = self._view.image_at(position)
        return x + 1.0, y + 1.0

    def usual_px(self) -> float:
        """Radius of what is only clicked: ten pixels where that is well seen."""
        least, most = _USUAL_ON_SCREEN
        is_well_seen = least <= _USUAL_RADIUS_PX * self.scale <= most
        return _USUAL_RADIUS_PX if is_well_seen else _OTHERWISE_ON_SCREEN / self.scale

    def grip_at(self, position: QPointF | None) -> Grip | None:
        """The handle that a press there takes; none without a position."""
        return self._layer.grip_at(position) if position is not None else None

    def edge_at(self, position: QPointF) -> tuple[int, Polygon, int] | None:
        """A selected polygon with an edge there: number, shape, and vertex the edge starts at."""
        x, y = self.place(position)
        for ident, entry in self._regions.chosen().items():
            if isinstance(entry.shape, Polygon) and may(entry, "edit"):
                edge, away = nearest_edge(entry.shape, x, y)
                if away * self.scale <= _EDGE_PX:
                    return ident, entry.shape, edge
        return None

    def cursor_at(self, position: QPointF) -> QCursor:
        """The shape of the pointer that tells what a press there does."""
        grip = self.grip_at(position)
        if grip is not None:
            return self._grip_cursor(grip)
        ident = self._layer.region_at(position)
        is_movable = ident is not None and may(self._regions.entries[ident], "move")
        return cursors.move() if is_movable else cursors.cross()

    def _grip_cursor(self, grip: Grip) -> QCursor:
        shape = self._regions.entries[grip.ident].shape
        if grip.handle.kind == "turn":
            return self._turn_cursor
        if grip.handle.kind != "size" or shape is None:
            return cursors.point()
        return cursors.size(screen_direction(grip, shape, self._layer.to_screen))
