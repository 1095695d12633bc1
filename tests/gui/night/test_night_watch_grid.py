"""The grid of batches under mouse and keys, while batches come."""

from __future__ import annotations

import math

import pytest
from nightglass.core.timing.sidereal import BATCH_D
from nightglass.gui.night.watch import unit_menu
from nightglass.gui.night.watch.cell_looks import CellLooks, scale_colours
from nightglass.gui.night.watch.grid import BatchGrid
from nightglass.gui.night.watch.unit_menu import UnitMenu
from nightglass.gui.night.watch.words import BATCH_STATES
from nightglass.gui.theme import THEMES
from PyQt6.QtCore import QEvent, QPoint, QSize, Qt
from PyQt6.QtGui import QHelpEvent, QKeyEvent
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication, QToolTip

from .watch_made import FIRST_JD, bare_snapshot, cells, grid

# Menus and tool tips come up above the window, which the offscreen platform cannot do.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
LEFT = Qt.MouseButton.LeftButton
ROWS = grid(LPC="dddfdr", LPE="dddddr", LPN="ddpddw")


@pytest.fixture
def panel(on_screen):
    made = on_screen(BatchGrid(), 800, 220)
    made.show_snapshot(bare_snapshot(ROWS))
    return made


@pytest.fixture
def told():
    def collect(signal):
        got = []
        signal.connect(lambda *args: got.append(args))
        return got

    return collect


def click(panel, unit):
    QTest.mouseClick(panel.view.viewport(), LEFT, pos=panel.view.place_of(unit))


def colour_at(panel, unit):
    image = panel.view.viewport().grab().toImage()
    place = panel.view.place_of(unit)
    return image.pixelColor(place)


def test_empty_grid_says_what_would_fill_it(on_screen):
    panel = on_screen(BatchGrid(), 800, 220)
    panel.show_snapshot(None)
    assert panel.empty.isVisible()
    panel.show_snapshot(bare_snapshot({"LPC": ()}))
    assert panel.empty.isVisible()
    assert panel.empty.text.endswith(".")


def test_click_chooses_a_batch_and_tells_it_once(panel, told):
    chosen = told(panel.chosen)
    click(panel, "LPE-00304596")
    assert chosen == [("LPE-00304596",)]
    assert panel.cell.unit == "LPE-00304596"
    assert panel.open.isEnabled()


def test_second_click_opens_the_menu(panel, told):
    asked = told(panel.menuRequested)
    click(panel, "LPC-00304597")
    assert asked == []
    click(panel, "LPC-00304597")
    assert [unit for unit, _ in asked] == ["LPC-00304597"]


def test_batch_chosen_from_elsewhere_tells_nothing(panel, told):
    chosen = told(panel.chosen)
    panel.set_chosen("LPN-00304596")
    assert panel.cell.unit == "LPN-00304596"
    panel.set_chosen("LPN-dark-123")
    assert panel.cell is None
    assert chosen == []


def test_arrows_go_from_batch_to_batch_and_stop_at_the_edge(panel, told):
    chosen = told(panel.chosen)
    panel.set_chosen("LPN-00304594")
    panel.view.setFocus()
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_Left, Qt.Key.Key_Left):
        QTest.keyClick(panel.view, key)
    assert [unit for (unit,) in chosen] == [
        "LPN-00304595", "LPE-00304595", "LPN-00304595", "LPN-00304594",
    ]  # fmt: skip
    QTest.keyClick(panel.view, Qt.Key.Key_End)
    assert panel.cell.unit == "LPN-00304599"
    QTest.keyClick(panel.view, Qt.Key.Key_Home)
    assert panel.cell.unit == "LPN-00304594"
    assert QToolTip.text().startswith("LPN-00304594: done")


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Space, Qt.Key.Key_Menu])
def test_keys_open_the_menu_of_the_batch_chosen(panel, told, key):
    asked = told(panel.menuRequested)
    panel.set_chosen("LPC-00304597")
    panel.view.setFocus()
    QTest.keyClick(panel.view, key)
    assert [unit for unit, _ in asked] == ["LPC-00304597"]


def test_tab_into_the_grid_shows_where_the_keyboard_is(panel, told):
    chosen = told(panel.chosen)
    panel.view.setFocus(Qt.FocusReason.TabFocusReason)
    assert panel.cell is not None
    assert chosen == []


def test_keys_it_lives_by_are_kept_from_the_actions(panel):
    for key, is_kept in ((Qt.Key.Key_Left, True), (Qt.Key.Key_Return, True), (Qt.Key.Key_S, False)):
        event = QKeyEvent(QEvent.Type.ShortcutOverride, key, Qt.KeyboardModifier.NoModifier)
        event.ignore()
        QApplication.sendEvent(panel.view, event)
        assert event.isAccepted() == is_kept


def test_pointer_over_a_batch_shows_its_numbers(panel):
    place = panel.view.place_of("LPC-00304597")
    event = QHelpEvent(QEvent.Type.ToolTip, place, panel.view.viewport().mapToGlobal(place))
    QApplication.sendEvent(panel.view.viewport(), event)
    assert QToolTip.text().startswith("LPC-00304597: failed")


