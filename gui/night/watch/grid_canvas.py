"""The grid of batches: cells placed, scrolled, followed and painted."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PyQt6.QtCore import QPoint, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QPainter
from PyQt6.QtWidgets import QAbstractScrollArea, QFrame

from ....core.mascara.night.layout import camera_of_unit
from ...theme import spaced, tabular_font, worn
from ..cues import letter_of
from .cell_looks import CellLooks
from .grid_paint import GridPainter, Shading, cell_size, least_height
from .grid_places import LEAST_CELL_PX, Extent, Places, extent_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PyQt6.QtGui import QPaintEvent, QResizeEvent

    from ....core.mascara.watching.snapshot import BatchCell, Twilight
    from ...theme import Roles

    Cells = Mapping[str, tuple[BatchCell, ...]]

USUAL_COLUMNS = 100
WIDEST_HOUR = "88:88 "


class GridCanvas(QAbstractScrollArea):
    """Shows batches as cells, one of them framed.

    Signal: `followedChanged` when the newest batch is kept in view, or no more.
    """

    followedChanged = pyqtSignal(bool)

    def __init__(self) -> None:
        super().__init__()
        self._grid: Cells = {}
        self._extent = Extent()
        self._twilight: Twilight | None = None
        self._shading: Shading | None = None
        self._looks: CellLooks | None = None
        self._roles = worn()
        self._spot: tuple[str, int] | None = None
        self._is_following, self._is_placing = True, False
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFont(tabular_font(self.font()))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Batches")
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        bar = self.horizontalScrollBar()
        assert bar is not None  # every scroll area has one
        self._bar = bar
        bar.valueChanged.connect(self._on_scrolled)

    # What it is told

    def set_grid(self, grid: Cells, twilight: Twilight) -> None:
        """Show batches; scroll and choice stay."""
        if grid == self._grid and twilight == self._twilight:
            return
        before = self._extent
        self._grid, self._twilight = grid, twilight
        self._extent = extent_of(grid, twilight.dawn_jd)
        if len(before.cameras) != len(self._extent.cameras):
            self.updateGeometry()
        self._fit_bar(kept_first=before.first)
        self.redraw()

    def set_shading(self, shading: Shading | None) -> None:
        """Colour the cells by a measure; None: by their states."""
        if shading != self._shading:
            self._shading = shading
            self.redraw()

    def set_roles(self, roles: Roles) -> None:
        """Take the colours of a theme."""
        self._roles, self._looks = roles, None
        self.redraw()

    def set_chosen(self, unit: str) -> None:
        """Choose a batch and bring it into view; nothing is emitted."""
        found = self._spot_of(unit)
        self._spot = found
        if found is not None:
            self._bring_into_view(found)
        self.redraw()

    def put_frame(self, cell: BatchCell) -> bool:
        """Put the frame round a batch; tells whether it was elsewhere before."""
        spot = (cell.camera, cell.number)
        is_other = spot != self._spot
        if is_other:
            self._spot = spot
            self._bring_into_view(spot)
            self.redraw()
        return is_other

    def forget(self) -> None:
        """Choose nothing, and follow what comes: another night begins."""
        self._spot = None
        self.follow()

    def follow(self) -> None:
        """Go to the newest batch and keep it in view."""
        self._bar.setValue(self._bar.maximum())
        self._set_following(True)

    # What it answers

    @property
    def is_following(self) -> bool:
        """Whether the newest batch is kept in view."""
        return self._is_following

    @property
    def cell(self) -> BatchCell | None:
        """The batch chosen."""
        return None if self._spot is None else self._cell_at(*self._spot)

    def newest_cell(self) -> BatchCell | None:
        """Newest batch of the first camera."""
        return next((cells[-1] for cells in self._grid.values() if cells), None)

    def beside(self, cell: BatchCell, rows: int, columns: int) -> BatchCell:
        """The batch so many rows below and columns to the right, as far as there are any."""
        cameras = self._extent.cameras
        row = min(max(cameras.index(cell.camera) + rows, 0), len(cameras) - 1)
        cells = self._grid[cameras[row]]
        place = min(max(cell.number + columns - cells[0].number, 0), len(cells) - 1)
        return cells[place]

    @property
    def places(self) -> Places:
        """Where the cells stand."""
        view = self._seen_size()
        return Places(self._extent, self._left(), view.width(), view.height() - self._line_px())

    def place_of(self, unit: str) -> QPoint:
        """Middle of the cell of a batch, in the view."""
        found = self._spot_of(unit)
        row, column = (0, 0) if found is None else self._row_and_column(*found)
        places = self.places
        x = places.x_of(column, self._bar.value()) + places.cell_px // 2 - 1
        return QPoint(int(x), row * places.row_px + places.row_px // 2)

    def _spot_of(self, unit: str) -> tuple[str, int] | None:
        camera = camera_of_unit(unit)
        cells = self._grid.get(camera, ())
        return next(((camera, cell.number) for cell in cells if cell.unit == unit), None)

    def _cell_at(self, camera: str, number: int) -> BatchCell | None:
        cells = self._grid.get(camera, ())
        place = number - cells[0].number if cells else -1
        return cells[place] if 0 <= place < len(cells) else None

    def _row_and_column(self, camera: str, number: int) -> tuple[int, int]:
        return self._extent.cameras.index(camera), number - self._extent.first

    def cell_under(self, place: QPoint) -> BatchCell | None:
        """The batch at a place of the view."""
        found = self.places.at(place.x(), place.y(), self._bar.value())
        if found is None:
            return None
        row, column = found
        return self._cell_at(self._extent.cameras[row], self._extent.first + column)

    # Its size

    def _names(self) -> list[str]:
        cameras = list(self._extent.cameras)
        return [letter_of(camera, cameras) for camera in cameras]

    def _left(self) -> int:
        widest = max(map(self.fontMetrics().horizontalAdvance, self._names()), default=0)
        return widest + spaced(3)

    def _line_px(self) -> int:
        return self.fontMetrics().height() + 2

    def _seen_size(self) -> QSize:
        view = self.viewport()
        return self.size() if view is None else view.size()

    def sizeHint(self) -> QSize:
        """Room for a night, its rows not squeezed."""
        rows = max(1, len(self._extent.cameras))
        height = rows * (self.fontMetrics().height() + spaced(1)) + self._line_px()
        return QSize(self._left() + USUAL_COLUMNS * LEAST_CELL_PX, height)

    def minimumSizeHint(self) -> QSize:
        """A few batches of each camera, and a scroll bar."""
        height = least_height(len(self._extent.cameras), self._line_px())
        return QSize(spaced(40), height + self._bar.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """Fit the cells."""
        super().resizeEvent(event)
        self._fit_bar(kept_first=self._extent.first)

    # Scrolling

    def _fit_bar(self, kept_first: int) -> None:
        places = self.places
        # Batches that come in on the left push nothing away under the hand.
        moved = (kept_first - self._extent.first) * places.cell_px if kept_first else 0
        before = self._bar.value() + max(0, moved)
        self._is_placing = True
        self._bar.setRange(0, places.overhang)
        self._bar.setPageStep(max(1, places.width - places.left))
        self._bar.setSingleStep(places.cell_px)
        self._bar.setValue(places.overhang if self._is_following else before)
        self._is_placing = False

    def _on_scrolled(self, value: int) -> None:
        self.redraw()
        if not self._is_placing:
            self._set_following(value >= self._bar.maximum())

    def _set_following(self, is_following: bool) -> None:
        if is_following != self._is_following:
            self._is_following = is_following
            self.followedChanged.emit(is_following)

    def _bring_into_view(self, place: tuple[str, int]) -> None:
        _, column = self._row_and_column(*place)
        places = self.places
        left = column * places.cell_px
        right = left + places.cell_px - (places.width - places.left)
        if self._bar.value() > left or self._bar.value() < right:
            self._bar.setValue(left if self._bar.value() > left else right)

    def scrollContentsBy(self, _dx: int, _dy: int) -> None:
        """Painted anew instead: the names on the left stay."""
        self.redraw()

    # Painting

    def redraw(self) -> None:
        """Paint anew when there is time."""
        view = self.viewport()
        if view is not None:
            view.update()

    def paintEvent(self, _event: QPaintEvent | None) -> None:
        """Draw what is seen."""
        view = self.viewport()
        painter = QPainter(view)
        painter.fillRect(self.rect(), QColor(self._roles.panel))
        places = self.places
        if not places.extent.cameras or self._twilight is None:
            return
        grid = GridPainter(self._looks_for(places), places, self._bar.value())
        grid.paint_cells(painter, self._grid, self._shading)
        painter.setFont(self.font())
        grid.paint_times(painter, self.fontMetrics().horizontalAdvance(WIDEST_HOUR), self._twilight)
        if self._spot is not None and self.cell is not None:
            row_and_column = self._row_and_column(*self._spot)
            grid.paint_selection(painter, *row_and_column, has_focus=self.hasFocus())
        grid.paint_names(painter, self._names(), self.font())

    def _looks_for(self, places: Places) -> CellLooks:
        """Pictures of the cells at their present size."""
        wanted, ratio = cell_size(places), self.devicePixelRatioF()
        looks = self._looks
        if looks is None or looks.size != wanted or not math.isclose(looks.ratio, ratio):
            looks = self._looks = CellLooks(self._roles, wanted, ratio)
        return looks
