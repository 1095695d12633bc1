"""The panel of time stamps and the capture shown, kept in step."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from astropy.io import fits
from nightglass.core.settings import TimingConstant
from nightglass.gui.accounting import AccountingStrip
from nightglass.gui.controllers import exports
from nightglass.gui.controllers.exports import ExportController
from nightglass.gui.controllers.stamps import StampsController
from nightglass.gui.frame.tiles import FrameArea
from nightglass.gui.stamps import EMPTY_TEXT, StampsPanel
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QDockWidget, QMainWindow, QWidget

from ...core.workbench.night import BUNDLES, OTHER, written

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from nightglass.core.workbench import Workbench


class Table:
    """A window with the panel in a dock behind the tab of another one."""

    def __init__(self, bench: Workbench) -> None:
        self.bench = bench
        self.window = QMainWindow()
        self.window.resize(1000, 500)
        self.panel = StampsPanel()
        self.dock, self.other = QDockWidget(self.window), QDockWidget(self.window)
        self.dock.setWidget(self.panel)
        self.other.setWidget(QWidget())
        for dock in (self.dock, self.other):
            self.window.addDockWidget(Qt.DockWidgetArea.BottomDockWidgetArea, dock)
        self.window.tabifyDockWidget(self.dock, self.other)
        self.controller = StampsController(bench, self.panel, self.window)
        self.dock.visibilityChanged.connect(self.controller.set_seen)
        self.sheets: list[object] = []
        show = self.panel.set_sheet
        self.panel.set_sheet = lambda sheet: (self.sheets.append(sheet), show(sheet))

    @property
    def facts(self) -> dict[str, str]:
        return {key: label.whole for key, label in self.panel.facts.items()}


@pytest.fixture
def table(qtbot, bench) -> Iterator[Table]:
    made = Table(bench)
    qtbot.addWidget(made.window)
    with qtbot.waitExposed(made.window):
        made.window.show()
    made.dock.raise_()
    qtbot.waitUntil(lambda: made.controller._is_seen)
    yield made
    made.controller.stop()


@pytest.fixture
def holed(tmp_path: Path) -> Path:
    """Three cubes, the second of which is not there."""
    folder = written(tmp_path / "holed")
    sorted(folder.iterdir())[1].unlink()
    return folder


def test_what_the_stamps_of_an_opened_capture_tell_is_shown(table, qtbot, holed) -> None:
    assert table.panel.empty.text == EMPTY_TEXT
    table.bench.open([holed])
    qtbot.waitUntil(lambda: table.facts["missing"] == "▲ cube 2")
    assert table.facts["lost"] == f"▲ {BUNDLES} in 1 gap"
    assert table.facts["quality"] == "✓ GPS"
    assert table.facts["constant"].startswith("4.6 ms: half the exposure (2.5 ms)")


def test_a_gap_chosen_is_the_frame_shown(table, qtbot, holed) -> None:
    table.bench.open([holed])
    qtbot.waitUntil(lambda: table.panel.model.rowCount() == 1)
    table.panel.table.selectRow(0)
    qtbot.keyClick(table.panel.table, Qt.Key.Key_Return)
    assert table.bench.session.view.frame == BUNDLES - 1


def test_a_panel_that_nobody_sees_is_left_alone_and_caught_up_when_seen(
    table, qtbot, holed
) -> None:
    table.other.raise_()
    qtbot.waitUntil(lambda: not table.controller._is_seen)
    table.bench.open([holed])
    assert not table.controller._refresh._timer.isActive()
    assert table.sheets == []
    table.dock.raise_()
    qtbot.waitUntil(lambda: table.facts["missing"] == "▲ cube 2")


def test_a_capture_that_grows_quickly_is_shown_twice_a_second(table, qtbot, holed) -> None:
    table.bench.open([holed])
    qtbot.waitUntil(lambda: not table.controller._refresh._timer.isActive())
    table.sheets.clear()
    for _ in range(1000):
        table.bench.desk.grown.emit(table.bench.capture.key)
    assert len(table.sheets) == 1
    qtbot.waitUntil(lambda: not table.controller._refresh._timer.isActive())
    assert len(table.sheets) == 2


def test_another_capture_growing_changes_nothing(table, qtbot, holed) -> None:
    table.bench.open([holed])
    qtbot.waitUntil(lambda: not table.controller._refresh._timer.isActive())
    table.sheets.clear()
    table.bench.desk.grown.emit("another")
    assert not table.controller._refresh._timer.isActive()
    assert table.sheets == []


def test_the_sheet_follows_the_capture_shown_until_none_is(table, qtbot, tmp_path, holed):
    table.bench.open([holed])
    qtbot.waitUntil(lambda: table.facts["missing"] == "▲ cube 2")
    table.bench.open([written(tmp_path / "vela", OTHER)])
    qtbot.waitUntil(lambda: table.facts["missing"] == "✓ none")
    table.bench.desk.close_all()
    qtbot.waitUntil(table.panel.empty.isVisible)
    assert table.panel.empty.text == EMPTY_TEXT


def test_an_image_of_another_kind_is_said_to_have_no_stamps(table, qtbot, tmp_path) -> None:
    fits.PrimaryHDU(np.ones((5, 6), np.float32)).writeto(tmp_path / "sky.fits")
    table.bench.open([tmp_path / "sky.fits"])
    qtbot.waitUntil(lambda: table.panel.empty.text == "sky.fits has no time stamps of the camera.")


def test_stamps_not_balanced_yet_are_waited_for(table, qtbot, holed, monkeypatch) -> None:
    monkeypatch.setattr(table.bench.desk, "draw_up", lambda capture: None)
    table.bench.open([holed])
    name = table.bench.capture.source.name
    wanted = f"The time stamps of {name} are being checked."
    qtbot.waitUntil(lambda: table.panel.empty.text == wanted)


def test_another_constant_term_is_shown_at_once(table, qtbot, holed) -> None:
    table.bench.open([holed])
    constant = TimingConstant(readout_fraction=0.0, exposure_fraction=0.0, offset_s=0.25)
    table.bench.use_settings(table.bench.settings.changed(timing_constant=constant))
    qtbot.waitUntil(lambda: table.facts["constant"] == "250 ms: offset (250 ms)")


def test_save_asks_for_a_name_and_writes_the_table(
    table, qtbot, holed, tmp_path, monkeypatch
) -> None:
    asked = []

    def choose(parent, title, place, kinds):
        asked.append(place)
        return (str(tmp_path / "mine"), kinds)

    monkeypatch.setattr(exports.QFileDialog, "getSaveFileName", choose)
    area = FrameArea()
    qtbot.addWidget(area)
    files = ExportController(table.bench, area, table.window)
    table.panel.saveRequested.connect(files.ask_for_table)
    table.bench.use_settings(table.bench.settings.changed(export_folder=tmp_path))
    table.bench.open([holed])
    qtbot.waitUntil(table.panel.save_button.isVisible)
    qtbot.mouseClick(table.panel.save_button, Qt.MouseButton.LeftButton)
    assert asked == [str(tmp_path / "crab_20251210_001500_frames.csv")]
    lines = (tmp_path / "mine.csv").read_text(encoding="utf-8").splitlines()
    assert sum(line[0].isdigit() for line in lines) == 2 * BUNDLES
    (note,) = [one for one in table.bench.problems.entries() if one.title == "Saved"]
    assert note.text == "mine.csv is written."


def test_a_name_not_given_writes_nothing(table, qtbot, holed, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(exports.QFileDialog, "getSaveFileName", lambda *_: ("", ""))
    area = FrameArea()
    qtbot.addWidget(area)
    table.bench.open([holed])
    before = sorted(tmp_path.rglob("*"))
    ExportController(table.bench, area, table.window).ask_for_table()
    assert sorted(tmp_path.rglob("*")) == before


def test_a_click_on_the_lost_frames_asks_for_their_list(qtbot) -> None:
    strip = AccountingStrip()
    qtbot.addWidget(strip)
    strip.resize(1200, 30)
    with qtbot.waitExposed(strip):
        strip.show()
    clicks = []
    strip.lostClicked.connect(lambda: clicks.append(1))
    lost, counted = strip._numbers["lost"], strip._numbers["counted"]
    assert lost.cursor().shape() == Qt.CursorShape.PointingHandCursor
    qtbot.mouseClick(counted, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(lost, Qt.MouseButton.RightButton)
    qtbot.mouseRelease(lost, Qt.MouseButton.LeftButton, pos=lost.rect().bottomRight() * 3)
    assert clicks == []
    qtbot.mouseClick(lost, Qt.MouseButton.LeftButton)
    assert clicks == [1]
