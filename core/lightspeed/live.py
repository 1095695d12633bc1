"""A camera watched at work: folder -> whole cubes -> capture -> every frame counted.

One job does it all on one thread, so that its events come in an order that makes sense: a cube
is in the capture before it is told of, and told of before it is counted.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..errors import NightglassError
from .capture import Capture
from .counting import RETRY_SECONDS, CountedCube, FrameCounter, LostCube, Tally
from .follow_events import CaptureName, CubeDeleted, CubeReady, CubeRewritten, Event

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ..engine.jobs import JobContext
    from .box import Box
    from .cube import CubeHeader
    from .follow import Follower
    from .times import ConstantTerm

WORK_SECONDS = 0.1  # of counting between two looks


@dataclass(frozen=True)
class CaptureOpened:
    """The first whole cube of a capture is there; `capture` grows from now on.

    It comes again for the same name when the capture was begun anew over its old files.
    """

    name: CaptureName
    capture: Capture


@dataclass(frozen=True)
class CubeCounted:
    """The frames of one cube were counted (again, if it was rewritten)."""

    name: CaptureName
    counted: CountedCube
    tally: Tally


@dataclass(frozen=True)
class CubeLost:
    """A cube could not be counted."""

    name: CaptureName
    lost: LostCube
    tally: Tally


@dataclass(frozen=True)
class CubeRefused:
    """A whole cube that does not belong to the capture of its name, or cannot be read."""

    name: CaptureName
    path: Path
    error: NightglassError


LiveEvent = Event | CaptureOpened | CubeCounted | CubeLost | CubeRefused
Arrival = CubeReady | CubeRewritten


@dataclass(eq=False)
class _Session:
    name: CaptureName
    capture: Capture
    counter: FrameCounter


@dataclass
class _Delayed:
    event: Arrival
    due_s: float
    tries: int


class LiveFolder:
    """Follows a folder and counts every frame of the captures followed.

    Parameters
    ----------
    follower : Follower
        Of the folder.
    constant : ConstantTerm or None
        Constant part of the time model, for the captures opened.
    box : Box or None
        What is counted; the middle of the frame if None.
    clock : callable
        Seconds of a clock that never goes back, the same as the follower's.
    """

    def __init__(
        self,
        follower: Follower,
        *,
        constant: ConstantTerm | None = None,
        box: Box | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.follower = follower
        self._constant = constant
        self._box = box
        self._clock = clock
        self._sessions: dict[CaptureName, _Session] = {}
        self._delayed: list[_Delayed] = []

    def run(self, ctx: JobContext, publish: Callable[[LiveEvent], None] | None = None) -> None:
        """Follow and count until stopped or cancelled.

        Parameters
        ----------
        ctx : JobContext
            Of the job this runs in.
        publish : callable or None
            Takes each event; `ctx.publish` as a rule.

        Raises
        ------
        Cancelled
            When the job was cancelled.
        """
        tell = publish or ctx.publish
        self.follower.run(
            ctx,
            publish=lambda event: self.take(event, tell),
            work=lambda: self.work(ctx, tell),
        )

    def tally(self, name: CaptureName) -> Tally:
        """Give the frames of one capture so far."""
        session = self._sessions.get(name)
        return session.counter.tally if session else Tally()

    def take(self, event: Event, tell: Callable[[LiveEvent], None]) -> None:
        """Act on one event of the follower."""
        if isinstance(event, (CubeReady, CubeRewritten)):
            self._arrive(_Delayed(event, 0.0, 0), tell)
            return
        if isinstance(event, CubeDeleted):
            self._forget(event)
        tell(event)

    def _arrive(self, arrival: _Delayed, tell: Callable[[LiveEvent], None]) -> None:
        event = arrival.event
        session = self._sessions.get(event.capture)
        if session is None or _holds_only(session.capture, event.header):
            self._begin(event, tell)
            return
        try:
            session.capture.add_cube(event.header)
        except NightglassError as error:
            self._refuse(arrival, error, tell)
            return
        session.counter.add(event.header)
        tell(event)

    def _begin(self, event: Arrival, tell: Callable[[LiveEvent], None]) -> None:
        """Open a capture with its first cube."""
        capture = Capture([event.header], live=True, constant=self._constant)
        counter = FrameCounter(capture, self._box)
        self._sessions[event.capture] = _Session(event.capture, capture, counter)
        counter.add(event.header)
        tell(CaptureOpened(event.capture, capture))
        tell(event)

    def _refuse(
        self, arrival: _Delayed, error: NightglassError, tell: Callable[[LiveEvent], None]
    ) -> None:
        """Try again later, because the disk may have stumbled; then say it is a stranger."""
        event = arrival.event
        if arrival.tries < len(RETRY_SECONDS):
            arrival.due_s = self._clock() + RETRY_SECONDS[arrival.tries]
            arrival.tries += 1
            self._delayed.append(arrival)
        elif isinstance(event, CubeRewritten):
            # Another capture is written over this one, file by file: begin anew with it.
            self._begin(event, tell)
        else:
            tell(CubeRefused(event.capture, event.header.path, error))

    def _forget(self, event: CubeDeleted) -> None:
        self._delayed = [
            delayed for delayed in self._delayed if delayed.event.header.path != event.path
        ]
        session = self._sessions.get(event.capture)
        if session is None or not event.was_ready:
            return
        session.counter.drop(event.number)
        numbers = {cube.number for cube in session.capture.cubes}
        if numbers == {event.number}:
            del self._sessions[event.capture]
        elif event.number in numbers:
            session.capture.drop_cube(event.number)

    def work(self, ctx: JobContext, tell: Callable[[LiveEvent], None]) -> bool:
        """Count for a while what is due; True when more is."""
        end_s = self._clock() + WORK_SECONDS
        self._take_delayed(tell)
        # The newest capture first: it is the one being watched.
        for name in sorted(self._sessions, reverse=True):
            session = self._sessions[name]
            while (due_s := session.counter.next_due_s()) is not None:
                now_s = self._clock()
                if now_s >= end_s:
                    return True
                if due_s > now_s:
                    break
                self._count(session, now_s, ctx, tell)
        return False

    def _take_delayed(self, tell: Callable[[LiveEvent], None]) -> None:
        now_s = self._clock()
        due = [delayed for delayed in self._delayed if delayed.due_s <= now_s]
        self._delayed = [delayed for delayed in self._delayed if delayed.due_s > now_s]
        for delayed in due:
            self._arrive(delayed, tell)

    @staticmethod
    def _count(
        session: _Session, now_s: float, ctx: JobContext, tell: Callable[[LiveEvent], None]
    ) -> None:
        result = session.counter.step(now_s, ctx)
        if isinstance(result, CountedCube):
            tell(CubeCounted(session.name, result, session.counter.tally))
        elif isinstance(result, LostCube):
            tell(CubeLost(session.name, result, session.counter.tally))


def _holds_only(capture: Capture, header: CubeHeader) -> bool:
    """Whether nothing of a capture would be left beside the new content of its one cube."""
    cubes = capture.cubes
    return len(cubes) == 1 and cubes[0].number == header.number
