"""The captures that are open, and what has been counted of each."""

from __future__ import annotations

from dataclasses import dataclass, field
from time import monotonic
from typing import TYPE_CHECKING

from psygnal import Signal

from ..errors import NightglassError
from .curve import GrowingCurve
from .units import unit_in_words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    import numpy as np
    import numpy.typing as npt

    from ..engine.engine import Engine
    from ..engine.jobs import Job, JobContext
    from ..frames.source import FrameSource
    from ..lightspeed.accounting import Accounting
    from ..lightspeed.capture import Capture
    from ..lightspeed.counting import CountedCube, LostCube, Tally
    from ..lightspeed.times import TimeModel
    from ..problems import ProblemList
    from ..settings import Settings
    from .opening import Opening
    from .stand_in import StandIn

NOTES_TOLD = 3
COUNTS = "ADU"
COUNT_WORDS = ("", "adu", "count", "counts", "dn")
BALANCE_REST = 20.0  # a balance that takes 50 ms is drawn up once a second


@dataclass(eq=False)
class OpenCapture:
    """One capture on the desk; owner thread only.

    Attributes
    ----------
    key : str
        Unique name on the desk.
    source : FrameSource
        Its frames.
    curve : GrowingCurve
        Mean counts per pixel of the middle of every frame counted, ADU.
    read, counted : int
        Frames whose counts were read, and that are in the curve.
    accounting : Accounting or None
        Balance of the stamps, when last drawn up.
    balance_s : float
        Seconds that took.
    live : bool
        Whether a camera may still be writing it.
    frame_seen : int
        Frame shown when another capture was put in its place.
    stand_in : StandIn or None
        What the main picture shows in place of its frames.
    is_lasting : bool
        Whether a session remembers it; what is shown of a night comes back with the night.
    """

    key: str
    source: FrameSource
    curve: GrowingCurve = field(default_factory=GrowingCurve)
    read: int = 0
    counted: int = 0
    accounting: Accounting | None = None
    balance_s: float = 0.0
    live: bool = False
    job: Job[Tally] | None = None
    frame_seen: int = 0
    stand_in: StandIn | None = None
    is_lasting: bool = True
    _clocks: dict[int, npt.NDArray[np.float64]] = field(default_factory=dict)
    _timed_by: TimeModel | None = None

    @property
    def captured(self) -> int:
        """Frames in complete cubes."""
        return self.source.n_frames

    @property
    def lost(self) -> int:
        """Frames that must have been taken and are not there."""
        return 0 if self.accounting is None else self.accounting.lost

    @property
    def lightspeed(self) -> Capture | None:
        """The source as a LightSpeed capture, None when it is another image."""
        from ..lightspeed.capture import Capture

        return self.source if isinstance(self.source, Capture) else None

    @property
    def unit(self) -> str:
        """What the values of its frames are: counts, unless its file says otherwise."""
        told = str(getattr(self.source, "unit", "")).strip()
        return COUNTS if told.lower() in COUNT_WORDS else unit_in_words(told)

    @property
    def interval_s(self) -> float | None:
        """Seconds between frames, None where nothing tells."""
        return None if self.lightspeed is None else self.lightspeed.interval_s

    @property
    def utc_of_zero(self) -> str | None:
        """UTC of second 0 of the curve, None where nothing tells."""
        source = self.lightspeed
        if source is None or source.time_quality == "none":
            return None
        return source.time_model().instant.iso(3)

    def take_tally(self, tally: Tally) -> None:
        """Note how far the counting is."""
        self.read, self.counted = tally.read, tally.counted

    def take_counts(self, cube: CountedCube) -> None:
        """Put the frames of one cube into the curve."""
        self._clocks[cube.number] = cube.clock_s
        self.retime()
        model = self._timed_by
        seconds = cube.seconds if model is None else model.elapsed(cube.clock_s)
        self.curve.put(cube.number, seconds, cube.sums / cube.pixels)

    def retime(self) -> None:
        """Time the frames counted anew when the capture has learned better since."""
        model = self._time_model()
        if model is None or model == self._timed_by:
            return
        self._timed_by = model
        if len(self.curve):
            self.curve.retime(lambda number: model.elapsed(self._clocks[number]))

    def _time_model(self) -> TimeModel | None:
        """How stamps become times; None while no stamp can be read."""
        try:
            return None if self.lightspeed is None else self.lightspeed.time_model()
        except NightglassError:
            return None


