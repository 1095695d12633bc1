"""The program's own icons, drawn as SVG and coloured by the theme when they are painted."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from PyQt6.QtCore import QByteArray, QPoint, QRect, QRectF, QSize, Qt
from PyQt6.QtGui import QColor, QIcon, QIconEngine, QPainter, QPixmap
from PyQt6.QtSvg import QSvgRenderer

from .theme import faded, worn

APP_ICON = "nightglass"

_FOLDER = files("nightglass.resources") / "icons"


@cache
def icon_names() -> frozenset[str]:
    """Names that `icon` knows; not the program's own picture and the parts of the style sheet."""
    stems = {p.name.removesuffix(".svg") for p in _FOLDER.iterdir() if p.name.endswith(".svg")}
    return frozenset(stem for stem in stems - {APP_ICON} if not stem.startswith("_"))


@cache
def _drawing(name: str) -> str:
    return (_FOLDER / f"{name}.svg").read_text("utf-8")


def _colour(role: str, mode: QIcon.Mode) -> str:
    roles = worn()
    return faded(roles) if mode is QIcon.Mode.Disabled else str(getattr(roles, role))


class ThemedEngine(QIconEngine):
    """Paints one drawing in the colour of a role, sharp at every scale.

    The colour is looked up at each painting, so an icon made before a change of theme is
    right after it.
    """

    def __init__(self, name: str, role: str = "text") -> None:
        super().__init__()
        self._name = name
        self._role = role
        self._pixmaps: dict[tuple[int, int, str], QPixmap] = {}

    def paint(
        self, painter: QPainter | None, rect: QRect, mode: QIcon.Mode, state: QIcon.State
    ) -> None:
        """Draw the icon into `rect`."""
        if painter is None:
            return
        device = painter.device()
        ratio = device.devicePixelRatioF() if device is not None else 1.0
        made = QPixmap(self.pixmap(rect.size() * ratio, mode, state))
        made.setDevicePixelRatio(ratio)
        painter.drawPixmap(rect, made)

    def pixmap(self, size: QSize, mode: QIcon.Mode, _state: QIcon.State) -> QPixmap:
        """Picture of `size` device pixels."""
        colour = _colour(self._role, mode)
        key = (size.width(), size.height(), colour)
        if key not in self._pixmaps:
            self._pixmaps[key] = _render(_drawing(self._name), size, colour)
        return self._pixmaps[key]

    def clone(self) -> QIconEngine:
        """Engine of a copied icon."""
        return ThemedEngine(self._name, self._role)


def _render(drawing: str, size: QSize, colour: str) -> QPixmap:
    if size.isEmpty():
        return QPixmap()
    made = QPixmap(size)
    made.fill(QColor(Qt.GlobalColor.transparent))
    side = min(size.width(), size.height())
    corner = QPoint((size.width() - side) // 2, (size.height() - side) // 2)
    renderer = QSvgRenderer(QByteArray(drawing.replace("currentColor", colour).encode()))
    painter = QPainter(made)
    renderer.render(painter, QRectF(QRect(corner, QSize(side, side))))
    painter.end()
    return made


def icon(name: str, role: str = "text") -> QIcon:
    """Icon `name` in the colour of `role`; it follows the theme.

    Raises
    ------
    KeyError
        If there is no drawing of that name.
    """
    if name not in icon_names():
        raise KeyError(f"there is no icon named {name!r}")
    return QIcon(ThemedEngine(name, role))


def app_icon() -> QIcon:
    """Picture of the program for the desktop; it keeps its own colours."""
    made = QIcon()
    for side in (16, 32, 48, 64, 128, 256):
        made.addPixmap(_render(_drawing(APP_ICON), QSize(side, side), "#000000"))
    return made
