"""A reduction is started as a process of its own, and its refusal told."""

from __future__ import annotations

import json
import os
import signal
import sys
from contextlib import closing

import pytest
from nightglass.core.errors import NightglassError
from nightglass.core.mascara.night.lock import DriverLock
from nightglass.core.mascara.night.request import NightRequest
from nightglass.core.mascara.settings import ReductionSettings, load_settings
from nightglass.core.workbench.night import launch as launching
from nightglass.core.workbench.night.launch import launch, program, words_of
from nightglass.core.workbench.night.remembered import look_at

from ...mascara.night.small_night import simulated
from .made_journal import header, write

REFUSED = "import sys; print('nightglass: No such catalogue: it is away.'); sys.exit(2)"


@pytest.fixture
def raw(tmp_path):
    folder = tmp_path / "raw"
    folder.mkdir()
    return folder


@pytest.fixture
def runs(monkeypatch):
    """Have another program run in place of the reduction."""

    def runs(text):
        monkeypatch.setattr(launching, "program", lambda: [sys.executable, "-c", text])

    return runs


def ended(launched):
    """Wait until a process has ended, and leave its end to be asked for."""
    os.waitid(os.P_PID, launched.pid, os.WEXITED | os.WNOWAIT)
    return launched


def test_the_command_says_all_of_the_request(tmp_path):
    request = NightRequest(
        (tmp_path / "a", tmp_path / "b"), tmp_path / "out", ("C", "E"), tmp_path / "stars.csv",
        tmp_path / "other.json", 3, is_live=True, idle_s=600.0, resume=True,
    )  # fmt: skip
    words = words_of(request, tmp_path / "own.json")
    assert words == [
        "night", "reduce", f"{tmp_path}/a", f"{tmp_path}/b", "--output", f"{tmp_path}/out",
        "--workers", "3", "--camera", "C,E", "--catalogue", f"{tmp_path}/stars.csv",
        "--config", f"{tmp_path}/own.json", "--live", "--idle", "600", "--resume",
    ]  # fmt: skip
    shortest = words_of(NightRequest((tmp_path,), tmp_path / "out"), None)
    assert shortest[2:] == [str(tmp_path), "--output", f"{tmp_path}/out", "--workers", "2"]


def test_the_cameras_of_a_station_are_named_by_their_ids(tmp_path):
    request = NightRequest((tmp_path,), tmp_path / "out", ("C",), station="LP")
    assert "LPC" in words_of(request, None)
    every = NightRequest((tmp_path,), tmp_path / "out", station="LP")
    assert "LPN,LPE,LPS,LPW,LPC" in words_of(every, None)


def test_a_frozen_program_starts_itself(monkeypatch):
    assert program()[1:] == ["-P", "-m", "nightglass"]
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert program() == [sys.executable]


def test_the_process_leads_a_session_and_its_words_are_kept(raw, tmp_path, runs):
    runs("import os, sys; print(os.getsid(0) == os.getpid(), sys.argv[1:3])")
    launched = ended(launch(NightRequest((raw,), tmp_path / "out"), ReductionSettings()))
    assert launched.log.read_text(encoding="utf-8") == "True ['night', 'reduce']\n"
    assert launched.failure() is None


def test_a_refusal_is_told_in_its_own_sentence(raw, tmp_path, runs):
    runs(REFUSED)
    error = ended(launch(NightRequest((raw,), tmp_path / "out"), ReductionSettings())).failure()
    assert (error.title, error.text) == ("No such catalogue", "it is away.")
    assert error.path == str(tmp_path / "out" / "driver.log")


def test_only_words_of_this_run_are_told(raw, tmp_path, runs):
    runs(REFUSED)
    request = NightRequest((raw,), tmp_path / "out")
    ended(launch(request, ReductionSettings())).failure()
    runs("import sys; sys.exit(3)")
    error = ended(launch(request, ReductionSettings())).failure()
    assert error.title == "The reduction ended at once"
    assert error.text == "Its process ended with exit code 3."


def test_while_it_runs_nothing_is_known_and_that_it_was_killed_at_once_is_told(raw, tmp_path, runs):
    runs("import signal; signal.pause()")
    launched = launch(NightRequest((raw,), tmp_path / "out"), ReductionSettings())
    assert launched.failure() is None
    os.kill(launched.pid, signal.SIGKILL)
    assert ended(launched).failure().text == "Its process ended with signal 9."


def test_what_happens_after_the_night_has_begun_is_left_to_its_journal(raw, tmp_path, runs):
    output = tmp_path / "out"
    journal = output / "journal.jsonl"
    runs(f"import sys; open({str(journal)!r}, 'a').write('x'); sys.exit(1)")
    write(output, header())
    launched = ended(launch(NightRequest((raw,), output, resume=True), ReductionSettings()))
    assert launched.failure() is None


def test_settings_of_the_window_go_along_as_a_file(raw, tmp_path, runs):
    runs("import sys; print(sys.argv[sys.argv.index('--config') + 1])")
    settings = ReductionSettings(fast_limit_vmag=8.0)
    launched = ended(launch(NightRequest((raw,), tmp_path / "out"), settings))
    path = tmp_path / "out" / "settings.json"
    assert launched.log.read_text(encoding="utf-8").strip() == str(path)
    assert json.loads(path.read_text(encoding="utf-8")) == {"fast_limit_vmag": 8.0}
    assert load_settings(path) == settings


def test_a_file_that_says_the_same_is_passed_on(raw, tmp_path, runs):
    runs("import sys; print(sys.argv[1:])")
    config = tmp_path / "mine.json"
    config.write_text('{"fast_limit_vmag": 8.0}', encoding="utf-8")
    request = NightRequest((raw,), tmp_path / "out", config=config)
    launched = ended(launch(request, load_settings(config)))
    assert str(config) in launched.log.read_text(encoding="utf-8")
    again = ended(launch(request, ReductionSettings()))
    assert "--config" not in again.log.read_text(encoding="utf-8").splitlines()[-1]


def test_a_night_that_is_driven_is_not_started_again(raw, tmp_path, runs):
    runs("")
    output = tmp_path / "out"
    output.mkdir()
    with closing(DriverLock(output / "driver.lock")), pytest.raises(NightglassError) as told:
        launch(NightRequest((raw,), output, resume=True), ReductionSettings())
    assert told.value.title == "This night is being reduced already"


def test_what_cannot_be_is_refused_before_a_process_is_made(raw, tmp_path):
    with pytest.raises(NightglassError, match="no such raw folder"):
        launch(NightRequest((tmp_path / "away",), tmp_path / "out"), ReductionSettings())
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(NightglassError, match="has a file where a folder should be"):
        launch(NightRequest((raw,), tmp_path / "file"), ReductionSettings())


@pytest.mark.slow
def test_a_simulated_night_is_reduced_by_a_process_of_its_own(tmp_path):
    raw = simulated(tmp_path / "raw", 20)
    settings = ReductionSettings(min_observations=3)
    launched = ended(launch(NightRequest((raw,), tmp_path / "out"), settings))
    assert launched.failure() is None
    (night,) = look_at([tmp_path / "out"])
    assert (night.state, night.night, night.site) == ("finished", "20150218", "LaPalma")
