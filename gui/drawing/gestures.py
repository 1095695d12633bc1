"""What a press on a frame can become; each is computed from where it began."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PyQt6.QtCore import QPointF, QRectF

from ...core.regions.geometry.drawing import entry_of, name_of, shape_at, shape_between
from ...core.regions.geometry.handles import dragged
from ...core.session.region_deeds import said
from ...core.session.region_edits import nudged
from ..frame.mouse import DRAG_THRESHOLD

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ...core.regions.geometry.placement import Pair
    from ...core.regions.shapes import Shape
    from ...core.session.regions import RegionList
    from .grips import Grip
    from .layer import RegionLayer

_HANDLE_LABELS = {"size": "Resize", "turn": "Turn", "vertex": "Change", "end": "Change"}


@dataclass
class Press:
    """Where a button went down, and whether the pointer went away from there since."""

    place: QPointF
    has_moved: bool = False

    def follow(self, position: QPointF) -> None:
        """The pointer is here."""
        if (position - self.place).manhattanLength() >= DRAG_THRESHOLD:
            self.has_moved = True


class Gesture(ABC):
    """One press of the left button until its release; places are 1-based image pixels.

    Parameters
    ----------
    regions : RegionList
        One undo step is made, from the first move to the end.
    source : object
        Named as the one who does it.
    label : str
        For the menu.
    """

    def __init__(self, regions: RegionList, source: object, label: str) -> None:
        self._regions, self._source, self._label = regions, source, label
        self.has_begun = False
        self.idents: frozenset[int] = frozenset()

    def follow(self, place: Pair, *, is_shift: bool) -> None:
        """The pointer was moved here."""
        if not self.has_begun:
            self.has_begun = True
            self._regions.begin(self._label)
        self._change(place, is_shift=is_shift)

    @abstractmethod
    def _change(self, place: Pair, *, is_shift: bool) -> None:
        """Do what the pointer asks for."""

    @abstractmethod
    def click(self) -> None:
        """The button was released where it went down."""

    def finish(self) -> None:
        """The button was released elsewhere."""
        self._regions.commit()

    def give_up(self) -> None:
        """Take all of it back."""
        if self.has_begun:
            self._regions.abort(source=self._source)

    def _reshape(self, shapes: Mapping[int, Shape]) -> None:
        """Give regions other shapes; what else has become of them meanwhile stays."""
        changes = {
            ident: replace(entry, shape=shape)
            for ident, shape in shapes.items()
            if (entry := self._regions.get(ident)) is not None
        }
        self._regions.edit(self._label, changes, source=self._source)


class MoveGesture(Gesture):
    """Drag regions along.

    Parameters
    ----------
    start : tuple of float
        Where the button went down.
    on_click : callable
        Called when nothing was dragged.
    """

    def __init__(
        self, regions: RegionList, source: object, start: Pair, on_click: Callable[[], None]
    ) -> None:
        self._before = dict(nudged(regions.chosen(), 0.0, 0.0))
        super().__init__(regions, source, f"Move {said(self._before.values())}")
        self._start, self._on_click = start, on_click
        self.idents = frozenset(self._before)

    def _change(self, place: Pair, *, is_shift: bool) -> None:  # noqa: ARG002 - moves anyway
        dx, dy = place[0] - self._start[0], place[1] - self._start[1]
        moved = nudged(self._before, dx, dy)
        self._reshape({i: entry.shape for i, entry in moved.items() if entry.shape is not None})

    def click(self) -> None:
        """Leave it where it is."""
        self._on_click()


class HandleGesture(Gesture):
    """Drag a handle of one region; the handle keeps its distance from the pointer."""

    def __init__(self, regions: RegionList, source: object, start: Pair, grip: Grip) -> None:
        entry = regions.entries[grip.ident]
        super().__init__(regions, source, f"{_HANDLE_LABELS[grip.handle.kind]} {name_of(entry)}")
        assert entry.shape is not None  # or it would have no handle
        self._shape, self._grip = entry.shape, grip
        self._offset = grip.handle.x - start[0], grip.handle.y - start[1]
        self.idents = frozenset({grip.ident})

    def _change(self, place: Pair, *, is_shift: bool) -> None:
        x, y = place[0] + self._offset[0], place[1] + self._offset[1]
        shape = dragged(self._shape, self._grip.handle, x, y, keep_aspect=is_shift)
        self._reshape({self._grip.ident: shape})

    def click(self) -> None:
        """Nothing: the handle is still where it was."""


class DrawGesture(Gesture):
    """Draw a new region.

    Parameters
    ----------
    kind : str
    start : tuple of float
    usual_px : float
        Size of what is only clicked.
    """

    def __init__(
        self, regions: RegionList, source: object, kind: str, start: Pair, usual_px: float
    ) -> None:
        super().__init__(regions, source, f"Draw {kind}")
        self._kind, self._start, self._usual_px = kind, start, usual_px
        self._selected = regions.selection

    def _change(self, place: Pair, *, is_shift: bool) -> None:
        shape = shape_between(self._kind, self._start, place, keep_aspect=is_shift)
        if self.idents:
            self._reshape(dict.fromkeys(self.idents, shape))
        else:
            self._add(shape)

    def click(self) -> None:
        """Make one of the usual size."""
        self._add(shape_at(self._kind, self._start, self._usual_px))

    def _add(self, shape: Shape) -> None:
        entry = entry_of(self._kind, shape)
        self.idents = frozenset(self._regions.add([entry], self._label, source=self._source))

    def give_up(self) -> None:
        """Take it away again, and select what was selected."""
        super().give_up()
        self._regions.select(self._selected)


class BandGesture(Gesture):
    """Select all regions in a rectangle, besides those that are selected."""

    def __init__(
        self, regions: RegionList, source: object, start: Pair, layer: RegionLayer
    ) -> None:
        super().__init__(regions, source, "")
        self._start, self._layer, self._band = start, layer, QRectF()

    def follow(self, place: Pair, *, is_shift: bool) -> None:
        """Nothing changes, so nothing is begun."""
        self._change(place, is_shift=is_shift)

    def _change(self, place: Pair, *, is_shift: bool) -> None:  # noqa: ARG002 - the same anyway
        corners = (QPointF(x - 1.0, y - 1.0) for x, y in (self._start, place))
        self._band = QRectF(*corners).normalized()
        self._layer.show_band(self._band)

    def click(self) -> None:
        """Nothing is in a rectangle without an area."""

    def finish(self) -> None:
        """Select what is in it now."""
        self._layer.show_band(None)
        self._regions.select(self._regions.selection | self._layer.regions_in(self._band))

    def give_up(self) -> None:
        """Take the rubber band away."""
        self._layer.show_band(None)
