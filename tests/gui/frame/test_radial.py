"""The radial profile plot."""

from __future__ import annotations

import numpy as np
import pytest
from nightglass.gui.frame.radial import RadialProfilePlot
from nightglass.gui.theme import THEMES

# The offscreen platform has no window manager to tell sizes to.
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


@pytest.fixture
def plot(qtbot) -> RadialProfilePlot:
    made = RadialProfilePlot()
    qtbot.addWidget(made)
    made.set_roles(THEMES["light"])
    made.show()
    qtbot.waitExposed(made)
    return made


def test_profile_is_summed_up_in_pixels_and_arcseconds(plot) -> None:
    radii = np.linspace(0.0, 10.0, 50)
    plot.set_profile(radii, np.exp(-radii), radii, np.exp(-radii))
    plot.set_width(1040.2, 531.8, 3.41, 0.1705)
    assert plot.summary == "x 1041.20  y 532.80   FWHM 3.41 px   0.17″"


def test_scale_unknown_leaves_arcseconds_out(plot) -> None:
    plot.set_width(0.0, 0.0, 2.0, None)
    assert plot.summary == "x 1.00  y 1.00   FWHM 2.00 px"


def test_no_star_is_said_in_words(plot) -> None:
    plot.set_profile(np.zeros(3), np.zeros(3), np.zeros(0), np.zeros(0))
    plot.set_width(4.0, 5.0, None, None)
    assert "no star found" in plot.summary


def test_before_a_measurement_the_plot_says_how_to_get_one(plot) -> None:
    assert plot.empty_state.isVisible()
    plot.set_profile(np.zeros(3), np.zeros(3), np.zeros(0), np.zeros(0))
    assert not plot.empty_state.isVisible()
