"""Sessions in the window: asked for, saved by themselves, offered after a bad end."""

from __future__ import annotations

import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from nightglass.core.regions.entries import RegionEntry
from nightglass.core.regions.shapes import Circle
from nightglass.core.session import autosave
from nightglass.core.session.document import RegionRecord, SessionDocument, read_session
from PyQt6.QtCore import QPoint, Qt
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QFileDialog, QMessageBox, QPushButton

if TYPE_CHECKING:
    from collections.abc import Callable

    from nightglass.gui.toast import Toast

    from ..desktop import Desktop

STAR = RegionEntry("circle", Circle(31.0, 32.0, 6.0))
DRIVER = Path(__file__).parent / "session_driver.py"
PATIENCE_S = 60.0


class SessionDesktop:
    """A window with a session."""

    def __init__(self, desktop: Desktop) -> None:
        self.desktop = desktop
        self.sessions = desktop.running.session
        self.control = desktop.running.sessions

    @property
    def regions(self) -> list[RegionEntry]:
        return list(self.desktop.bench.regions.list.entries.values())

    @property
    def toasts(self) -> tuple[Toast, ...]:
        return self.desktop.window.toasts.toasts

    def draw(self, *entries: RegionEntry) -> None:
        self.desktop.bench.regions.list.add(entries or [STAR], "Draw circle")

    def can(self, key: str) -> bool:
        return self.desktop.window.actions_set.action(key).isEnabled()

    def question(self) -> QMessageBox | None:
        boxes = self.desktop.window.findChildren(QMessageBox)
        return next((box for box in boxes if box.isVisible()), None)


def click(button: QPushButton) -> None:
    QTest.mouseClick(button, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))


@pytest.fixture
def session_window(start: Callable[..., Desktop]) -> Callable[[], SessionDesktop]:
    """Start a window."""
    return lambda: SessionDesktop(start())


@pytest.fixture
def left_behind() -> Callable[..., None]:
    """Leave what a window leaves that is killed."""

    def leave(count: int = 1, minutes: float = 3.0) -> None:
        saved_at = datetime.now(UTC) - timedelta(minutes=minutes)
        regions = (RegionRecord(kind="circle", shape={"kind": "circle", "x": 1.0, "y": 2.0,
                                                      "r": 3.0}),) * count  # fmt: skip
        auto = autosave.Autosave(autosave.sessions_dir(), saved_at.timestamp())
        auto.write(SessionDocument(saved_at=saved_at, regions=regions, regions_saved=False))
        auto._claim._file.close()

    return leave


def test_a_session_is_saved_by_name_and_opened(
    session_window, night: Path, tmp_path: Path, monkeypatch
) -> None:
    window = session_window()
    desktop = window.desktop
    desktop.open(night / "crab")
    desktop.act("stretch.sqrt")
    desktop.bench.transport.go_to(40)
    desktop.frame_view.set_zoom(8.0)
    desktop.frame_view.centre_on(20.0, 30.0)
    camera = desktop.frame_view.camera
    window.draw()
    asked: list[str] = []

    def name(_: object, __: str, proposed: str, ___: str) -> tuple[str, str]:
        asked.append(proposed)
        return str(tmp_path / "tonight"), ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", name)
    titles: list[str] = []
    window.control.titleChanged.connect(titles.append)
    desktop.act("file.save-session")
    place = tmp_path / "tonight.nightglass.json"
    desktop.wait(lambda: window.sessions.path == place)
    assert Path(asked[0]).parent == night / "crab"
    assert Path(asked[0]).name.startswith("crab_")
    assert titles[-1] == "tonight"
    desktop.wait(lambda: any(toast.problem.title == "The session is saved"
                             for toast in window.toasts))  # fmt: skip
    desktop.act("file.new-session")
    assert (window.regions, desktop.capture) == ([], None)
    desktop.act("stretch.linear")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(place), ""))
    desktop.act("file.open-session")
    desktop.wait(lambda: window.sessions.path == place)
    desktop.wait_for_picture()
    assert window.regions == [STAR]
    assert (desktop.view.frame, desktop.view.stretch.kind) == (40, "sqrt")
    assert desktop.frame_view.camera == camera
    assert not desktop.frame_view.is_fitted
    assert desktop.is_checked("stretch.sqrt")
    # Saving again asks nothing.
    window.draw()
    assert titles[-1] == "tonight*"
    desktop.act("file.save-session")
    desktop.wait(lambda: titles[-1] == "tonight")
    assert len(asked) == 1
    assert desktop.problems == ()


def test_a_whole_frame_stays_a_whole_frame(session_window, night: Path, tmp_path: Path) -> None:
    window = session_window()
    window.desktop.open(night / "crab")
    window.sessions.save(tmp_path / "x")
    window.desktop.wait(lambda: window.sessions.path is not None)
    window.desktop.frame_view.set_zoom(9.0)
    done: list[bool] = []
    window.sessions.open(window.sessions.path, lambda: done.append(True))
    window.desktop.wait(lambda: done)
    assert window.desktop.frame_view.is_fitted


