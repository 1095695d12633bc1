"""The switch between the two instruments, beside the menus."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from .theme import spaced

if TYPE_CHECKING:
    from .actions import ActionSet


class WorkspaceSwitch(QWidget):
    """One button for each workspace; the pressed one is shown."""

    def __init__(self, actions: ActionSet) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, spaced(2), 0)
        row.setSpacing(spaced(1))
        for action in actions.group("workspace").actions():
            button = QToolButton()
            button.setDefaultAction(action)
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            row.addWidget(button)
