"""The light curve with its choices, its period and its menu."""

from __future__ import annotations

import math

import pytest
from nightglass.core.mascara.browsing.period import FoundPeriod
from nightglass.gui.night.curves.curve_panel import CHOOSE, NO_PERIOD, NO_POINTS, CurvePanel
from nightglass.gui.night.curves.page import EMPTY, READING, CurvesPage
from nightglass.gui.theme import THEMES
from PyQt6.QtCore import Qt
from PyQt6.QtTest import QTest

from .curves_made import FIRST_SLOT, found, made_curve, made_stars

FOUND = (
    FoundPeriod(0.02, 2457418.4, 0.9, 1e-20, 0.1, 0.0),
    FoundPeriod(0.2, 2457418.3, 0.5, 0.02, 0.01, 0.0),
)


@pytest.fixture
def panel(on_screen):
    made = on_screen(CurvePanel(), 900, 420)
    made.show_curve(made_curve(1000, points=60))
    return made


def choose(box, text):
    """As a hand does: the box is opened, walked through and left."""
    row = box.findText(text)
    assert row >= 0
    box.setCurrentIndex(row)
    box.activated.emit(row)


def type_into(field, text):
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, text)
    QTest.keyClick(field, Qt.Key.Key_Return)


def entries(panel):
    panel.fill_menu()
    return {entry.text(): entry for entry in panel.menu.actions() if not entry.isSeparator()}


def test_name_facts_and_points_are_told(panel):
    assert panel.name.whole == "ASCC 1000  HD 5"
    assert panel.facts.whole == "V 7.67  K1.5V  20:00:43.7 −22:42:39"
    assert panel.points.whole == "60 points, 10.0 % flagged, growing"


def test_without_a_star_it_says_how_to_choose_one(panel):
    panel.show_curve(None)
    assert panel.plot._words == CHOOSE
    assert not panel.isEnabled()
    assert panel.name.whole == ""


def test_a_star_without_points_says_so(panel):
    panel.show_curve(made_curve(points=0, cameras=0))
    assert panel.plot._words == NO_POINTS["fast"]


def test_the_axis_and_the_quantity_are_chosen(panel):
    choose(panel.bar.what, "Sky")
    choose(panel.bar.axis, "LST sequence")
    assert panel.plot.content.y_axis.name == "Sky"
    assert panel.plot.content.sets[0].x[0] == FIRST_SLOT


def test_apertures_have_their_radii_and_come_all_at_once(panel):
    box = panel.bar.aperture
    assert [box.itemText(row) for row in range(box.count())] == [
        "4.5 px",
        "2.5 px",
        "all apertures",
    ]
    choose(box, "all apertures")
    assert len(panel.plot.content.sets) == 2
    choose(box, "2.5 px")
    assert panel.plot.content.sets[0].y[0] == pytest.approx(8000.0)


def test_an_aperture_cannot_be_chosen_for_what_has_none(panel):
    choose(panel.bar.what, "CCD temperature")
    assert not panel.bar.aperture.isEnabled()
    choose(panel.bar.what, "Flux")
    assert panel.bar.aperture.isEnabled()


def test_errors_and_flagged_points_are_switched(panel):
    QTest.mouseClick(panel.bar.bars, Qt.MouseButton.LeftButton)
    assert panel.choices.has_bars
    QTest.mouseClick(panel.bar.flagged, Qt.MouseButton.LeftButton)
    assert len(panel.plot.content.sets[0].x) == 54


def test_points_of_another_kind_are_asked_for(panel, qtbot):
    with qtbot.waitSignal(panel.kindChanged):
        choose(panel.bar.kind, "50 binned")
    assert panel.choices.kind == "slow"


def test_the_legend_names_every_camera_and_what_a_cross_means(panel):
    panel.show_curve(made_curve(points=60, cameras=2))
    text = panel.legend.text()
    assert "LPN" in text
    assert "LPE" in text
    assert "●" in text
    assert "■" in text
    assert "flagged" in text


def test_the_point_that_is_marked_is_read_out(panel):
    panel.plot.step_point(1)
    assert panel.plot.caption.startswith("LPN: 10,000.0 ± 50 ADU per exposure; 2016-01-30")
    assert panel.plot.tip_at(panel.plot.frame().center().toPoint()) == panel.plot.caption


def test_a_marked_point_leads_to_its_frame_and_its_batch(panel):
    frames, units = [], []
    panel.frameChosen.connect(lambda *which: frames.append(which))
    panel.unitChosen.connect(units.append)
    panel.plot.step_point(1)
    found = entries(panel)
    found[f"LPN: show frame {FIRST_SLOT}"].trigger()
    found[f"LPN: choose batch {FIRST_SLOT // 50}"].trigger()
    assert frames == [("LPN", FIRST_SLOT)]
    assert units == [f"LPN-{FIRST_SLOT // 50:08d}"]


def test_without_a_marked_point_the_menu_speaks_of_the_plot(panel):
    assert list(entries(panel)) == ["Show all of the curve", "Export…", "Copy the command line"]


# The phase


@pytest.fixture
def phased(panel):
    choose(panel.bar.axis, "Phase")
    return panel


def test_the_phase_asks_for_a_period(phased):
    assert phased.period.isVisible()
    assert phased.plot._words == NO_PERIOD


