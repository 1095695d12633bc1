"""Jobs, problems and the notes over the picture."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest
from nightglass.core.engine.jobs import JobState, Progress
from nightglass.core.errors import NightglassError
from nightglass.core.problems import Problem
from nightglass.gui.jobs import JobsPanel
from nightglass.gui.problem_model import ProblemModel
from nightglass.gui.problems import JobsAndProblems, ProblemsPanel
from nightglass.gui.toast import MOST_TOASTS, ToastStack
from PyQt6.QtCore import Qt
from PyQt6.QtGui import QGuiApplication
from PyQt6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

MOMENT = datetime(2025, 12, 10, 3, 15, 7, tzinfo=UTC)
CUT = Problem(
    MOMENT, MOMENT, "error", "Could not open the cube", "It ends after frame 811 of 2,000.",
    "Copy it again.", "/data/cube012.fits", "Traceback: the whole story",
)  # fmt: skip
NO_GPS = Problem(MOMENT, MOMENT + timedelta(seconds=1), "warning", "No GPS time", "N/A is there.")


@dataclass
class Task:
    """A job as far as the panel looks at it."""

    id: int
    title: str
    state: JobState = JobState.RUNNING
    progress: Progress = field(default_factory=Progress)
    error: NightglassError | None = None


@pytest.fixture
def jobs(qtbot):
    made = JobsPanel()
    qtbot.addWidget(made)
    made.resize(600, 200)
    with qtbot.waitExposed(made):
        made.show()
    return made


def test_no_job_says_so(jobs):
    assert jobs.empty.isVisible()


@pytest.mark.parametrize(
    ("task", "text"),
    [
        (Task(1, "Fold", progress=Progress(62, 100, "3 s left")), "Fold: 62 %  3 s left"),
        (Task(1, "Fold"), "Fold: running"),
        (Task(1, "Fold", JobState.QUEUED), "Fold: waiting"),
        (Task(1, "Fold", JobState.DONE), "Fold: ✓ done"),
        (Task(1, "Fold", JobState.CANCELLED), "Fold: stopped"),
        (
            Task(1, "Fold", JobState.FAILED, error=NightglassError("No", "The disk is full.")),
            "Fold: ▲ failed: The disk is full.",
        ),
    ],
)
def test_state_of_a_job_is_told_in_words(jobs, task, text):
    jobs.set_jobs([task])
    assert jobs.texts == (text,)


def test_newest_job_is_on_top_and_finished_ones_go(jobs):
    jobs.set_jobs([Task(1, "One"), Task(2, "Two")])
    assert [text.partition(":")[0] for text in jobs.texts] == ["Two", "One"]
    jobs.set_jobs([Task(2, "Two")])
    assert len(jobs.texts) == 1


def test_cancel_button_asks_once(jobs, qtbot):
    jobs.set_jobs([Task(7, "Make bias")])
    with qtbot.waitSignal(jobs.cancelRequested) as got:
        qtbot.mouseClick(jobs.row(7).cancel, Qt.MouseButton.LeftButton)
    assert got.args == [7]
    assert not jobs.row(7).cancel.isEnabled()


def test_finished_job_has_no_cancel_button(jobs):
    jobs.set_jobs([Task(7, "Make bias", JobState.DONE)])
    assert not jobs.row(7).cancel.isVisible()


def test_problem_table_is_a_sound_model(qapp, qtmodeltester):
    model = ProblemModel()
    qtmodeltester.check(model)
    model.set_problems([CUT])
    model.set_problems([CUT, NO_GPS])
    model.set_problems([replace(CUT, count=3, last_seen=MOMENT + timedelta(seconds=9)), NO_GPS])
    model.set_problems([])
    model.deleteLater()


@pytest.fixture
def problems(qtbot):
    made = ProblemsPanel()
    qtbot.addWidget(made)
    made.resize(900, 240)
    with qtbot.waitExposed(made):
        made.show()
    return made


def test_no_problem_says_so(problems):
    assert problems.empty.isVisible()


def test_newest_problem_is_on_top_with_its_count(problems):
    problems.set_problems([replace(CUT, count=3), NO_GPS])
    cells = [problems.model.index(1, column).data() for column in range(5)]
    assert problems.model.problem(0) == NO_GPS
    assert cells == [
        "03:15:07",
        "3",
        "Could not open the cube",
        "It ends after frame 811 of 2,000.",
        "Copy it again.",
    ]


def test_chosen_problem_stays_chosen_when_others_come(problems):
    problems.set_problems([CUT])
    problems.table.selectRow(0)
    problems.set_problems([CUT, NO_GPS])
    assert problems._chosen() == CUT


def test_details_tell_the_whole_story(problems, qtbot):
    problems.set_problems([CUT, NO_GPS])
    assert not problems.details.isVisible()
    problems.show_details(CUT)
    assert problems.details.isVisible()
    text = problems.details.toPlainText()
    for part in (CUT.title, CUT.text, CUT.hint, CUT.path, CUT.details, "03:15:07 UTC"):
        assert part in text


def test_copy_takes_the_chosen_problem_or_all(problems, qtbot):
    problems.set_problems([CUT, NO_GPS])
    qtbot.mouseClick(problems.copy_button, Qt.MouseButton.LeftButton)
    both = QGuiApplication.clipboard().text()
    assert CUT.details in both
    assert NO_GPS.title in both
    problems.table.selectRow(problems.model.row_of(NO_GPS))
    qtbot.mouseClick(problems.copy_button, Qt.MouseButton.LeftButton)
    assert CUT.title not in QGuiApplication.clipboard().text()


def test_clear_is_asked_for(problems, qtbot):
    problems.set_problems([CUT])
    with qtbot.waitSignal(problems.clearRequested):
        qtbot.mouseClick(problems.clear_button, Qt.MouseButton.LeftButton)


def test_tabs_count_running_jobs_and_problems(qtbot):
    both = JobsAndProblems()
    qtbot.addWidget(both)
    both.set_jobs([Task(1, "One"), Task(2, "Two", JobState.DONE)])
    both.set_problems([CUT, NO_GPS])
    assert [both.tabs.tabText(i) for i in range(2)] == ["Jobs (1)", "Problems (2)"]
    both.show_details(NO_GPS)
    assert both.tabs.currentWidget() is both.problems


@pytest.fixture
def picture(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(900, 600)
    line = QLineEdit()
    over = QWidget()
    layout = QVBoxLayout(window)
    layout.addWidget(line)
    layout.addWidget(over, 1)
    with qtbot.waitExposed(window):
        window.show()
    window.activateWindow()
    line.setFocus()
    qtbot.waitUntil(line.hasFocus)
    over.field = line
    yield over
    window.close()


def test_toast_appears_top_right_and_leaves_the_keyboard(picture, qtbot):
    toast = ToastStack(picture).show_problem(CUT)
    assert toast.isVisible()
    assert picture.field.hasFocus()
    qtbot.mouseClick(toast, Qt.MouseButton.LeftButton)
    assert picture.field.hasFocus()
    assert picture.width() - toast.geometry().right() < 20
    assert toast.y() < 20
    picture.resize(picture.width() - 100, picture.height())
    assert picture.width() - toast.geometry().right() < 20


def test_toast_closes_by_its_button(picture, qtbot):
    stack = ToastStack(picture)
    toast = stack.show_problem(CUT)
    qtbot.mouseClick(toast.close_button, Qt.MouseButton.LeftButton)
    assert stack.toasts == ()


def test_toast_goes_by_itself_but_not_while_read(picture, qtbot):
    stack = ToastStack(picture)
    toast = stack.show_problem(CUT)
    toast._timer.setInterval(20)
    qtbot.mouseMove(toast)
    toast.enterEvent(None)
    assert not toast._timer.isActive()
    with qtbot.waitSignal(toast.closed):
        toast.leaveEvent(None)
    assert stack.toasts == ()


def test_at_most_three_toasts_are_stacked_without_overlap(picture):
    stack = ToastStack(picture)
    for i in range(5):
        stack.show_problem(replace(CUT, text=f"File {i} is broken."))
    assert len(stack.toasts) == MOST_TOASTS
    assert stack.toasts[0].problem.text == "File 2 is broken."
    places = [toast.geometry() for toast in stack.toasts]
    assert not any(a.intersects(b) for a in places for b in places if a is not b)


def test_same_trouble_again_counts_in_its_toast(picture):
    stack = ToastStack(picture)
    first = stack.show_problem(CUT)
    second = stack.show_problem(replace(CUT, count=2))
    assert first is second
    assert first._title.text() == "Could not open the cube (2 times)"


def test_details_of_a_toast_lead_to_the_list(picture, qtbot):
    stack = ToastStack(picture)
    toast = stack.show_problem(CUT)
    with qtbot.waitSignal(stack.detailsRequested) as got:
        qtbot.mouseClick(toast.buttons["details"], Qt.MouseButton.LeftButton)
    assert got.args == [CUT]
    assert stack.toasts == ()
