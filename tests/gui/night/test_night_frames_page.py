"""Rows, thumbnails and the place of the frame view on the page of frames."""

from __future__ import annotations

import pytest
from nightglass.gui.night.frames.frame_row import FrameRow
from nightglass.gui.night.frames.looks import OverlayLook
from nightglass.gui.night.frames.overlay_row import OverlayRow
from nightglass.gui.night.frames.page import FramesPage
from nightglass.gui.night.frames.thumb_strip import ThumbStrip
from nightglass.gui.theme import THEMES
from PyQt6.QtCore import Qt
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QWidget

from .frames_made import made_thumbnails


def told(*signals):
    """Everything that signals tell, in order."""
    got = []
    for signal in signals:
        signal.connect(lambda *args: got.append(args))
    return got


@pytest.fixture
def row(qtbot):
    made = FrameRow()
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    made.set_cameras(("LPC", "LPE"), "LPC")
    made.set_frame(1000, "no. 0", "2015-02-19 00:34:17.6 UTC")
    return made


def test_setters_tell_nothing(row):
    got = told(row.cameraChosen, row.kindChosen, row.slotRequested, row.newestToggled)
    row.set_cameras(("LPC", "LPE", "LPN"), "LPN")
    row.set_kind("binned")
    row.set_frame(1234, "no. 34", "now")
    row.set_newest(True)
    assert got == []
    assert (row.camera_combo.currentText(), row.slot_field.value()) == ("LPN", 1234)


def test_a_slot_is_typed_and_entered(row):
    got = told(row.slotRequested)
    row.slot_field.setFocus()
    row.slot_field.selectAll()
    QTest.keyClicks(row.slot_field, "1025")
    assert got == []
    row.set_frame(1003, "no. 3", "later")
    assert row.slot_field.text() == "1025"
    QTest.keyClick(row.slot_field, Qt.Key.Key_Return)
    assert got == [(1025,)]


def test_buttons_step_mark_and_follow(row):
    steps, marks, newest = (
        told(signal) for signal in (row.stepRequested, row.markRequested, row.newestToggled)
    )
    QTest.mouseClick(row.back, Qt.MouseButton.LeftButton)
    QTest.keyClick(row.forth, Qt.Key.Key_Space)
    QTest.mouseClick(row.newest, Qt.MouseButton.LeftButton)
    row.mark.click()
    row.mark.menu().actions()[0].trigger()
    assert steps == [(-1,), (1,)]
    assert newest == [(True,)]
    assert marks == [(True,), (False,)]


def test_without_a_frame_nothing_can_be_asked(row):
    row.set_frame(None, None, None)
    assert not row.slot_field.isEnabled()
    assert not row.mark.isEnabled()
    assert row.place.text() == row.utc.text() == row.slot_field.text() == "–"


def test_binned_images_are_not_marked(row):
    row.set_kind("binned")
    assert not row.mark.isVisible()


@pytest.fixture
def overlay_row(qtbot):
    made = OverlayRow()
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    return made


def test_each_toggle_tells_the_whole_look(overlay_row):
    got = told(overlay_row.lookChanged)
    QTest.keyClick(overlay_row.toggles["has_names"], Qt.Key.Key_Space)
    QTest.mouseClick(overlay_row.toggles["has_moon"], Qt.MouseButton.LeftButton)
    assert got == [
        (OverlayLook(has_names=True),),
        (OverlayLook(has_names=True, has_moon=False),),
    ]


def test_the_factor_can_be_chosen_with_the_residuals(overlay_row):
    assert not overlay_row.factor.isEnabled()
    overlay_row.toggles["has_residuals"].click()
    assert overlay_row.factor.isEnabled()
    got = told(overlay_row.lookChanged)
    overlay_row.factor.setFocus()
    QTest.keyClick(overlay_row.factor, Qt.Key.Key_Down)
    assert got == [(OverlayLook(has_residuals=True, factor=500),)]