def test_a_typed_period_makes_the_phase(phased):
    type_into(phased.period.period, "0.002")
    assert phased.choices.period_d == 0.002
    assert phased.plot._words == ""
    assert phased.plot.content.sets[0].x.max() > 1.0


def test_nonsense_is_refused(phased):
    for text in ("-3", "0", "abc"):
        type_into(phased.period.period, text)
        assert math.isnan(phased.choices.period_d)
        assert phased.period.period.property("cue") == "bad"


def test_half_and_double(phased):
    type_into(phased.period.period, "0.002")
    QTest.mouseClick(phased.period.double, Qt.MouseButton.LeftButton)
    assert phased.choices.period_d == pytest.approx(0.004)
    QTest.mouseClick(phased.period.halve, Qt.MouseButton.LeftButton)
    assert phased.choices.period_d == pytest.approx(0.002)


def test_a_search_is_asked_for_with_its_method(phased, qtbot):
    phased.period.method.setCurrentText("transit")
    with qtbot.waitSignal(phased.searchRequested, check_params_cb=lambda how: how == "transit"):
        QTest.mouseClick(phased.period.search, Qt.MouseButton.LeftButton)


def test_the_strongest_period_found_is_taken_and_the_others_offered(phased):
    phased.period.show_searching()
    assert not phased.period.search.isEnabled()
    phased.show_found(1000, FOUND)
    assert phased.choices.period_d == 0.02
    assert phased.choices.epoch_jd == 2457418.4
    box = phased.period.found
    assert box.itemText(0) == "28.800 min, 10.00 %, FAP 1e−20"
    choose(box, box.itemText(1))
    assert phased.choices.period_d == 0.2
    assert phased.period.search.isEnabled()


def test_a_period_of_another_star_comes_too_late(phased):
    phased.show_found(4711, FOUND)
    assert math.isnan(phased.choices.period_d)


def test_each_star_keeps_its_own_period(phased):
    type_into(phased.period.period, "0.002")
    phased.show_curve(made_curve(1010, points=60))
    assert math.isnan(phased.choices.period_d)
    assert phased.period.period.text() == ""
    phased.show_curve(made_curve(1000, points=80))
    assert phased.choices.period_d == 0.002


def test_why_no_period_was_found_is_said_beside_the_button(phased):
    phased.show_found(1000, (), "Too few points.")
    assert phased.period.told.text() == "Too few points."
    assert not phased.period.found.isVisible()


# The page


@pytest.fixture
def page(on_screen):
    return on_screen(CurvesPage(), 1000, 420)


def test_the_page_waits_for_stars(page):
    assert page.empty.text == READING
    page.show_stars(made_stars(0))
    assert page.empty.text == EMPTY
    assert page.empty.isVisible()
    page.show_stars(made_stars(3))
    assert page.list.isVisible()


@pytest.mark.parametrize("width", [700, 900, 1400])
def test_no_choice_is_out_of_sight(page, width):
    page.show_stars(made_stars(3))
    page.panel.show_curve(made_curve())
    choose(page.panel.bar.axis, "Phase")
    page.panel.show_found(1000, FOUND)
    page.resize(width, 480)
    page.grab()
    for bar in (page.panel.bar, page.panel.period):
        for part in bar._parts:
            if not part.isHidden():
                assert bar.rect().contains(part.geometry()), part
        geometries = [part.geometry() for part in bar._parts if not part.isHidden()]
        assert not any(
            one.intersects(other) for k, one in enumerate(geometries) for other in geometries[:k]
        )


@pytest.mark.parametrize("theme", THEMES)
def test_a_picture_has_name_plot_and_legend(page, theme):
    page.set_roles(THEMES[theme])
    page.show_stars(made_stars(3))
    page.panel.show_curve(made_curve())
    picture = page.panel.picture()
    assert picture.width() >= page.panel.plot.width()
    assert picture.height() > page.panel.plot.height()
    assert picture.pixelColor(0, 0).name() == THEMES[theme].panel


def test_the_keyboard_goes_from_the_list_to_the_plot_and_walks_there(page):
    stars = made_stars(5)
    page.show_stars(stars)
    page.list.show_found(found(stars, page.list.query))
    page.panel.show_curve(made_curve())
    chosen = []
    page.list.starChosen.connect(chosen.append)
    page.list.table.setFocus()
    QTest.keyClick(page.list.table, Qt.Key.Key_Return)
    assert page.panel.plot.hasFocus()
    QTest.keyClick(page.panel.plot, Qt.Key.Key_Down)
    QTest.keyClick(page.panel.plot, Qt.Key.Key_Down)
    assert chosen == [1000, 1010]


def test_a_low_panel_shows_the_plot_and_the_choices_on_request(panel):
    panel.show_curve(made_curve())
    panel.resize(400, 240)
    assert not panel.bar.isVisible()
    QTest.mouseClick(panel.fold, Qt.MouseButton.LeftButton)
    assert panel.bar.isVisible()
    panel.resize(700, 500)
    assert panel.bar.isVisible()
    assert not panel.fold.isVisible()


def test_which_star_it_is_is_told_in_any_width(panel):
    panel.show_curve(made_curve())
    panel.resize(320, 400)
    assert panel.name.text() == panel.name.whole
