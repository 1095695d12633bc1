"""The dialog of a command, by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from nightglass.gui.products.checks import EXISTS
from nightglass.gui.products.dialog import ProductDialog
from nightglass.gui.products.forms import FORMS, IMAGE, LIGHT_CURVE, ONOFF
from PyQt6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PyQt6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication, QFileDialog

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

LEFT = Qt.MouseButton.LeftButton
FILES = {"--input": "/data/a.fits", "--output": "/data/b.fits"}


@pytest.fixture
def shown(qtbot: QtBot) -> Callable[..., ProductDialog]:
    def show(form, **values: str) -> ProductDialog:
        made = ProductDialog(form)
        qtbot.addWidget(made)
        made.prefill(FILES | {f"--{name}": value for name, value in values.items()})
        with qtbot.waitExposed(made):
            made.show()
        return made

    return show


def typed(dialog: ProductDialog, option: str, text: str) -> None:
    line = dialog.editor(option).line
    line.selectAll()
    QTest.keyClicks(line, text) if text else QTest.keyClick(line, Qt.Key.Key_Delete)


@pytest.mark.parametrize("key", FORMS)
def test_every_dialog_opens_within_the_smallest_window(shown, key: str) -> None:
    dialog = shown(FORMS[key])
    assert dialog.windowTitle() == FORMS[key].title
    assert dialog.width() <= 1100
    assert dialog.height() <= 700
    assert not dialog.isModal()


def test_the_command_line_follows_what_is_entered(shown) -> None:
    dialog = shown(IMAGE)
    typed(dialog, "--smooth", "1.5")
    QTest.mouseClick(
        dialog.editor("--wcs").box, LEFT, pos=dialog.editor("--wcs").box.rect().center()
    )
    QTest.mouseClick(dialog.copy_button, LEFT)
    clipboard = QGuiApplication.clipboard()
    assert clipboard.text() == dialog.command.text()
    assert dialog.command.text().startswith("nightglass image --input /data/a.fits")
    assert "--smooth 1.5" in dialog.command.text()


def test_run_gives_the_words(shown, qtbot: QtBot) -> None:
    dialog = shown(IMAGE)
    assert dialog.state.whole == "Ready to run."
    with qtbot.waitSignal(dialog.runRequested) as got:
        QTest.mouseClick(dialog.run_button, LEFT)
    assert got.args == [("image", "--input", "/data/a.fits", "--output", "/data/b.fits")]


def test_enter_runs_and_escape_closes(shown, qtbot: QtBot) -> None:
    dialog = shown(IMAGE)
    with qtbot.waitSignal(dialog.runRequested):
        QTest.keyClick(dialog.editor("--smooth").line, Qt.Key.Key_Return)
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_the_reason_is_told_while_it_cannot_run(shown, qtbot: QtBot) -> None:
    dialog = shown(LIGHT_CURVE)
    assert not dialog.run_button.isEnabled()
    assert dialog.state.whole == "Choose a region file."
    assert dialog.fault("--roi") == ""
    typed(dialog, "--roi", "/data/a.reg")
    assert dialog.state.whole == "Choose the par file of the pulsar."
    typed(dialog, "--bins", "many")
    assert dialog.fault("--bins") == "A whole number, please."
    assert dialog.state.whole == "Phase bins: a whole number, please."
    assert dialog.editor("--bins").line.property("cue") == "bad"
    typed(dialog, "--bins", "16")
    typed(dialog, "--eph", "/data/a.par")
    assert dialog.run_button.isEnabled()
    assert dialog.editor("--bins").line.property("cue") == ""


def test_the_keyboard_begins_at_what_is_missing(shown, qtbot: QtBot) -> None:
    dialog = shown(LIGHT_CURVE)
    dialog.activateWindow()
    qtbot.waitUntil(dialog.editor("--roi").line.hasFocus)


def test_files_are_asked_about_and_told(shown, qtbot: QtBot) -> None:
    dialog = shown(IMAGE)
    with qtbot.waitSignal(dialog.lookRequested) as got:
        typed(dialog, "--flat", "/data/flat.fits")
    # Asked once, when the typing is over: half a path is no news.
    assert {"/data/a.fits", "/data/b.fits", "/data", "/data/flat.fits"} == got.args[0]
    dialog.set_seen({"/data/b.fits": "file", "/data/flat.fits": "absent", "/data": "folder"})
    assert dialog.fault("--output") == EXISTS
    assert not dialog.editor("--output").line.property("cue")
    assert dialog.fault("--flat").startswith("This file is not there")
    assert not dialog.run_button.isEnabled()
    typed(dialog, "--flat", "")
    QTest.mouseClick(dialog.editor("--clobber").box, LEFT)
    assert dialog.fault("--output") == ""
    assert dialog.run_button.isEnabled()
    assert "--clobber" in dialog.words


def test_more_options_are_out_of_sight_until_asked_for_or_wrong(shown) -> None:
    dialog = shown(IMAGE)
    assert not dialog.editor("--compat").isVisible()
    where = dialog.editor("--input").x()
    QTest.mouseClick(dialog.lines.more, LEFT)
    assert dialog.editor("--compat").isVisible()
    assert dialog.editor("--input").x() == where
    QTest.mouseClick(dialog.lines.more, LEFT)
    assert not dialog.editor("--compat").isVisible()
    dialog.prefill(FILES | {"--gain": "-1"})
    assert dialog.editor("--gain").isVisible()
    assert dialog.fault("--gain") == "At least 0.001."


def test_what_the_observer_entered_survives_a_new_filling_in(shown, qtbot: QtBot) -> None:
    dialog = shown(IMAGE)
    typed(dialog, "--output", "/data/mine.fits")
    typed(dialog, "--smooth", "2")
    dialog.close()
    dialog.prefill({"--input": "/data/other.fits", "--output": "/data/c.fits"})
    values = dialog.lines.values()
    assert (values["--input"], values["--output"], values["--smooth"]) == (
        "/data/other.fits", "/data/mine.fits", "2",
    )  # fmt: skip
    dialog.show()
    with qtbot.waitSignal(dialog.resetRequested):
        QTest.mouseClick(dialog.reset_button, LEFT)
    dialog.prefill({"--input": "/data/other.fits", "--output": "/data/c.fits"})
    assert dialog.lines.values()["--output"] == "/data/c.fits"
    assert dialog.lines.values()["--smooth"] == ""


def test_on_and_off_phases_have_a_line_each(shown) -> None:
    dialog = shown(ONOFF, eph="/data/a.par")
    editor = dialog.editor("--range")
    QTest.keyClicks(editor.on, "0.9:0.1")
    assert dialog.state.whole == "Give the on and the off phases."
    QTest.keyClicks(editor.off, "0.3:0.6")
    assert dialog.words[dialog.words.index("--range") + 1] == "0.9:0.1,0.3:0.6"
    assert dialog.run_button.isEnabled()


def test_a_file_is_chosen(shown, monkeypatch: pytest.MonkeyPatch) -> None:
    dialog = shown(IMAGE)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_, **__: ("/else/cube.fits", ""))
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_, **__: ("/else/out", ""))
    QTest.mouseClick(dialog.editor("--bias").button, LEFT)
    QTest.mouseClick(dialog.editor("--output").button, LEFT)
    assert dialog.lines.values()["--bias"] == "/else/cube.fits"
    assert dialog.lines.values()["--output"] == "/else/out.fits"
    assert dialog.is_touched("--bias")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_, **__: ("", ""))
    QTest.mouseClick(dialog.editor("--bias").button, LEFT)
    assert dialog.lines.values()["--bias"] == "/else/cube.fits"


def test_a_file_is_dropped_on_its_line(shown) -> None:
    dialog = shown(IMAGE)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile("/else/dark cube.fits")])
    line, copies = dialog.editor("--dark").line, Qt.DropAction.CopyAction
    buttons, keys = LEFT, Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(line, QDragEnterEvent(QPoint(5, 5), copies, data, buttons, keys))
    QApplication.sendEvent(line, QDropEvent(QPointF(5, 5), copies, data, buttons, keys))
    assert dialog.lines.values()["--dark"] == "/else/dark cube.fits"
    assert dialog.is_touched("--dark")


def test_while_it_runs_the_button_stops_it(shown, qtbot: QtBot) -> None:
    dialog = shown(IMAGE)
    dialog.show_running(True, "Running: b.fits")
    assert dialog.run_button.text() == "Stop"
    with qtbot.waitSignal(dialog.stopRequested):
        QTest.mouseClick(dialog.run_button, LEFT)
    dialog.show_running(False, "Stopped.")
    assert dialog.run_button.text() == "Run"
    assert dialog.state.whole == "Stopped."
    typed(dialog, "--smooth", "3")
    assert dialog.state.whole == "Ready to run."
