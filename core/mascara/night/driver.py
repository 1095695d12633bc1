"""The driver of a night: looks for frames, starts units, writes the journal, obeys orders."""

from __future__ import annotations

import logging
import os
import time
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ...engine.child import ChildCrashError
from ...engine.slots import Slots, Task
from ...errors import NightglassError, translate
from . import control, ending
from .beat import beat
from .journalling import PatientJournal
from .ledger import Ledger
from .leftovers import remove_leftovers
from .lock import DriverLock
from .merge_unit import remove_temporary
from .plan import summary_of
from .reading import read_night
from .schedule import Scheduler
from .star_file import forget_others
from .watch import Watch

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ...engine.journal import Record
    from ...engine.slots import Outcome
    from ..settings import ReductionSettings
    from .layout import NightLayout
    from .schedule import Work
    from .source import Source

BEAT_S = 5.0
_TICK_S = 0.2
_ATTEMPTS = 3
_SUSPECT_AFTER = 2
_KILLED = "SIGKILL"

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class NightRun:
    """What a driver is asked to do.

    Parameters
    ----------
    layout : NightLayout
    settings : ReductionSettings
    catalogue : Path
        Star table, ready for the workers.
    catalogue_key : str
        Digest of its content.
    workers : int
        Units at the same time.
    is_live : bool
        Whether cameras still write.
    header : dict
        What the first line of the run says besides.
    """

    layout: NightLayout
    settings: ReductionSettings
    catalogue: Path
    catalogue_key: str
    workers: int
    is_live: bool
    header: dict[str, Any]


