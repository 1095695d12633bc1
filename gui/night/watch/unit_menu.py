"""The menu of a batch: its log, its pictures, another try, a frame to leave out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtGui import QAction
from PyQt6.QtWidgets import QMenu, QWidget

from ...icons import icon

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ....core.mascara.watching.snapshot import BatchCell

WITH_PRODUCTS = frozenset({"done", "partial"})
MOST_FRAMES = 8
LOG, FRAME, BINNED, RETRY, MARK, OTHER, COPY = (
    "log", "frame", "binned", "retry", "mark", "mark-other", "copy",
)  # fmt: skip


class UnitMenu(QMenu):
    """Offers what can be done with one batch.

    Signal: `chosen` with the name of the deed and, of a frame to be left out, its file name.

    Parameters
    ----------
    cell : BatchCell
    has_record : bool
        Whether the journal tells anything of it.
    failed : sequence of str
        File names of frames that could not be reduced.
    """

    chosen = pyqtSignal(str, str)

    def __init__(
        self,
        cell: BatchCell,
        has_record: bool,
        failed: Sequence[str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.cell = cell
        self.deeds: dict[tuple[str, str], QAction] = {}
        self.setToolTipsVisible(True)
        self.addSection(f"{cell.unit}, {cell.state}")
        self._add(LOG, "log", "Show its &log", "What the journal tells of this batch")
        self._add(FRAME, "image", "Show its first &frame", "In the frame view, with its stars")
        self._add(BINNED, "stack", "Show its &binned image", "The sum of its frames",
                  is_possible=cell.state in WITH_PRODUCTS)  # fmt: skip
        self.addSeparator()
        self._add(RETRY, "reset", "&Retry", "Have this batch reduced anew",
                  is_possible=has_record)  # fmt: skip
        for name in failed[:MOST_FRAMES]:
            self._add(MARK, "exclude", f"Leave out {name}", "It could not be reduced", name)
        self._add(OTHER, "exclude", "L&eave a frame out…", "Choose a frame or a dark by its name")
        self.addSeparator()
        self._add(COPY, "copy", "&Copy its name", "")

    def _add(
        self,
        deed: str,
        drawing: str,
        text: str,
        tip: str,
        file: str = "",
        *,
        is_possible: bool = True,
    ) -> None:
        row = self.addAction(icon(drawing), text)
        assert row is not None  # made just now
        row.setToolTip(tip)
        row.setEnabled(is_possible)
        row.setData((deed, file))
        row.triggered.connect(self._on_triggered)
        self.deeds[deed, file] = row

    def _on_triggered(self) -> None:
        row = self.sender()
        if isinstance(row, QAction):
            self.chosen.emit(*row.data())
