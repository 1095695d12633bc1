"""What gives way in a panel without height or width to spare."""

from __future__ import annotations

import numpy as np
import pytest
from nightglass.gui.fold.names import ProfileNames, short
from nightglass.gui.fold.panel import FoldPanel
from nightglass.gui.fold.plot import PHASE_TICKS
from nightglass.gui.fold.profile_plot import NOTHING, ProfileCurve
from nightglass.gui.theme import THEMES
from nightglass.gui.widgets.plain_plot import PlainPlot

from .made import made_result

NAME = "A_very_long_region_name_of_forty_letters"


@pytest.fixture
def low(on_screen):
    panel = on_screen(FoldPanel(), 1117, 276)
    panel.show_result(made_result())
    return panel


def test_low_panel_gives_the_height_to_the_plots(low, qtbot):
    for plot in (low.profile, low.raster):
        assert not plot.axes["bottom"].label.isVisible()
        assert plot.axes["bottom"]._tickLevels == [PHASE_TICKS]
        assert plot.frame().height() > 160.0
    assert low.profile.lines == 1
    low.resize(1117, 320)
    qtbot.waitUntil(low.profile.axes["bottom"].label.isVisible)
    assert low.profile.axes["bottom"]._tickLevels is None


def test_growth_says_at_its_axis_that_it_is_a_square_root(low):
    low.content.pages.setCurrentIndex(1)
    ((place, text), *others) = low.growth.axes["bottom"]._tickLevels[0]
    assert (place, text) == (0.0, "√t")
    assert others


def test_notes_give_way_before_names_and_ends_before_numbers(qtbot):
    names = ProfileNames()
    qtbot.addWidget(names)
    lines = [(f"circle {number} · J0534+2200", "15,414 e⁻/s") for number in range(4)]
    names.resize(1200, 40)
    names.set_names(lines, THEMES["dark"])
    assert names.text().count("15,414") == 4
    names.resize(440, 40)
    names.set_names(lines, THEMES["dark"])
    assert "15,414" not in names.text()
    assert "J0534+2200" in names.text()
    assert names.text().count("<br>") == 1
    assert short(f"{NAME}1", 16) == "A_very_…letters1"
    assert names.toolTip().count("15,414") == 4


def test_profile_says_why_a_ratio_has_no_number(low):
    hole = np.full(32, np.nan)
    low.profile.show_curves([ProfileCurve("a / b", hole, hole)], "Ratio", "")
    assert low.profile.axes["left"].labelText == "Ratio"
    assert NOTHING.startswith("No number to show")
    assert not low.profile.grab().isNull()


def test_label_stays_in_the_middle_when_its_words_are_others(qtbot):
    plot = PlainPlot()
    qtbot.addWidget(plot)
    plot.resize(600, 200)
    plot.show()
    axis = plot.axes["bottom"]
    for text in ("Frame", "Seconds since 2025-12-10 03:15:00.000 UTC"):
        axis.setLabel(text)
        box = axis.label.mapRectToParent(axis.label.boundingRect())
        assert box.center().x() == pytest.approx(axis.size().width() / 2, abs=1.0)
