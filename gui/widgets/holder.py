"""A place for a widget that is made when it is first seen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from PyQt6.QtWidgets import QVBoxLayout, QWidget

if TYPE_CHECKING:
    from ..theme import Roles


class Themed(Protocol):
    """A widget that draws in the colours of a theme."""

    def set_roles(self, roles: Roles) -> None:
        """Take the colours."""


class Holder(QWidget):
    """Holds one widget, without a margin, and tells it the theme."""

    def __init__(self) -> None:
        super().__init__()
        self._held: Themed | None = None
        self._roles: Roles | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)

    def hold(self, widget: QWidget, themed: Themed) -> None:
        """Take the widget in."""
        self._held = themed
        self._column.addWidget(widget)
        if self._roles is not None:
            themed.set_roles(self._roles)

    def set_roles(self, roles: Roles) -> None:
        """Keep the colours for what comes, and pass them on to what is there."""
        self._roles = roles
        if self._held is not None:
            self._held.set_roles(roles)