def test_a_look_is_shown_without_being_told(overlay_row):
    got = told(overlay_row.lookChanged)
    look = OverlayLook(has_stars=False, has_residuals=True, factor=50, faintest_vmag=6.5)
    overlay_row.set_look(look)
    assert got == []
    assert overlay_row.look == look
    assert overlay_row.faintest.value() == 6.5
    assert not overlay_row.toggles["has_stars"].isChecked()


@pytest.fixture
def strip(on_screen):
    return on_screen(ThumbStrip(), 500, 120)


def test_thumbnails_are_chosen_by_click_and_key(strip, qtbot):
    strip.set_thumbnails(made_thumbnails(7, 9, 11))
    qtbot.waitExposed(strip)
    got = told(strip.starChosen)
    place = strip.visualItemRect(strip.item(1)).center()
    QTest.mouseClick(strip.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert set(got) == {(9,)}
    got.clear()
    QTest.keyClick(strip, Qt.Key.Key_Right)
    assert got == []
    QTest.keyClick(strip, Qt.Key.Key_Return)
    assert got == [(11,)]


def test_the_choice_stays_while_thumbnails_come(strip):
    strip.set_thumbnails(made_thumbnails(7, 9))
    strip.setCurrentRow(1)
    strip.set_thumbnails(made_thumbnails(5, 7, 9))
    assert strip.currentItem().text() == "9"
    strip.set_thumbnails(made_thumbnails(5, 7, 9), {9: "HD 189733"})
    assert strip.currentItem().text() == "HD 189733"
    assert "ASCC 9 " in strip.currentItem().toolTip()


def test_without_thumbnails_the_strip_takes_no_room(strip):
    strip.set_thumbnails(made_thumbnails(7))
    assert strip.isVisible()
    strip.set_thumbnails(())
    assert not strip.isVisible()


def test_thumbnails_are_red_at_night(strip):
    strip.set_roles(THEMES["red"])
    strip.set_thumbnails(made_thumbnails(7))
    image = strip.item(0).icon().pixmap(72, 72).toImage()
    places = [(x, y) for x in range(0, 72, 8) for y in range(0, 72, 8)]
    colours = {image.pixelColor(x, y).getRgb()[:3] for x, y in places}
    assert len(colours) > 5
    assert all(red >= 4 * green and red >= 4 * blue for red, green, blue in colours)


def test_the_page_has_the_frame_view_until_it_is_taken_away(on_screen):
    page, area = FramesPage(), QWidget()
    on_screen(page, 1100, 500)
    page.set_empty(None)
    page.take(area)
    assert page.has_area
    assert area.isVisible()
    page.take(area)
    area.setParent(None)
    assert not page.has_area
    area.deleteLater()


def test_both_rows_share_a_line_only_where_they_find_room(on_screen):
    page = on_screen(FramesPage(), 1000, 500)
    assert page.overlay_row.y() > page.row.y()
    page.resize(2200, 500)
    page.layout().activate()
    assert page.overlay_row.y() == page.row.y()


def test_in_a_narrow_window_the_overlay_is_chosen_when_it_is_asked_for(on_screen):
    page = on_screen(FramesPage(), 480, 400)
    assert page.minimumSizeHint().width() < 400
    assert not page.overlay_row.isVisible()
    QTest.mouseClick(page.row.over, Qt.MouseButton.LeftButton)
    assert page.overlay_row.isVisible()
    page.layout().activate()
    inside = page.overlay_row.contentsRect()
    assert all(inside.contains(one.geometry()) for one in page.overlay_row.toggles.values())
    page.resize(1000, 400)
    assert page.overlay_row.isVisible()
    assert not page.row.over.isVisible()


def test_the_page_says_what_it_waits_for(on_screen):
    page = on_screen(FramesPage(), 1000, 500)
    assert page.empty.isVisible()
    page.set_empty("There is no whole frame of LPC in /raw yet.")
    assert page.empty.text == "There is no whole frame of LPC in /raw yet."
    page.set_empty(None)
    assert not page.empty.isVisible()