def test_what_was_filled_in_to_fold_comes_back(session_window, tmp_path: Path) -> None:
    window = session_window()
    par = tmp_path / "crab.par"
    par.write_text("F0 29.6\n")
    products = window.desktop.running.products
    dialog = products.open("lc")
    for option, text in (("--eph", str(par)), ("--bins", "77")):
        dialog.editor(option).show_text(text)
        dialog.lines.edited.emit(option)
    assert products.values() == {"lc": {"--eph": str(par), "--bins": "77"}}
    dialog.close()
    window.sessions.save(tmp_path / "x")
    window.desktop.wait(lambda: window.sessions.path is not None)
    entries = read_session(window.sessions.path)
    assert entries.ephemeris is not None
    assert entries.ephemeris.text == "F0 29.6\n"
    products.take_values({})
    assert products.values() == {}
    assert dialog.editor("--bins").text() != "77"
    done: list[bool] = []
    window.sessions.open(window.sessions.path, lambda: done.append(True))
    window.desktop.wait(lambda: done)
    assert products.values() == {"lc": {"--eph": str(par), "--bins": "77"}}
    products.open("lc")
    assert dialog.editor("--bins").text() == "77"


def test_values_wait_for_a_dialog_that_was_never_opened(session_window) -> None:
    window = session_window()
    products = window.desktop.running.products
    products.take_values({"fft": {"--gain": "7.5", "--gone": "x"}})
    assert products.values() == {"fft": {"--gain": "7.5", "--gone": "x"}}
    assert products.open("fft").editor("--gain").text() == "7.5"
    assert products.values() == {"fft": {"--gain": "7.5"}}


def test_a_new_session_asks_before_unsaved_regions_go(session_window) -> None:
    window = session_window()
    desktop = window.desktop
    window.draw(STAR, STAR)
    desktop.act("file.new-session")
    question = window.question()
    assert question is not None
    assert "2 regions are not saved yet" in question.text()
    click(question.button(QMessageBox.StandardButton.Cancel))
    assert len(window.regions) == 2
    desktop.act("file.new-session")
    question = window.question()
    click(next(b for b in question.buttons() if b.text() == "Close everything"))
    assert window.regions == []
    # They can be had back.
    desktop.wait(lambda: window.can("file.reopen-session"))
    desktop.act("file.reopen-session")
    desktop.wait(lambda: len(window.regions) == 2)
    assert window.sessions.title_part() == "*"


def test_another_file_is_never_replaced_unasked(
    session_window, tmp_path: Path, monkeypatch, expected_log
) -> None:
    window = session_window()
    there = tmp_path / "a.nightglass.json"
    there.write_text("precious")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "a"), ""))
    window.desktop.act("file.save-session-as")
    assert "is there already" in window.desktop.problems[0].text
    assert there.read_text() == "precious"
    assert window.sessions.path is None


def test_a_window_that_ended_well_is_not_offered(session_window) -> None:
    window = session_window()
    window.draw()
    window.desktop.window.close()
    again = session_window()
    again.desktop.wait(lambda: again.can("file.reopen-session"))
    assert again.toasts == ()
    again.desktop.act("file.reopen-session")
    again.desktop.wait(lambda: again.regions == [STAR])


def test_nothing_to_reopen_is_grey(session_window) -> None:
    window = session_window()
    window.desktop.wait(window.desktop.is_idle)
    assert not window.can("file.reopen-session")


def test_what_a_killed_window_left_is_offered_with_a_note(session_window, left_behind) -> None:
    left_behind(count=12)
    window = session_window()
    window.desktop.wait(lambda: window.toasts)
    (toast,) = window.toasts
    assert toast.problem.title == "Nightglass ended unexpectedly"
    assert "12 regions" in toast.problem.text
    assert "UTC" in toast.problem.text
    # The window stays free: it is a note and no dialog.
    assert window.question() is None
    click(toast.buttons["restore"])
    window.desktop.wait(lambda: len(window.regions) == 12)
    window.desktop.wait(lambda: not window.can("file.reopen-session"))
    assert not window.desktop.bench.regions.list.is_saved


def test_what_is_discarded_brings_the_next_and_stays_within_reach(
    session_window, left_behind
) -> None:
    left_behind(count=2, minutes=60)
    left_behind(count=3, minutes=1)
    window = session_window()
    window.desktop.wait(lambda: window.toasts)
    assert "3 regions. And 1 older" in window.toasts[0].problem.text
    click(window.toasts[0].buttons["discard"])
    window.desktop.wait(lambda: window.toasts and "2 regions" in window.toasts[-1].problem.text)
    click(window.toasts[-1].buttons["discard"])
    window.desktop.wait(lambda: not window.toasts)
    assert window.regions == []
    assert window.can("file.reopen-session")
    window.desktop.window.close()
    again = session_window()
    again.desktop.wait(lambda: again.can("file.reopen-session"))
    assert again.toasts == ()


def test_a_killed_program_comes_back_as_it_was(
    session_window, night: Path, tmp_path: Path, python: str
) -> None:
    """A real process draws a region and is killed; the next start has it, a minute old at most."""
    words = [python, str(DRIVER), str(night / "crab")]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as driver:
        try:
            assert driver.stdout is not None
            assert driver.stdout.readline().strip() == "saved"
        finally:
            driver.kill()
    window = session_window()
    window.desktop.wait(lambda: window.toasts)
    toast = window.toasts[0]
    assert toast.problem.text.endswith("1 region on crab_20251210_001500.")
    (recovery,) = window.sessions.autosaving.offered
    assert datetime.now(UTC) - recovery.saved_at < timedelta(seconds=PATIENCE_S)
    click(toast.buttons["restore"])
    window.desktop.wait(lambda: window.regions)
    window.desktop.wait_for_picture()
    assert window.regions == [RegionEntry("circle", Circle(30.5, 31.5, 5.25))]
    assert window.desktop.view.frame == 17
    assert window.desktop.problems == ()
