"""The page of frames: the program's own frame view between a row of choices and thumbnails."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtWidgets import QBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from ...theme import spaced
from ...widgets.empty_state import EmptyState
from .frame_row import FrameRow
from .overlay_row import OverlayRow
from .thumb_strip import ThumbStrip

if TYPE_CHECKING:
    from PyQt6.QtGui import QResizeEvent

    from ...frame.tiles import FrameArea
    from ...theme import Roles

WAITING = "The frames of a camera appear here as soon as there is one."
LONGEST_NOTE = "88888888T888888LPC.fits.gz"


class FramesPage(QWidget):
    """Holds the frame view while it is seen.

    Attributes
    ----------
    row : FrameRow
    overlay_row : OverlayRow
    thumbs : ThumbStrip
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self.row, self.overlay_row = FrameRow(), OverlayRow()
        self.thumbs = ThumbStrip()
        self.empty = EmptyState(WAITING)
        self._place = QWidget()
        self._home = QVBoxLayout(self._place)
        self._home.setContentsMargins(0, 0, 0, 0)
        self._rows = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._stack = QStackedLayout()
        self._lay_out()
        self.row.overlayToggled.connect(self._show_overlay_row)

    def _lay_out(self) -> None:
        self._rows.setContentsMargins(spaced(2), spaced(1), spaced(2), 0)
        self._rows.setSpacing(spaced(1))
        self._rows.addWidget(self.row, 1)
        self._rows.addWidget(self.overlay_row)
        self._stack.addWidget(self.empty)
        self._stack.addWidget(self._place)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(spaced(1))
        column.addLayout(self._rows)
        column.addLayout(self._stack, 1)
        column.addWidget(self.thumbs)

    # The frame view

    def take(self, area: FrameArea) -> None:
        """Show the frame view here until somebody else takes it."""
        if self._home.indexOf(area) < 0:
            self._home.addWidget(area)
        area.show()

    @property
    def has_area(self) -> bool:
        """Whether the frame view is here."""
        return self._home.count() > 0

    # What is shown

    def set_empty(self, text: str | None) -> None:
        """Say in place of the frame why there is none; None shows the frame."""
        if text is not None:
            self.empty.set_text(text)
        self._stack.setCurrentIndex(int(text is None))

    def set_roles(self, roles: Roles) -> None:
        """Take the colours of a theme; the frame view is the window's."""
        self.thumbs.set_roles(roles)

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """Lay both rows side by side where they find room; where there is little, fold one away."""
        super().resizeEvent(event)
        own, over = self.row.sizeHint().width(), self.overlay_row.sizeHint().width()
        note = self.fontMetrics().horizontalAdvance(LONGEST_NOTE)
        way = QBoxLayout.Direction
        is_wide = self.width() >= own + over + note
        wanted = way.LeftToRight if is_wide else way.TopToBottom
        if self._rows.direction() != wanted:
            self._rows.setDirection(wanted)
        self.row.over.setVisible(self.width() < over + 2 * spaced(2))
        self._show_overlay_row()

    def _show_overlay_row(self) -> None:
        """Where the row has no room of its own it comes when it is asked for."""
        over = self.row.over
        self.overlay_row.setVisible(over.isHidden() or over.isChecked())
