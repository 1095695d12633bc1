"""The dock of the night, and its list of nights."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from nightglass.core.mascara.watching.snapshot import Forecast
from nightglass.core.workbench.night.remembered import RememberedNight
from nightglass.gui.night.launch.night_words import night_text
from nightglass.gui.night.launch.panel import NightPanel
from nightglass.gui.theme import apply_theme
from PyQt6.QtCore import QPoint, Qt

OUTPUT = Path("/data/reduced")
FORECAST = Forecast(4.21, 0.84, {"LPC": 90.0}, 7400.0, "2016-01-31T06:50:12", 1e9, 412e9, 31.2)


def shown(state="running", forecast=FORECAST):
    cameras = [SimpleNamespace(received=1000, reduced=400)] * 2
    return SimpleNamespace(
        output=OUTPUT, is_running=state in {"running", "paused"}, forecast=forecast,
        status=SimpleNamespace(night="20160130", site="LaPalma", state=state, cameras=cameras),
    )  # fmt: skip


def remembered(name="a", state="running"):
    when = datetime(2016, 1, 31, 3, 4, tzinfo=UTC)
    return RememberedNight(Path(f"/data/{name}"), "20160130", "LaPalma", state, False, when)


@pytest.fixture
def panel(on_screen):
    return on_screen(NightPanel(), 260, 620)


def test_without_a_night_it_says_what_would_fill_it(panel, qtbot):
    assert panel.empty.isVisible()
    for name, key in (("night.start", "night.start"), ("night.open", "night.open")):
        with qtbot.waitSignal(panel.actionRequested) as got:
            qtbot.mouseClick(panel.empty.buttons[name], Qt.MouseButton.LeftButton)
        assert got.args == [key]


def test_a_night_is_told_in_short(panel):
    panel.show_snapshot(shown())
    assert panel.title.whole == "30 Jan 2016  LaPalma"
    assert (panel.state.text(), panel.place.whole) == ("running", "/data/reduced")
    texts = {name: number.text() for name, number in panel.numbers.items()}
    assert texts == {
        "frames": "800 of 2,000", "rate": "4.21 frames/s", "sky": "84 %", "batch": "90 s",
        "night": "2 h 03 min", "end": "06:50 UTC", "disk": "412.0 GB",
        "hours": "31 h 12 min",
    }  # fmt: skip
    assert panel.numbers["sky"].property("cue") == "warn"


def test_what_is_not_known_is_a_dash(panel):
    panel.show_snapshot(shown(forecast=Forecast()))
    assert panel.numbers["night"].text() == "–"
    assert panel.numbers["disk"].text() == "–"


@pytest.mark.parametrize(
    ("state", "key", "can_drive", "can_stop"),
    [
        ("running", "night.pause", True, True),
        ("paused", "night.resume", True, True),
        ("stopped", "night.resume", True, False),
        ("interrupted", "night.resume", True, False),
        ("finished", "night.resume", True, False),
    ],
)
def test_the_buttons_make_sense_and_say_why_not(panel, qtbot, state, key, can_drive, can_stop):
    panel.show_snapshot(shown(state))
    assert (panel.drive.isEnabled(), panel.stop.isEnabled()) == (can_drive, can_stop)
    for button, can_press in ((panel.drive, can_drive), (panel.stop, can_stop)):
        assert bool(button.toolTip()) is not can_press
    if can_drive:
        with qtbot.waitSignal(panel.actionRequested) as got:
            qtbot.mouseClick(panel.drive, Qt.MouseButton.LeftButton)
        assert got.args == [key]


def test_a_night_of_the_list_is_watched_by_a_click_and_by_enter(panel, qtbot):
    panel.show_nights([remembered("a"), remembered("b", "stopped")], Path("/data/a"))
    model = panel.nights.nights
    assert model.data(model.index(0)) == "▸ 30 Jan 2016  running"
    assert model.data(model.index(1)) == "30 Jan 2016  stopped"
    at = panel.nights.visualRect(model.index(1)).topLeft() + QPoint(30, 8)
    with qtbot.waitSignal(panel.nightChosen) as got:
        qtbot.mouseClick(panel.nights.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert got.args == [Path("/data/b")]
    qtbot.keyClick(panel.nights, Qt.Key.Key_Up)
    with qtbot.waitSignal(panel.nightChosen) as got:
        qtbot.keyClick(panel.nights, Qt.Key.Key_Return)
    assert got.args == [Path("/data/a")]


def test_the_selected_night_stays_so_when_others_come(panel):
    panel.show_nights([remembered("a"), remembered("b")], None)
    panel.nights.setCurrentIndex(panel.nights.nights.index(1))
    panel.show_nights([remembered("c"), remembered("a"), remembered("b")], None)
    assert panel.nights.currentIndex().row() == 2


def test_a_list_without_nights_takes_no_room(panel):
    panel.show_nights([], None)
    assert not panel.nights.isVisible()


def test_dates_as_people_write_them():
    assert night_text("20261120") == "20 Nov 2026"
    assert night_text("2026") == "2026"


@pytest.fixture
def wear(qapp):
    yield lambda name: apply_theme(qapp, name)
    qapp.setStyleSheet("")
    apply_theme(qapp, "dark")


def test_the_glyph_of_the_state_takes_the_colours_of_another_theme(panel, wear):
    panel.set_roles(wear("dark"))
    panel.show_snapshot(shown("finished"))
    before = panel.glyph.pixmap().toImage()
    panel.set_roles(wear("red"))
    assert panel.glyph.pixmap().toImage() != before
