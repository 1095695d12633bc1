"""Curve and numbers of a product."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from nightglass.core.workbench.product_tables import Curve, ProductTable
from nightglass.core.workbench.products import Product
from nightglass.gui.products.curve_plot import CurvePlot
from nightglass.gui.products.result import ResultView
from nightglass.gui.theme import THEMES
from PyQt6.QtCore import Qt
from PyQt6.QtGui import QGuiApplication
from PyQt6.QtWidgets import QLabel

EDGES = np.linspace(0.0, 2.0, 17)
PROFILE = Curve("", (EDGES[1:] + EDGES[:-1]) / 2, np.arange(16.0), np.full(16, 0.5), EDGES)
TABLE = ProductTable((PROFILE,), "Phase (turns)", "Flux (e\u207b/s)")
PRODUCT = Product(
    ("lc",), (Path("/data/crab_lc.fits"),), {"frames": 2000, "exposure_s": 4.0},
    ("One frame was lost.",), TABLE,
)  # fmt: skip


@pytest.fixture
def view(qtbot):
    made = ResultView(PRODUCT, "Light curve")
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    return made


def test_it_tells_file_numbers_and_notices(view):
    texts = [label.text() for label in view.findChildren(QLabel)]
    assert view.windowTitle() == "Light curve: crab_lc.fits"
    for text in ("/data/crab_lc.fits", "Frames", "2,000", "Exposure", "s", "▲ One frame was lost."):
        assert text in texts


def test_the_axes_have_units_and_show_everything(view):
    plot = view.plot
    assert plot.axes["bottom"].labelText == "Phase (turns)"
    assert plot.axes["left"].labelText == "Flux (e\u207b/s)"
    (low, high), (bottom, top) = plot.box.viewRange()
    assert (low, high) == (0.0, 2.0)
    assert bottom < -0.5
    assert top > 15.5


@pytest.mark.parametrize(
    ("highest", "title"),
    [(99_000.0, "Flux (e/s)"), (2.5e6, "Flux (10⁶ e/s)"), (4e-5, "Flux (10⁻⁶ e/s)"),
     (0.0, "Flux (e/s)")],
)  # fmt: skip
def test_long_numbers_leave_a_power_of_ten_to_the_title(qtbot, highest, title):
    curve = Curve("", np.array([0.0, 1.0, 2.0]), np.array([0.0, np.nan, highest]))
    plot = CurvePlot(ProductTable((curve,), "Time (s)", "Flux (e/s)"))
    qtbot.addWidget(plot)
    assert plot.axes["left"].labelText == title


def test_a_power_without_a_unit_stands_alone(qtbot):
    curve = Curve("", np.array([0.0, 1.0]), np.array([0.0, 3e8]))
    plot = CurvePlot(ProductTable((curve,), "Frequency (Hz)", "Power"))
    qtbot.addWidget(plot)
    assert plot.axes["left"].labelText == "Power (10⁶)"


def test_numbers_are_copied(view, qtbot):
    qtbot.mouseClick(view.buttons["copy"], Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == "Frames\t2,000\nExposure\t4\ts"


def test_the_folder_is_asked_for(view, qtbot):
    with qtbot.waitSignal(view.folderRequested) as got:
        qtbot.mouseClick(view.buttons["folder"], Qt.MouseButton.LeftButton)
    assert got.args == [PRODUCT]


@pytest.mark.parametrize("theme", sorted(THEMES))
def test_it_takes_the_colours_of_a_theme(view, theme):
    view.set_roles(THEMES[theme])
    assert view.plot._lines[0].opts["pen"].color().name() == THEMES[theme].lines[0].color


@pytest.mark.parametrize(
    "curve",
    [
        Curve("", np.empty(0), np.empty(0)),
        Curve("", np.array([1.0]), np.array([np.nan]), np.array([np.nan])),
        Curve("", np.array([1.0, 2.0]), np.array([5.0, 5.0])),
        Curve("", PROFILE.x, np.where(PROFILE.x > 1, np.nan, 1.0), PROFILE.error, EDGES),
        Curve("", np.arange(20_000.0), np.arange(20_000.0), np.ones(20_000)),
    ],
    ids=["empty", "unknown", "flat", "with a hole", "long"],
)
@pytest.mark.parametrize("is_points", [False, True])
def test_every_curve_can_be_shown(qtbot, curve, is_points):
    plot = CurvePlot(ProductTable((curve,), "Time (s)", "Flux", is_points))
    qtbot.addWidget(plot)
    with qtbot.waitExposed(plot):
        plot.show()
    plot.grab()


def test_several_curves_differ_by_colour_and_dash(qtbot):
    curves = tuple(Curve(str(n), PROFILE.x, PROFILE.y + n, None, EDGES) for n in range(3))
    plot = CurvePlot(ProductTable(curves, "Phase (turns)", "Flux"))
    qtbot.addWidget(plot)
    pens = [line.opts["pen"] for line in plot._lines]
    assert len({(pen.color().name(), tuple(pen.dashPattern())) for pen in pens}) == 3


def test_an_image_has_numbers_alone(qtbot):
    made = ResultView(Product(("image",), (Path("/data/a.fits"),), {"frames": 1}), "Image")
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(made)
    assert made.plot is None
