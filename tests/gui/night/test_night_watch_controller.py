"""The panels that watch, joined with the desk of the night."""

from __future__ import annotations

from dataclasses import replace

import pytest
from nightglass.gui.controllers.night.watch import WatchController, unit_log
from nightglass.gui.night.watch import unit_menu
from nightglass.gui.night.watch.unit_menu import UnitMenu
from PyQt6.QtCore import Qt
from PyQt6.QtGui import QGuiApplication
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication, QVBoxLayout, QWidget

from ...core.mascara.watching.made_night import made_snapshot
from .watch_made import FAILED, KILLED, lines, rows

# Menus and tool tips come up above the window, which the offscreen platform cannot do.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
FAILED_UNIT = "LPC-00304597"


class Window(QWidget):
    """What the controller needs of the window."""

    def __init__(self):
        super().__init__()
        self.actions_set = self
        self.triggered, self.shown = [], []

    def trigger(self, key):
        self.triggered.append(key)

    def show_dock(self, name, is_shown):
        self.shown.append((name, is_shown))


@pytest.fixture(scope="module")
def night(tmp_path_factory):
    return made_snapshot(tmp_path_factory.mktemp("watch"), cameras="NC", batches=6)


@pytest.fixture
def controller(bench, on_screen, night, monkeypatch, qtbot):
    window = Window()
    window.set_roles = lambda _: None
    column = QVBoxLayout(window)
    made = WatchController(bench, window)
    for widget in (made.make_alarms(), made.make_tiles(), made.make_grid(), made.make_messages()):
        column.addWidget(widget)
    on_screen(window, 900, 800)
    made.show_snapshot(night)
    yield made
    made.stop()


@pytest.fixture
def given(bench, monkeypatch):
    """Orders that reach the desk."""
    got = []
    desk = bench.night
    monkeypatch.setattr(desk, "retry", lambda unit: got.append(("retry", unit)))
    monkeypatch.setattr(desk, "mark", lambda file, *, is_bad: got.append(("mark", file, is_bad)))
    return got


def told(signal):
    got = []
    signal.connect(lambda *args: got.append(args))
    return got


def open_menu(controller, unit):
    """Choose a batch and press Return on it."""
    controller.grid.set_chosen(unit)
    controller.grid.view.setFocus()
    QTest.keyClick(controller.grid.view, Qt.Key.Key_Return)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, UnitMenu)
    return menu


def choose(controller, unit, deed, file=""):
    menu = open_menu(controller, unit)
    menu.deeds[deed, file].trigger()
    menu.close()


def test_batch_chosen_in_the_grid_is_told_to_the_others(controller, bench):
    chosen = []
    bench.night.unit_chosen.connect(chosen.append)
    place = controller.grid.view.place_of(FAILED_UNIT)
    QTest.mouseClick(controller.grid.view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert chosen == [FAILED_UNIT]


def test_batch_chosen_elsewhere_is_framed_in_the_grid(controller, bench):
    bench.night.choose_unit("LPN-00304596")
    assert controller.grid.cell.unit == "LPN-00304596"


def test_log_of_a_batch_comes_up_beside(controller):
    choose(controller, FAILED_UNIT, unit_menu.LOG)
    assert controller.parent().shown == [("messages", True)]
    assert any("killed by SIGSEGV" in text for text in lines(controller.messages.members))


def test_pictures_of_a_batch_are_asked_for(controller, bench):
    frames, binned = [], []
    bench.night.frame_chosen.connect(lambda *args: frames.append(args))
    bench.night.binned_chosen.connect(binned.append)
    choose(controller, "LPN-00304596", unit_menu.FRAME)
    choose(controller, FAILED_UNIT, unit_menu.FRAME)
    choose(controller, "LPN-00304596", unit_menu.BINNED)
    assert frames == [("LPN", 304596 * 50), ("LPC", 304597 * 50)]
    assert binned == ["LPN-00304596"]


def test_batch_is_made_again_and_its_bad_frames_left_out(controller, given, night):
    broken = {**night.records["LPN-00304596"], "failed": {"a.fits": "cut short"}}
    controller.show_snapshot(replace(night, records={**night.records, "LPN-00304596": broken}))
    choose(controller, "LPN-00304596", unit_menu.RETRY)
    choose(controller, "LPN-00304596", unit_menu.MARK, "a.fits")
    assert given == [("retry", "LPN-00304596"), ("mark", "a.fits", True)]


def test_other_frames_are_chosen_in_the_dialog(controller):
    choose(controller, FAILED_UNIT, unit_menu.OTHER)
    assert controller.parent().triggered == ["night.mark"]


def test_name_of_a_batch_can_be_copied(controller):
    choose(controller, FAILED_UNIT, unit_menu.COPY)
    assert QGuiApplication.clipboard().text() == FAILED_UNIT


def test_alarm_goes_on_with_the_night_by_the_action_of_the_menu(controller, night):
    controller.show_snapshot(replace(night, alarms=(KILLED,)))
    QTest.mouseClick(rows(controller.alarms)[0].button, Qt.MouseButton.LeftButton)
    assert controller.parent().triggered == ["night.resume"]


def test_alarm_of_one_unit_makes_it_again_at_once(controller, night, given):
    controller.show_snapshot(replace(night, alarms=(FAILED,)))
    QTest.mouseClick(rows(controller.alarms)[0].button, Qt.MouseButton.LeftButton)
    assert given == [("retry", FAILED_UNIT)]
    controller.show_snapshot(replace(night, alarms=(replace(FAILED, subject=""),)))
    QTest.mouseClick(rows(controller.alarms)[0].button, Qt.MouseButton.LeftButton)
    assert controller.parent().triggered == ["night.retry"]


def test_tile_leads_to_frame_and_messages(controller, bench):
    frames = []
    bench.night.frame_chosen.connect(lambda *args: frames.append(args))
    tile = controller.tiles.tiles["LPN"]
    QTest.keyClick(tile, Qt.Key.Key_Return)
    tile.messagesRequested.emit("LPN")
    assert frames == [("LPN", 0)]
    assert controller.messages.bar.filter.camera == "LPN"


def test_night_that_is_left_leaves_nothing(controller):
    controller.show_snapshot(None)
    assert controller.tiles.tiles == {}
    assert controller.grid.empty.isVisible()
    assert controller.messages.model.rowCount() == 0


def test_unit_without_a_record_has_no_log(night):
    assert unit_log(None) == []
    assert unit_log(night.records["LPC-merge-20160130"]) == []
    dark = next(one for one in night.records.values() if one["kind"] == "dark")
    assert unit_log(dark)
