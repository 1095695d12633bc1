"""Small parts that many panels are made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QComboBox, QLabel, QToolButton

from ..icons import icon
from ..theme import set_cue

if TYPE_CHECKING:
    from collections.abc import Iterable


def muted_label(text: str) -> QLabel:
    """Words that step back behind what they name."""
    label = QLabel(text)
    set_cue(label, "muted")
    return label


def labelled_button(text: str, drawing: str, tip: str) -> QToolButton:
    """A button with a drawing and a word beside it."""
    button = QToolButton()
    button.setText(text)
    button.setIcon(icon(drawing))
    button.setToolTip(tip)
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    return button


def choice_box(name: str, tip: str, entries: Iterable[tuple[str, object]]) -> QComboBox:
    """A choice among words, each with what it stands for."""
    box = QComboBox()
    for text, data in entries:
        box.addItem(text, data)
    box.setAccessibleName(name)
    box.setToolTip(tip)
    return box
