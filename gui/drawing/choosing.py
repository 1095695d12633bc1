"""What a press in select mode takes hold of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .gestures import BandGesture, Gesture, HandleGesture, MoveGesture

if TYPE_CHECKING:
    from collections.abc import Callable

    from PyQt6.QtCore import QPointF

    from ...core.session.regions import RegionList
    from .layer import RegionLayer
    from .pointing import Pointing


class Choosing:
    """Select by clicks, and begin what a drag from there does.

    Parameters
    ----------
    regions : RegionList
    layer : RegionLayer
        Tells what is where.
    pointing : Pointing
    source : object
        Named as the one who changes regions.
    """

    def __init__(
        self, regions: RegionList, layer: RegionLayer, pointing: Pointing, source: object
    ) -> None:
        self._regions, self._layer = regions, layer
        self._pointing, self._source = pointing, source

    def gesture_at(self, position: QPointF, *, is_shift: bool) -> Gesture | None:
        """What a press in select mode begins: of a handle, of a region, of a rubber band."""
        place, grip = self._pointing.place(position), self._pointing.grip_at(position)
        if grip is not None:
            return HandleGesture(self._regions, self._source, place, grip)
        ident = self._layer.region_at(position)
        if ident is not None:
            on_click = self._select_at_press(ident, is_shift=is_shift)
            return MoveGesture(self._regions, self._source, place, on_click)
        return BandGesture(self._regions, self._source, place, self._layer) if is_shift else None

    def _select_at_press(self, ident: int, *, is_shift: bool) -> Callable[[], None]:
        """Select so that a drag can follow; gives what a click without one does."""
        selected = self._regions.selection
        if ident not in selected:
            self._regions.select(selected | {ident} if is_shift else {ident})
            return _nothing
        left = selected - {ident} if is_shift else {ident}
        return lambda: self._regions.select(left)


def _nothing() -> None:
    """A click that is done with the press."""
