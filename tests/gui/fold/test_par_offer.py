"""What is offered while no par file is chosen."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from nightglass.core.workbench.fold.listing import ParRow
from nightglass.gui.fold.panel import FoldPanel
from nightglass.gui.fold.pars.par_offer import OFFERS, offered
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QApplication

from .made import made_result

LEFT = Qt.MouseButton.LeftButton
CRAB = ParRow(Path("/pars/crab.par"), "J0534+2200", 29.9, 0.001)
OTHER = ParRow(Path("/pars/b.par"), "B0531+21", 29.9, 0.2)
GEMINGA = ParRow(Path("/pars/geminga.par"), "J0633+1746", 4.2, 14.6)
UNPLACED = ParRow(Path("/pars/x.par"), "X", 1.0, None)


@pytest.fixture
def empty(on_screen):
    panel = on_screen(FoldPanel(), 1100, 260)
    panel.show_result(None, "no par file")
    return panel


def texts(panel):
    return [panel.offer.buttons[key].text() for key in OFFERS
            if panel.offer.buttons[key].isVisible()]  # fmt: skip


def test_par_files_in_the_picture_are_offered_at_once(empty, told, qtbot):
    chosen = told(empty.parChosen)
    assert texts(empty) == []
    empty.set_ephemerides([CRAB, OTHER, GEMINGA], [], (), ())
    assert texts(empty) == [
        "Fold on J0534+2200, 4″ from the telescope",
        "Fold on B0531+21, 12.0′ from the telescope",
    ]
    qtbot.mouseClick(empty.offer.buttons[OFFERS[1]], LEFT)
    assert chosen == [(OTHER.path,)]


def test_dialog_is_offered_beside_them(empty, told, qtbot):
    asked = told(empty.actionRequested)
    empty.set_ephemerides([CRAB], [], (), ())
    qtbot.mouseClick(empty.offer.buttons["fold.choose"], LEFT)
    assert asked == [("fold.choose",)]


def test_far_and_useless_ones_are_not_offered():
    assert offered([GEMINGA, replace(CRAB, is_usable=False)], []) == []
    assert offered([GEMINGA, CRAB], [CRAB]) == [CRAB]


def test_without_a_pointing_the_last_ones_used_are_offered(empty):
    empty.set_ephemerides([UNPLACED, replace(UNPLACED, psr="Y")], [UNPLACED], (), ())
    assert texts(empty) == ["Fold on X, used last"]


def test_narrow_panel_offers_what_it_has_room_for(empty, qtbot):
    empty.set_ephemerides([CRAB, replace(OTHER, psr="J" * 60)], [], (), ())
    empty.resize(480, 260)
    qtbot.waitUntil(lambda: len(texts(empty)) == 1)
    choose = empty.offer.buttons["fold.choose"]
    assert choose.geometry().right() < empty.width()


def test_keyboard_goes_to_the_profile_and_not_to_a_button(empty, qtbot):
    empty.window().activateWindow()
    qtbot.waitUntil(empty.isActiveWindow)
    empty.set_ephemerides([CRAB], [], (), ())
    empty.offer.buttons[OFFERS[0]].setFocus()
    empty.show_result(None, "loading")
    empty.show_result(made_result())
    assert QApplication.focusWidget() is empty.profile
