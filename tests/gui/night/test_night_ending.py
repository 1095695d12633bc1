"""A night that ends while it is watched is said once, with the way to its report."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtTest import QTest

from ...core.mascara.watching.made_night import append, held, write_journal

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from nightglass.gui.toast import Toast

    from ..desktop import Desktop

END = {"kind": "end", "at": 1.45e9, "state": "finished"}


@pytest.fixture
def output(tmp_path: Path) -> Path:
    folder = tmp_path / "night"
    write_journal(folder, "CE", 3, is_over=False)
    return folder


def notes(desktop: Desktop) -> list[Toast]:
    toasts = desktop.window.toasts.toasts
    return [one for one in toasts if one.problem.title == "The night is finished"]


def state(desktop: Desktop) -> str:
    snapshot = desktop.bench.night.snapshot
    return "" if snapshot is None else snapshot.status.state


def watched_to(desktop: Desktop, output: Path, end: str) -> None:
    with held(output):
        desktop.wait(lambda: state(desktop) == "running" and desktop.running.night.pages)
        append(output, END | {"state": end})
        desktop.wait(lambda: state(desktop) == end)


def test_the_end_is_said_with_frames_and_the_way_to_the_report(
    start: Callable[..., Desktop], output: Path
) -> None:
    desktop = start(night=output)
    watched_to(desktop, output, "finished")
    desktop.wait(lambda: notes(desktop))
    (toast,) = notes(desktop)
    assert "200 frames of 2 cameras" in toast.problem.text
    QTest.mouseClick(toast.buttons["night.page.report"], Qt.MouseButton.LeftButton)
    assert desktop.running.night.workspace.page == "report"


@pytest.mark.parametrize("end", ["stopped"])
def test_a_night_that_was_stopped_is_not_finished(
    start: Callable[..., Desktop], output: Path, end: str
) -> None:
    desktop = start(night=output)
    watched_to(desktop, output, end)
    assert notes(desktop) == []


def test_nothing_is_said_of_a_night_that_was_finished_before(
    start: Callable[..., Desktop], tmp_path: Path
) -> None:
    write_journal(tmp_path / "over", "C", 2)
    desktop = start(night=tmp_path / "over")
    desktop.wait(lambda: state(desktop) == "finished")
    assert notes(desktop) == []
