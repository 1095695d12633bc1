"""Names of the profiles behind their glyphs, on as many lines as they need."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QLabel, QSizePolicy

from ..theme import tabular_font
from ..timeline_curves import GLYPHS
from .profile_plot import MOST_CURVES
from .steps_item import fold_cue

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PyQt6.QtGui import QResizeEvent

    from ..theme import Roles

LONGEST_NAME = 24
MOST_LINES = 2
GLYPH, APART = "━━ ", "   "


class ProfileNames(QLabel):
    """One name beside the other, on two lines where one is too short; the rest is cut off."""

    def __init__(self) -> None:
        super().__init__()
        self._plain: list[str] = []
        self._rich: list[str] = []
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setFont(tabular_font())
        # The panel need not grow for them.
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def set_names(self, lines: Sequence[tuple[str, str]], roles: Roles) -> None:
        """Name the profiles, each with a note in muted text."""
        shown = list(lines[:MOST_CURVES])
        self._plain = [f"{short(name)} {note}" for name, note in shown]
        self._rich = [_named(place, *line, roles) for place, line in enumerate(shown)]
        if len(lines) > len(shown):
            more = f"and {len(lines) - len(shown)} more"
            self._plain.append(more)
            self._rich.append(_coloured(_kept(more), roles.muted))
        self.setToolTip("\n".join(f"{name}  {note}" for name, note in lines))
        self._write()

    def _write(self) -> None:
        """Break between names, as evenly as can be."""
        metrics = self.fontMetrics()
        wide = metrics.horizontalAdvance(APART.join(GLYPH + name for name in self._plain))
        per_line = len(self._rich) if wide <= self.width() else -(-len(self._rich) // MOST_LINES)
        starts = range(0, len(self._rich), max(per_line, 1))
        gap = _kept(APART)
        text = "<br>".join(gap.join(self._rich[start : start + per_line]) for start in starts)
        if text != self.text():
            self.setText(text)

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """Break anew."""
        super().resizeEvent(event)
        self._write()


def short(name: str) -> str:
    """Name cut to the room that there is."""
    return name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1] + "…"


def _named(place: int, name: str, note: str, roles: Roles) -> str:
    cue = fold_cue(roles, place)
    glyph = _coloured(GLYPHS[cue.dash], cue.color)
    return f"{glyph}&nbsp;{_kept(short(name))}&nbsp;{_coloured(_kept(note), roles.muted)}"


def _kept(words: str) -> str:
    """Words as rich text whose blanks count."""
    return escape(words).replace(" ", "&nbsp;")


def _coloured(text: str, colour: str) -> str:
    return f'<span style="color:{colour}">{text}</span>'
