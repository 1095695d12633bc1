"""The page of the report on the desk of a night."""

from __future__ import annotations

from dataclasses import replace

import pytest
from nightglass.core.errors import NightglassError
from nightglass.core.mascara.report.pages import page as html_page
from nightglass.core.mascara.report.pages import paragraph
from nightglass.gui.controllers.night import report
from nightglass.gui.controllers.night.plots import PlotsController
from nightglass.gui.controllers.night.report import ReportController
from nightglass.gui.night.report.page import COMPARISON, REPORT
from PyQt6.QtCore import Qt
from PyQt6.QtGui import QGuiApplication
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QWidget

from ...core.mascara.watching.made_night import made_snapshot, write_journal

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


class Window(QWidget):
    """What the controllers need of the window."""

    def __init__(self):
        super().__init__()
        self.actions_set = self
        self.triggered = []

    def trigger(self, key):
        self.triggered.append(key)


@pytest.fixture(scope="module")
def night(tmp_path_factory):
    return made_snapshot(tmp_path_factory.mktemp("report"), cameras="NC", batches=4, frames=5)


@pytest.fixture
def made(monkeypatch):
    """Reports made so far; each says which it is."""
    seen = []

    def html(output, _):
        seen.append(output)
        return html_page(f"report {len(seen)}", [paragraph("text")])

    monkeypatch.setattr(report, "report_html", html)
    return seen


@pytest.fixture
def controller(bench, on_screen, night, made):
    bench.night.output = night.output
    window = Window()
    one = ReportController(bench, window)
    page = one.make()
    page.setParent(window)
    window.set_roles = page.set_roles
    on_screen(window, 700, 400)
    page.setGeometry(0, 0, 700, 400)
    page.show()
    yield one
    one.stop()


def text(controller):
    return controller.page.browser.toPlainText()


def notes(bench):
    return [(one.severity, one.title, one.text) for one in bench.problems.entries()]


def test_report_is_made_when_the_page_is_first_seen_and_not_with_every_look(
    controller, night, made
):
    assert made == []
    running = replace(night, status=replace(night.status, state="running"))
    for _ in range(3):
        controller.show_snapshot(running)
    assert made == [night.output]
    assert text(controller).startswith("report 1")
    assert controller.page.state.whole.startswith("Of ")


def test_it_is_made_once_more_when_the_night_is_over(controller, night, made):
    controller.show_snapshot(replace(night, status=replace(night.status, state="running")))
    for _ in range(3):
        controller.show_snapshot(night)
    assert text(controller).startswith("report 2")
    assert len(made) == 2


def test_what_came_since_is_told_and_renewed_by_the_button(controller, night, made):
    status = replace(night.status, state="running")
    controller.show_snapshot(replace(night, status=status))
    one, *others = status.cameras
    more = replace(one, batches_done=one.batches_done + 3)
    controller.show_snapshot(replace(night, status=replace(status, cameras=(more, *others))))
    assert controller.page.state.whole.endswith("UTC, 3 batches since")
    QTest.mouseClick(controller.page.renew, Qt.MouseButton.LeftButton)
    assert len(made) == 2
    assert controller.page.state.whole.endswith("UTC")


def test_night_without_a_batch_says_so(controller, night, made):
    controller.show_snapshot(replace(night, status=replace(night.status, cameras=())))
    assert controller.page.message.isVisible()
    assert not controller.page.renew.isEnabled()
    assert made == []


def test_trouble_is_told_in_the_place_of_the_report(controller, night, monkeypatch):
    def fail(*_):
        raise NightglassError("The journal is gone", "It was there before.", "Look for it.")

    monkeypatch.setattr(report, "report_html", fail)
    controller.show_snapshot(night)
    assert "The journal is gone" in controller.page.message.text
    assert controller.page.renew.isEnabled()


def test_another_night_begins_without_the_report_of_the_last(controller, night, bench):
    controller.show_snapshot(night)
    bench.night.watched.emit(None)
    assert controller.page.message.isVisible()


