"""Follows a night from its folder alone: any number of windows and scripts may, at any time."""

from __future__ import annotations

import math
import time
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from ..night.layout import NightLayout
from ..night.reading import night_tail
from ..report.records import mapped
from ..report.status import NightStatus
from .alarms import alarms_of
from .facts import Facts
from .forecast import forecast
from .snapshot import Forecast, NightSnapshot
from .story import Story
from .surroundings import ClockWatch, Surroundings, steady_s
from .twilight import twilight_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ..report.records import NightRecords
    from .surroundings import Around

_PIECE_BYTES = 1 << 18
_PAUSE_S = 0.001
"""Between two pieces of a long journal others get the interpreter."""
_ROOM_STEP_BYTES = 1e7
"""Free room that changed by less than this, or than a thousandth, is the same."""


class NightWatcher:
    """Looks at a night again and again; a look costs next to nothing while nothing is new.

    Parameters
    ----------
    output : Path
        Folder of the products; it need not hold a night yet.
    clock : callable
        Time of the computer (Unix).
    steady : callable
        Seconds that never jump.
    is_window : bool
        Whether other windows are told that this one watches.
    """

    def __init__(
        self,
        output: Path,
        clock: Callable[[], float] = time.time,
        steady: Callable[[], float] = steady_s,
        *,
        is_window: bool = True,
    ) -> None:
        layout = NightLayout(output)
        self._output, self._clock, self._steady = output, clock, steady
        self._tail = night_tail(layout.journal)
        self._surroundings = Surroundings(layout, steady, is_window=is_window)
        self._clock_watch = ClockWatch()
        self._story = Story()
        self._restarts = 0
        self._moved_s = steady() - self._quiet_before_s(layout.journal)
        self._snapshot: NightSnapshot | None = None

    def _quiet_before_s(self, journal: Path) -> float:
        """Since the journal grew; 0 where that is not known."""
        with suppress(OSError):
            return max(self._clock() - journal.stat().st_mtime, 0.0)
        return 0.0

    def look(self) -> NightSnapshot:
        """How the night stands now.

        Returns
        -------
        NightSnapshot
            With a higher revision where anything is different from the look before.
        """
        is_new = self._read()
        around = self._surroundings.look(self._story.raw())
        before = self._snapshot
        has_turned = before is not None and around.is_driven != before.is_running
        if before is not None and (is_new or (has_turned and around.is_driven)):
            self._moved_s = self._steady()
        if before is None or is_new or has_turned:
            made = self._made(around, 0 if before is None else before.revision + 1)
        else:
            made = self._again(before, around)
        self._snapshot = made
        return made

    def close(self) -> None:
        """Let go of the night."""
        self._surroundings.close()

    def _read(self) -> bool:
        """Take in what was added to the journal; whether anything was."""
        is_new = False
        with suppress(OSError):  # away, or not to be read now: the alarms tell of it
            while records := self._tail.read(_PIECE_BYTES):
                if self._tail.restarts != self._restarts:
                    self._restarts, self._story = self._tail.restarts, Story()
                self._story.take(records)
                is_new = True
                time.sleep(_PAUSE_S)
        return is_new

    def _made(self, around: Around, revision: int) -> NightSnapshot:
        """A snapshot of which nothing is taken over from the one before."""
        story, night = self._story, self._story.night
        status = NightStatus.of_night(night, is_running=around.is_driven)
        made = NightSnapshot(
            output=self._output,
            revision=revision,
            as_of_s=self._clock(),
            is_running=around.is_driven,
            request=mapped(night.header, "request"),
            settings=mapped(night.header, "config"),
            status=status,
            grid=story.grid(night, status),
            series=story.series(night, status),
            alarms=(),
            forecast=Forecast(bytes_free=around.free_bytes),
            twilight=twilight_of(night.night, night.site or _first_camera(status)),
            last={
                one.camera: one.reduced[-1] for one in night.of_night(night.night) if one.reduced
            },
            records=story.newest,
            mails=night.mails,
        )
        facts = self._facts(made, night, around)
        return replace(made, alarms=alarms_of(facts), forecast=forecast(facts))

    def _again(self, before: NightSnapshot, around: Around) -> NightSnapshot:
        """The snapshot before, with what changes without a line of the journal."""
        facts = self._facts(before, self._story.night, around)
        alarms, told = alarms_of(facts), before.forecast
        if not _is_same_room(told.bytes_free, around.free_bytes):
            told = forecast(facts)
        is_same = alarms == before.alarms and told is before.forecast
        return replace(
            before, revision=before.revision + (not is_same), as_of_s=self._clock(),
            alarms=alarms, forecast=told,
        )  # fmt: skip

    def _facts(self, made: NightSnapshot, night: NightRecords, around: Around) -> Facts:
        pulse, clock_s = self._story.pulse, self._clock()
        torn = sum(one > pulse.started_after for one in self._tail.torn_after)
        noticed = self._clock_watch.steps(clock_s, self._steady())
        return Facts(
            output=self._output,
            night=night,
            status=made.status,
            running=pulse.running,
            around=around,
            twilight=made.twilight,
            clock_s=clock_s,
            journal_s=pulse.at_s,
            quiet_s=self._quiet_s,
            was_there=pulse.lines > 0,
            torn=torn,
            steps=noticed or self._story.steps(),
        )

    @property
    def _quiet_s(self) -> float:
        """Since the journal grew or a driver came."""
        return max(self._steady() - self._moved_s, 0.0)


def _is_same_room(before: float, now: float) -> bool:
    if not math.isfinite(before + now):
        return math.isfinite(before) == math.isfinite(now)
    return abs(now - before) < max(_ROOM_STEP_BYTES, before / 1000.0)


def _first_camera(status: NightStatus) -> str:
    return status.cameras[0].camera if status.cameras else ""
