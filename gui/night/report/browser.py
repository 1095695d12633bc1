"""The report as it is read in the window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QUrl, pyqtSignal
from PyQt6.QtGui import QTextDocument
from PyQt6.QtWidgets import QFrame, QTextBrowser

from ...theme import spaced
from ...widgets.throttle import Throttle

if TYPE_CHECKING:
    from PyQt6.QtGui import QImage, QResizeEvent
    from PyQt6.QtWidgets import QWidget

    from .dressing import DressedReport

RESIZED_MS = 200


class ReportBrowser(QTextBrowser):
    """Shows a report; its pictures are as wide as the window.

    Signals: `widthChanged` when pictures of another width would fit better.
    """

    widthChanged = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pictures: dict[str, QImage] = {}
        self._width_px = 0
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setOpenLinks(False)
        self.setObjectName("report")
        self.setAccessibleName("Report of the night")
        self._resized = Throttle(self._tell_width, RESIZED_MS, self)

    def picture_px(self, width_px: int) -> int:
        """How wide a picture may be in a browser of that width, a scroll bar beside it."""
        bar = self.verticalScrollBar()
        side = 0 if bar is None else bar.sizeHint().width()
        document = self.document()
        margin = 0.0 if document is None else document.documentMargin()
        return max(spaced(20), round(width_px - side - 2 * margin - 2))

    def show_report(self, report: DressedReport) -> None:
        """Show a report; what is read stays where it is."""
        bar = self.verticalScrollBar()
        share = bar.value() / max(1, bar.maximum()) if bar is not None else 0.0
        self._pictures, self._width_px = report.pictures, report.width_px
        self.setHtml(report.html)
        if bar is not None and share > 0.0:
            bar.setValue(round(share * bar.maximum()))

    def loadResource(self, kind: int, name: QUrl) -> object:
        """Give the pictures of the report, and nothing else."""
        if kind == QTextDocument.ResourceType.ImageResource.value:
            return self._pictures.get(name.toString())
        return None

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """Ask for pictures of another width when the hand rests."""
        super().resizeEvent(event)
        self._resized.call_later()

    def _tell_width(self) -> None:
        if self.picture_px(self.width()) != self._width_px:
            self.widthChanged.emit()
