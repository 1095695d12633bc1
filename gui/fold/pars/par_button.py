"""The button that names the par file and lists others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QSize, Qt, pyqtSignal
from PyQt6.QtWidgets import QMenu, QSizePolicy, QToolButton

from ...theme import spaced
from ...widgets.elided_label import cut
from .par_model import separation_text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from PyQt6.QtGui import QAction, QResizeEvent

    from ....core.workbench.fold.listing import ParRow

NONE_TEXT = "Choose a par file"
MOST_LISTED = 12
LONGEST_NOTE = 48
CHARACTERS = 12


class ParButton(QToolButton):
    """Names the pulsars that are folded on; its menu has the nearest par files and the last used.

    Signals: `parChosen` with the path of the one to fold on, `parAdded` and `parRemoved` with that
    of one to fold on as well or no more, `actionRequested` with the key of an action.
    """

    parChosen = pyqtSignal(object)
    parAdded = pyqtSignal(object)
    parRemoved = pyqtSignal(object)
    actionRequested = pyqtSignal(str)

    def __init__(self) -> None:
        super().__init__()
        self._rows: tuple[ParRow, ...] = ()
        self._recent: tuple[ParRow, ...] = ()
        self._chosen: tuple[Path | None, ...] = ()
        self._name = NONE_TEXT
        self.setObjectName("parButton")
        self.setAccessibleName("Par file")
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.list = QMenu(self)
        self.list.setToolTipsVisible(True)
        self.list.aboutToShow.connect(self.fill)
        self.setMenu(self.list)
        self.set_pars((), (), (), ())

    def set_pars(
        self,
        rows: Sequence[ParRow],
        recent: Sequence[ParRow],
        chosen: Sequence[Path | None],
        names: Sequence[str],
        notes: Sequence[str] = (),
    ) -> None:
        """Offer par files.

        Parameters
        ----------
        rows, recent : sequence of ParRow
            Of a folder, the nearest first; and those used of late.
        chosen : sequence of Path or None
            Those that are folded on, None for one without a file.
        names, notes : sequence of str
            Their pulsars, and what there is to say of them.
        """
        self._rows, self._recent, self._chosen = tuple(rows), tuple(recent), tuple(chosen)
        self._name = " + ".join(names) or NONE_TEXT
        paths = [str(path) for path in chosen if path is not None]
        self.setToolTip("\n".join(["Par file", *paths, *notes]))
        self._show_name()

    @property
    def name(self) -> str:
        """Pulsars folded on, or what to do."""
        return self._name

    def sizeHint(self) -> QSize:
        """Room for a short name; a longer one is cut."""
        size = super().sizeHint()
        width = self.fontMetrics().averageCharWidth() * CHARACTERS + spaced(8)
        return QSize(width, size.height())

    def minimumSizeHint(self) -> QSize:
        """Room for a short name."""
        return self.sizeHint()

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """Show as much of the name as fits now."""
        super().resizeEvent(event)
        self._show_name()

    def _show_name(self) -> None:
        room = self.width() - spaced(8)
        shown = self.fontMetrics().elidedText(self._name, Qt.TextElideMode.ElideRight, room)
        if shown != self.text():
            self.setText(shown.replace("&", "&&"))

    def fill(self) -> None:
        """Write the menu anew."""
        self.list.clear()
        self._fill_with(self.list, self._rows[:MOST_LISTED], "By distance from the pointing")
        self._fill_with(self.list, self._recent, "Used of late")
        if self._rows or self._recent:
            overlay = self.list.addMenu("Fold on as well")
            if overlay is not None:
                self._fill_overlay(overlay)
            self.list.addSeparator()
        self._offer(self.list, "Choose…", lambda: self.actionRequested.emit("fold.choose"))
        if self._chosen:
            self._offer(
                self.list, "Show par file", lambda: self.actionRequested.emit("fold.par-text")
            )

    def _fill_with(self, menu: QMenu, rows: Sequence[ParRow], heading: str) -> None:
        if not rows:
            return
        # The style sheet leaves no room for the words of a section.
        title = menu.addAction(heading)
        if title is not None:
            title.setEnabled(False)
        for row in rows:
            self._offer_par(menu, row, self.parChosen.emit)

    def _fill_overlay(self, menu: QMenu) -> None:
        menu.setToolTipsVisible(True)
        listed = {row.path: row for row in (*self._rows[:MOST_LISTED], *self._recent)}
        for row in listed.values():
            self._offer_par(menu, row, self._toggle)

    def _toggle(self, path: Path) -> None:
        (self.parRemoved if path in self._chosen else self.parAdded).emit(path)

    def _offer_par(self, menu: QMenu, row: ParRow, do: Callable[[Path], None]) -> None:
        entry = self._offer(menu, par_text(row), lambda: do(row.path))
        entry.setEnabled(row.is_usable)
        entry.setCheckable(True)
        entry.setChecked(row.path in self._chosen)
        entry.setToolTip("\n".join(part for part in (str(row.path), row.note) if part))

    def _offer(self, menu: QMenu, text: str, do: Callable[[], None]) -> QAction:
        entry = menu.addAction(text.replace("&", "&&"))
        assert entry is not None  # a menu always makes one of a text
        # Without the lambda it would be told whether the entry is ticked.
        entry.triggered.connect(lambda _: do())
        return entry


def par_text(row: ParRow) -> str:
    """Pulsar, separation and what is to be said of one par file, in one line."""
    parts = [row.psr or row.name]
    if row.separation_deg is not None:
        parts.append(separation_text(row.separation_deg))
    if row.psr:
        # Several solutions of one pulsar differ in this alone.
        parts.append(row.name)
    note = row.brief or row.note
    if note:
        parts.append(f"▲ {cut(note, LONGEST_NOTE)}")
    return "   ".join(parts)
