"""The page of the whole sky, joined with the night's desk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject

from ....core.mascara.field.sky_view import NightSky, reduced_batches, sky_key

if TYPE_CHECKING:
    from collections.abc import Hashable

    from PyQt6.QtWidgets import QWidget

    from ....core.mascara.field.whole_sky import SkyView
    from ....core.mascara.watching.snapshot import NightSnapshot
    from ....core.workbench import Workbench
    from ...main_window import MainWindow
    from ...night.sky.panel import SkyPanel
    from ..commands import Command


class SkyController(QObject):
    """Makes the page, has the sky of a batch computed, and tells which star is chosen.

    Parameters
    ----------
    workbench : Workbench
    window : MainWindow
    """

    def __init__(self, workbench: Workbench, window: MainWindow) -> None:
        super().__init__(window)
        self._desk = workbench.night
        self.panel: SkyPanel | None = None
        self._snapshot: NightSnapshot | None = None
        self._sky: NightSky | None = None
        self._asked: Hashable = None

    def make(self) -> QWidget:
        """Make the page."""
        from ...night.sky.panel import SkyPanel

        self.panel = panel = SkyPanel()
        panel.batchRequested.connect(self._on_batch_requested)
        panel.curveRequested.connect(self._on_curve_requested)
        panel.starChosen.connect(self._desk.choose_star)
        return panel

    def show_snapshot(self, snapshot: NightSnapshot | None) -> None:
        """Show the batch that is wanted, made anew only when something in it is another."""
        panel = self.panel
        if panel is None:
            return
        if snapshot is None or self._snapshot is None or snapshot.output != self._snapshot.output:
            self._sky, self._asked = None, None
            panel.show_view(None)
        self._snapshot = snapshot
        panel.show_batches(() if snapshot is None else reduced_batches(snapshot.records))
        self._look()

    def rows(self) -> dict[str, Command]:
        """It answers for no action."""
        return {}

    def stop(self) -> None:
        """Nothing of it goes on by itself."""

    def _on_batch_requested(self, _: int) -> None:
        self._look()

    def _look(self) -> None:
        """Ask for the sky of the batch that is wanted."""
        panel, snapshot = self.panel, self._snapshot
        batch = None if panel is None else panel.batch
        if snapshot is None or batch is None:
            return
        key = sky_key(snapshot.records, batch)
        if key == self._asked:
            return
        self._asked = key
        sky = self._sky = self._sky or NightSky(snapshot.output)
        self._desk.latest(
            "sky", lambda ctx: sky.view(snapshot, batch, ctx), "Draw the sky of a batch",
            self._on_view,
        )  # fmt: skip

    def _on_view(self, view: SkyView) -> None:
        if self.panel is not None:
            self.panel.show_view(view)

    def _on_curve_requested(self, ascc: int) -> None:
        if self.panel is not None:
            self._desk.curve(ascc, "fast", self.panel.show_curve, reader="curve on the sky")
