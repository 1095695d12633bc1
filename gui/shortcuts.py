"""The sheet of all keys and mouse habits."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QDialog, QDialogButtonBox, QLineEdit, QTextBrowser, QVBoxLayout, QWidget

from .action_spec import plain
from .specs import MENUS
from .theme import Roles, spaced, worn

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .actions import ActionSet

MOUSE_HABITS = (
    ("Wheel", "Zoom about the pointer"),
    ("Middle click", "Centre the picture there"),
    ("Right drag", "Contrast up and down, bias left and right"),
    ("Left click", "Mark the pixel for readout and profiles"),
    ("Left drag", "Move the picture, or the crosshair when that tool is chosen"),
    ("Drop files or folders", "Open them"),
    ("Timeline: click or drag the line", "Go to that frame"),
    ("Timeline: wheel, drag", "Zoom and move in time; double click shows everything"),
    ("Plots of a night: wheel, drag", "Zoom and move; double click or Home shows everything"),
    ("Batches of a night: arrows, Return", "From batch to batch; what can be done with one"),
)
COLUMNS = 3

Section = tuple[str, list[tuple[str, str]]]


def sections(actions: ActionSet) -> list[Section]:
    """Headings with (keys, what they do), menu by menu; the mouse comes last."""
    found: list[Section] = []
    for menu in MENUS:
        rows = [
            (" or ".join(actions.keys_of(spec.key)), plain(spec.text))
            for spec in actions.specs
            if spec.menu.partition("/")[0] == menu and actions.keys_of(spec.key)
        ]
        if rows:
            found.append((menu, rows))
    conflicts = [
        (one.shortcut, f"{one.winner} has it; {one.loser} wants it too")
        for one in actions.conflicts
    ]
    if conflicts:
        found.append(("Keys wanted twice", conflicts))
    return [*found, ("Mouse", list(MOUSE_HABITS))]


def sheet_html(found: Sequence[Section], roles: Roles) -> str:
    """The sheet as three columns of tables."""
    columns: list[list[Section]] = [[] for _ in range(COLUMNS)]
    for section in found:
        shortest = min(columns, key=lambda column: sum(len(rows) + 2 for _, rows in column))
        shortest.append(section)
    cells = "".join(
        f'<td width="{100 // COLUMNS}%">{"".join(_table(one, roles) for one in column)}</td>'
        for column in columns
    )
    return f'<table width="100%" cellspacing="{spaced(2)}"><tr>{cells}</tr></table>'


def _table(section: Section, roles: Roles) -> str:
    heading, rows = section
    lines = "".join(
        f'<tr><td style="color:{roles.accent}; padding-right:{spaced(3)}px">{escape(keys)}</td>'
        f"<td>{escape(text)}</td></tr>"
        for keys, text in rows
    )
    title = f'<p style="color:{roles.muted}; margin-bottom:{spaced(1)}px">{escape(heading)}</p>'
    return f"{title}<table>{lines}</table>"


class ShortcutSheet(QDialog):
    """Window that lists every key; typing narrows the list."""

    def __init__(self, actions: ActionSet, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Keys and mouse")
        self._actions = actions
        self._roles = worn()
        self.search = QLineEdit()
        self.search.setPlaceholderText("Find a key or an action…")
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self.refresh)
        self.page = QTextBrowser()
        self.page.setAccessibleName("Keys and mouse")
        self.page.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(spaced(3), spaced(3), spaced(3), spaced(3))
        column.setSpacing(spaced(2))
        column.addWidget(self.search)
        column.addWidget(self.page, 1)
        column.addWidget(buttons)
        self.resize(self.fontMetrics().averageCharWidth() * 150, self.fontMetrics().height() * 44)
        self.refresh()

    def set_roles(self, roles: Roles) -> None:
        """Use the colours of a theme."""
        self._roles = roles
        self.refresh()

    def refresh(self, *_: object) -> None:
        """List the keys as they are now."""
        wanted = self.search.text().casefold()
        found = [
            (heading, [row for row in rows if wanted in f"{row[0]} {row[1]}".casefold()])
            for heading, rows in sections(self._actions)
        ]
        kept = [section for section in found if section[1]]
        self.page.setHtml(sheet_html(kept, self._roles) if kept else "No key does that.")
