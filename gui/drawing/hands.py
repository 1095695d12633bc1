"""One list of regions, shown and edited in every frame view that is on the screen."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PyQt6.QtCore import QEvent, QObject, QPoint, QRect, pyqtSignal

from .hand import SELECT, RegionHand

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...core.session.regions import RegionList
    from ..frame.tiles import FrameArea


class RegionHands(QObject):
    """A hand in the first view, and one in the second while that can be seen.

    They hold the same tool, show the same regions and selection, and share one history. Signals
    are those of `RegionHand`, `toolChanged` once for all.

    Parameters
    ----------
    area : FrameArea
    regions : RegionList
    parent : QObject or None
    """

    toolChanged = pyqtSignal(str)
    editRequested = pyqtSignal(int)
    menuRequested = pyqtSignal(QPoint, int)

    def __init__(self, area: FrameArea, regions: RegionList, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._area, self._regions = area, regions
        self._tool = SELECT
        self._scales: Sequence[float | None] = (None,) * len(area.views)
        self._hands: dict[int, RegionHand] = {}
        self._raise_hand(0)
        area.views[1].installEventFilter(self)

    def close(self) -> None:
        """Let go of the views and of the regions."""
        self._area.views[1].removeEventFilter(self)
        for number in tuple(self._hands):
            self._lower_hand(number)

    @property
    def tool(self) -> str:
        """The word "select", or the kind that the next press draws."""
        return self._tool

    @property
    def active(self) -> RegionHand:
        """The hand in the view that keys act on."""
        return self._hands.get(self._area.active, self._hands[0])

    def hand_in(self, number: int) -> RegionHand | None:
        """The hand in a view, from 0; None where the view is not seen."""
        return self._hands.get(number)

    def rect_of(self, ident: int) -> QRect | None:
        """Where a region lies on the screen, in the view that keys act on; None if not drawn."""
        around, surface = self.active.layer.rect_of(ident), self._area.active_view.viewport()
        if around is None or surface is None:
            return None
        rect = around.toAlignedRect()
        return QRect(surface.mapToGlobal(rect.topLeft()), rect.size())

    def set_tool(self, kind: str, stays: bool = False) -> None:
        """Choose what a press does in any of the views.

        Raises
        ------
        ValueError
            If `kind` cannot be drawn.
        """
        for hand in self._hands.values():
            hand.set_tool(kind, stays)

    def delete_selected(self) -> None:
        """Take away the corner under the pointer, else all that is selected."""
        self.active.delete_selected()

    def set_scales_arcsec(self, scales: Sequence[float | None]) -> None:
        """Let the rulers of each view tell arcseconds too; None where the scale is not known."""
        self._scales = tuple(scales)
        for number, hand in self._hands.items():
            hand.layer.set_scale_arcsec(self._scales[number])

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        """Come and go with the second view."""
        if watched is self._area.views[1] and event is not None:
            if event.type() == QEvent.Type.Show:
                self._raise_hand(1)
            elif event.type() == QEvent.Type.Hide:
                self._lower_hand(1)
        return False

    def _raise_hand(self, number: int) -> None:
        if number in self._hands:
            return
        hand = RegionHand(self._area.views[number], self._regions, self)
        self._hands[number] = hand
        hand.layer.set_scale_arcsec(self._scales[number])
        hand.set_tool(self._tool)
        hand.toolChanged.connect(partial(self._on_tool_changed, hand))
        hand.editRequested.connect(self.editRequested)
        hand.menuRequested.connect(self.menuRequested)

    def _lower_hand(self, number: int) -> None:
        hand = self._hands.pop(number, None)
        if hand is not None:
            hand.close()
            hand.deleteLater()

    def _on_tool_changed(self, leader: RegionHand, name: str) -> None:
        if name == self._tool:
            return
        self._tool = name
        for hand in self._hands.values():
            if hand is not leader:
                hand.set_tool(name, leader.stays)
        self.toolChanged.emit(name)