class Driver:
    """Reduces one night into one folder; nobody else may do so at the same time.

    Parameters
    ----------
    run : NightRun
    source : Source
    tell : callable, optional
        Hears each journal record after it is written.

    Raises
    ------
    NightglassError
        If another driver works in the folder, or it cannot be written.
    """

    def __init__(
        self, run: NightRun, source: Source, tell: Callable[[Record], None] | None = None
    ) -> None:
        self._run = run
        self._layout = run.layout
        self._tell = tell
        self._ledger = Ledger()
        self._lock = _locked(run.layout)
        self._journal = self._opened()
        self._slots = Slots(run.workers)
        self._watch = Watch(source, self._ledger)
        self._scheduler = Scheduler(
            run.layout, run.settings, run.catalogue, run.catalogue_key, self._ledger,
            self._watch.is_closed,
        )  # fmt: skip
        self._works: dict[str, Work] = {}
        self._waiting: list[Work] = []
        self._lines, self._asked = 0, (-1, -1)
        self._crashes: dict[tuple[str, str], int] = {}
        self._merged: list[Record] = []
        self._obeyed: set[Path] = set()
        self._is_paused = self._is_stopped = False
        self._beaten = float("-inf")

    def _opened(self) -> PatientJournal:
        """What was done before, and the journal to go on with; nobody else writes it."""
        layout = self._layout
        with ExitStack() as stack:
            stack.callback(self._lock.close)
            try:
                for record in read_night(layout.journal):
                    self._ledger.take(record)
                journal = PatientJournal(layout, self._heard, is_patient=self._run.is_live)
            except OSError as error:
                raise translate(error, layout.journal) from error
            stack.callback(journal.close)
            self._lock.claim(journal.journal.file)
            control.forget_earlier(layout.control)
            forget_others(self._run.catalogue)
            remove_leftovers(layout.output)
            stack.pop_all()
        return journal

    def stop(self) -> None:
        """Ask for an end; from any thread or signal handler. What is done stays done."""
        self._is_stopped = True

    def reduce(self, should_stop: Callable[[], bool] | None = None) -> str:
        """Work until the night is merged or somebody stops it.

        Parameters
        ----------
        should_stop : callable, optional
            Asked in each turn.

        Returns
        -------
        str
            ``"finished"`` or ``"stopped"``.

        Raises
        ------
        NightglassError
            If the output cannot be written any more; what is done stays done.
        """
        try:
            self._watch.look()
            self._journal.write(
                {"kind": "night", "version": 1, "at": _now(), **summary_of(self._watch.plan),
                 **self._run.header}
            )  # fmt: skip
            self._forget_merged()
            while not self._is_stopped and not self._step():
                self._is_stopped |= should_stop is not None and should_stop()
            state = "stopped" if self._is_stopped else "finished"
            self._slots.close()
            if state == "finished":
                for record in ending.mails(self._layout, self._merged):
                    self._journal.write(record)
            self._journal.write({"kind": "end", "at": _now(), "state": state})
            if self._merged or (state == "finished" and not self._layout.report.exists()):
                ending.write_report(self._layout)
        finally:
            self.close()
        return state

    def close(self) -> None:
        """End every worker and let the next driver in."""
        self._slots.close()
        self._journal.close()
        self._lock.close()

    def _step(self) -> bool:
        """One turn of the loop; whether nothing is left to do."""
        self._obey()
        self._watch.look()
        self._journal.check()
        is_idle = not self._start_work()
        self._beat()
        for outcome in self._slots.wait(_TICK_S):
            self._take(outcome)
        return is_idle and self._watch.is_over and not self._works and not self._is_paused

    def _start_work(self) -> bool:
        """Fill the free slots; whether anything runs, or waits for a slot."""
        if self._is_paused or self._journal.is_in_trouble:
            return True
        waiting = self._next_works()
        is_lost = self._watch.is_lost and self._waits_for_files(waiting)
        if self._watch.is_lost:
            waiting = [work for work in waiting if work.kind == "merge"]
        for work in sorted(waiting, key=lambda work: work.order)[: self._slots.free]:
            self._start(work)
        return bool(self._works) or is_lost

    def _waits_for_files(self, works: list[Work]) -> bool:
        """Whether something needs raw files that are away; not for ever."""
        is_waiting = not self._watch.plan.cameras or any(work.kind != "merge" for work in works)
        if is_waiting:
            self._watch.check_patience()
        return is_waiting

    def _next_works(self) -> list[Work]:
        """What could start; the night is gone through again only after a look or a line."""
        busy = {work.camera for work in self._works.values()}
        news = self._watch.looks, self._lines
        if news != self._asked:
            self._asked, plan, is_over = news, self._watch.plan, self._watch.is_over
            self._waiting = self._scheduler.works_of(plan, busy, is_over=is_over)
        return [work for work in self._waiting if work.camera not in busy]

    def _start(self, work: Work) -> None:
        self._works[work.unit] = work
        self._journal.write(
            {"kind": "start", "unit": work.unit, "camera": work.camera, "at": _now()}
        )
        self._slots.start(Task(work.unit, work.target, work.arguments))

    def _sweep(self, work: Work) -> None:
        """Remove what a killed process of a camera left; no other one works for it now."""
        remove_leftovers(self._layout.output, work.camera)

    def _take(self, outcome: Outcome) -> None:
        work = self._works.pop(outcome.task.ident)
        if outcome.crashed:
            self._sweep(work)
        if outcome.error is None:
            self._finish(work, outcome.result, outcome.seconds)
        elif not self._is_stopped and not self._journal.is_to_blame(outcome.error):
            self._failed(work, outcome)

    def _forget_merged(self) -> None:
        """Delete the batches of merged nights: a crash may have come between."""
        for record in self._ledger.units("merge"):
            if record["state"] == "done" and record["key"]:
                self._forget_batches(record)

    def _forget_batches(self, merge: Record) -> None:
        remove_temporary(self._layout.camera_night(merge["night"], merge["camera"]))

    def _finish(self, work: Work, result: Record, seconds: float) -> None:
        record = {
            "kind": work.kind, "unit": work.unit, "camera": work.camera, "key": work.key,
            "at": _now(), "took_s": round(seconds, 3), **result,
        }  # fmt: skip
        self._journal.write(record)

    def _failed(self, work: Work, outcome: Outcome) -> None:
        """Try again; then leave out the frame it died of, or give the unit up."""
        assert outcome.error is not None
        at = str(outcome.last_part or "")
        self._crashes[work.unit, at] = times = self._crashes.get((work.unit, at), 0) + 1
        _log.warning("%s: %s", work.unit, outcome.error)
        self._watch.look_soon()  # a file that went away must not be asked for again
        was_killed = _KILLED in outcome.error.text
        if outcome.crashed and at and not was_killed and times >= _SUSPECT_AFTER:
            reason = f"Reading it ended the process ({outcome.error.text})"
            self._journal.write(
                {"kind": "suspect", "unit": work.unit, "file": at, "reason": reason}
            )
        elif times >= _ATTEMPTS:
            self._finish(work, _given_up(work, outcome.error), outcome.seconds)
            return
        self._journal.write(
            {"kind": "again", "unit": work.unit, "camera": work.camera, "at": _now(),
             "night": work.arguments.get("night", ""), "reason": _why_again(outcome.error)}
        )  # fmt: skip

    def _obey(self) -> None:
        for path, order in control.orders(self._layout.control):
            if order is not None and path not in self._obeyed:
                self._is_paused = {"pause": True, "resume": False}.get(order.what, self._is_paused)
                self._is_stopped |= order.what == "stop"
                self._watch.look_soon()
                self._journal.write(
                    {"kind": "control", "what": order.what, "subject": order.subject, "at": _now()}
                )
            self._take_away(path)

    def _take_away(self, order: Path) -> None:
        self._obeyed.add(order)
        with suppress(OSError):  # where it cannot be removed it is obeyed once all the same
            order.unlink()
            self._obeyed.discard(order)

    def _beat(self) -> None:
        if time.monotonic() - self._beaten < BEAT_S:
            return
        self._beaten = time.monotonic()
        self._journal.note(
            beat(
                self._watch.plan, self._ledger, self._watch.arrivals, tuple(self._works),
                self._layout.output, self._watch.troubles(), is_paused=self._is_paused,
            )
        )  # fmt: skip

    def _heard(self, record: Record) -> None:
        """Take note of a record that is in the journal."""
        self._lines += 1
        self._ledger.take(record)
        if record["kind"] == "merge" and record["state"] == "done":
            self._merged.append(record)
            self._forget_batches(record)
        if self._tell is not None:
            self._tell_others(record)

    def _tell_others(self, record: Record) -> None:
        assert self._tell is not None
        try:
            self._tell(record)
        except OSError as error:  # nobody listens any more; the night goes on
            self._tell = None
            _log.warning("%s", translate(error))


def _locked(layout: NightLayout) -> DriverLock:
    try:
        layout.output.mkdir(parents=True, exist_ok=True)
        return DriverLock(layout.lock)
    except OSError as error:
        raise translate(error, error.filename or layout.output) from error


def _why_again(error: NightglassError) -> str:
    """What befell a unit that is started again, as a sentence."""
    if isinstance(error, ChildCrashError):
        return f"Its process {error.how}: it is started again."
    return f"{error.title}. {error.text} It is started again."


def _given_up(work: Work, error: NightglassError) -> Record:
    common: Record = {"state": "failed", "warnings": [str(error)]}
    if work.kind != "unit":
        return common | {"problems": [str(error)]}
    return common | {
        "bin": work.arguments["number"],
        "night": work.arguments["night"],
        "files": [os.path.basename(name) for name in work.arguments["files"]],  # noqa: PTH119
        "received": len(work.arguments["files"]),
        "reduced": 0,
    }


def _now() -> float:
    """For people only: nothing is decided by it, since clocks are set at night."""
    return round(time.time(), 3)