def test_choice_stays_while_batches_come(panel):
    panel.set_chosen("LPC-00304597")
    panel.show_snapshot(bare_snapshot(grid(LPC="dddddddr", LPE="ddddddd", LPN="ddpddd")))
    assert panel.cell.unit == "LPC-00304597"
    assert panel.cell.state == "done"


def test_newest_batch_stays_in_view_until_the_observer_scrolls(on_screen, told):
    panel = on_screen(BatchGrid(), 420, 200)
    bar = panel.view.horizontalScrollBar()
    panel.show_snapshot(bare_snapshot(grid(LPC="d" * 90)))
    assert bar.value() == bar.maximum() > 0
    panel.show_snapshot(bare_snapshot(grid(LPC="d" * 100)))
    assert bar.value() == bar.maximum()
    bar.setValue(30)
    assert panel.newest.isVisible()
    panel.show_snapshot(bare_snapshot(grid(LPC="d" * 110)))
    assert bar.value() == 30
    QTest.mouseClick(panel.newest, LEFT)
    assert bar.value() == bar.maximum()
    assert not panel.newest.isVisible()


def test_batch_chosen_elsewhere_is_brought_into_view(on_screen):
    panel = on_screen(BatchGrid(), 420, 200)
    panel.show_snapshot(bare_snapshot(grid(LPC="d" * 100)))
    panel.set_chosen("LPC-00304595")
    place = panel.view.place_of("LPC-00304595")
    assert panel.view.viewport().rect().contains(place)
    assert not panel.view.is_following


def test_another_night_forgets_the_choice_and_follows_again(panel):
    panel.set_chosen("LPC-00304594")
    panel.show_snapshot(None)
    panel.show_snapshot(bare_snapshot(ROWS))
    assert panel.cell is None
    assert panel.view.is_following


# Colours


def choose_colours(panel, key):
    panel.colours.setCurrentIndex(panel.colours.findData(key))


def measured():
    sky = [100.0, 150.0, 200.0, 300.0, 500.0, math.nan]
    return {"LPC": cells("LPC", "dddddw", sky_adu=sky)}


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("theme", THEMES)
def test_states_are_told_by_sign_as_well_as_by_colour(theme):
    looks = CellLooks(THEMES[theme], QSize(11, 16), 1.0)
    shapes = set()
    for state in BATCH_STATES:
        image = looks.picture(state).toImage()
        corner = image.pixelColor(1, 1)
        same = (image.pixelColor(x, y) == corner for x in range(11) for y in range(16))
        shapes.add((corner.alpha() > 0, *same))
    assert len(shapes) == len(BATCH_STATES)


def test_scale_is_brighter_or_darker_all_the_way():
    for roles in THEMES.values():
        light = [
            0.30 * c.redF() + 0.59 * c.greenF() + 0.11 * c.blueF() for c in scale_colours(roles)
        ]
        assert light == sorted(light)


def test_number_is_told_by_the_height_of_a_bar_too(panel):
    panel.show_snapshot(bare_snapshot(measured()))
    choose_colours(panel, "sky")
    assert panel.view._shading.limits == (100.0, 500.0)
    highest, lowest = (colour_at(panel, unit) for unit in ("LPC-00304598", "LPC-00304594"))
    assert highest != lowest
    assert lowest.name() == THEMES["dark"].field


def test_scale_says_its_ends_and_that_they_come_from_the_batches(panel):
    panel.show_snapshot(bare_snapshot(measured()))
    choose_colours(panel, "sky")
    assert panel.scale.text == "100 ADU to 500 ADU, from the batches shown"
    choose_colours(panel, "rms")
    assert panel.scale.text == "0.00 px to 2.00 px"


def test_legend_counts_the_states(panel):
    assert panel.scale.text == "13 done, 1 partial, 1 failed, 2 running, 1 waiting"


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("key", ["state", "sky", "rms", "transparency", "zero"])
def test_grid_paints_in_every_theme(panel, theme, key):
    panel.show_snapshot(bare_snapshot(measured() | grid(LPE="dpfrws"), FIRST_JD + 8 * BATCH_D))
    panel.set_roles(THEMES[theme])
    choose_colours(panel, key)
    panel.set_chosen("LPE-00304595")
    assert not panel.grab().isNull()


# The menu of a batch


def test_menu_offers_what_makes_sense(qtbot):
    waiting = UnitMenu(cells("LPC", "w")[0], False, ())
    partial = UnitMenu(cells("LPC", "p")[0], True, ("a.fits", "b.fits"))
    for menu in (waiting, partial):
        qtbot.addWidget(menu)
    assert not waiting.deeds[unit_menu.RETRY, ""].isEnabled()
    assert not waiting.deeds[unit_menu.BINNED, ""].isEnabled()
    assert partial.deeds[unit_menu.RETRY, ""].isEnabled()
    assert partial.deeds[unit_menu.MARK, "b.fits"].text() == "Leave out b.fits"


def test_menu_tells_what_was_chosen(qtbot, told):
    menu = UnitMenu(cells("LPC", "p")[0], True, ("a.fits",))
    qtbot.addWidget(menu)
    chosen = told(menu.chosen)
    menu.popup(QPoint(0, 0))
    QTest.keyClick(menu, Qt.Key.Key_R)
    menu.deeds[unit_menu.MARK, "a.fits"].trigger()
    assert chosen == [(unit_menu.RETRY, ""), (unit_menu.MARK, "a.fits")]
