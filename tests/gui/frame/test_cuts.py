"""The histogram dock: limits, stretch and colours."""

from __future__ import annotations

import numpy as np
import pytest
from nightglass.core.picture.histogram import histogram
from nightglass.core.picture.stretch import STRETCHES as CORE_STRETCHES
from nightglass.gui.frame.axis_ticks import round_ticks
from nightglass.gui.frame.cuts import STRETCHES, HistogramPanel
from PyQt6.QtCore import QPoint, Qt
from PyQt6.QtTest import QTest

LEFT = Qt.MouseButton.LeftButton

# The offscreen platform has no window manager to tell sizes to.
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


@pytest.fixture
def panel(qtbot, on_screen) -> HistogramPanel:
    made = on_screen(HistogramPanel(), 400, 420)
    values = np.random.default_rng(5).normal(200.0, 10.0, 5000)
    made.set_picture_facts(histogram(values, 150.0, 250.0), 150.0, 250.0)
    qtbot.waitUntil(lambda: made.plot.limits == (150.0, 250.0))
    return made


def drag_line(panel: HistogramPanel, start: float, end: float) -> None:
    plot = panel.plot
    y = plot.height() // 2
    first, last = (QPoint(round(plot.x_of(value)), y) for value in (start, end))
    QTest.mousePress(plot, LEFT, pos=first)
    QTest.mouseMove(plot, last)
    QTest.mouseRelease(plot, LEFT, pos=last)


def all_told(panel: HistogramPanel) -> list[tuple]:
    told: list[tuple] = []
    for name in (
        "stretchChanged",
        "limitsModeChanged",
        "limitsChanged",
        "lockChanged",
        "colourMapChanged",
        "invertedChanged",
        "contrastChanged",
    ):
        getattr(panel, name).connect(lambda *values, name=name: told.append((name, *values)))
    return told


def test_offers_every_stretch_of_the_core() -> None:
    assert tuple(name for name, _ in STRETCHES) == CORE_STRETCHES


def test_dragging_the_low_line_tells_manual_limits(panel) -> None:
    told = all_told(panel)
    drag_line(panel, 150.0, 180.0)
    name, low, high = told[-1]
    assert (name, high) == ("limitsChanged", 250.0)
    assert low == pytest.approx(180.0, abs=1.0)
    assert panel.limits_combo.currentData()[0] == "manual"
    assert {row[0] for row in told} == {"limitsChanged"}


def test_low_line_cannot_pass_the_high_one(panel) -> None:
    told = all_told(panel)
    drag_line(panel, 150.0, 290.0)
    assert told[-1][1] < told[-1][2] == 250.0


def test_nothing_moves_under_a_held_line(panel) -> None:
    plot = panel.plot
    QTest.mousePress(plot, LEFT, pos=QPoint(round(plot.x_of(150.0)), 40))
    place = plot.x_of(200.0)
    plot.set_histogram(histogram(np.arange(10.0), 0.0, 9.0))
    plot.set_limits(0.0, 9.0)
    assert (plot.x_of(200.0), plot.limits) == (place, (150.0, 250.0))
    QTest.mouseRelease(plot, LEFT, pos=QPoint(10, 40))
    assert plot.value_at(plot.x_of(5.0)) == pytest.approx(5.0)
    assert plot.x_of(200.0) != place


def test_limits_beyond_the_axis_are_held_at_its_end(panel) -> None:
    panel.plot.set_limits(-1000.0, 250.0)
    told = all_told(panel)
    QTest.mousePress(panel.plot, LEFT, pos=QPoint(5, 40))
    QTest.mouseMove(panel.plot, QPoint(60, 40))
    QTest.mouseRelease(panel.plot, LEFT, pos=QPoint(60, 40))
    assert told[-1][1] == pytest.approx(panel.plot.value_at(60.0), abs=1.0)


