"""The plots of the night, joined with its desk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject

from ...night.plots.page import PlotsPage
from ...night.plots.panel import PlotPanel
from ...night.plots.specs import PLOTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PyQt6.QtWidgets import QWidget

    from ....core.mascara.watching.snapshot import NightSnapshot
    from ....core.workbench import Workbench
    from ...main_window import MainWindow
    from ..commands import Command


class PlotsController(QObject):
    """Makes the page of plots, and passes on what is pointed at.

    Parameters
    ----------
    workbench : Workbench
    window : MainWindow
    """

    def __init__(self, workbench: Workbench, window: MainWindow) -> None:
        super().__init__(window)
        self._bench, self._window = workbench, window
        self.page: PlotsPage | None = None
        self._panels: dict[str, PlotPanel] = {}

    def prepare(self) -> Iterator[None]:
        """Make the plots one by one: each is a view of its own."""
        for spec in PLOTS:
            if self.page is None:
                self._panels[spec.key] = panel = PlotPanel(spec)
                panel.setParent(self._window)
                yield

    def make(self) -> QWidget:
        """Make the page."""
        desk = self._bench.night
        self.page = page = PlotsPage(self._panels)
        hidden = self._bench.settings.hidden_plots
        page.set_plots([key for key in page.stack.panels if key not in hidden])
        page.unitChosen.connect(desk.choose_unit)
        page.frameChosen.connect(desk.choose_frame)
        page.binnedChosen.connect(desk.choose_binned)
        page.starChosen.connect(desk.choose_star)
        page.plotsChosen.connect(self._keep)
        desk.unit_chosen.connect(page.mark_unit)
        page.mark_unit(desk.unit)
        return page

    def show_snapshot(self, snapshot: NightSnapshot | None) -> None:
        """Show how the night stands."""
        if self.page is not None:
            self.page.show_snapshot(snapshot)

    def rows(self) -> dict[str, Command]:
        """No row of the action table is answered here."""
        return {}

    def stop(self) -> None:
        """Listen no more."""
        self._panels.clear()
        if self.page is not None:
            self._bench.night.unit_chosen.disconnect(self.page.mark_unit, missing_ok=True)

    def _keep(self, keys: tuple[str, ...]) -> None:
        """Remember which plots are not wanted; those a later version brings are shown."""
        if self.page is not None:
            hidden = [key for key in self.page.stack.panels if key not in keys]
            self._bench.keep(self._bench.settings.changed(hidden_plots=hidden))