class Desk:
    """Opens and closes captures; owner thread only.

    Parameters
    ----------
    engine : Engine
        Reads and counts.
    problems : ProblemList
        Hears of files that do not belong.
    settings : Settings
        Of the moment; replaced when they change.
    """

    opened = Signal(str)
    closed = Signal(str)
    grown = Signal(str)

    def __init__(self, engine: Engine, problems: ProblemList, settings: Settings) -> None:
        self._engine = engine
        self._problems = problems
        self.settings = settings
        self._captures: dict[str, OpenCapture] = {}

    def __iter__(self) -> Iterator[OpenCapture]:
        return iter(tuple(self._captures.values()))

    def __len__(self) -> int:
        return len(self._captures)

    def get(self, key: str | None) -> OpenCapture | None:
        """The capture of that key, if it is open."""
        return None if key is None else self._captures.get(key)

    def require(self, key: str | None) -> OpenCapture:
        """The capture of that key.

        Raises
        ------
        NightglassError
            If it is not open.
        """
        capture = self.get(key)
        if capture is None:
            raise NightglassError(
                "No capture is open", "This needs a capture.", "Open one, or follow a folder."
            )
        return capture

    @property
    def order(self) -> tuple[str, ...]:
        """Keys in the order of opening."""
        return tuple(self._captures)

    def open(
        self, paths: Sequence[Path], on_first: Callable[[str], object] | None = None
    ) -> Job[Opening]:
        """Find and open what `paths` hold; `opened` is told for each capture.

        Parameters
        ----------
        paths : sequence of Path
            Cubes, folders, FITS images.
        on_first : callable or None
            Gets the key of the first capture that opens.
        """
        from .opening import open_paths

        settings = self.settings
        names = ", ".join(path.name or str(path) for path in paths[:3])
        return self._engine.submit(
            lambda ctx: open_paths(paths, settings, ctx),
            title=f"Open {names}",
            lane="frames",
            on_result=lambda opening: self._take(opening, on_first),
        )

    def _take(self, opening: Opening, on_first: Callable[[str], object] | None) -> None:
        for error in opening.problems:
            self._problems.report(error)
        for cube in opening.left_out:
            self._problems.note("warning", cube.title, cube.text, cube.hint, cube.path)
        self._tell_ignored(opening.ignored)
        keys = [self.put(source).key for source in opening.sources]
        if keys and on_first is not None:
            on_first(keys[0])

    def _tell_ignored(self, notes: Sequence[NightglassError]) -> None:
        """Say in one entry which files were left out, however many they are."""
        if len(notes) == 1:
            self._problems.note(
                "notice", notes[0].title, notes[0].text, notes[0].hint, notes[0].path
            )
        elif notes:
            more = len(notes) - NOTES_TOLD
            texts = [note.text for note in notes[:NOTES_TOLD]]
            texts += [f"And {more} more."] if more > 0 else []
            self._problems.note("notice", f"{len(notes)} files were left out", " ".join(texts))

    def put(
        self, source: FrameSource, live: bool = False, *, is_lasting: bool = True
    ) -> OpenCapture:
        """Lay a source on the desk; one that is there already is only told of again.

        A live one takes the place of what was opened before.
        """
        key = f"{source.path.parent}::{source.name}"
        known = self._captures.get(key)
        if known is not None and not live:
            source.close()
            self.opened.emit(key)
            return known
        self.close(key)
        capture = OpenCapture(key, source, live=live, is_lasting=is_lasting)
        self._captures[key] = capture
        self.opened.emit(key)
        if not live:
            self._count(capture)
            self.draw_up(capture)
        return capture

    def close(self, key: str) -> None:
        """Take a capture off the desk; nothing of it arrives afterwards."""
        capture = self._captures.pop(key, None)
        if capture is None:
            return
        if capture.job is not None:
            capture.job.cancel()
        self._engine.drop(("accounting", key))
        self.closed.emit(key)
        capture.source.close()

    def close_all(self) -> None:
        """Empty the desk."""
        for key in self.order:
            self.close(key)

    def draw_up(self, capture: OpenCapture, after_s: float = 0.0) -> None:
        """Balance the stamps in the background.

        Parameters
        ----------
        capture : OpenCapture
        after_s : float
            Rest so long before, or longer when the balance is a long one. However often this is
            asked meanwhile, there is one balance every `after_s`, and always one after the last
            time it was asked.
        """
        source = capture.lightspeed
        if source is None:
            return

        rest_s = max(after_s, BALANCE_REST * capture.balance_s) if after_s else 0.0

        def balance(ctx: JobContext) -> tuple[Accounting, float]:
            ctx.rest(rest_s)
            begun_s = monotonic()
            return source.accounting(), monotonic() - begun_s

        self._engine.latest(
            ("accounting", capture.key),
            balance,
            title=f"Check the time stamps of {source.name}",
            lane="watch",
            on_result=lambda drawn: self._take_balance(capture, *drawn),
        )

    def _take_balance(self, capture: OpenCapture, balance: Accounting, took_s: float) -> None:
        capture.accounting, capture.balance_s = balance, took_s
        self.grown.emit(capture.key)

    def _count(self, capture: OpenCapture) -> None:
        """Count every frame of a finished capture in the background."""
        source = capture.lightspeed
        if source is None:
            return
        from ..lightspeed.counting import count_frames

        def count(ctx: JobContext) -> Tally:
            return count_frames(source, ctx)

        capture.job = self._engine.submit(
            count,
            title=f"Count the frames of {source.name}",
            on_partial=lambda part: self._take_part(capture, part),
            on_result=lambda tally: self._take_end(capture, tally),
        )

    def _take_part(self, capture: OpenCapture, part: CountedCube | LostCube) -> None:
        from ..lightspeed.counting import LostCube

        if isinstance(part, LostCube):
            self.tell_lost(part)
            return
        capture.take_counts(part)
        capture.counted = capture.read = len(capture.curve)
        self.grown.emit(capture.key)

    def _take_end(self, capture: OpenCapture, tally: Tally) -> None:
        capture.take_tally(tally)
        self.grown.emit(capture.key)

    def tell_lost(self, lost: LostCube) -> None:
        """Say that a cube could not be counted."""
        self._problems.note(
            "error",
            "A cube could not be counted",
            f"{lost.frames} frames are not in the light curve: {lost.why}",
            "Check the disk, then open the capture again.",
            lost.path,
        )
