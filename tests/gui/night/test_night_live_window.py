"""A whole live night at twenty times the pace, from the start to the report, by the keyboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from nightglass.gui.controllers.night import report
from nightglass.gui.night.launch.start_dialog import StartDialog
from PyQt6.QtCore import Qt
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication, QLineEdit, QMessageBox

from .night_at_work import FIRST, Reduction, Watcher, simulate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from ..desktop import Desktop

# Menus come up above the window, which the offscreen platform cannot do.
pytestmark = [
    pytest.mark.slow,
    pytest.mark.expected_log,
    pytest.mark.qt_log_ignore("This plugin does not support"),
]
CTRL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
NONE = Qt.KeyboardModifier.NoModifier
FRAMES, SPEED, IDLE_S = 170, 20, 10


@pytest.fixture
def live(tmp_path: Path) -> Iterator[Reduction]:
    """Cameras that write now."""
    raw = tmp_path / "raw"
    made = Reduction((raw,), tmp_path / "products")
    cameras = simulate(raw, FRAMES, "--start", FIRST, "--live", SPEED)
    yield made
    cameras.kill()
    cameras.wait()
    made.end()


class Hands:
    """An observer without a mouse."""

    def __init__(self, desktop: Desktop) -> None:
        self._desktop = desktop

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
        """Press a key in the window, dialog or menu in front."""
        front = QApplication.activePopupWidget() or QApplication.focusWidget()
        QTest.keyClick(front or self._desktop.window, key, modifiers)

    def type(self, text: str) -> None:
        QTest.keyClicks(QApplication.focusWidget(), text)

    def replace(self, text: str) -> None:
        """Type over what is in the line."""
        self.press(Qt.Key.Key_A, CTRL)
        self.type(text)

    def come_back(self) -> None:
        """As a window manager does when a dialog is gone."""
        self._desktop.window.activateWindow()
        self._desktop.wait(lambda: QApplication.activeWindow() is self._desktop.window)

    def choose(self, letter: str) -> None:
        """Choose an entry of the menu Night by its letter."""
        self.come_back()
        self.press(Qt.Key.Key_N, ALT)
        self._desktop.wait(lambda: QApplication.activePopupWidget() is not None)
        self.press(Qt.Key(ord(letter)))
        self._desktop.wait(lambda: QApplication.activePopupWidget() is None)


def test_a_live_night_from_start_to_report_by_the_keyboard(
    live: Reduction, start: Callable[..., Desktop], monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(
        report.QDesktopServices, "openUrl", lambda url: not opened.append(url.toLocalFile())
    )
    desktop = start()
    hands, watcher = Hands(desktop), Watcher(desktop)
    hands.press(Qt.Key.Key_2, CTRL)
    desktop.wait(lambda: desktop.window.workspace == "mascara")
    launch_by_keys(desktop, hands, live)
    watcher.wait_long(lambda: desktop.bench.night.snapshot and live.is_driven)

    see_it_move(watcher, live)
    find_a_star(desktop, hands, live)

    hands.press(Qt.Key.Key_H, CTRL | ALT)
    panel = desktop.running.night.launch.panel
    desktop.wait(lambda: panel.state.text() == "paused")
    hands.choose("S")
    desktop.wait(lambda: panel.state.text() == "running")
    hands.choose("O")
    desktop.wait(lambda: isinstance(QApplication.activeWindow(), QMessageBox))
    hands.press(Qt.Key.Key_S, ALT)
    desktop.wait(lambda: QApplication.activeModalWidget() is None)
    hands.come_back()
    watcher.wait_long(lambda: panel.state.text() == "stopped")
    watcher.is_told("The night is not finished")
    hands.choose("S")
    watcher.wait_long(lambda: panel.state.text() == "finished")
    desktop.wait(lambda: not watcher.words)
    assert {one["received"] for one in live.records if one["kind"] == "unit"} >= {50}

    hands.choose("R")
    desktop.wait(lambda: opened)
    assert opened == [str(live.layout.report)]
    assert "LPE" in live.layout.report.read_text()


def launch_by_keys(desktop: Desktop, hands: Hands, live: Reduction) -> None:
    """Fill in the dialog and start."""
    desktop.wait((live.raw[0] / "catalogue.csv").exists, 60_000)
    hands.come_back()
    hands.press(Qt.Key.Key_B, CTRL | ALT)
    desktop.wait(lambda: isinstance(QApplication.activeWindow(), StartDialog))
    dialog = QApplication.activeWindow()
    assert isinstance(QApplication.focusWidget(), QLineEdit)
    hands.type(str(live.raw[0]))
    hands.press(Qt.Key.Key_U, ALT)
    hands.replace(str(live.output))
    hands.press(Qt.Key.Key_W, ALT)
    desktop.wait(dialog.form.idle.isEnabled)
    hands.press(Qt.Key.Key_I, ALT)
    hands.replace(str(IDLE_S))
    assert dialog.form.idle.value() == IDLE_S
    desktop.wait(dialog.start_button.isEnabled)
    assert dialog.form.live.isChecked()
    hands.press(Qt.Key.Key_Return)
    desktop.wait(lambda: not dialog.isVisible())
    hands.come_back()


def see_it_move(watcher: Watcher, live: Reduction) -> None:
    """Each tile changes again and again, and batch after batch is done in the grid."""
    watch = watcher.desktop.running.night.watch
    told: dict[str, set[str]] = {"LPE": set(), "LPN": set()}
    done: set[int] = set()
    pictures: set[bytes] = set()

    def look() -> bool:
        for camera, tile in watch.tiles.tiles.items():
            told[camera].add(tile.accessibleDescription())
        grid = watcher.desktop.bench.night.snapshot.grid
        done.add(sum(cell.state == "done" for row in grid.values() for cell in row))
        pictures.add(picture_of(watch.grid.view))
        return min(map(len, told.values())) > 5 and max(done) > 1

    watcher.wait_long(look)
    assert len(pictures) > 2
    assert live.is_driven


def picture_of(widget: object) -> bytes:
    image = widget.grab().toImage()
    return image.constBits().asstring(image.sizeInBytes())


def find_a_star(desktop: Desktop, hands: Hands, live: Reduction) -> None:
    """Type a number, and walk on to the next star, while frames come."""
    hands.press(Qt.Key.Key_Slash)
    page = desktop.running.night.pages["curves"].page
    desktop.wait(lambda: QApplication.focusWidget() is page.list.search)
    desktop.wait(lambda: desktop.bench.night.stars is not None and len(desktop.bench.night.stars))
    ascc = int(desktop.bench.night.stars.ascc[0])
    hands.type(str(ascc))
    hands.press(Qt.Key.Key_Return)
    desktop.wait(lambda: page.panel.curve is not None and page.panel.curve.ascc == ascc)
    assert len(page.panel.curve.points) > 0
    hands.press(Qt.Key.Key_Escape)
    desktop.wait(lambda: page.list.model.rowCount() > 1)
    hands.press(Qt.Key.Key_Down)
    desktop.wait(lambda: page.panel.curve is not None and page.panel.curve.ascc != ascc)
    assert len(page.panel.curve.points) > 0
    assert desktop.bench.night.snapshot.status.state == "running"
