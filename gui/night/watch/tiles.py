"""The tiles of all cameras side by side, and the disk once for all."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PyQt6.QtCore import QSize, pyqtSignal
from PyQt6.QtWidgets import QSizePolicy, QWidget

from ...theme import set_cue, spaced, worn
from ...widgets.elided_label import ElidedLabel
from ..words import fixed, size
from .tile import SHORT, WHOLE, CameraTile
from .tile_content import tile_contents

if TYPE_CHECKING:
    from PyQt6.QtGui import QResizeEvent

    from ....core.mascara.watching.snapshot import Forecast, NightSnapshot
    from ...theme import Roles
    from .tile_content import TileContent

EMPTY = "The cameras appear with their first frames."
USUAL_CAMERAS = 5
MOST_WIDTH = 1.5
"""Of what a tile needs: in a wider one the eye does not find the number of a word."""
SCARCE_H = 12.0
"""A disk that lasts shorter may not see the morning."""


class CameraTiles(QWidget):
    """One tile a camera, in as many rows as the width asks for, and a line on the disk.

    Signals: see `CameraTile`. Tiles are placed by hand: a layout would be made anew too often.
    """

    frameRequested = pyqtSignal(str)
    messagesRequested = pyqtSignal(str)
    batchRequested = pyqtSignal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._roles = worn()
        self.tiles: dict[str, CameraTile] = {}
        self._is_low = False
        self.disk = ElidedLabel(self)
        set_cue(self.disk, "muted")
        self.disk.show_whole(EMPTY)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Cameras")

    def show_snapshot(self, snapshot: NightSnapshot | None) -> None:
        """Show the cameras of a night; None for no night."""
        contents = () if snapshot is None else tile_contents(snapshot)
        self._take(contents)
        if snapshot is None or not contents:
            self._say(EMPTY, "muted")
        else:
            self._say(*disk_words(snapshot.forecast))

    def set_low(self, is_low: bool) -> None:
        """Take less room: fewer lines, and the disk is left to the panel of the night."""
        self._is_low = is_low
        for tile in self.tiles.values():
            tile.set_low(is_low)
        self._place()
        self.updateGeometry()

    def set_roles(self, roles: Roles) -> None:
        """Take the colours of a theme."""
        self._roles = roles
        for tile in self.tiles.values():
            tile.set_roles(roles)

    def _say(self, text: str, cue: str) -> None:
        self.disk.show_whole(text)
        set_cue(self.disk, cue)

    def _take(self, contents: tuple[TileContent, ...]) -> None:
        names = [content.camera for content in contents]
        if names != list(self.tiles):
            self._make(contents)
        for content in contents:
            self.tiles[content.camera].set_content(content)

    def _make(self, contents: tuple[TileContent, ...]) -> None:
        """Keep the tiles of cameras that stay, in the new order."""
        before, self.tiles = self.tiles, {}
        for content in contents:
            tile = before.pop(content.camera, None)
            self.tiles[content.camera] = tile or self._made_tile(content)
        for tile in before.values():
            tile.hide()
            tile.deleteLater()
        self._place()
        self.updateGeometry()

    def _made_tile(self, content: TileContent) -> CameraTile:
        tile = CameraTile(content, self)
        tile.set_roles(self._roles)
        tile.set_low(self._is_low)
        tile.frameRequested.connect(self.frameRequested)
        tile.messagesRequested.connect(self.messagesRequested)
        tile.batchRequested.connect(self.batchRequested)
        tile.show()
        return tile

    # Places

    def _each(self, level: int, empty: int = 0) -> int:
        """What a tile needs to say so much."""
        return max((tile.least_width(level) for tile in self.tiles.values()), default=empty)

    def _columns(self, width: int) -> int:
        """Tiles in a row."""
        if not self.tiles:
            return 1
        least = self._each(SHORT) + spaced(1)
        return max(1, min(len(self.tiles), (width + spaced(1)) // least))

    def _tile_height(self) -> int:
        return max((tile.sizeHint().height() for tile in self.tiles.values()), default=0)

    def _height_in(self, width: int) -> int:
        rows = math.ceil(len(self.tiles) / self._columns(width))
        return rows * (self._tile_height() + spaced(1)) + self._line_height()

    def _line_height(self) -> int:
        """Of the line on the disk; before there are tiles it says what would fill the place."""
        return 0 if self._is_low and self.tiles else self.disk.sizeHint().height()

    def _place(self) -> None:
        """Put the tiles side by side, equally wide."""
        columns, gap = self._columns(self.width()), spaced(1)
        wide = min((self.width() + gap) / columns, MOST_WIDTH * self._each(WHOLE))
        high = self._tile_height() + gap
        # In the order in which Tab goes.
        for place, tile in enumerate(self.tiles.values()):
            row, column = divmod(place, columns)
            left, right = round(column * wide), round((column + 1) * wide) - gap
            tile.setGeometry(left, row * high, right - left, high - gap)
        line = self._line_height()
        self.disk.setVisible(line > 0)
        self.disk.setGeometry(spaced(2), self._height_in(self.width()) - line,
                              max(0, self.width() - 2 * spaced(2)), line)  # fmt: skip

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """Make as many columns as fit now."""
        super().resizeEvent(event)
        self._place()
        if self.height() != self._height_in(self.width()):
            self.updateGeometry()

    def sizeHint(self) -> QSize:
        """Five tiles that say all, as high as the present width asks for."""
        width = USUAL_CAMERAS * (self._each(WHOLE, spaced(50)) + spaced(1))
        return QSize(width, self._height_in(self.width() or width))

    def minimumSizeHint(self) -> QSize:
        """A tile."""
        each = self._each(SHORT, spaced(20))
        return QSize(each, self._height_in(max(each, self.width())))


def disk_words(forecast: Forecast) -> tuple[str, str]:
    """Sentence on the disk of the products, and its cue."""
    if not math.isfinite(forecast.bytes_free):
        return "Disk: not known yet", "muted"
    parts = [f"Disk: {size(forecast.bytes_free)} free"]
    if math.isfinite(forecast.bytes_needed):
        parts.append(f"{size(forecast.bytes_needed)} needed until the end of the night")
    if math.isfinite(forecast.disk_hours):
        parts.append(f"enough for {fixed(forecast.disk_hours, 0, 'h')} at this pace")
    is_planned = math.isfinite(forecast.bytes_needed)
    is_short = (
        forecast.bytes_needed > forecast.bytes_free
        if is_planned
        else forecast.disk_hours < SCARCE_H
    )
    return ("▲ " if is_short else "") + ", ".join(parts), "bad" if is_short else "muted"
