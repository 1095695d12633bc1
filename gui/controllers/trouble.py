"""Problems, jobs and log lines on their way from any thread to their panels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PyQt6.QtCore import QObject, QTimer

if TYPE_CHECKING:
    from collections.abc import Callable

    from ...core.engine.jobs import Job
    from ...core.log import LogRing
    from ...core.problems import Problem
    from ...core.workbench import Workbench
    from ..bridge import QtBridge
    from ..log_dock import LogPanel
    from ..problems import JobsAndProblems
    from ..status import StatusLine
    from ..toast import ToastStack

LOOK_MS = 200
NOTICE_MS = 6000


class TroubleController(QObject):
    """Lists jobs, problems and log lines; a toast tells trouble, the status line a notice."""

    def __init__(
        self,
        workbench: Workbench,
        bridge: QtBridge,
        panel: JobsAndProblems,
        log: LogPanel,
        ring: LogRing,
        status: StatusLine,
        toasts: ToastStack,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._bench = workbench
        self._bridge = bridge
        self._panel = panel
        self._log = log
        self._status = status
        self._toasts = toasts
        self._jobs_changed = True
        log.append(ring.records())
        self._ends: list[Callable[[], Any]] = [
            workbench.problems.subscribe(lambda one: bridge.call_on_main(self._on_problem, one)),
            workbench.engine.subscribe(self._note_jobs),
            ring.subscribe(lambda record: bridge.call_on_main(log.append, [record])),
        ]
        panel.cancelRequested.connect(self._cancel)
        panel.clearRequested.connect(workbench.problems.clear)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._show_jobs)
        self._timer.start(LOOK_MS)
        self._show_problems()

    def stop(self) -> None:
        """Listen no more."""
        self._timer.stop()
        for end in self._ends:
            end()

    def _note_jobs(self) -> None:
        """From any thread: the job list changed; the next look shows it."""
        self._jobs_changed = True

    def _on_problem(self, problem: Problem | None) -> None:
        if problem is not None and problem.severity == "notice":
            self._status.tell(f"{problem.title}: {problem.text}", NOTICE_MS)
        elif problem is not None:
            self._toasts.show_problem(problem)
        self._show_problems()

    def _show_problems(self) -> None:
        entries = self._bench.problems.entries()
        self._panel.set_problems(entries)
        self._status.set_problems(sum(entry.severity != "notice" for entry in entries))

    def _show_jobs(self) -> None:
        if not self._jobs_changed:
            return
        self._jobs_changed = False
        jobs = self._bench.engine.jobs()
        self._panel.set_jobs(jobs)
        self._status.set_jobs([job for job in jobs if _is_work(job)])

    def _cancel(self, number: int) -> None:
        for job in self._bench.engine.jobs():
            if job.id == number:
                job.cancel()


def _is_work(job: Job[Any]) -> bool:
    """Whether the status line speaks of it: what never ends has its own place."""
    return not job.state.is_finished and job.lane != "watch"
