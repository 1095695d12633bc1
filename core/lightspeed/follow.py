"""Follow a folder into which a camera writes cubes, by looking at it again and again.

Notifications of the operating system are not used: data disks are often network mounts, which
send none. One look lists the folder, asks for size and time of what is new or unfinished, and
takes a cube when it is whole: its size is what its header says, and size and time were the same
in two looks. Cubes are told of as they become whole, whatever their order; sorting is the
consumer's part (`Capture.add_cube`), and so is pausing.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict, deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..errors import NightglassError, translate
from .cube import parse_name
from .follow_disk import Disk, Glance, Listing, LocalDisk
from .follow_events import (
    CaptureName,
    CaptureStarted,
    CubeDeleted,
    CubeReady,
    CubeRewritten,
    Event,
    FolderBack,
    FolderMissing,
    Waiting,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ..engine.jobs import JobContext
    from .cube import CubeHeader

HEADERS_PER_LOOK = 100  # keeps a look short when a folder full of cubes is met for the first time
RECHECKS_PER_LOOK = 100  # finished cubes asked again in each look, in turn, for a silent rewrite
ABSENT_LOOKS = 2  # a listing made during a rename may lack a name that is there
GROWING_SECONDS = 1.0  # after this long a file that keeps changing is worth a word
RETRY_SECONDS = (0.5, 1.0, 2.0, 5.0)  # for a file that did not change but could not be taken
CLOCK_STEP_SECONDS = 2 * 3600.0  # a capture started after the clocks went back has an older name
BUSY_SHARE = 10.0  # a look that takes 30 ms is followed by a rest of 270 ms

GROWING = "It is still being written."
NOT_A_FILE = "It has the name of a cube but is not a file."


@dataclass(slots=True)
class _Seen:
    """What is known of one file with the name of a cube."""

    path: Path
    capture: CaptureName
    number: int
    inode: int
    glance: Glance | None = None
    since_s: float = 0.0  # when this glance was first had
    changing_since_s: float | None = None
    told: Glance | None = None  # the content last told of
    retries: int = 0
    retry_at_s: float = 0.0
    why: str = ""


class Follower:
    """The state of one followed folder.

    Followed are the capture that started last, and all that start later.

    Parameters
    ----------
    folder : path
        Need not exist yet.
    scan_interval_s : float
        Time between two looks; a look that itself takes long makes the next one later.
    disk : Disk or None
        Who answers about files; the operating system as a rule.
    clock : callable
        Seconds of a clock that never goes back.
    """

    def __init__(
        self,
        folder: Path,
        *,
        scan_interval_s: float = 0.1,
        disk: Disk | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.folder = folder
        self.scan_interval_s = scan_interval_s
        self.busy = False  # the last look left work for the next one
        self.newest: CaptureName | None = None
        self._disk: Disk = disk or LocalDisk()
        self._clock = clock
        self._stopped = threading.Event()
        self._files: dict[str, _Seen] = {}
        self._strays: set[str] = set()
        self._absent: dict[str, int] = {}
        self._captures: dict[CaptureName, set[str]] = {}
        self._followed: set[CaptureName] = set()
        self._asked_for: deque[CaptureName] = deque()
        self._unsettled: dict[str, None] = {}  # in the order in which they are looked at
        self._rota: OrderedDict[str, None] = OrderedDict()
        self._device: int | None = None
        self._missing_why: str | None = None

    @property
    def captures(self) -> tuple[tuple[CaptureName, int], ...]:
        """Captures in the folder with their number of files, oldest first (any thread)."""
        return tuple(sorted((name, len(files)) for name, files in self._captures.copy().items()))

    def follow(self, capture: CaptureName) -> None:
        """Tell of the cubes of an older capture too, from the next look on (any thread)."""
        self._asked_for.append(capture)

    def stop(self) -> None:
        """End `run` at once (any thread)."""
        self._stopped.set()

    def run(
        self,
        ctx: JobContext,
        publish: Callable[[Event], None] | None = None,
        work: Callable[[], bool] | None = None,
    ) -> None:
        """Look until stopped or cancelled, and publish every event in order.

        Parameters
        ----------
        ctx : JobContext
            Of the job this runs in; the job lasts as long as the folder is followed.
        publish : callable or None
            Takes each event; `ctx.publish` as a rule.
        work : callable or None
            Done after every look; True when more is waiting, so that the next look comes at
            once.

        Raises
        ------
        Cancelled
            When the job was cancelled.
        """
        tell = publish or ctx.publish
        forget = ctx.on_cancel(self.stop)
        try:
            while not self._stopped.is_set():
                started_s = self._clock()
                for event in self.look(started_s):
                    tell(event)
                looked_s = self._clock() - started_s
                hurry = self.busy
                if work is not None:
                    hurry |= work()
                self._stopped.wait(0.0 if hurry else self._pause_s(looked_s))
        finally:
            forget()
        ctx.check()

    def _pause_s(self, looked_s: float) -> float:
        return max(self.scan_interval_s - looked_s, looked_s * (BUSY_SHARE - 1.0))

    def look(self, now_s: float) -> list[Event]:
        """Look at the folder once.

        Parameters
        ----------
        now_s : float
            Seconds of the clock. A file must be unchanged between two looks that are at least
            half a scan interval apart.

        Returns
        -------
        list of Event
            In the order in which a consumer should act on them.
        """
        listing, events = self._list()
        if listing is None:
            return events
        events += self._note_new(listing)
        events += self._note_asked_for()
        self._note_replaced(listing)
        events += self._note_absent(listing)
        events += self._examine_due(now_s)
        return events

    def _list(self) -> tuple[Listing | None, list[Event]]:
        try:
            listing = self._disk.listing(self.folder)
        except OSError as error:
            return None, self._miss(translate(error, self.folder).text)
        if self._is_unmounted(listing):
            return None, self._miss(f"{self.folder} is gone: the disk was unplugged.")
        self._device = listing.device
        if self._missing_why is None:
            return listing, []
        self._missing_why = None
        self._unsettled.update(self._rota)
        return listing, [FolderBack(self.folder)]

    def _miss(self, why: str) -> list[Event]:
        told_before, self._missing_why = self._missing_why, why
        return [] if told_before == why else [FolderMissing(self.folder, why)]

    def _is_unmounted(self, listing: Listing) -> bool:
        """Tell an emptied folder from the empty mount point of a disk that was pulled out."""
        if not self._files or listing.device == self._device:
            return False
        return not any(parse_name(name) for name in listing.inodes)

    def _note_new(self, listing: Listing) -> list[Event]:
        fresh: list[_Seen] = []
        strays = self._strays & listing.inodes.keys()
        for name in listing.inodes.keys() - self._files.keys() - strays:
            parts = parse_name(name)
            if parts is None:
                strays.add(name)
                continue
            capture = CaptureName(parts.start, parts.object_name)
            fresh.append(_Seen(self.folder / name, capture, parts.number, listing.inodes[name]))
        self._strays = strays
        fresh.sort(key=_place)
        first_of = {seen.capture: seen for seen in reversed(fresh)}
        started = [first_of[name] for name in sorted(first_of.keys() - self._captures.keys())]
        self._choose(started)
        for seen in fresh:
            self._add(seen)
        return [CaptureStarted(s.capture, s.path, s.capture in self._followed) for s in started]

    def _choose(self, started: list[_Seen]) -> None:
        """Follow the newest of the captures met at the first look, later all that start."""
        if self.newest is None and started:
            self.newest = started[-1].capture
            self._followed.add(self.newest)
        for seen in started:
            if self._starts_later(seen):
                self.newest = seen.capture
                self._followed.add(seen.capture)

    def _starts_later(self, seen: _Seen) -> bool:
        if self.newest is None or seen.capture > self.newest:
            return True
        behind_s = self.newest.seconds() - seen.capture.seconds()
        if seen.capture == self.newest or not 0.0 < behind_s <= CLOCK_STEP_SECONDS:
            return False
        # The clock of the acquisition computer may have been set back: ask the files.
        glances = (self._files[name].glance for name in self._captures.get(self.newest, ()))
        times = [glance.mtime_ns for glance in glances if glance is not None]
        try:
            return bool(times) and self._disk.glance(seen.path).mtime_ns > max(times)
        except OSError:
            return False

    def _add(self, seen: _Seen) -> None:
        name = seen.path.name
        self._files[name] = seen
        self._captures.setdefault(seen.capture, set()).add(name)
        if seen.capture in self._followed:
            self._watch(name)

    def _watch(self, name: str) -> None:
        self._unsettled[name] = None
        self._rota[name] = None

    def _note_asked_for(self) -> list[Event]:
        events: list[Event] = []
        while self._asked_for:
            capture = self._asked_for.popleft()
            names = sorted(self._captures.get(capture, ()))
            if not names or capture in self._followed:
                continue
            self._followed.add(capture)
            for name in names:
                self._watch(name)
            events.append(CaptureStarted(capture, self.folder / names[0], followed=True))
        return events

    def _note_replaced(self, listing: Listing) -> None:
        """Look again at names that now stand for another file; size and time will tell."""
        for name, seen in self._files.items():
            inode = listing.inodes.get(name, seen.inode)
            if inode != seen.inode:
                seen.inode = inode
                if seen.capture in self._followed:
                    self._unsettled[name] = None

    def _note_absent(self, listing: Listing) -> list[Event]:
        missing = self._files.keys() - listing.inodes.keys()
        self._absent = {name: self._absent.get(name, 0) + 1 for name in missing}
        gone = [self._files[name] for name in missing if self._absent[name] >= ABSENT_LOOKS]
        return [event for seen in sorted(gone, key=_place) for event in self._forget(seen)]

    def _forget(self, seen: _Seen) -> list[Event]:
        name = seen.path.name
        del self._files[name]
        self._unsettled.pop(name, None)
        self._rota.pop(name, None)
        self._captures[seen.capture].discard(name)
        if not self._captures[seen.capture]:
            del self._captures[seen.capture]
        if seen.capture not in self._followed:
            return []
        was_ready = seen.told is not None
        return [CubeDeleted(seen.capture, seen.path, seen.number, was_ready=was_ready)]

    def _examine_due(self, now_s: float) -> list[Event]:
        names = self._unsettled | self._next_rechecks()
        due = [self._files[name] for name in names if name not in self._absent]
        events: list[Event] = []
        headers_left = HEADERS_PER_LOOK
        self.busy = False
        for seen in due:
            if headers_left == 0:
                self.busy = True
                break
            if self._is_still(seen, now_s, events):
                headers_left -= 1
                events += self._judge(seen, now_s)
        return events

    def _next_rechecks(self) -> dict[str, None]:
        turns = min(RECHECKS_PER_LOOK, len(self._rota))
        names = dict([self._rota.popitem(last=False) for _ in range(turns)])
        self._rota.update(names)
        return names

    def _is_still(self, seen: _Seen, now_s: float, events: list[Event]) -> bool:
        """Glance at a file; True when it is unchanged for two looks and waits to be judged."""
        try:
            glance = self._disk.glance(seen.path)
        except FileNotFoundError:
            return False  # the next listing tells whether it is gone
        except OSError as error:
            if seen.told is None or seen.told != seen.glance:
                events += self._put_off(seen, translate(error, seen.path).text, now_s)
            return False
        if glance != seen.glance:
            events += self._note_change(seen, glance, now_s)
            return False
        if glance == seen.told:
            self._settle(seen)
            return False
        return now_s - seen.since_s >= self.scan_interval_s / 2 and now_s >= seen.retry_at_s

    def _note_change(self, seen: _Seen, glance: Glance, now_s: float) -> list[Event]:
        seen.glance, seen.since_s = glance, now_s
        seen.retries, seen.retry_at_s = 0, 0.0
        self._unsettled[seen.path.name] = None
        if seen.changing_since_s is None:
            seen.changing_since_s = now_s
        long = now_s - seen.changing_since_s >= GROWING_SECONDS
        return self._wait(seen, GROWING) if long else []

    def _judge(self, seen: _Seen, now_s: float) -> list[Event]:
        """Read the header of a file that stands still, and tell of the cube when it is whole."""
        if seen.glance is None or not seen.glance.is_file:
            return self._put_off(seen, NOT_A_FILE, now_s)
        try:
            header = self._disk.header(seen.path)
        except (NightglassError, OSError) as error:
            return self._put_off(seen, translate(error, seen.path).text, now_s)
        now_is = Glance(header.size_bytes, header.modified_ns)
        if now_is != seen.glance:
            return self._note_change(seen, now_is, now_s)
        return [self._tell(seen, header)]

    def _tell(self, seen: _Seen, header: CubeHeader) -> Event:
        event = CubeReady if seen.told is None else CubeRewritten
        seen.told = seen.glance
        self._settle(seen)
        return event(seen.capture, header)

    def _settle(self, seen: _Seen) -> None:
        self._unsettled.pop(seen.path.name, None)
        seen.changing_since_s, seen.why = None, ""

    def _put_off(self, seen: _Seen, why: str, now_s: float) -> list[Event]:
        seen.retry_at_s = now_s + RETRY_SECONDS[min(seen.retries, len(RETRY_SECONDS) - 1)]
        seen.retries += 1
        return self._wait(seen, why)

    def _wait(self, seen: _Seen, why: str) -> list[Event]:
        told_before, seen.why = seen.why, why
        return [] if told_before == why else [Waiting(seen.capture, seen.path, why)]


def _place(seen: _Seen) -> tuple[CaptureName, int]:
    return seen.capture, seen.number