@pytest.mark.parametrize("is_open", [True, False])
def test_report_is_written_and_opened_and_its_place_told(
    controller, night, bench, monkeypatch, is_open
):
    opened = []
    path = night.output / "report.html"
    monkeypatch.setattr(report, "write_report", lambda *_: path)
    monkeypatch.setattr(
        report.QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()) or is_open
    )
    controller.rows()["night.report"](False)
    assert opened == [str(path)]
    ((severity, title, words),) = notes(bench)
    assert (severity, title) == ("notice", "The report is written")
    assert str(path) in words
    assert ("No program" in words) is not is_open


@pytest.mark.parametrize(
    ("outcome", "severity", "title"),
    [
        ((True, "The report went to mail:25."), "notice", "The report is mailed"),
        ((False, "It is kept as x.eml."), "warning", "The report was not mailed"),
    ],
)
def test_fate_of_a_mail_is_told(
    controller, bench, monkeypatch, outcome, severity, title, expected_log
):
    monkeypatch.setattr(report, "mail_report", lambda *_: outcome)
    controller.rows()["night.mail"](False)
    assert notes(bench) == [(severity, title, outcome[1])]


def test_without_a_night_each_action_says_what_is_missing(controller, bench):
    bench.night.output = None
    for command in controller.rows().values():
        with pytest.raises(NightglassError, match="No night"):
            command(False)


@pytest.fixture
def other(tmp_path):
    write_journal(tmp_path / "tuesday", "NC", 3, frames=5, seed=2)
    return tmp_path / "tuesday"


def test_remembered_nights_are_offered_and_compared(controller, night, bench, other):
    bench.settings = bench.settings.changed(
        recent_nights=[str(night.output), str(other), str(other.parent / "gone")]
    )
    controller.rows()["night.compare"](False)
    view = controller.page.comparison
    assert controller.page.tab == COMPARISON
    assert controller.page.parent().triggered == ["night.page.report"]
    assert [view.second.itemText(k) for k in range(view.second.count())] == [
        "a night", "20160130 LaPalma (tuesday)",
    ]  # fmt: skip
    view.second.setFocus()
    QTest.keyClick(view.second, Qt.Key.Key_Down)
    assert view.is_shown
    rows = [view.cameras.tables.text(row, 0) for row in range(view.cameras.tables.rowCount())]
    assert [one for one in rows if one.startswith("Camera")] == ["Camera LPN", "Camera LPC"]
    for action in view.copy.menu().actions():
        action.trigger()
    copied = QGuiApplication.clipboard().text()
    assert copied == f"nightglass night compare {night.output} {other}"


def test_night_of_a_folder_is_compared_and_stays_offered(controller, other):
    controller.page.show_tab(COMPARISON)
    controller._comparison.add(other)
    view = controller.page.comparison
    assert view.is_shown
    assert view.chosen == (other,)
    controller.page.show_tab(REPORT)
    controller.page.show_tab(COMPARISON)
    assert view.chosen == (other,)
    assert view.is_shown


def test_folder_that_holds_no_night_is_told(controller, tmp_path):
    controller.page.show_tab(COMPARISON)
    controller._comparison.add(tmp_path / "empty")
    assert "night" in controller.page.comparison.message.text


@pytest.fixture
def plots(bench, on_screen, night):
    window = Window()
    one = PlotsController(bench, window)
    page = one.make()
    page.setParent(window)
    window.set_roles = page.set_roles
    on_screen(window, 700, 400)
    page.setGeometry(0, 0, 700, 400)
    page.show()
    one.show_snapshot(night)
    yield one
    one.stop()


def test_plots_pass_on_what_is_pointed_at_and_hear_of_it(plots, bench):
    units, frames = [], []
    bench.night.unit_chosen.connect(units.append)
    bench.night.frame_chosen.connect(lambda *args: frames.append(args))
    plots.page.unitChosen.emit("LPC-00304595")
    plots.page.frameChosen.emit("LPC", 7)
    assert units == ["LPC-00304595"]
    assert frames == [("LPC", 7)]
    assert plots.page.stack.panels["sky"].backdrop._chosen is not None


def test_choice_of_plots_is_kept_in_the_settings(plots, bench):
    plots.page.legend.choices["lag"].trigger()
    again = PlotsController(bench, plots.page.parent())
    page = again.make()
    assert "lag" not in page.stack.shown
    assert "sky" in page.stack.shown
    again.stop()
    page.deleteLater()
