"""The tiles of the cameras."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from nightglass.core.mascara.watching.snapshot import Forecast
from nightglass.gui.icons import icon_names
from nightglass.gui.night.cues import letter_of
from nightglass.gui.night.watch.tile import SHORT, WHOLE
from nightglass.gui.night.watch.tile_content import tile_lines, trend_of
from nightglass.gui.night.watch.tiles import EMPTY, CameraTiles, disk_words
from nightglass.gui.night.watch.words import CAMERA_LOOKS
from nightglass.gui.theme import THEMES
from PyQt6.QtCore import QEvent, QPoint, Qt
from PyQt6.QtGui import QHelpEvent
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication, QToolTip

from ...core.mascara.watching.made_night import made_snapshot
from .watch_made import SILENT

# Menus and tool tips come up above the window, which the offscreen platform cannot do.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture(scope="module")
def night(tmp_path_factory):
    """Five cameras, their sixth batch being reduced."""
    return made_snapshot(tmp_path_factory.mktemp("tiles"), batches=6, is_over=False)


@pytest.fixture
def tiles(on_screen, night):
    made = on_screen(CameraTiles(), 1100, 200)
    made.show_snapshot(night)
    return made


def line(status, key, settings=None):
    lines = tile_lines(status, settings or {"ccd_set_point_c": -15.0})
    return next(one for one in lines if one.key == key)


def changed(night, **fields):
    """The first camera, some of its figures others."""
    return replace(night.status.cameras[0], **fields)


def test_night_without_a_camera_says_what_would_fill_it(on_screen):
    tiles = on_screen(CameraTiles(), 1100, 200)
    tiles.show_snapshot(None)
    assert tiles.disk.whole == EMPTY


def test_five_tiles_say_all_in_1100_pixels(tiles):
    assert list(tiles.tiles) == ["LPN", "LPE", "LPS", "LPW", "LPC"]
    for tile in tiles.tiles.values():
        assert tile._level == WHOLE
        assert tile.width() >= tile.least_width(WHOLE)
        assert tiles.rect().contains(tile.geometry())


def test_five_tiles_stand_side_by_side_beside_both_panels_of_the_smallest_window(tiles):
    tiles.resize(580, 200)
    assert len({tile.y() for tile in tiles.tiles.values()}) == 1
    assert {tile._level for tile in tiles.tiles.values()} == {SHORT}


def test_more_cameras_take_another_row(tiles):
    one_row = tiles.sizeHint().height()
    tiles.resize(300, 400)
    assert len({tile.y() for tile in tiles.tiles.values()}) == 3
    assert tiles.sizeHint().height() > 2 * one_row


def test_tile_keeps_its_place_while_numbers_change(tiles, night):
    before = dict(tiles.tiles)
    cameras = (changed(night, lag_s=999.0, lag_batches=3.1), *night.status.cameras[1:])
    tiles.show_snapshot(replace(night, status=replace(night.status, cameras=cameras)))
    assert tiles.tiles == before
    assert tiles.tiles["LPC"]._content.lines[0].text.startswith("999 s 3.1 b")


def test_cameras_that_go_take_their_tiles_along(tiles, night):
    cameras = night.status.cameras[:2]
    tiles.show_snapshot(replace(night, status=replace(night.status, cameras=cameras)))
    assert list(tiles.tiles) == ["LPE", "LPC"]


def test_a_tile_that_is_alone_keeps_words_and_numbers_together(tiles, night):
    cameras = night.status.cameras[:1]
    tiles.show_snapshot(replace(night, status=replace(night.status, cameras=cameras)))
    (tile,) = tiles.tiles.values()
    assert tile.least_width(WHOLE) <= tile.width() < 1.6 * tile.least_width(WHOLE) < tiles.width()


def test_state_is_told_in_a_word_and_by_a_drawing(tiles, night):
    cameras = (changed(night, state="reducing"), *night.status.cameras[1:])
    tiles.show_snapshot(replace(night, status=replace(night.status, cameras=cameras)))
    content = tiles.tiles["LPC"]._content
    assert (content.state, content.look.icon) == ("reducing", "play")


def test_every_state_has_a_drawing_of_its_own():
    drawings = [look.icon for look in CAMERA_LOOKS.values()]
    assert len(set(drawings)) == len(drawings)
    assert set(drawings) <= icon_names()


def test_camera_with_an_alarm_says_so(tiles, night):
    tiles.show_snapshot(replace(night, alarms=(SILENT,)))
    assert tiles.tiles["LPW"]._content.alarm == SILENT.title
    assert SILENT.title in tiles.tiles["LPW"].tip_at(5)
    assert not tiles.tiles["LPC"]._content.alarm


@pytest.mark.parametrize(
    ("slope", "arrow"), [(math.nan, " "), (30.0, "→"), (-59.0, "→"), (61.0, "↗"), (-61.0, "↘")]
)
def test_arrow_tells_the_trend_of_the_lag(slope, arrow):
    assert trend_of(slope) == arrow


def test_what_is_not_in_order_has_a_cue(night):
    assert line(changed(night, lag_batches=2.1), "lag").cue == "warn"
    assert line(changed(night, lag_batches=1.0), "lag").cue == ""
    assert line(changed(night, failed=2), "lost").cue == "warn"
    assert line(changed(night, frame_s=7.0), "speed").cue == "warn"
    assert line(changed(night, ccdtemp_c=-14.4), "chip").cue == "warn"
    assert line(changed(night, ccdtemp_c=-14.6), "chip").cue == ""
    assert line(changed(night, errors=1), "told").cue == "bad"


def test_dark_is_told_with_age_and_difference(night):
    dark = {"file": "00d.fits", "age_h": 2.34, "temperature_c": -13.0}
    told = line(changed(night, dark=dark, ccdtemp_c=-15.0), "dark")
    assert told.text == "2.3 h, −2.0 °C"
    assert told.cue == "warn"
    assert line(changed(night, dark={}), "dark").short == "no dark"


def test_numbers_that_are_not_known_are_dashes(night):
    nothing = changed(night, lag_s=math.nan, lag_batches=math.nan, ccdtemp_c=math.nan,
                      frame_s=math.nan)  # fmt: skip
    for key in ("lag", "speed", "chip"):
        assert "–" in line(nothing, key, {}).text
        assert line(nothing, key, {}).cue == ""


def test_one_station_is_told_by_letters_and_two_by_whole_names():
    assert letter_of("LPC", ["LPC", "LPE"]) == "C"
    assert letter_of("LPC", ["LPC", "LSE"]) == "LPC"


def test_disk_is_told_once_with_its_cue():
    fine = Forecast(bytes_needed=4e10, bytes_free=4.12e11, disk_hours=31.0)
    text, cue = disk_words(fine)
    assert text.startswith("Disk: 412.0 GB free, 40.0 GB needed until the end of the night")
    assert text.endswith("enough for 31 h at this pace")
    assert cue == "muted"
    assert disk_words(replace(fine, bytes_free=1e10))[1] == "bad"
    assert disk_words(replace(fine, bytes_free=1e10))[0].startswith("▲")
    assert disk_words(Forecast(bytes_free=4e10, disk_hours=3.0))[1] == "bad"
    assert disk_words(Forecast())[1] == "muted"


# What the observer does


def test_return_and_double_click_ask_for_the_newest_frame(tiles):
    asked = []
    tiles.frameRequested.connect(asked.append)
    tile = tiles.tiles["LPE"]
    tile.setFocus()
    QTest.keyClick(tile, Qt.Key.Key_Return)
    QTest.mouseDClick(tile, Qt.MouseButton.LeftButton)
    assert asked == ["LPE", "LPE"]


def test_menu_shows_messages_frame_and_batch_at_work(tiles, qtbot):
    asked = []
    for signal in (tiles.frameRequested, tiles.messagesRequested, tiles.batchRequested):
        signal.connect(asked.append)
    menu = tiles.tiles["LPE"].menu()
    qtbot.addWidget(menu)
    for action in menu.actions():
        action.trigger()
    assert asked == ["LPE", "LPE", tiles.tiles["LPE"]._content.unit]


def test_pointer_explains_each_line(tiles):
    tile = tiles.tiles["LPC"]
    tips = {tile.tip_at(y) for y in range(tile.height())}
    assert len(tips) == 8
    place = QPoint(20, tile.height() - 12)
    QApplication.sendEvent(tile, QHelpEvent(QEvent.Type.ToolTip, place, tile.mapToGlobal(place)))
    assert QToolTip.text().startswith("Warnings")


def test_screen_reader_hears_all_of_it(tiles):
    tile = tiles.tiles["LPN"]
    assert tile.accessibleName() == "Camera LPN"
    assert "Chip −1" in tile.accessibleDescription()


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("width", [580, 1100])
def test_tiles_paint_in_every_theme(tiles, theme, width):
    tiles.set_roles(THEMES[theme])
    tiles.resize(width, 200)
    assert not tiles.grab().isNull()
