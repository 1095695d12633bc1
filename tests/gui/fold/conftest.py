"""Plots of the fold on a screen."""

from __future__ import annotations

import pytest
from nightglass.gui.fold.panel import FoldPanel
from nightglass.gui.fold.profile_plot import ProfileCurve, ProfilePlot
from nightglass.gui.fold.raster_plot import RasterPlot

from .made import made_fold, made_result


@pytest.fixture
def profile(on_screen, qtbot):
    """A profile plot with one pulse, 400 pixels wide."""
    plot = on_screen(ProfilePlot(), 480, 240)
    fold = made_fold().profile
    plot.show_curves([ProfileCurve("circle 1", fold.rate, fold.error)], "Light", "e⁻/s")
    qtbot.waitUntil(lambda: plot.frame().width() > 300)
    return plot


@pytest.fixture
def raster(on_screen, qtbot):
    """A raster with a pulse that drifts by 0.3 turns in 16 s."""
    plot = on_screen(RasterPlot(), 480, 300)
    fold = made_fold(drift=0.3)
    plot.show_raster(fold.raster, 16.0, "circle 1")
    qtbot.waitUntil(lambda: plot.frame().width() > 300)
    return plot


@pytest.fixture
def panel(on_screen):
    """The whole panel with a fold, 1600 pixels wide."""
    made = on_screen(FoldPanel(), 1600, 260)
    made.show_result(made_result())
    return made


@pytest.fixture
def told():
    """Collect what a signal tells, one tuple an emission."""

    def collect(signal):
        got = []
        signal.connect(lambda *args: got.append(args))
        return got

    return collect
