"""Where panels and bars stand in each workspace, and where they stood when it was left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QByteArray, Qt

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from PyQt6.QtWidgets import QDockWidget, QMainWindow, QToolBar

STATE_VERSION = 4
LEFT, RIGHT, BOTTOM = (
    Qt.DockWidgetArea.LeftDockWidgetArea,
    Qt.DockWidgetArea.RightDockWidgetArea,
    Qt.DockWidgetArea.BottomDockWidgetArea,
)
Sizes = tuple[Qt.Orientation, tuple[tuple[str, int], ...]]
ACROSS, DOWN = Qt.Orientation.Horizontal, Qt.Orientation.Vertical
WORKSPACES = ("lightspeed", "mascara")
AREAS: dict[str, dict[str, Qt.DockWidgetArea]] = {
    "lightspeed": {
        "captures": LEFT,
        "calibration": LEFT,
        "regions": RIGHT,
        "readout": RIGHT,
        "histogram": RIGHT,
        "timeline": BOTTOM,
        "fold": BOTTOM,
    },
    "mascara": {"night": LEFT, "messages": RIGHT},
}
"""Panels shown at first, and at which side."""
BEHIND: dict[str, dict[str, str]] = {
    "lightspeed": {
        "radial": "histogram",
        "stamps": "timeline",
        "problems": "timeline",
        "log": "timeline",
        "night": "captures",
        "messages": "regions",
    },
    "mascara": {
        "captures": "night",
        "calibration": "night",
        "readout": "messages",
        "histogram": "messages",
        "regions": "messages",
        "radial": "messages",
        "problems": "messages",
        "log": "messages",
        "timeline": "messages",
        "fold": "messages",
        "stamps": "messages",
    },
}
"""Panels hidden at first, and in front of which other one they come up, as a tab."""
SIZES: dict[str, tuple[Sizes, ...]] = {
    "lightspeed": (
        (ACROSS, (("captures", 260), ("readout", 270))),
        (DOWN, (("timeline", 300),)),
        (ACROSS, (("timeline", 480), ("fold", 1120))),
        (DOWN, (("regions", 150), ("readout", 230), ("histogram", 150))),
        (DOWN, (("captures", 240), ("calibration", 240))),
    ),
    "mascara": ((ACROSS, (("night", 230), ("messages", 280))),),
}
BARS = {"lightspeed": True, "mascara": False}
"""Whether the bars of captures are shown: accounting and playback."""


class Arrangement:
    """How panels and bars stand in each workspace, and how they stood when it was left.

    Parameters
    ----------
    window : QMainWindow
    docks : mapping of str to QDockWidget
        Its panels.
    bars : sequence of QToolBar
        Its bars of captures.
    """

    def __init__(
        self, window: QMainWindow, docks: Mapping[str, QDockWidget], bars: Sequence[QToolBar]
    ) -> None:
        self._window, self._docks, self._bars = window, docks, bars
        self._states: dict[str, QByteArray] = {}
        self.workspace = WORKSPACES[0]

    def lay(self) -> None:
        """Put all panels where they are in this workspace at its first start."""
        docks, areas = self._docks, AREAS[self.workspace]
        for name, area in areas.items():
            self._window.addDockWidget(area, docks[name])
            docks[name].show()
        for name, front in BEHIND[self.workspace].items():
            # Hidden before: Qt 6 leaves tab bars standing about where a shown one moves.
            docks[name].hide()
            self._window.tabifyDockWidget(docks[front], docks[name])
            docks[name].hide()
        for orientation, sizes in SIZES[self.workspace]:
            names, lengths = zip(*sizes, strict=True)
            self._window.resizeDocks([docks[name] for name in names], lengths, orientation)
        for bar in self._bars:
            bar.setVisible(BARS[self.workspace])

    def lay_anew(self) -> None:
        """Forget how they stand, and put them where they are at the first start."""
        for dock in self._docks.values():
            dock.setFloating(False)
            self._window.removeDockWidget(dock)
        self.lay()

    def change(self, workspace: str) -> None:
        """Leave a workspace, and arrange another one as it was left."""
        if workspace == self.workspace:
            return
        self._states[self.workspace] = self._window.saveState(STATE_VERSION)
        self.workspace = workspace
        self._restore()

    def state_of(self, workspace: str) -> QByteArray:
        """How a workspace stands, to be kept; empty where it was never seen."""
        if workspace == self.workspace:
            return self._window.saveState(STATE_VERSION)
        return self._states.get(workspace, QByteArray())

    def take_state(self, workspace: str, state: QByteArray) -> None:
        """Arrange a workspace as it was kept; what cannot be read changes nothing."""
        if state.isEmpty():
            return
        self._states[workspace] = state
        if workspace == self.workspace:
            self._restore()

    def _restore(self) -> None:
        kept, layout = self._states.get(self.workspace), self._window.layout()
        if layout is not None:
            layout.activate()  # else Qt 6 leaves tab bars of the first arrangement standing about
        if kept is None or not self._window.restoreState(kept, STATE_VERSION):
            self.lay_anew()
