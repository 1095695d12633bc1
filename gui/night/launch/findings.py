"""What the look before the night found, a sentence a line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QSize, Qt
from PyQt6.QtWidgets import QListWidget, QListWidgetItem

from ...icons import icon
from ...theme import spaced

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ....core.mascara.night.check import Finding

GLYPHS = {
    "trouble": ("error", "bad", "Trouble"),
    "notice": ("notice", "warn", "Note"),
    "good": ("check", "good", "Good"),
}
LINES = 6
NOTHING = "What lies in the folders is told here, and what would go wrong."


class FindingsList(QListWidget):
    """Sentences with a glyph: trouble first, then notes, then what is well."""

    def __init__(self) -> None:
        super().__init__()
        self._shown: tuple[Finding, ...] | None = None
        self.setObjectName("findings")
        self.setAccessibleName("What was found")
        self.setWordWrap(True)
        self.setTextElideMode(Qt.TextElideMode.ElideNone)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setResizeMode(QListWidget.ResizeMode.Adjust)
        self.setSpacing(1)
        self.show_findings(())

    def show_findings(self, findings: Sequence[Finding]) -> None:
        """List what was found; nothing moves where it is the same as before."""
        order = list(GLYPHS)
        wanted = tuple(sorted(findings, key=lambda one: order.index(one.level)))
        if wanted == self._shown:
            return
        self._shown = wanted
        self.clear()
        for finding in wanted:
            drawing, role, word = GLYPHS[finding.level]
            item = QListWidgetItem(icon(drawing, role), finding.text)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{word}: {finding.text}")
            item.setToolTip(f"{word}: {finding.text}")
            self.addItem(item)
        # The keyboard has nothing to do on a list of nothing.
        policy = Qt.FocusPolicy
        self.setFocusPolicy(policy.StrongFocus if wanted else policy.NoFocus)
        if not wanted:
            empty = QListWidgetItem(NOTHING)
            empty.setFlags(Qt.ItemFlag.NoItemFlags)
            self.addItem(empty)

    def sizeHint(self) -> QSize:
        """Room for a few lines."""
        line = self.fontMetrics().height() + spaced(2)
        return QSize(super().sizeHint().width(), LINES * line)
