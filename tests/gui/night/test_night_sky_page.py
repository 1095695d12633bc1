"""The page of the whole sky, looked at and used by hand."""

from __future__ import annotations

import numpy as np
import pytest
from nightglass.gui.night.sky.dome import Dome
from nightglass.gui.night.sky.panel import EMPTY, WAIT, SkyPanel
from nightglass.gui.night.sky.sky_card import CURVE, NO_CURVE, NOTHING
from nightglass.gui.night.sky.sky_map import SkyMap
from nightglass.gui.theme import THEMES
from PyQt6.QtCore import QPointF, Qt
from PyQt6.QtTest import QTest

from ...core.mascara.watching.made_night import made_snapshot
from .sky_made import FIRST, made_curve, made_view

# Tool tips come up above the window, which the offscreen platform cannot do.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
BATCHES = (FIRST, FIRST + 1, FIRST + 2)
BRIGHT_ROW, MEASURED_ROW, FAINT_ROW, UNSEEN_ROW = range(4)


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory):
    return made_snapshot(tmp_path_factory.mktemp("sky"), cameras="NSC", batches=4, is_whole=True)


@pytest.fixture(scope="module")
def view(snapshot):
    return made_view(snapshot)


@pytest.fixture
def panel(on_screen, view):
    made = on_screen(SkyPanel(), 1000, 520)
    made.show_batches(BATCHES)
    made.show_view(view)
    return made


def heard(signal):
    """Everything a signal says from now on."""
    values = []
    signal.connect(lambda *words: values.append(words[0] if len(words) == 1 else words))
    return values


def point_at_star(panel, row):
    QTest.mouseMove(panel.map, panel.map.place_of(row).toPoint())


def place_of_cell(panel, view):
    """A place in a measured cell without a star near it."""
    dome = Dome(*centre(panel.map), True)
    for cell, edge in zip(view.cells, view.cell_edges_deg, strict=True):
        at = dome.polygon(edge).boundingRect().center()
        direction = dome.direction(at)
        clear = all(
            np.hypot(*(dome.places(alt, az) - (at.x(), at.y()))) > 20
            for alt, az in zip(view.stars.alt_deg, view.stars.az_deg, strict=True)
        )
        if clear and direction is not None and view.cell_at(*direction) is cell:
            return at, cell
    raise AssertionError("no cell is free")


def centre(sky):
    dome = sky._dome
    return dome.x, dome.y, dome.radius


@pytest.mark.parametrize("is_east_left", [True, False])
def test_a_place_and_its_direction_belong_together(is_east_left):
    dome = Dome(200.0, 150.0, 120.0, is_east_left)
    for alt, az in ((90.0, 0.0), (5.0, 30.0), (45.0, 200.0), (70.0, 359.0)):
        found = dome.direction(dome.place(alt, az))
        assert found[0] == pytest.approx(alt)
        assert (found[1] - az) * (90.0 - alt) == pytest.approx(0.0, abs=1e-9)
    assert dome.direction(QPointF(200.0, 10.0)) is None
    assert dome.place(0.0, 0.0).y() == pytest.approx(30.0)
    assert (dome.place(0.0, 90.0).x() < 200.0) is is_east_left


def test_without_a_batch_the_page_says_what_fills_it(on_screen):
    panel = on_screen(SkyPanel(), 800, 400)
    assert panel.empty.isVisible()
    assert panel.empty.text == EMPTY
    panel.show_batches(BATCHES)
    assert panel.empty.text == WAIT


def test_a_star_under_the_pointer_shows_its_facts_and_asks_for_its_curve(panel):
    asked = heard(panel.curveRequested)
    point_at_star(panel, MEASURED_ROW)
    assert panel.card.title == "HD 189733"
    facts = dict(panel.card.lines)
    assert facts["V"] == "3.20 mag"
    assert facts["Transparency"] == "0.62"
    assert facts["Altitude"] == "45.0°"
    assert asked == [22]
    panel.show_curve(made_curve(22))
    assert panel.card.caption == CURVE


def test_a_curve_that_comes_too_late_is_not_shown(panel):
    point_at_star(panel, MEASURED_ROW)
    point_at_star(panel, FAINT_ROW)
    panel.show_curve(made_curve(22))
    assert panel.card.curve.points is None
    panel.show_curve(made_curve(33, points=0))
    assert panel.card.caption == NO_CURVE


def test_the_little_curve_is_normalised_by_camera_without_flagged_points(panel):
    point_at_star(panel, MEASURED_ROW)
    panel.show_curve(made_curve(22))
    points = panel.card.curve.points
    assert len(points.jd) == 108
    assert points.ratio.max() < 1.2
    for half in (points.ratio[:54], points.ratio[54:]):
        assert np.median(half) == pytest.approx(1.0)


def test_a_star_that_nobody_measured_asks_for_nothing(panel):
    asked = heard(panel.curveRequested)
    point_at_star(panel, UNSEEN_ROW)
    assert dict(panel.card.lines)["Transparency"] == "not measured in this batch"
    assert asked == []


def test_a_spoilt_star_says_why_it_tells_nothing(panel):
    point_at_star(panel, BRIGHT_ROW)
    assert panel.card.title == "ASCC 11"
    assert "too bright" in dict(panel.card.lines)["Transparency"]


def test_a_click_on_a_star_chooses_it_and_one_beside_does_not(panel, view):
    chosen = heard(panel.starChosen)
    at, _ = place_of_cell(panel, view)
    for place in (panel.map.place_of(FAINT_ROW), at):
        QTest.mouseClick(panel.map, Qt.MouseButton.LeftButton, pos=place.toPoint())
    assert chosen == [33]


