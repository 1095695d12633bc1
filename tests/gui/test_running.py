"""One run of the program: from the command line to the last thread."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from nightglass.core.engine.child import run_in_child
from nightglass.core.settings import Settings, load_settings, save_settings, settings_path
from PyQt6.QtCore import QTimer
from PyQt6.QtGui import QImage, QImageReader
from PyQt6.QtWidgets import QFileDialog

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from .desktop import Desktop

SIZE = (1600, 900)


def size_of(path: Path) -> tuple[int, int]:
    image = QImage(str(path))
    return image.width(), image.height()


# Trouble anywhere becomes one entry, and the window lives on


def is_alive(desktop: Desktop, night: Path) -> bool:
    desktop.open(night / "vela")
    desktop.act("frame.last")
    desktop.wait_for_picture()
    return desktop.view.frame == 59


@pytest.mark.expected_log
def test_an_exception_in_a_slot_is_one_problem(desktop: Desktop, night: Path) -> None:
    def fail() -> None:
        raise ValueError("in a slot")

    QTimer.singleShot(0, fail)
    desktop.wait(lambda: desktop.problems)
    (problem,) = desktop.problems
    assert "ValueError: in a slot" in problem.text
    assert "fail" in problem.details
    assert is_alive(desktop, night)
    assert len(desktop.problems) == 1


@pytest.mark.expected_log
def test_an_exception_in_a_listener_of_the_workbench_is_one_problem(crab: Desktop) -> None:
    def fail(*_: object) -> None:
        raise ValueError("in a listener")

    crab.bench.session.changed.connect(fail)
    crab.act("frame.next")
    crab.wait(lambda: crab.problems)
    (problem,) = crab.problems
    assert "ValueError: in a listener" in problem.text
    crab.bench.session.changed.disconnect(fail)
    crab.act("frame.last")
    crab.wait_for_picture()


@pytest.mark.expected_log
def test_an_exception_in_a_thread_is_one_problem(desktop: Desktop, night: Path) -> None:
    def fail() -> None:
        raise ValueError("in a thread")

    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()
    desktop.wait(lambda: desktop.problems)
    (problem,) = desktop.problems
    assert "ValueError: in a thread" in problem.text
    desktop.wait(lambda: desktop.window.toasts.toasts)
    assert desktop.window.toasts.toasts[0].problem.text == problem.text
    assert is_alive(desktop, night)


@pytest.mark.expected_log
def test_an_exception_in_a_job_is_one_problem(desktop: Desktop, night: Path) -> None:
    def fail(_: object) -> None:
        raise ValueError("in a job")

    desktop.bench.engine.submit(fail, title="Fail")
    desktop.wait(lambda: desktop.problems)
    (problem,) = desktop.problems
    assert "ValueError: in a job" in problem.text
    desktop.wait(lambda: any("failed" in text for text in desktop.window.problems.jobs.texts))
    assert is_alive(desktop, night)


@pytest.mark.expected_log
def test_an_exception_in_a_child_process_is_one_problem(desktop: Desktop, night: Path) -> None:
    def work(ctx: object) -> object:
        return run_in_child(ctx, "json:loads", {})

    desktop.bench.engine.submit(work, title="Ask a child")
    desktop.wait(lambda: desktop.problems)
    (problem,) = desktop.problems
    assert "TypeError: the JSON object must be str" in problem.text
    assert "in loads" in problem.details
    assert is_alive(desktop, night)


@pytest.mark.expected_log
def test_a_problem_is_shown_as_a_toast_and_counted_below(desktop: Desktop, tmp_path: Path) -> None:
    desktop.running.captures.open([tmp_path / "nothing.fits"])
    desktop.wait(lambda: desktop.problems)
    status = desktop.window.status
    desktop.wait(lambda: "1" in status.problems.text())
    status.problems.click()
    assert desktop.is_in_front("problems")
    desktop.wait(lambda: desktop.window.problems.problems.model.rowCount() == 1)
    desktop.window.problems.problems.clear_button.click()
    assert desktop.bench.problems.entries() == ()
    desktop.wait(lambda: status.problems.text() == "problems 0")


# Settings


@pytest.mark.expected_log
def test_a_corrupt_settings_file_opens_the_window_and_is_told(start, night: Path) -> None:
    settings_path().parent.mkdir(parents=True, exist_ok=True)
    settings_path().write_text('{"theme": "light", ')
    desktop = start()
    (problem,) = desktop.problems
    assert problem.severity == "warning"
    assert str(settings_path()) in problem.text
    backup = settings_path().with_name("settings.json.bak")
    assert backup.read_text() == '{"theme": "light", '
    assert is_alive(desktop, night)


@pytest.mark.expected_log
def test_one_bad_entry_falls_back_alone(start: Callable[..., Desktop]) -> None:
    settings_path().parent.mkdir(parents=True, exist_ok=True)
    settings_path().write_text('{"theme": "light", "saturation_adu": -3, "keys": {"a": "b"}}')
    desktop = start()
    assert desktop.is_checked("theme.light")
    assert desktop.bench.settings.saturation_adu == Settings().saturation_adu
    (problem,) = desktop.problems
    assert "saturation_adu" in problem.text


def test_settings_applied_in_the_dialog_are_in_the_file_and_in_the_next_run(
    start: Callable[..., Desktop], problems
) -> None:
    one = start()

    def edit(dialog: object) -> None:
        dialog.editor("adu_per_electron").show_value(2.5)
        dialog.editor("theme").show_value("light")
        dialog._validate()
        assert dialog._apply()

    one.in_dialog("edit.settings", edit)
    assert one.bench.settings.adu_per_electron == 2.5
    assert one.is_checked("theme.light")
    kept = load_settings(problems)
    assert (kept.adu_per_electron, kept.theme) == (2.5, "light")
    one.window.close()
    assert start().bench.settings.adu_per_electron == 2.5


def test_a_dialog_left_with_escape_changes_nothing(desktop: Desktop) -> None:
    before = desktop.bench.settings
    desktop.in_dialog("edit.settings", lambda dialog: dialog.editor("theme").show_value("red"))
    assert desktop.bench.settings == before
    assert not settings_path().exists()


@pytest.mark.expected_log
def test_settings_that_cannot_be_kept_are_one_problem(desktop, monkeypatch) -> None:
    def refuse(_: Settings) -> None:
        raise PermissionError(13, "Permission denied", "settings.json")

    monkeypatch.setattr("nightglass.gui.controllers.shell.save_settings", refuse)
    desktop.in_dialog("edit.settings", lambda dialog: dialog._apply())
    assert len(desktop.problems) == 1


# Files written


def test_the_view_is_saved_as_png_and_pdf(crab: Desktop, tmp_path: Path, monkeypatch) -> None:
    for name, chosen, written in (
        ("view.png", "PNG picture (*.png)", "view.png"),
        ("other", "PDF document (*.pdf)", "other.pdf"),
        ("third", "PNG picture (*.png)", "third.png"),
    ):
        answer = (str(tmp_path / name), chosen)
        monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_, answer=answer: answer)
        crab.act("file.save-view")
        path = tmp_path / written
        if written.endswith(".pdf"):
            content = path.read_bytes()
            assert content.startswith(b"%PDF-")
            assert content.rstrip().endswith(b"%%EOF")
        else:
            assert size_of(path) == (crab.area.width(), crab.area.height())
    assert crab.problems == ()


@pytest.mark.expected_log
def test_a_folder_that_is_gone_is_said_when_saving(crab: Desktop, tmp_path, monkeypatch) -> None:
    answer = (str(tmp_path / "gone" / "view.png"), "")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: answer)
    crab.act("file.save-view")
    (problem,) = crab.problems
    assert problem.title == "Could not save the view"
    assert problem.hint


def test_a_movie_is_asked_for_and_written(crab: Desktop, tmp_path: Path) -> None:
    import av

    crab.bench.transport.set_range(10, 29)

    def fill(dialog: object) -> None:
        assert "crab_20251210_001500" in dialog.path.text()
        dialog.path.setText(str(tmp_path / "crab"))
        dialog.step.setValue(2)
        dialog.fps.setValue(10)
        assert dialog._length.text() == "10 frames, 1.0 s"
        dialog.accept()

    crab.in_dialog("file.export-movie", fill)
    path = tmp_path / "crab.mp4"
    crab.wait(path.exists)
    with av.open(str(path)) as movie:
        assert sum(1 for _ in movie.decode(video=0)) == 10
    crab.wait(crab.is_idle)
    assert crab.problems == ()


# The end


def test_closing_while_everything_runs_leaves_no_thread(start, night: Path, tmp_path: Path) -> None:
    before = set(threading.enumerate())
    desktop = start(follow=tmp_path / "tonight")
    desktop.open(night / "crab")
    desktop.bench.export_movie(tmp_path / "crab.mp4", fps=25)
    desktop.act("frame.play")
    desktop.running.captures.open([night / "vela", night / "bias"])
    desktop.window.close()
    assert {thread for thread in threading.enumerate() if thread.is_alive()} <= before
    assert not list(tmp_path.glob("*.mp4*"))
    assert desktop.bench.problems.entries() == ()


def test_the_program_can_be_closed_before_it_was_shown(start, night: Path) -> None:
    from nightglass.core.cli.window import WindowOptions
    from nightglass.gui.running import Running

    from .conftest import put_away

    running = Running(WindowOptions(paths=(night / "crab",)))
    running.show()
    put_away(running)


def test_paths_and_the_folder_of_the_command_line(start, night: Path, capture_folder: Path) -> None:
    desktop = start(paths=(night / "crab", night / "vela"), follow=capture_folder)
    desktop.wait(lambda: len(desktop.bench.desk) == 3)
    assert desktop.bench.following.folder == capture_folder
    desktop.wait(lambda: desktop.is_idle() and desktop.picture is not None)


# Whole processes


@pytest.fixture
def run(python: str, tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run the program in a process of its own, with more environment."""

    def run(*words: object, **environment: str) -> subprocess.CompletedProcess[str]:
        kept = {"QT_QPA_PLATFORM": "offscreen", "NIGHTGLASS_HOME": str(tmp_path / "home")}
        return subprocess.run(
            [python, "-m", "nightglass", *map(str, words)],
            env={**os.environ, **kept, **environment},
            capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip

    return run


@pytest.mark.parametrize("scale", ["1.5", "2"])
def test_the_screenshot_is_1600_x_900_at_every_scale(run, tmp_path: Path, scale) -> None:
    shot = tmp_path / "shot.png"
    done = run("--screenshot", shot, "--exit-after", "0.1", QT_SCALE_FACTOR=scale)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert size_of(shot) == SIZE
    assert QImageReader(str(shot)).format() == b"png"


def test_the_figures_of_a_headless_check(run, night: Path, tmp_path: Path) -> None:
    shot, figures = tmp_path / "shot.png", tmp_path / "timings.json"
    done = run(
        night / "vela", "--screenshot", shot, "--timings", figures, "--exit-after", "3",
    )  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert size_of(shot) == SIZE
    timings = json.loads(figures.read_text())
    assert timings["captured_frames"] == timings["counted_frames"] == 60
    assert timings["painted_frames"] >= 1
    assert 0 < timings["startup_s"] < 30
    assert timings["worst_stall_ms"] >= timings["p99_stall_ms"] >= 0
    assert not (tmp_path / "home" / "config" / "settings.json").exists()


def test_a_screenshot_that_cannot_be_written_is_said(run, tmp_path: Path) -> None:
    done = run("--screenshot", tmp_path / "gone" / "shot.png", "--exit-after", "0.1")
    assert done.returncode == 2
    assert done.stderr.startswith("nightglass: ")
    assert "is not there" in done.stderr


@pytest.mark.expected_log
def test_a_product_that_cannot_be_written_at_the_end_is_trouble(start, tmp_path: Path) -> None:
    (tmp_path / "shot.png").mkdir()
    desktop = start(screenshot=tmp_path / "shot.png", exit_after_s=600.0)
    desktop.running.check.finish()
    assert len(desktop.problems) == 1
    assert desktop.running.check.exit_code == 1
    assert not desktop.window.isVisible()


def test_a_path_that_is_not_there_is_said_and_the_screenshot_made(run, tmp_path: Path) -> None:
    done = run(tmp_path / "no.fits", "--screenshot", tmp_path / "shot.png", "--exit-after", "0.3")
    assert done.returncode == 1
    assert done.stderr.count("nightglass:") == 1
    assert "no.fits is not there" in done.stderr
    assert size_of(tmp_path / "shot.png") == SIZE


@pytest.fixture(scope="session")
def display() -> Iterator[str]:
    """A real X display of our own."""
    server = shutil.which("Xvfb")
    if server is None:
        pytest.skip("Xvfb is not installed")
    reading, writing = os.pipe()
    process = subprocess.Popen(
        [server, "-displayfd", str(writing), "-screen", "0", "1920x1080x24", "-nolisten", "tcp"],
        pass_fds=[writing], stderr=subprocess.DEVNULL,
    )  # fmt: skip
    os.close(writing)
    with os.fdopen(reading) as pipe:
        number = pipe.readline().strip()
    yield f":{number}"
    process.terminate()
    process.wait()


def test_a_real_window_on_a_real_display(run, display: str, night: Path, tmp_path: Path) -> None:
    shot = tmp_path / "shot.png"
    done = run(
        night / "crab", "--screenshot", shot, "--exit-after", "0.7",
        QT_QPA_PLATFORM="xcb", DISPLAY=display,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert size_of(shot) == SIZE


@pytest.mark.slow
def test_all_of_the_window_on_a_real_display(python: str, display: str) -> None:
    """The tests of the window once more, with the platform of observers."""
    here = Path(__file__).parent
    names = ("controllers", "test_main_window.py", "test_flows.py", "test_bad_input_window.py")
    words = [python, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider"]
    done = subprocess.run(
        [*words, *(str(here / name) for name in names)],
        env={**os.environ, "QT_QPA_PLATFORM": "xcb", "DISPLAY": display, "CI": ""},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-4000:]


def test_the_settings_are_kept_between_runs(start: Callable[..., Desktop], night: Path) -> None:
    save_settings(Settings(stretch="log", colour_map="heat", limits="minmax"))
    desktop = start()
    assert desktop.is_checked("stretch.log")
    assert desktop.is_checked("colour.heat")
    assert desktop.is_checked("limits.minmax")
    assert desktop.window.cuts.stretch_combo.currentData() == "log"
