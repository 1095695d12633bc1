"""The dialog that starts a night looks again, and knows a night whose output is gone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from nightglass.core.mascara.night.check import Finding
from nightglass.core.mascara.night.request import NightRequest
from nightglass.core.mascara.settings import ReductionSettings
from nightglass.core.mascara.watching.snapshot import Alarm
from nightglass.core.workbench.night.preflight import Preflight
from nightglass.gui.controllers.night.launch import LaunchController
from nightglass.gui.main_window import MainWindow
from nightglass.gui.night.launch import start_dialog
from nightglass.gui.night.launch.start_dialog import StartDialog

from ...core.mascara.watching.made_night import made_snapshot

if TYPE_CHECKING:
    from nightglass.core.workbench import Workbench
    from pytestqt.qtbot import QtBot

REQUEST = NightRequest((Path("/data/raw"),), Path("/data/out"), is_live=True, idle_s=600.0)


def found(level: str) -> Preflight:
    finding = Finding(level, "The catalogue.")
    return Preflight((finding,), {"LPC": 30}, "20160130", "LaPalma", REQUEST.output, False)


def test_what_forbids_the_start_is_looked_at_until_it_is_mended(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(start_dialog, "AGAIN_MS", 5)
    dialog = StartDialog()
    qtbot.addWidget(dialog)
    answers = [found("trouble"), found("trouble"), found("good")]
    dialog.lookRequested.connect(lambda request, _: dialog.show_preflight(request, answers.pop(0)))
    dialog.show()
    dialog.show_request(REQUEST)
    qtbot.waitUntil(dialog.start_button.isEnabled)
    assert not answers
    # Nothing forbids it any more: nobody looks, else the list of answers would be too short.
    assert not dialog._found.trouble


@pytest.fixture
def window(qtbot: QtBot) -> MainWindow:
    made = MainWindow({}, "0")
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    return made


def test_a_night_whose_output_is_gone_is_asked_for_as_it_was(
    bench: Workbench, window: MainWindow, tmp_path: Path
) -> None:
    settings = ReductionSettings(min_observations=7)
    gone = Alarm("folder", "trouble", "The output folder is gone", "", "", "new")
    bench.night.snapshot = replace(
        made_snapshot(tmp_path), alarms=(gone,), settings=settings.model_dump(mode="json"),
        request={**REQUEST.as_json(), "config": "/data/out/settings.json"},
    )  # fmt: skip
    launch = LaunchController(bench, window)
    launch.rows()["night.start"](True)
    dialog = launch._start.dialog
    assert dialog.form.request(None) == replace(REQUEST, workers=2)
    assert dialog.settings_form.settings == settings
    launch.stop()
    bench.night.snapshot = None
