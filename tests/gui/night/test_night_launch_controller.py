"""Nights are started, driven and offered again from the window."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from nightglass.core.errors import NightglassError
from nightglass.core.mascara.settings import ReductionSettings
from nightglass.core.workbench.night.desk import NightDesk
from nightglass.core.workbench.night.remembered import RememberedNight
from nightglass.gui.controllers.night.launch import LaunchController, worth_offering
from nightglass.gui.main_window import MainWindow
from nightglass.gui.night.launch.choose_dialog import ChooseDialog
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QMessageBox

from ...core.workbench.night_desk.made_journal import beat, end, header, unit, write

NOW = datetime(2016, 1, 31, 12, tzinfo=UTC)


@pytest.fixture
def told(monkeypatch):
    """What the desk is told to do; it does nothing."""
    told = []
    for name in ("watch", "start", "resume", "order", "retry", "mark"):
        monkeypatch.setattr(
            NightDesk, name,
            lambda _, *args, _name=name, **words: told.append((_name, *args, *words.values())),
        )  # fmt: skip
    return told


@pytest.fixture
def window(qtbot):
    made = MainWindow({}, "0")
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    return made


@pytest.fixture
def launch(bench, window, told):
    made = LaunchController(bench, window)
    window.night_panel.hold(made.make(), made.panel)
    yield made
    made.stop()


def standing(output, state="running", records=None):
    return SimpleNamespace(
        output=output, is_running=state in {"running", "paused"}, records=records or {},
        status=SimpleNamespace(night="20160130", site="LaPalma", state=state, cameras=()),
    )  # fmt: skip


def remembered(state, hours_ago=1.0, name="n"):
    is_running = state in {"running", "paused"}
    when = NOW - timedelta(hours=hours_ago)
    return RememberedNight(Path(f"/data/{name}"), "20160130", "LaPalma", state, is_running, when)


def run(launch, key):
    launch.rows()[key](True)


def test_a_night_that_runs_is_offered_before_one_that_ended_early():
    nights = (remembered("interrupted", name="a"), remembered("running", name="b"))
    assert worth_offering(nights, NOW).output == Path("/data/b")
    assert worth_offering(nights[:1], NOW).output == Path("/data/a")


def test_finished_and_old_nights_are_not_offered():
    nights = (remembered("finished"), remembered("interrupted", 50.0), remembered("missing"))
    assert worth_offering(nights, NOW) is None


def test_at_the_start_a_night_that_ended_early_is_offered(
    launch, bench, window, tmp_path, told, qtbot
):
    at_s = datetime.now(UTC).timestamp()
    output = write(tmp_path / "out", header(), beat(at_s))
    bench.keep(bench.settings.changed(recent_nights=[str(output)]))
    launch.offer()
    (toast,) = window.toasts.toasts
    assert toast.problem.title == "A night is not finished"
    assert str(output) in toast.problem.text
    qtbot.mouseClick(toast.buttons["resume"], Qt.MouseButton.LeftButton)
    assert told == [("watch", output), ("resume",)]
    assert window.workspace == "mascara"


def test_a_night_of_the_list_is_watched(launch, bench, tmp_path, told):
    output = write(tmp_path / "out", header(), end())
    bench.keep(bench.settings.changed(recent_nights=[str(output)]))
    launch.show_snapshot(None)
    launch._look_at_nights()
    launch.panel.nights.clicked.emit(launch.panel.nights.nights.index(0))
    assert told == [("watch", output)]


def test_go_on_lifts_a_pause_and_starts_what_has_ended(launch, bench, told):
    bench.night.snapshot = standing(Path("/data/n"), "paused")
    run(launch, "night.resume")
    bench.night.snapshot = standing(Path("/data/n"), "stopped")
    run(launch, "night.resume")
    run(launch, "night.pause")
    assert told == [("order", "resume"), ("resume",), ("order", "pause")]


def test_stop_asks_first(launch, bench, window, told, qtbot):
    bench.night.snapshot = standing(Path("/data/n"))
    run(launch, "night.stop")
    (question,) = window.findChildren(QMessageBox)
    assert told == []
    button = next(one for one in question.buttons() if one.text() == "&Stop it")
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert told == [("order", "stop")]


@pytest.mark.parametrize("key", ["night.stop", "night.retry", "night.mark"])
def test_orders_without_a_night_are_refused_in_words(launch, key):
    with pytest.raises(NightglassError, match="No night is watched"):
        run(launch, key)


def test_a_failed_unit_is_made_again(launch, bench, window, told, qtbot):
    records = {one["unit"]: one for one in (unit(1), unit(2, state="failed"))}
    bench.night.snapshot = standing(Path("/data/n"), records=records)
    run(launch, "night.retry")
    (dialog,) = window.findChildren(ChooseDialog)
    assert [one.key for one in dialog.names.shown] == ["LPC-00000002"]
    qtbot.mouseClick(dialog.buttons["retry"], Qt.MouseButton.LeftButton)
    assert told == [("retry", "LPC-00000002")]


def test_a_frame_of_the_journal_is_left_out(launch, bench, window, told, qtbot, tmp_path):
    bench.night.snapshot = standing(write(tmp_path / "out", header(), unit(1)))
    run(launch, "night.mark")
    (dialog,) = window.findChildren(ChooseDialog)
    qtbot.keyClicks(dialog.search, "1b")
    qtbot.mouseClick(dialog.buttons["mark"], Qt.MouseButton.LeftButton)
    assert told == [("mark", "1b.fits", True)]


def test_a_night_is_started_by_keys_alone(launch, bench, window, told, qtbot, tmp_path):
    raw, output = tmp_path / "raw", tmp_path / "out"
    raw.mkdir()
    (raw / "catalogue.csv").write_text("", encoding="utf-8")
    run(launch, "night.start")
    dialog = launch._start.dialog
    qtbot.waitUntil(dialog.isActiveWindow)
    qtbot.keyClicks(dialog.focusWidget(), str(raw))
    qtbot.keyClick(dialog, Qt.Key.Key_U, Qt.KeyboardModifier.AltModifier)
    qtbot.keyClicks(dialog.focusWidget(), str(output))
    qtbot.keyClick(dialog, Qt.Key.Key_W, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(dialog.form.live.isChecked)
    qtbot.keyClick(dialog, Qt.Key.Key_R, Qt.KeyboardModifier.AltModifier)
    assert dialog.form.raw.rows[0].line.hasFocus()
    qtbot.waitUntil(lambda: dialog.reason == "")
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    ((verb, request, settings),) = told
    assert (verb, request.raw, request.output) == ("start", (raw,), output)
    assert request.is_live
    assert settings == ReductionSettings()


def test_settings_are_written_to_a_file_and_taken_from_one(launch, tmp_path):
    run(launch, "night.start")
    start = launch._start
    form, path = start.dialog.settings_form, tmp_path / "mine.json"
    form.rows["darks"].editor.line.setText("12")
    start.save(path)
    assert form.file.whole == str(path)
    form.reset_button.click()
    start.open(path)
    assert form.settings == ReductionSettings(darks=12)
    path.write_text('{"darks": 0}', encoding="utf-8")
    start.open(path)
    assert "darks" in form.together.text()
    assert form.settings == ReductionSettings(darks=12)
