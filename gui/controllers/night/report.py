"""The report of the night: read, written, mailed."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, QUrl
from PyQt6.QtGui import QDesktopServices

from ....core.workbench.night.reports import mail_report, report_html, write_report
from ...night.report.dressing import content_of, dressed
from ...night.report.page import COMPARISON, EMPTY, REPORT, WORKING, ReportPage
from .comparison import ComparisonController
from .ending import NightEnd

if TYPE_CHECKING:
    from pathlib import Path

    from PyQt6.QtWidgets import QWidget

    from ....core.engine.jobs import JobContext
    from ....core.errors import NightglassError
    from ....core.mascara.watching.snapshot import NightSnapshot
    from ....core.workbench import Workbench
    from ...main_window import MainWindow
    from ...night.report.dressing import DressedReport, ReportContent
    from ..commands import Command

OVER = frozenset({"finished", "stopped"})


class ReportController(QObject):
    """Makes the page of the report when it is first seen, and the report when it is wanted.

    Parameters
    ----------
    workbench : Workbench
    window : MainWindow
    """

    def __init__(self, workbench: Workbench, window: MainWindow) -> None:
        super().__init__(window)
        self._desk, self._window = workbench.night, window
        self.page: ReportPage | None = None
        self._comparison = ComparisonController(workbench, window, self)
        self._end = NightEnd(workbench, window, self)
        self._snapshot: NightSnapshot | None = None
        self._content: ReportContent | None = None
        self._is_asked = False
        self._made_of: tuple[int, bool] | None = None
        self._asked_for: tuple[int, bool] = (0, False)
        self._made_utc = ""

    def make(self) -> QWidget:
        """Make the page."""
        self.page = page = ReportPage()
        page.renewRequested.connect(self._ask)
        page.dressRequested.connect(self._dress)
        page.actionRequested.connect(self._window.actions_set.trigger)
        page.tabShown.connect(self._on_tab_shown)
        self._comparison.join(page.comparison)
        self._desk.watched.connect(self._on_watched)
        return page

    def show_snapshot(self, snapshot: NightSnapshot | None) -> None:
        """Make the report when the page is first seen, and once more when the night is over."""
        self._snapshot = snapshot
        page = self.page
        if page is None:
            return
        batches, is_over = _stage(snapshot)
        if snapshot is None or not batches:
            page.show_message(EMPTY)
        elif page.tab == REPORT and self._is_out_of_date(is_over=is_over):
            self._ask()
        self._show_state()

    def rows(self) -> dict[str, Command]:
        """The rows of the action table that are answered here."""
        return {
            "night.report": lambda _: self.write(),
            "night.mail": lambda _: self.mail(),
            "night.compare": lambda _: self._compare(),
        }

    def stop(self) -> None:
        """Listen no more."""
        self._desk.watched.disconnect(self._on_watched, missing_ok=True)
        self._end.stop()

    # The report in the window

    def _is_out_of_date(self, *, is_over: bool) -> bool:
        """Whether there is none, or one of a night that was not over then and is now."""
        if self._is_asked:
            return False
        return self._made_of is None or (is_over and not self._made_of[1])

    def _ask(self) -> None:
        output = self._desk.required()
        self._is_asked, self._asked_for = True, _stage(self._snapshot)
        if self.page is not None and self._content is None:
            self.page.show_message(WORKING)
        self._desk.latest(
            "report", lambda ctx: content_of(report_html(output, ctx)),
            "Make the report of the night", self._on_made, self._on_failed,
        )  # fmt: skip
        self._show_state()

    def _on_made(self, content: ReportContent) -> None:
        self._is_asked, self._content, self._made_of = False, content, self._asked_for
        self._made_utc = datetime.now(UTC).strftime("%H:%M:%S")
        self._dress()
        self._show_state()

    def _on_failed(self, error: NightglassError) -> None:
        self._is_asked, self._made_of = False, self._asked_for
        if self.page is not None and self._content is None:
            self.page.show_message(f"The report could not be made. {error}")
        self._show_state()

    def _dress(self) -> None:
        page, content = self.page, self._content
        if page is None or content is None:
            return
        roles, width_px = page.roles, page.picture_px
        ratio = page.devicePixelRatioF()
        self._desk.latest(
            "report-dress", lambda _: dressed(content, roles, width_px, ratio),
            "Put the report into the colours of the theme", self._on_dressed,
        )  # fmt: skip

    def _on_dressed(self, report: DressedReport) -> None:
        if self.page is not None and self._content is not None:
            self.page.show_report(report)

    def _show_state(self) -> None:
        if self.page is not None:
            self.page.renew.setEnabled(bool(_stage(self._snapshot)[0]) and not self._is_asked)
            self.page.show_state(self._state())

    def _state(self) -> str:
        """Of when the report is, and what came since."""
        if self._is_asked:
            return WORKING
        if self._made_of is None or self._content is None:
            return ""
        new = _stage(self._snapshot)[0] - self._made_of[0]
        since = f", {new} batch{'es' * (new != 1)} since" if new > 0 else ""
        return f"Of {self._made_utc} UTC{since}"

    def _on_watched(self, _: Path | None) -> None:
        self._content = self._made_of = None
        self._is_asked = False
        if self.page is not None:
            self.page.show_message(EMPTY)

    def _on_tab_shown(self, tab: int) -> None:
        if tab == COMPARISON:
            self._comparison.offer()
        else:
            self.show_snapshot(self._snapshot)

    # What is done with it

    def write(self) -> None:
        """Write the report into the folder of the night, and open it."""
        output = self._desk.required()

        def work(ctx: JobContext) -> Path:
            return write_report(output, ctx)

        self._desk.submit(work, "Write the report of the night", self._on_written)

    def _on_written(self, path: Path) -> None:
        is_open = QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))
        beside = "" if is_open else " No program was found to open it with."
        self._desk.problems.note("notice", "The report is written", f"{path}.{beside}", path=path)

    def mail(self) -> None:
        """Send the report."""
        output = self._desk.required()

        def work(ctx: JobContext) -> tuple[bool, str]:
            return mail_report(output, ctx)

        self._desk.submit(work, "Mail the report of the night", self._on_mailed)

    def _on_mailed(self, outcome: tuple[bool, str]) -> None:
        is_sent, words = outcome
        if is_sent:
            self._desk.problems.note("notice", "The report is mailed", words)
        else:
            self._desk.problems.note("warning", "The report was not mailed", words, MAIL_HINT)

    def _compare(self) -> None:
        self._desk.required()
        self._window.actions_set.trigger("night.page.report")
        if self.page is not None:
            self.page.show_tab(COMPARISON)


MAIL_HINT = (
    "NIGHTGLASS_SMTP_HOST, _PORT, _FROM and _TO name server, sender and recipients; "
    "they are read when the program starts."
)


def _stage(snapshot: NightSnapshot | None) -> tuple[int, bool]:
    """Batches that ended, and whether the night is over."""
    if snapshot is None:
        return 0, False
    cameras = snapshot.status.cameras
    ended = sum(one.batches_done + one.batches_partial + one.batches_failed for one in cameras)
    return ended, snapshot.status.state in OVER
