"""Thumbnails of chosen stars in a row."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PyQt6.QtCore import QSize, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QIcon, QImage, QPixmap
from PyQt6.QtWidgets import QListView, QListWidget, QListWidgetItem, QWidget

from ...frame.coloured import memory_of
from ...theme import spaced, tabular_font, worn
from .star_marks import packed_argb

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from ....core.mascara.field.thumbnails import Thumbnail
    from ...theme import Roles

SIDE_PX = 72
_LEVELS = 256
_CUT_PERCENT = (5.0, 99.7)


class ThumbStrip(QListWidget):
    """Shows the newest thumbnail of each chosen star; `starChosen` carries an ASCC number."""

    starChosen = pyqtSignal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._roles = worn()
        self._thumbnails: tuple[Thumbnail, ...] = ()
        self._names: Mapping[int, str] = {}
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(False)
        self.setMovement(QListView.Movement.Static)
        self.setUniformItemSizes(True)
        self.setIconSize(QSize(SIDE_PX, SIDE_PX))
        self.setSpacing(spaced(1))
        self.setFont(tabular_font(self.font()))
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setAccessibleName("Thumbnails of chosen stars")
        self.itemActivated.connect(self._on_activated)
        self.itemClicked.connect(self._on_activated)
        self.hide()

    def set_thumbnails(
        self, thumbnails: Sequence[Thumbnail], names: Mapping[int, str] | None = None
    ) -> None:
        """Show these; the strip goes when there is none. Selection and place stay.

        Parameters
        ----------
        names : mapping of int to str
            What stars are called besides their number.
        """
        self._names = names or {}
        before = [one.ascc for one in self._thumbnails]
        self._thumbnails = tuple(thumbnails)
        if [one.ascc for one in thumbnails] != before:
            self._fill()
        for place, one in enumerate(self._thumbnails):
            self._describe(self.item(place), one)
        self.setVisible(bool(self._thumbnails))

    def set_roles(self, roles: Roles) -> None:
        """Take the colours of a theme."""
        self._roles = roles
        self.set_thumbnails(self._thumbnails, self._names)

    def sizeHint(self) -> QSize:
        """One row of pictures with their names."""
        height = SIDE_PX + self.fontMetrics().height() + spaced(6)
        bar = self.horizontalScrollBar()
        return QSize(4 * SIDE_PX, height + (0 if bar is None else bar.sizeHint().height()))

    def minimumSizeHint(self) -> QSize:
        """A picture and its name."""
        return QSize(2 * SIDE_PX, self.sizeHint().height())

    def _fill(self) -> None:
        """Make the places anew; the star chosen stays chosen."""
        current = self.currentItem()
        chosen = None if current is None else current.data(Qt.ItemDataRole.UserRole)
        self.clear()
        width = self.fontMetrics().horizontalAdvance("HD 888888") + spaced(2)
        for one in self._thumbnails:
            item = QListWidgetItem(self)
            item.setData(Qt.ItemDataRole.UserRole, one.ascc)
            height = SIDE_PX + self.fontMetrics().height() + spaced(2)
            item.setSizeHint(QSize(max(SIDE_PX, width) + spaced(2), height))
            if one.ascc == chosen:
                self.setCurrentItem(item)

    def _describe(self, item: QListWidgetItem | None, one: Thumbnail) -> None:
        if item is None:
            return
        name = self._names.get(one.ascc, "")
        item.setText(name or str(one.ascc))
        words = f"ASCC {one.ascc}" + (f"  {name}" if name else "")
        item.setToolTip(f"{words}\n{one.group}, slot {one.lstseq}\nA click shows its light curve")
        item.setIcon(QIcon(_picture(one.pixels, self._roles, self.devicePixelRatioF())))

    def _on_activated(self, item: QListWidgetItem) -> None:
        self.starChosen.emit(int(item.data(Qt.ItemDataRole.UserRole)))


def _picture(pixels: npt.NDArray[np.float32], roles: Roles, ratio: float) -> QPixmap:
    """Counts from the darkest to the brightest colour of a theme, north where it is on the chip."""
    codes = np.ascontiguousarray(_codes(pixels)[::-1])
    table = _table(roles)
    argb = np.ascontiguousarray(table[codes])
    rows, columns = argb.shape
    image = QImage(memory_of(argb), columns, rows, 4 * columns, QImage.Format.Format_RGB32)
    side = round(SIDE_PX * ratio)
    picture = QPixmap.fromImage(image.scaled(side, side, Qt.AspectRatioMode.KeepAspectRatio))
    picture.setDevicePixelRatio(ratio)
    return picture


def _codes(pixels: npt.NDArray[np.float32]) -> npt.NDArray[np.intp]:
    finite = pixels[np.isfinite(pixels)]
    if not finite.size:
        return np.zeros(pixels.shape, np.intp)
    low, high = np.percentile(finite, _CUT_PERCENT)
    part = (np.nan_to_num(pixels, nan=low) - low) / max(high - low, 1e-9)
    return np.asarray(np.rint(np.clip(part, 0.0, 1.0) * (_LEVELS - 1)), np.intp)


def _table(roles: Roles) -> npt.NDArray[np.uint32]:
    """Grey, or red at night."""
    bright = QColor(roles.text) if roles.name == "red" else QColor("white")
    steps = np.arange(_LEVELS, dtype=np.float64) / (_LEVELS - 1)
    red, green, blue = (
        np.rint(steps * part).astype(np.uint32)
        for part in (bright.red(), bright.green(), bright.blue())
    )
    return packed_argb(np.full(_LEVELS, 255, np.uint32), red, green, blue)
