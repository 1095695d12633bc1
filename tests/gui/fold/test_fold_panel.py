"""The panel of the fold as a whole."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from nightglass.core.lightspeed.fold.settings import FoldSettings
from nightglass.core.timing.pulse.ranges import PhaseRange
from nightglass.gui.fold.arrangement import arrangement
from nightglass.gui.fold.panel import EMPTY, FoldPanel
from nightglass.gui.fold.spans import duration, root_ticks, time_unit
from nightglass.gui.fold.wording import amount, chance_text, fixed, percent
from nightglass.gui.theme import THEMES
from PyQt6.QtCore import QEvent, Qt
from PyQt6.QtWidgets import QApplication

from .made import NOTE, drag, made_fold, made_result, mouse


def two():
    return made_result(made_fold(), made_fold(2, "circle 2", rate=2000.0, pulsed=0.3))


def shown(panel):
    """Which of the empty states is in front, None for the fold itself."""
    return next((why for why, empty in panel.empty.items() if empty.isVisible()), None)


# Empty states


@pytest.mark.parametrize("why", EMPTY)
def test_empty_panel_says_what_is_missing(on_screen, why):
    panel = on_screen(FoldPanel(), 900, 220)
    panel.show_result(None, why)
    assert shown(panel) == why
    assert panel.empty[why].text.endswith((".", "…"))


def test_empty_panel_offers_the_next_step(on_screen, told, qtbot):
    panel = on_screen(FoldPanel(), 900, 220)
    asked = told(panel.actionRequested)
    for why, key in (
        ("no capture", "file.open"), ("no region", "region.tool.circle"),
        ("no par file", "fold.choose"),
    ):  # fmt: skip
        panel.show_result(None, why)
        qtbot.mouseClick(panel.empty[why].buttons[key], Qt.MouseButton.LeftButton)
        assert asked[-1] == (key,)


def test_other_reasons_are_told_as_they_are(on_screen):
    panel = on_screen(FoldPanel(), 900, 220)
    panel.show_result(None, "The disk is gone.")
    assert panel.empty["The disk is gone."].isVisible()


def test_what_is_shown_stays_while_it_is_folded_anew(panel):
    panel.show_result(None, "waiting")
    assert shown(panel) is None
    assert panel.legend.badge.text() == "● folding"
    panel.show_result(made_result())
    assert panel.legend.badge.text() == ""
    panel.show_result(None, "no region")
    assert shown(panel) == "no region"
    panel.show_result(None, "waiting")
    assert shown(panel) == "waiting"


# What is shown


def test_numbers_stand_in_one_line(panel):
    fold = made_fold()
    test = fold.moments.h_test()
    numbers = panel.numbers
    assert numbers.text("frames") == f"{fold.frames_counted:,}"
    assert numbers.text("covered") == "16.0 s"
    assert numbers.text("chi2") == f"{fold.profile.chi_square().reduced:,.2f}"
    assert numbers.text("h") == f"{test.h:,.1f}"
    assert numbers.text("chance").endswith("σ)")
    assert "±" in numbers.text("fraction")
    assert numbers.text("snr") == f"{fold.profile.signal_to_noise().value:,.1f}"
    assert len({label.mapTo(panel, label.rect().center()).y()
                for label in numbers.numbers.values()}) == 1  # fmt: skip


def test_numbers_do_not_move_when_they_change(panel):
    places = [label.x() for label in panel.numbers.numbers.values()]
    cells = [label.parentWidget().x() for label in panel.numbers.numbers.values()]
    panel.show_result(made_result(made_fold(rows=8, pulsed=0.1)))
    assert [label.x() for label in panel.numbers.numbers.values()] == places
    assert [label.parentWidget().x() for label in panel.numbers.numbers.values()] == cells


def test_numbers_of_ranges_are_those_of_the_ranges(panel):
    on, off = PhaseRange(0.2, 0.3), PhaseRange(0.8, 0.1)
    panel.show_result(made_result(settings=FoldSettings(on=on, off=off)))
    snr = made_fold().profile.signal_to_noise(on, off)
    assert panel.numbers.text("snr") == f"{snr.value:,.1f}"


def test_badge_says_how_sure_the_numbers_are(panel):
    badges = []
    for changes in ({"is_preview": True}, {"is_linear": True}, {}):
        panel.show_result(made_result(**changes))
        badges.append(panel.legend.badge.text())
    assert badges == ["● preview", "● linear", ""]


def test_time_scale_and_convention_stand_on_the_plot(panel):
    assert panel.profile.caption == NOTE


def test_notices_are_a_line_in_a_tall_panel_and_a_button_in_a_low_one(panel, qtbot):
    assert not panel.notices.isVisible()
    panel.show_result(made_result(notices=("DE200 was replaced.", "No GPS.")))
    assert panel.notices.details.text() == "▲ 2"
    assert panel.notices.text.text() == "DE200 was replaced.\n\nNo GPS."
    panel.resize(900, 600)
    qtbot.waitUntil(panel.notices.line.isVisible)
    assert panel.notices.line.whole == "▲ DE200 was replaced.  (and 1 more notice)"
    assert panel.notices.details.text() == "Details"


def test_legend_names_profiles_with_their_means(panel):
    assert "circle&nbsp;1" in panel.legend.names.text()
    assert not panel.legend.topics.isVisible()
    panel.show_result(two())
    mean = f"{made_fold().profile.mean_rate:,.0f}"
    assert f"circle 1  {mean} e⁻/s, sky 212.5" in panel.legend.names.toolTip()
    assert panel.legend.topics.isVisible()


def test_pulsars_are_named_where_there_are_several_and_four_are_drawn(panel):
    folds = [made_fold(ident, f"s{ident}", psr) for ident in (1, 2) for psr in ("A", "B")]
    panel.show_result(made_result(*folds, made_fold(3, "s3", "A")))
    assert [curve.name for curve in panel.profile.curves] == ["s1", "s1", "s2", "s2"]
    assert [item.isVisible() for item in panel.profile.steps] == [True] * 4
    names = panel.legend.names.text()
    assert "s1&nbsp;·&nbsp;A" in names
    assert "and&nbsp;1&nbsp;more" in names
    assert len(panel.growth.growths) == 4


def test_difference_and_ratio_of_two_profiles(panel, qtbot):
    result = two()
    panel.show_result(result)
    first, second = (fold.profile for fold in result.folds)
    topics = panel.legend.topics
    topics.setFocus()
    qtbot.keyClick(topics, Qt.Key.Key_Down)
    (curve,) = panel.profile.curves
    assert curve.values == pytest.approx(first.rate - second.rate)
    assert panel.profile.axes["left"].labelText == "Difference (e⁻/s)"
    qtbot.keyClick(topics, Qt.Key.Key_Down)
    (curve,) = panel.profile.curves
    assert curve.values == pytest.approx(first.rate / second.rate)
    assert panel.profile.axes["left"].labelText == "Ratio"
    panel.show_result(made_result())
    assert panel.profile.curves[0].values == pytest.approx(first.rate)


def test_profiles_over_their_mean(panel, told, qtbot):
    toggled = told(panel.normalisedToggled)
    panel.controls.normalised.setFocus()
    qtbot.keyClick(panel.controls.normalised, Qt.Key.Key_Space)
    assert toggled == [(True,)]
    assert np.mean(panel.profile.curves[0].values) == pytest.approx(1.0)
    assert panel.profile.axes["left"].labelText == "Light / mean"


def test_growth_is_shown_with_its_fit_and_the_forecast(panel):
    growth = made_fold().growth
    x, y = panel.growth.curves[0].getData()
    assert x == pytest.approx(np.sqrt(growth.seconds))
    assert y[-1] == pytest.approx(growth.snr[-1])
    assert panel.growth.sentence == growth.forecast.text
    fit_x, fit_y = panel.growth.fit.getData()
    assert fit_y[-1] == pytest.approx(growth.slope * fit_x[-1])
    assert panel.growth.box.viewRange()[1][1] > growth.snr.max()


def test_goal_ahead_is_on_the_axis_unless_it_is_far(panel):
    growth = made_fold().growth
    ahead = replace(growth.forecast, state="ahead", seconds=40.0)
    panel.growth.show_growths([replace(growth, forecast=ahead)])
    assert panel.growth.box.viewRange()[0][1] == pytest.approx(math.sqrt(42.0))
    far = replace(growth.forecast, state="ahead", seconds=4000.0)
    panel.growth.show_growths([replace(growth, forecast=far)])
    assert panel.growth.box.viewRange()[0][1] == pytest.approx(4.0)
    assert "S/N" in panel.growth.tip_at(panel.growth.point_of(2.0, 5.0).toPoint())


def test_growth_of_nothing_is_empty(panel):
    growth = made_fold().growth
    nothing = np.empty(0)
    empty = replace(growth, seconds=nothing, snr=nothing, frames=nothing, slope=math.nan)
    panel.growth.show_growths([empty])
    assert not panel.growth.fit.isVisible()
    assert not panel.grab().isNull()


# What the observer does


def test_hands_on_the_plots_are_told(panel, told):
    ridge, ranges = told(panel.ridgeDragged), told(panel.rangeReleased)
    raster, profile = panel.raster, panel.profile
    phase, _ = raster.hand.line.place("end")
    drag(raster, raster.point_of(phase, 16.0), raster.point_of(phase + 0.2, 16.0))
    assert ridge[-1][0] == pytest.approx(-0.2 / 16.0, abs=0.02 / 16.0)
    level = sum(profile.box.viewRange()[1]) / 2
    drag(profile, profile.point_of(0.4, level), profile.point_of(0.6, level),
         Qt.KeyboardModifier.ShiftModifier)  # fmt: skip
    assert ranges[0][0] == "on"


def test_settings_and_ranges_are_shown_and_told(panel, told, qtbot):
    changed, bins = told(panel.settingsChanged), told(panel.binsChanged)
    removed = told(panel.rangeRemoved)
    on = PhaseRange(0.2, 0.3)
    panel.set_settings(FoldSettings(n_bins=64, on=on), 29.9, 0.0)
    assert panel.profile.hand.ranges == {"on": on, "off": None}
    assert panel.controls.on.text() == "0.200-0.300"
    panel.controls.f0.setFocus()
    qtbot.keyClick(panel.controls.f0, Qt.Key.Key_Up)
    assert changed == [({"f0_hz": pytest.approx(29.9 + 1 / 16)},)]
    panel.controls.on.clear()
    panel.controls.on.setModified(True)
    panel.controls.on.editingFinished.emit()
    assert removed == [("on",)]
    assert bins == []


def test_buttons_ask_for_actions(panel, told, qtbot):
    asked, reset = told(panel.actionRequested), told(panel.resetRequested)
    for key in ("fold.search", "fold.movie", "fold.on-off", "fold.export", "fold.reset"):
        qtbot.mouseClick(panel.legend.buttons[key], Qt.MouseButton.LeftButton)
    for entry in panel.legend.copies.menu().actions():
        entry.trigger()
    keys = ["fold.search", "fold.movie", "fold.on-off", "fold.export"]
    assert [key for (key,) in asked] == [*keys, "fold.copy-par", "fold.copy-command"]
    assert reset == [()]


def test_par_files_are_offered(panel, told):
    chosen = told(panel.parChosen)
    panel.set_ephemerides((), (), [Path("/pars/crab.par")], ["J0534+2200"])
    assert panel.controls.par.text() == "J0534+2200"
    panel.controls.par.parChosen.emit(Path("/pars/other.par"))
    assert chosen == [(Path("/pars/other.par"),)]


def test_line_looks_for_the_pulse_anew_in_another_capture(panel):
    raster = panel.raster
    foot = raster.hand.line.foot
    drag(raster, raster.point_of(foot, 0.0), raster.point_of(foot + 0.3, 0.0))
    panel.show_result(made_result())
    assert raster.hand.line.foot == pytest.approx(foot + 0.3, abs=0.02)
    panel.show_result(made_result(path=Path("/night/vela_000.fits")))
    assert raster.hand.line.foot == pytest.approx(foot, abs=0.001)


def test_result_arriving_under_a_hand_moves_nothing_it_holds(panel):
    raster = panel.raster
    phase, _ = raster.hand.line.place("end")
    drag(raster, raster.point_of(phase, 16.0), raster.point_of(phase + 0.2, 16.0), release=False)
    line, view = raster.hand.line, raster.box.viewRange()
    panel.show_result(made_result(made_fold(rows=120), is_linear=True))
    assert (raster.hand.line, raster.box.viewRange()) == (line, view)
    mouse(raster.viewport(), QEvent.Type.MouseButtonRelease, raster.point_of(phase + 0.2, 16.0))


def test_update_makes_no_items_and_lays_nothing_out(panel):
    def items():
        return [len(plot.scene().items()) for plot in (panel.profile, panel.raster, panel.growth)]

    panel.show_result(made_result())
    panel.grab()
    before, geometry = items(), panel.raster.box.sceneBoundingRect()
    for seed in range(3):
        panel.show_result(made_result(made_fold(1, "circle 1", rate=4000.0 + seed)))
    panel.grab()
    assert items() == before
    assert panel.raster.box.sceneBoundingRect() == geometry


# Its size and its colours


@pytest.mark.parametrize(
    ("size", "seen", "has_pages"),
    [
        ((1600, 220), {"profile", "raster", "growth", "controls"}, False),
        ((900, 600), {"profile", "raster", "growth", "controls"}, False),
        ((1040, 210), {"profile", "raster", "controls"}, True),
        ((820, 260), {"profile", "raster"}, True),
        ((500, 320), {"profile", "raster"}, True),
        ((400, 220), {"profile", "raster"}, True),
    ],
)
def test_parts_stand_where_there_is_room(panel, qtbot, size, seen, has_pages):
    panel.resize(*size)
    parts = panel.content._parts
    qtbot.waitUntil(lambda: {name for name, part in parts.items() if part.isVisible()} == seen)
    assert panel.content.pages.isVisible() == has_pages
    assert (panel.width(), panel.height()) == size


def test_pages_bring_up_what_has_no_room(panel, qtbot):
    panel.resize(500, 320)
    bar = panel.content.pages
    bar.setFocus()
    qtbot.keyClick(bar, Qt.Key.Key_Right)
    assert panel.growth.isVisible()
    assert not panel.profile.isVisible()
    qtbot.keyClick(bar, Qt.Key.Key_Right)
    assert panel.controls.isVisible()
    panel.resize(1040, 220)
    qtbot.waitUntil(panel.profile.isVisible)
    assert panel.controls.isVisible()


@pytest.mark.parametrize("width", [1040, 900, 780, 500, 360])
def test_no_page_is_hidden_behind_another_line(panel, qtbot, width):
    panel.show_result(two())
    panel.resize(width, 220)
    bar = panel.content.pages
    qtbot.waitUntil(lambda: bar.isVisible() and bar.width() >= bar.sizeHint().width())
    assert panel.rect().contains(bar.geometry().translated(bar.parentWidget().pos()))


def test_boxes_of_profile_and_raster_share_their_phases(panel, qtbot):
    def boxes():
        return [plot.box.sceneBoundingRect() for plot in (panel.profile, panel.raster)]

    panel.resize(900, 600)
    qtbot.waitUntil(lambda: panel.raster.y() > panel.profile.y())
    upper, lower = boxes()
    assert (upper.left(), upper.width()) == (lower.left(), lower.width())
    panel.resize(1600, 260)
    qtbot.waitUntil(lambda: panel.raster.y() == panel.profile.y())
    left, right = boxes()
    assert (left.top(), left.bottom()) == (right.top(), right.bottom())


def test_flat_panel_gives_the_settings_its_side():
    assert arrangement(1600, 220, "growth").has_side
    assert arrangement(1000, 220, "growth").cells == (("growth", 0, 0),)
    assert arrangement(700, 220, "controls").halves == 2
    assert arrangement(500, 220, "controls").halves == 1


@pytest.mark.parametrize("name", THEMES)
def test_colours_follow_the_theme(panel, name):
    roles = THEMES[name]
    panel.set_roles(roles)
    image = panel.profile.grab().toImage()
    colours = {image.pixelColor(x, image.height() // 2).name() for x in range(image.width())}
    assert {roles.panel, roles.lines[0].color} <= colours


def test_tab_goes_from_the_buttons_to_the_plots_and_the_settings(panel, qtbot):
    panel.show_result(two())
    panel.activateWindow()
    panel.legend.topics.setFocus()
    qtbot.waitUntil(panel.legend.topics.hasFocus)
    passed = [panel.legend.topics]
    for _ in range(30):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        passed.append(QApplication.focusWidget())
    controls = panel.controls
    wanted = [
        panel.legend.topics, panel.legend.buttons["fold.reset"], panel.legend.copies,
        panel.profile, panel.raster, panel.growth,
        controls.par, controls.f0, controls.bins, controls.normalised,
    ]  # fmt: skip
    places = [passed.index(widget) for widget in wanted]
    assert places == sorted(places)


def test_keyboard_is_seen_at_the_plots(panel, qtbot):
    panel.activateWindow()
    panel.raster.setFocus()
    qtbot.waitUntil(panel.raster.hasFocus)
    frame = panel.raster.frame()
    image = panel.raster.grab().toImage()
    edge = image.pixelColor(round(frame.left()) + 40, round(frame.top() - 0.5)).name()
    assert edge == THEMES["dark"].accent


# Words


def test_times_are_told_in_the_unit_that_suits_them():
    assert [duration(s) for s in (3.14159, 125.0, 3723.0)] == ["3.1 s", "2 min 05 s", "1 h 02 min"]
    assert [time_unit(s)[0] for s in (60.0, 3600.0, 36000.0)] == ["s", "min", "h"]


def test_ticks_of_a_root_axis_are_round_and_leave_room():
    ticks = root_ticks(3600.0, 5)
    assert [word for _, word in ticks] == ["10 min", "30 min", "1 h"]
    places = [place for place, _ in ticks]
    assert min(np.diff(places)) >= 12.0
    assert root_ticks(1e-3, 5) == []


def test_probabilities_are_told_however_small():
    assert chance_text(math.log(0.9)) == "0.90"
    assert chance_text(math.log(0.05)) == "0.050 (1.6 σ)"
    assert chance_text(math.log(2.87e-7)) == "2.9e-7 (5.0 σ)"
    assert chance_text(-4000.0).startswith("6.6e-1738 (")
    assert chance_text(math.log(9.99e-8)).startswith("1.0e-7")


def test_large_numbers_have_no_decimals():
    assert [fixed(value, 2) for value in (3.14159, 12345.678)] == ["3.14", "12,346"]
    assert fixed(math.nan, 2) is None
    assert [amount(value) for value in (0.0123, 66783.4, 2.5e9)] == ["0.0123", "66,783", "2.5e+09"]


def test_per_cents_have_the_digits_of_their_errors():
    assert percent(0.264213, 0.0034) == "26.42 ± 0.34 %"
    assert percent(0.264213, 0.034) == "26.4 ± 3.4 %"
    assert percent(0.264213, 0.34) == "26 ± 34 %"
    assert percent(math.nan, 0.1) is None
