"""Names of the profiles behind their glyphs, on as many lines as they need."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QLabel, QSizePolicy

from ..theme import tabular_font, worn
from ..timeline_curves import GLYPHS
from .profile_plot import MOST_CURVES
from .steps_item import fold_cue

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PyQt6.QtGui import QResizeEvent

    from ..theme import Roles

LONGEST_NAME = 24
ROOMS = ((True, LONGEST_NAME), (False, LONGEST_NAME), (False, 16), (False, 10))
"""Whether notes are written, and letters of a name."""
MORE = "and 8 more"
MOST_LINES = 2
GLYPH, APART = "━━ ", "   "


class ProfileNames(QLabel):
    """One name beside the other, on two lines where one is too short; the rest is cut off."""

    def __init__(self) -> None:
        super().__init__()
        self._lines: tuple[tuple[str, str], ...] = ()
        self._roles = worn()
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setFont(tabular_font())
        # The panel need not grow for them.
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def set_names(self, lines: Sequence[tuple[str, str]], roles: Roles) -> None:
        """Name the profiles, each with a note in muted text."""
        self._lines, self._roles = tuple(lines), roles
        self.setToolTip("\n".join(f"{name}  {note}" for name, note in lines))
        self._write()

    def _write(self) -> None:
        """Write as much as there is room for: notes first give way, then the ends of names."""
        for with_notes, longest in ROOMS:
            names = [
                (short(name, longest), note if with_notes else "")
                for name, note in self._lines[:MOST_CURVES]
            ]
            per_line = self._fitting([f"{name} {note}".rstrip() for name, note in names])
            if per_line:
                break
        gap, each = _kept(APART), per_line or -(-len(names) // MOST_LINES) or 1
        rich = [_named(place, *name, self._roles) for place, name in enumerate(names)]
        text = "<br>".join(gap.join(rich[at : at + each]) for at in range(0, len(rich), each))
        more = len(self._lines) - len(names)
        if more > 0:
            text += gap + _coloured(_kept(f"and {more} more"), self._roles.muted)
        if text != self.text():
            self.setText(text)

    def _fitting(self, names: Sequence[str]) -> int:
        """How many names a line may have; 0 where two lines are too short for them."""
        more = [MORE] if len(self._lines) > len(names) else []
        for lines in range(1, MOST_LINES + 1):
            each = -(-len(names) // lines) or 1
            rows = [list(names[at : at + each]) for at in range(0, len(names), each)] or [[]]
            rows[-1] += more
            widths = [self._width_of(row) for row in rows]
            if max(widths) <= self.width():
                return each
        return 0

    def _width_of(self, names: Sequence[str]) -> int:
        return self.fontMetrics().horizontalAdvance(APART.join(GLYPH + name for name in names))

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """Break anew."""
        super().resizeEvent(event)
        self._write()


def short(name: str, longest: int = LONGEST_NAME) -> str:
    """Name cut in its middle to so many letters; numbers stand at the ends."""
    if len(name) <= longest:
        return name
    head = (longest - 1) // 2
    return f"{name[:head]}…{name[head + 1 - longest :]}"


def _named(place: int, name: str, note: str, roles: Roles) -> str:
    cue = fold_cue(roles, place)
    glyph = _coloured(GLYPHS[cue.dash], cue.color)
    words = [glyph, _kept(name)] + ([_coloured(_kept(note), roles.muted)] if note else [])
    return "&nbsp;".join(words)


def _kept(words: str) -> str:
    """Words as rich text whose blanks count."""
    return escape(words).replace(" ", "&nbsp;")


def _coloured(text: str, colour: str) -> str:
    return f'<span style="color:{colour}">{text}</span>'
