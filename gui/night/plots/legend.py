"""The row above the plots: cameras, which plots there are, and the whole night."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QPointF, QRectF, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QIcon, QPainter, QPixmap
from PyQt6.QtWidgets import QHBoxLayout, QLabel, QMenu, QToolButton, QWidget

from ...theme import set_cue, spaced, worn
from ...widgets.parts import labelled_button
from ..cues import camera_cue, letter_of
from .specs import PLOTS

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from PyQt6.QtGui import QAction

    from ...theme import Roles

SAMPLE = QSize(26, 12)


class PlotLegend(QWidget):
    """Chooses what the plots show.

    Signals: `cameraToggled` with an id and whether it is shown; `plotsChosen` with the keys of
    plots; `fitRequested`. Setters emit nothing.
    """

    cameraToggled = pyqtSignal(str, bool)
    plotsChosen = pyqtSignal(tuple)
    fitRequested = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._roles = worn()
        self.cameras: dict[str, QToolButton] = {}
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(spaced(2), spaced(1), spaced(1), 0)
        self._row.setSpacing(spaced(1))
        label = QLabel("Cameras")
        set_cue(label, "muted")
        self._row.addWidget(label)
        self._places = QHBoxLayout()
        self._places.setSpacing(spaced(1))
        self._row.addLayout(self._places)
        self._row.addStretch(1)
        self.plots = self._made_menu()
        self._row.addWidget(self.plots)
        self.fit = labelled_button("Whole night", "zoom-fit", "Show the whole night (Home)")
        self.fit.clicked.connect(self.fitRequested)
        self._row.addWidget(self.fit)

    def _made_menu(self) -> QToolButton:
        button = labelled_button("Plots", "timeline", "Choose which plots are shown")
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(button)
        self.choices: dict[str, QAction] = {}
        for spec in PLOTS:
            entry = menu.addAction(f"{spec.title} ({spec.unit})")
            if entry is not None:
                entry.setCheckable(True)
                entry.triggered.connect(self._on_plot_toggled)
                self.choices[spec.key] = entry
        menu.addSeparator()
        every = menu.addAction("All plots")
        if every is not None:
            every.triggered.connect(self._on_all_wanted)
        button.setMenu(menu)
        return button

    # What it is told

    def set_cameras(self, cameras: Sequence[str]) -> None:
        """Offer these cameras; those that were there stay as they are."""
        if list(cameras) == list(self.cameras):
            return
        shown = {name: button.isChecked() for name, button in self.cameras.items()}
        for button in self.cameras.values():
            self._places.removeWidget(button)
            button.deleteLater()
        self.cameras = {name: self._made_camera(name, shown.get(name, True)) for name in cameras}
        for name, button in self.cameras.items():
            button.setText(letter_of(name, cameras))

    def _made_camera(self, name: str, is_shown: bool) -> QToolButton:
        button = QToolButton()
        button.setObjectName(name)
        button.setAccessibleName(name)
        button.setCheckable(True)
        button.setChecked(is_shown)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setIconSize(SAMPLE)
        button.setIcon(_sample(self._roles, name, self.devicePixelRatioF()))
        button.setToolTip(f"Show the lines of {name}")
        button.clicked.connect(self._on_camera_clicked)
        self._places.addWidget(button)
        return button

    @property
    def hidden(self) -> frozenset[str]:
        """Cameras that are not shown."""
        return frozenset(name for name, one in self.cameras.items() if not one.isChecked())

    def set_plots(self, keys: Collection[str]) -> None:
        """Check these plots."""
        for key, entry in self.choices.items():
            entry.setChecked(key in keys)

    def set_roles(self, roles: Roles) -> None:
        """Take the colours of a theme."""
        self._roles = roles
        for name, button in self.cameras.items():
            button.setIcon(_sample(roles, name, self.devicePixelRatioF()))

    # What the observer does

    def _on_camera_clicked(self, is_shown: bool) -> None:
        sender = self.sender()
        if sender is not None:
            self.cameraToggled.emit(sender.objectName(), is_shown)

    def _on_plot_toggled(self, _: bool) -> None:
        self.plotsChosen.emit(tuple(key for key, one in self.choices.items() if one.isChecked()))

    def _on_all_wanted(self, _: bool) -> None:
        self.set_plots(self.choices)
        self._on_plot_toggled(True)


def _sample(roles: Roles, camera: str, ratio: float) -> QIcon:
    """A piece of the line of a camera."""
    picture = QPixmap(SAMPLE * ratio)
    picture.setDevicePixelRatio(ratio)
    picture.fill(QColor(Qt.GlobalColor.transparent))
    painter = QPainter(picture)
    room = QRectF(0.0, 0.0, SAMPLE.width(), SAMPLE.height())
    pen = camera_cue(roles, camera).pen()
    pen.setWidthF(2.0)
    painter.setPen(pen)
    painter.drawLine(
        QPointF(room.left(), room.center().y()), QPointF(room.right(), room.center().y())
    )
    painter.end()
    return QIcon(picture)
