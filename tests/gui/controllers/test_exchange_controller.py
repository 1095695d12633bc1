"""The menu of DS9 and SAMP, and the crosshair that other programs move."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from nightglass.core.settings import Settings
from nightglass.core.workbench import Workbench
from nightglass.core.workbench.exchange.exchange import Exchange
from nightglass.gui.actions import ActionSet
from nightglass.gui.controllers.exchange import ExchangeController
from nightglass.gui.exchange_rows import EXCHANGE_ROWS
from nightglass.gui.frame.view import FrameView
from nightglass.gui.icons import icon_names
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QMainWindow, QMenu

from ...core.exchange.other_programs import fake_xpa_on_path, own_samp_home, running_hub
from ...core.workbench.night import COLUMNS, ROWS, written

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...core.exchange.other_programs import FakeXpa


class Table:
    """A window with a frame and the menu."""

    def __init__(self, bench: Workbench) -> None:
        self.bench = bench
        self.exchange = Exchange(bench)
        self.window = QMainWindow()
        self.view = FrameView(self.window)
        self.window.setCentralWidget(self.view)
        self.view.set_frame_shape((ROWS, COLUMNS))
        self.actions = ActionSet(self.window, EXCHANGE_ROWS)
        self.menu = QMenu(self.window)
        self.menu.addActions([self.actions.action(row.key) for row in EXCHANGE_ROWS])
        self.window.addActions(self.menu.actions())
        self.controller = ExchangeController(self.exchange, self.view, self.actions, self.window)
        self.rows = self.controller.rows()
        self.actions.triggered.connect(self.run)

    def run(self, key: str, checked: bool) -> None:
        from nightglass.core.errors import NightglassError

        try:
            self.rows[key](checked)
        except NightglassError as error:
            self.bench.problems.report(error)

    def text(self, key: str) -> str:
        return self.actions.action(f"exchange.{key}").text().replace("&", "")

    def told(self, severity: str) -> list[str]:
        entries = self.bench.problems.entries()
        return [entry.text for entry in entries if entry.severity == severity]


@pytest.fixture
def xpa(tmp_path, monkeypatch) -> FakeXpa:
    own_samp_home(tmp_path, monkeypatch)
    return fake_xpa_on_path(tmp_path / "xpa", monkeypatch)


@pytest.fixture
def table(qtbot, engine, problems, tmp_path, xpa) -> Iterator[Table]:
    bench = Workbench(engine, problems, Settings())
    made = Table(bench)
    qtbot.addWidget(made.window)
    with qtbot.waitExposed(made.window):
        made.window.resize(600, 400)
        made.window.show()
    engine.mailbox.wake = None
    bench.open([written(tmp_path / "crab")])
    until(qtbot, made, lambda: bench.capture is not None)
    yield made
    made.controller.stop()
    made.exchange.close()
    bench.close()


def until(qtbot, table: Table, condition) -> None:
    """Open the letters of the engine until something holds."""

    def holds() -> bool:
        table.bench.engine.mailbox.drain()
        return bool(condition())

    qtbot.waitUntil(holds, timeout=20_000)


def test_every_row_does_something_and_has_its_drawing(table) -> None:
    assert set(table.rows) == {row.key for row in EXCHANGE_ROWS}
    assert {row.icon for row in EXCHANGE_ROWS} <= set(icon_names())
    assert all(row.tip for row in EXCHANGE_ROWS)


def test_the_menu_looks_who_is_there_when_it_opens(table, qtbot, xpa) -> None:
    assert table.text("look") == "DS9: not looked for"
    table.menu.aboutToShow.emit()
    until(qtbot, table, lambda: table.text("look") == "DS9: running (ds9)")
    assert table.actions.action("exchange.look").toolTip().startswith("DS9: running (ds9). Look")
    xpa.names()
    table.menu.aboutToShow.emit()
    until(qtbot, table, lambda: table.text("look") == "DS9: not running")


def test_without_ds9_every_row_says_one_sentence(table, qtbot, xpa, expected_log) -> None:
    xpa.names()
    table.bench.regions.paste("image\ncircle(9,8,3)\n")
    table.view.set_marker(3.0, 4.0)
    names = ("send-image", "send-regions", "take-regions", "add-regions", "send-cursor",
             "take-cursor", "check")  # fmt: skip
    for count, name in enumerate(names, 1):
        table.actions.action(f"exchange.{name}").trigger()
        until(qtbot, table, lambda: table.told("warning"))
        until(qtbot, table, lambda count=count: table.bench.problems.entries()[-1].count == count)
    assert table.told("warning") == ["No DS9 answers by XPA."]
    assert table.told("error") == []


def test_keys_send_and_take_the_crosshair(table, qtbot, xpa) -> None:
    xpa.answer("fits size", f"{COLUMNS} {ROWS}")
    xpa.answer("crosshair image", "10.25 7.5")
    modifiers = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
    table.window.activateWindow()
    qtbot.waitUntil(table.window.isActiveWindow)
    qtbot.keyClick(table.window, Qt.Key.Key_X, modifiers)
    until(qtbot, table, lambda: table.view.marker == (9.25, 6.5))
    qtbot.keyClick(table.window, Qt.Key.Key_V, modifiers)
    until(qtbot, table, lambda: table.told("notice"))
    assert any("crosshair 10.250000000 7.500000000 image" in order for order in xpa.orders)


def test_a_place_out_of_sight_is_brought_into_view(table, qtbot) -> None:
    table.view.set_zoom(64.0)
    moves: list[object] = []
    table.view.cursorMoved.connect(lambda x, y: moves.append((x, y)))
    table.exchange.pointed.emit(0.25, 0.75)
    seen = table.view.projection.viewport()
    assert seen.left <= 0.75 <= seen.right
    assert seen.bottom <= 1.25 <= seen.top
    assert table.view.marker == (0.25, 0.75)
    assert moves == [(0, 1)]


def test_no_crosshair_is_told(table, expected_log) -> None:
    table.actions.action("exchange.send-cursor").trigger()
    table.actions.action("exchange.samp-position").trigger()
    assert table.told("error") == ["The crosshair is not on the frame."]


def test_the_row_of_samp_stays_pressed_and_tells_its_state(table, qtbot, expected_log) -> None:
    row = table.actions.action("exchange.samp")
    assert table.text("samp") == "SAMP: not connected"
    with running_hub():
        row.trigger()
        assert row.isChecked()
        until(qtbot, table, lambda: table.text("samp") == "SAMP: connected")
        row.trigger()
        assert table.text("samp") == "SAMP: not connected"
        assert not row.isChecked()
        until(qtbot, table, lambda: not table.bench.engine._board.active())
    row.trigger()
    until(qtbot, table, lambda: table.told("warning"))
    assert table.text("samp") == "SAMP: waiting for a hub"
    assert row.isChecked()