def test_a_cell_under_the_pointer_shows_its_numbers(panel, view):
    at, cell = place_of_cell(panel, view)
    QTest.mouseMove(panel.map, at.toPoint())
    assert panel.card.title == f"Cell {cell.number}"
    assert dict(panel.card.lines)["Transparency"] == f"{cell.transparency:.2f}"
    assert not panel.card.open.isEnabled()


def test_the_button_of_the_card_opens_the_star_after_the_pointer_has_left(panel, view):
    chosen = heard(panel.starChosen)
    point_at_star(panel, MEASURED_ROW)
    QTest.mouseMove(panel.map, QPointF(2, 2).toPoint())
    QTest.mouseClick(panel.card.open, Qt.MouseButton.LeftButton)
    assert chosen == [22]


def test_another_batch_keeps_the_star_of_the_card(panel, snapshot):
    point_at_star(panel, MEASURED_ROW)
    panel.show_curve(made_curve(22))
    later = made_view(snapshot, FIRST + 1)
    later.stars.transparency[1] = 0.44
    panel.show_view(later)
    assert panel.card.title == "HD 189733"
    assert dict(panel.card.lines)["Transparency"] == "0.44"
    assert panel.card.curve.points is not None


def test_keys_go_through_stars_and_choose_one(panel):
    chosen = heard(panel.starChosen)
    panel.map.setFocus()
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Down):
        QTest.keyClick(panel.map, key)
    assert panel.card.title == "HIP 77"
    QTest.keyClick(panel.map, Qt.Key.Key_Up)
    QTest.keyClick(panel.map, Qt.Key.Key_Return)
    assert chosen == [22]


def test_keys_go_through_batches(panel):
    asked = heard(panel.batchRequested)
    panel.map.setFocus()
    for key in (Qt.Key.Key_Left, Qt.Key.Key_Home, Qt.Key.Key_Right, Qt.Key.Key_End):
        QTest.keyClick(panel.map, key)
    assert asked == [FIRST + 1, FIRST, FIRST + 1, FIRST + 2]


def test_the_newest_batch_is_followed_until_another_is_chosen(panel):
    panel.show_batches((*BATCHES, FIRST + 3))
    assert panel.batch == FIRST + 3
    QTest.mouseClick(panel.bar.earlier, Qt.MouseButton.LeftButton)
    panel.show_batches((*BATCHES, FIRST + 3, FIRST + 4))
    assert panel.batch == FIRST + 2
    assert panel.bar.place.text() == "3 of 5"
    assert not panel.bar.newest.isChecked()
    QTest.mouseClick(panel.bar.newest, Qt.MouseButton.LeftButton)
    assert panel.batch == FIRST + 4
    panel.show_batches((*BATCHES, FIRST + 3, FIRST + 4, FIRST + 5))
    assert panel.batch == FIRST + 5


def test_a_batch_that_is_made_again_is_stood_in_for_by_the_one_before(panel):
    panel.bar.step(-1)
    panel.show_batches((FIRST, FIRST + 2))
    assert panel.batch == FIRST


def test_a_camera_without_the_batch_is_named(panel, snapshot, view):
    assert not panel._left_out.isVisible()
    chips = (view.chips[0].__class__("LPW", False, view.chips[0].edge_deg),)
    panel.show_view(made_view(snapshot, chips=view.chips + chips))
    assert panel._left_out.text() == "Dashed, without light curves of this batch: LPW."


def test_hidden_stars_cannot_be_pointed_at(panel):
    place = panel.map.place_of(MEASURED_ROW).toPoint()
    QTest.mouseClick(panel.stars, Qt.MouseButton.LeftButton)
    QTest.mouseMove(panel.map, place)
    assert panel.card.title == NOTHING or panel.card.title.startswith("Cell")


def test_east_changes_its_side(panel):
    before = panel.map.place_of(FAINT_ROW).x()
    QTest.mouseClick(panel.east, Qt.MouseButton.LeftButton)
    after = panel.map.place_of(FAINT_ROW).x()
    middle = panel.map.width() / 2.0
    assert before - middle == pytest.approx(middle - after)


def test_numbers_and_stars_can_be_left_out_of_the_picture(panel):
    whole = panel.map.grab().toImage()
    panel.numbers.click()
    bare = panel.map.grab().toImage()
    panel.stars.click()
    assert whole != bare
    assert panel.map.grab().toImage() != bare


@pytest.mark.parametrize("theme", THEMES)
def test_every_theme_shows_a_clear_and_a_dark_cell_apart(theme, on_screen, snapshot, view):
    sky = on_screen(SkyMap(), 500, 500)
    sky.set_roles(THEMES[theme])
    sky.show_numbers(False)
    sky.show_stars(False)
    cells = tuple(
        cell.__class__(cell.number, float(k % 2), 17.0, 9, cell.cameras)
        for k, cell in enumerate(view.cells)
    )
    sky.show_view(made_view(snapshot, cells=cells))
    image = sky.grab().toImage()
    colours = [image.pixelColor(x, y) for x in range(100, 400, 7) for y in range(100, 400, 7)]
    lightness = [colour.lightness() for colour in colours]
    assert max(lightness) - min(lightness) > 60
    if theme == "red":
        assert all(colour.blue() <= colour.red() // 2 + 8 for colour in colours)
        assert all(colour.green() <= colour.red() // 2 + 8 for colour in colours)