def test_typed_limits_are_told_once(panel, qtbot) -> None:
    told = all_told(panel)
    panel.low_edit.setFocus()
    panel.low_edit.selectAll()
    QTest.keyClicks(panel.low_edit, "175.5")
    QTest.keyClick(panel.low_edit, Qt.Key.Key_Return)
    panel.low_edit.editingFinished.emit()
    assert told == [("limitsChanged", 175.5, 250.0)]


def test_limits_the_wrong_way_round_are_not_told(panel) -> None:
    told = all_told(panel)
    panel.low_edit.setText("900")
    panel.low_edit.editingFinished.emit()
    assert told == []


def test_live_limits_do_not_overwrite_a_field_being_typed_in(panel, qtbot) -> None:
    panel.activateWindow()
    panel.low_edit.setFocus()
    qtbot.waitUntil(panel.low_edit.hasFocus)
    panel.low_edit.setText("17")
    panel.set_picture_facts(histogram(np.arange(10.0), 0.0, 9.0), 0.0, 9.0)
    qtbot.waitUntil(lambda: panel.high_edit.text() == "9")
    assert panel.low_edit.text() == "17"


def test_choices_are_told_in_plain_values(panel) -> None:
    told = all_told(panel)
    panel.stretch_combo.setCurrentIndex(1)
    panel.limits_combo.setCurrentText("99.5 %")
    panel.lock_box.click()
    panel.colours.map_combo.setCurrentText("heat")
    panel.colours.invert_box.click()
    assert told == [
        ("stretchChanged", "log"),
        ("limitsModeChanged", "percentile", 99.5),
        ("lockChanged", True),
        ("colourMapChanged", "heat"),
        ("invertedChanged", True),
    ]


def test_setters_tell_nothing(panel) -> None:
    told = all_told(panel)
    panel.set_stretch("asinh")
    panel.set_limits_mode("percentile", 98.0)
    panel.set_lock(True)
    panel.set_colours("cool", True, 2.0, 0.3)
    assert told == []
    assert panel.stretch_combo.currentData() == "asinh"
    assert panel.limits_combo.currentText() == "98 %"


def test_contrast_slider_has_one_in_the_middle_and_reset_brings_it_back(panel) -> None:
    told = all_told(panel)
    panel.colours.contrast_slider.setValue(1000)
    panel.colours.bias_slider.setValue(250)
    panel.colours.reset_button.click()
    assert told[0] == ("contrastChanged", pytest.approx(10.0), 0.5)
    assert told[1] == ("contrastChanged", pytest.approx(10.0), 0.25)
    assert told[2] == ("contrastChanged", 1.0, 0.5)
    assert panel.colours.contrast_slider.value() == 500


def test_histogram_is_redrawn_at_a_bounded_rate_and_ends_with_the_last(panel, qtbot) -> None:
    shown = []
    panel.plot.set_histogram = shown.append
    for high in range(1, 100):
        panel.set_picture_facts(histogram(np.arange(10.0), 0.0, float(high)), 0.0, float(high))
    assert len(shown) <= 2
    qtbot.waitUntil(lambda: bool(shown) and shown[-1].high == 99.0 * 1.5)
    qtbot.waitUntil(lambda: panel.high_edit.text() == "99")


def test_without_a_frame_there_are_no_limits_to_type(qtbot) -> None:
    panel = HistogramPanel()
    qtbot.addWidget(panel)
    assert panel.low_edit.text() == ""
    assert not panel.low_edit.isEnabled()


@pytest.mark.parametrize(
    ("low", "high", "most", "expected"),
    [
        (0.0, 10.0, 5, [0, 2, 4, 6, 8, 10]),
        (0.0, 1.0, 1, [0, 1]),
        (-5.0, 5.0, 2, [-5, 0, 5]),
        (3.0, 3.0, 4, []),
        (0.0, float("nan"), 4, []),
    ],
)
def test_ticks_are_round_numbers(low, high, most, expected) -> None:
    assert round_ticks(low, high, most) == pytest.approx(expected)
