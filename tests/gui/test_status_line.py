"""The status line: the oldest job, how many more, how many problems."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from nightglass.gui.status import STEPS, StatusLine

if TYPE_CHECKING:
    from nightglass.core.engine import Engine
    from pytestqt.qtbot import QtBot


@pytest.fixture
def status(qtbot: QtBot) -> StatusLine:
    made = StatusLine("1.2.3")
    qtbot.addWidget(made)
    made.show()
    return made


def test_nothing_runs(status: StatusLine) -> None:
    assert not status._progress.isVisible()
    assert status._job.text() == ""
    assert status.problems.text() == "problems 0"
    assert status.problems.property("cue") == "muted"


def test_the_oldest_job_and_how_many_more(status: StatusLine, engine: Engine) -> None:
    told, go_on = threading.Event(), threading.Event()

    def work(ctx) -> None:
        ctx.progress(62, 100, "halfway")
        told.set()
        assert go_on.wait(10)

    jobs = [engine.submit(work, title=title) for title in ("Fold", "Count", "Save")]
    assert told.wait(10)
    status.set_jobs(jobs)
    assert status._progress.isVisible()
    assert status._progress.value() == pytest.approx(0.62 * STEPS)
    assert "Fold" in status._job.text()
    assert "2 more" in status._job.text()
    go_on.set()
    for job in jobs:
        job.result(10)
    status.set_jobs(())
    assert not status._progress.isVisible()


def test_work_of_unknown_length_moves_without_a_number(status, engine: Engine) -> None:
    job = engine.submit(lambda _: None, title="Look")
    job.result(10)
    status.set_jobs([job])
    assert status._progress.maximum() == 0


def test_problems_are_counted_with_a_second_cue_and_asked_for(status, qtbot: QtBot) -> None:
    status.set_problems(3)
    assert status.problems.text() == "▲ problems 3"
    assert status.problems.property("cue") == "warn"
    with qtbot.waitSignal(status.problemsRequested):
        status.problems.click()
