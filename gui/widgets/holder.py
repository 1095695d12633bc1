"""A place for a widget that is made when it is first seen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from PyQt6.QtCore import QSize
from PyQt6.QtWidgets import QWidget

if TYPE_CHECKING:
    from PyQt6.QtGui import QResizeEvent

    from ..theme import Roles


class Themed(Protocol):
    """A widget that draws in the colours of a theme."""

    def set_roles(self, roles: Roles) -> None:
        """Take the colours."""


class Holder(QWidget):
    """Holds one widget, without a margin, and tells it the theme.

    It has no layout: that of a window would be made anew with every number inside that changes,
    which takes longer than all that is drawn.
    """

    def __init__(self) -> None:
        super().__init__()
        self._held: Themed | None = None
        self._widget: QWidget | None = None
        self._roles: Roles | None = None

    @property
    def widget(self) -> QWidget | None:
        """What is held; None before it is made."""
        return self._widget

    def hold(self, widget: QWidget, themed: Themed) -> None:
        """Take the widget in."""
        self._held, self._widget = themed, widget
        widget.setParent(self)
        widget.setGeometry(self.rect())
        widget.show()
        self.updateGeometry()
        if self._roles is not None:
            themed.set_roles(self._roles)

    def set_roles(self, roles: Roles) -> None:
        """Keep the colours for what comes, and pass them on to what is there."""
        self._roles = roles
        if self._held is not None:
            self._held.set_roles(roles)

    def sizeHint(self) -> QSize:
        """That of the widget."""
        return super().sizeHint() if self._widget is None else self._widget.sizeHint()

    def minimumSizeHint(self) -> QSize:
        """The least size that the widget was given, else the one it asks for."""
        if self._widget is None:
            return QSize()
        given, asked = self._widget.minimumSize(), self._widget.minimumSizeHint()
        return QSize(given.width() or asked.width(), given.height() or asked.height())

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """Give the widget all there is."""
        super().resizeEvent(event)
        if self._widget is not None:
            self._widget.setGeometry(self.rect())
