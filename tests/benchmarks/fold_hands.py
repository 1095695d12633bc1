"""A window with the dock of the fold, and a hand on the region and on the ridge line."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from nightglass.core.regions.entries import RegionEntry
from nightglass.core.regions.shapes import Annulus, Circle
from PyQt6.QtCore import QEvent, QEventLoop, QPointF, QTimer
from region_cases import Repaints
from window_cases import Window, send_mouse

if TYPE_CHECKING:
    from collections.abc import Callable

    from nightglass.core.lightspeed.fold.request import FoldRequest
    from nightglass.core.lightspeed.fold.result import FoldResult

    Wanted = Callable[[FoldRequest], bool]

PATIENCE_S = 120.0
MOST_SIDE = 48
LOOK_S = 0.1
SHOWING = "fold"


class Folding:
    """A window with the dock of the fold, and what of a fold is painted when."""

    def __init__(self, window: Window) -> None:
        self.window, self.bench, self.fold = window, window.bench, window.bench.fold
        window.running.window.show_dock(SHOWING, True)
        window.wait(lambda: window.running.fold.panel is not None)
        self.panel = panel = window.running.fold.panel
        self._show, panel.show_result = panel.show_result, self._on_shown
        self._plots = [Repaints(plot.viewport()) for plot in (panel.profile, panel.raster)]
        self._shown: FoldRequest | None = None
        self._shown_s = self._taken_s = 0.0
        self.fold.changed.connect(self._on_changed)

    def _on_changed(self) -> None:
        self._taken_s = time.perf_counter()

    def _on_shown(self, result: FoldResult | None, missing: str = "") -> None:
        self._show(result, missing)
        self._shown, self._shown_s = self.fold.request, time.perf_counter()

    def draw(self) -> None:
        """Mark the star in the middle, and the sky round it."""
        rows, columns = self.bench.capture.source.shape
        x, y, unit = columns / 2, rows / 2, min(rows, columns, MOST_SIDE) / 16
        star = RegionEntry("circle", Circle(x, y, 3.0 * unit))
        sky = RegionEntry("annulus", Annulus(x, y, 5.0 * unit, 7.0 * unit), background=True)
        (ident, _) = self.bench.regions.list.add([star, sky], "Draw")
        self.bench.regions.list.select([ident])

    def settle(self) -> None:
        """Let the window live until everything is folded."""
        self.window.wait(lambda: self.fold.is_up_to_date, PATIENCE_S)
        self.window.rest(1.0)

    def show(self, do: Callable[[], object], wanted: Wanted) -> tuple[float, float]:
        """Do something; milliseconds until a fold that is wanted is told, and until it is seen."""
        loop = QEventLoop()
        told_s: list[float] = []

        def tell() -> None:
            if self.fold.request is not None and wanted(self.fold.request):
                told_s.append(time.perf_counter())

        def look() -> None:
            is_it = self._shown is not None and wanted(self._shown) and self._shown_s > begun_s
            if is_it and min(one.painted_s for one in self._plots) > self._shown_s:
                loop.quit()

        ties = [one.painted.connect(look) for one in self._plots]
        self.fold.changed.connect(tell)
        QTimer.singleShot(round(1e3 * PATIENCE_S), loop.quit)
        begun_s = time.perf_counter()
        do()
        loop.exec()
        self.window.sync()
        done_s = time.perf_counter()
        self.fold.changed.disconnect(tell)
        for one, tie in zip(self._plots, ties, strict=True):
            one.painted.disconnect(tie)
        return 1e3 * (told_s[0] - begun_s), 1e3 * (done_s - begun_s)

    def rest_until(self, reached: Callable[[], bool]) -> None:
        """Let the window live by its own event loop, which sleeps, until something holds."""
        deadline_s = time.perf_counter() + PATIENCE_S
        while not reached() and time.perf_counter() < deadline_s:
            self.window.rest(LOOK_S)

    # Its handles

    def ridge(self, turns: float) -> QPointF:
        """Place in the raster of the upper end of the ridge line, pulled by so many turns."""
        raster = self.panel.raster
        phase, part = raster.hand.line.place("end")
        return raster.point_of(phase % 1.0 + turns, part * self.fold.result.span_s)

    def send_ridge(self, kind: QEvent.Type, place: QPointF) -> None:
        """Let the mouse do something over the raster."""
        send_mouse(self.panel.raster.viewport(), kind, place)

    def send_star(self, kind: QEvent.Type, down_px: float) -> None:
        """Let the mouse do something over the picture, so far below the middle of the star."""
        rows, columns = self.bench.capture.source.shape
        place = self.window.view.widget_at(columns / 2 - 1, rows / 2 - 1 + down_px)
        send_mouse(self.window.view.viewport(), kind, place)
