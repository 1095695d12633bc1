"""The phase movie of the capture shown: built and kept up to date in the background, and shown."""

from __future__ import annotations

from dataclasses import replace
from time import monotonic
from typing import TYPE_CHECKING, Literal

from psygnal import Signal

from ....ties import Ties
from .building import MovieBuilding
from .looks import Looks
from .ranges import ranges_of, require_ranges
from .sheets import Sheets
from .source import TurnedImages
from .state import MovieState
from .transport import PhaseTransport

if TYPE_CHECKING:
    from collections.abc import Callable

    from ....engine.engine import Engine
    from ....problems import ProblemList
    from ....session.view import Session, View
    from ...desk import Desk, OpenCapture
    from ...painter import FrameResult
    from ...pictures import Pictures
    from ...regions.numbers import RegionNumbers
    from ...stand_in import StandIn
    from ...transport import Transport
    from ..desk import FoldDesk
    from .state import Sheet


class MovieDesk:
    """Shows a capture by phase in place of its frames; owner thread only.

    The capture shown stays the one that is measured and folded: only the picture is another one.
    Images grow while cubes arrive. Another par file, frequency, number of bins or timing has them
    built anew, while the old ones stay to be seen. Each sheet keeps limits of its own. Another
    capture, another frame, or going live brings the frames back; closing the capture ends all.

    Parameters
    ----------
    engine : Engine
    desk : Desk
    session : Session
    frames : Transport
        Stands still while a movie is shown.
    pictures : Pictures
    numbers : RegionNumbers
    fold : FoldDesk
        Gives par file, settings and ranges.
    problems : ProblemList
    clock : callable
        Monotonic seconds.

    Attributes
    ----------
    sheet : {"movie", "difference", "ratio"} or None
        What is shown; None for the frames.
    transport : PhaseTransport
        Moves through the bins of the movie.

    Signals: `changed` when `state` is another.
    """

    changed = Signal()

    def __init__(
        self,
        engine: Engine,
        desk: Desk,
        session: Session,
        frames: Transport,
        pictures: Pictures,
        numbers: RegionNumbers,
        fold: FoldDesk,
        problems: ProblemList,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._desk, self._session, self._frames = desk, session, frames
        self._pictures, self._numbers, self._fold = pictures, numbers, fold
        self._building = MovieBuilding(engine, desk, fold, problems)
        self._looks, self._sheets = Looks(session), Sheets()
        self.transport = PhaseTransport(clock)
        self.sheet: Sheet | None = None
        self._start: Literal["wanted", "at peak"] | None = None
        self._connect()

    def _connect(self) -> None:
        self._ties = Ties(
            (self.transport.moved, self._show_and_tell),
            (self.transport.held, self._on_held),
            (self.transport.changed, self.changed.emit),
            (self._building.changed, self._show_and_tell),
            (self._building.built, self._on_built),
            (self._pictures.ready, self._on_picture),
            (self._fold.changed, self.refresh),
            (self._session.changed, self._on_view_changed),
            (self._desk.closed, self._on_closed),
            (self._desk.grown, self._on_grown),
        )

    def close(self) -> None:
        """Stop all work and listen no more."""
        self._ties.cut()
        self.transport.pause()
        self._building.forget()

    @property
    def capture(self) -> OpenCapture | None:
        """The capture the images are of."""
        return self._building.capture

    @property
    def progress(self) -> float | None:
        """Part of the work done while images are built."""
        return self._building.progress

    @property
    def state(self) -> MovieState:
        """All there is to tell."""
        building, images, capture = self._building, self._images(), self._building.capture
        on, off = ranges_of(self._fold.settings)
        told = MovieState(
            sheet=self.sheet,
            frames_total=0 if capture is None else capture.captured,
            progress=building.progress,
            is_old=building.is_old,
            is_stopped=building.is_stopped or building.has_lost,
            on=on,
            off=off,
            note=building.note,
            is_playing=self.transport.is_playing,
            turns_per_s=self.transport.turns_per_s,
        )
        if images is None:
            return told
        place = self.transport.place
        return replace(
            told, n_bins=images.n_bins, bin=place, phase=images.phase(place),
            bin_frames=images.frames(place), frames=int(images.images.frames.sum()),
        )  # fmt: skip

    # What the observer asks for

    def show(self, sheet: Sheet) -> None:
        """Show the movie, or the difference of on and off phases, or its signal-to-noise ratio.

        Where no on phases are chosen, those around the peak of the fold are.

        Raises
        ------
        NightglassError
            If there is no capture with times or no par file, or nothing tells which phases are
            on.
        """
        self._building.begin(self._desk.require(self._session.view.capture))
        if sheet != "movie":
            require_ranges(self._fold)
        self._frames.playback.stop()
        if sheet != "movie" or self._looks.knows("movie"):
            self._wear(sheet)
            if sheet == "movie" and not self.transport.is_playing:
                self.transport.play()
        elif self.sheet != "movie":
            self._start = "wanted"
            self._go_to_peak()
            self._wear(sheet)

    def toggle(self, sheet: Sheet) -> None:
        """Show a sheet, or the frames where it is shown."""
        if self.sheet == sheet:
            self.back()
        else:
            self.show(sheet)

    def back(self) -> None:
        """Show the frames again; what was added up is kept until another capture is asked for."""
        self._start = None
        if self.sheet is not None:
            self._wear(None)

    def step(self, images: int) -> None:
        """Move by so many bins, or from the difference to its S/N and back."""
        if self.sheet == "movie":
            self.transport.step(images)
        elif self.sheet is not None and images % 2:
            self.show("ratio" if self.sheet == "difference" else "difference")

    def go_on(self) -> None:
        """Add the frames that are missing after the work was stopped."""
        self._building.go_on()

    def refresh(self) -> None:
        """Take in what has changed in the fold or in the settings of the program."""
        if self.sheet is not None:
            self._building.renew()
            self._show()
        if self._building.capture is not None:
            self.changed.emit()

    # Images on their way to the screen

    def _wear(self, sheet: Sheet | None) -> None:
        """Change the sheet, and the limits with it: what suits a frame suits no difference."""
        if sheet != self.sheet:
            before, self.sheet = self.sheet, sheet
            if sheet != "movie":
                self.transport.pause()
            self._looks.change(before, sheet)
        self._show_and_tell()

    def _show_and_tell(self) -> None:
        self._show()
        self.changed.emit()

    def _show(self) -> None:
        """Hand over the image of now, unless it is there."""
        capture, images, shown = self._building.capture, self._images(), None
        self.transport.n_bins = 0 if images is None else images.n_bins
        if capture is None or self._desk.get(capture.key) is not capture:
            return
        if self.sheet is not None and images is not None:
            ranges = ranges_of(self._fold.settings)
            shown = self._sheets.image(self.sheet, images, self.transport.place, ranges)
        if _of(shown) != _of(capture.stand_in):
            self._pictures.show_stand_in(capture, shown)
            self._numbers.ask()

    def _images(self) -> TurnedImages | None:
        building, settings = self._building, self._fold.settings
        if building.images is None or building.capture is None:
            return None
        source = building.capture.source
        return TurnedImages(
            building.images, settings.phase_offset, source.path, source.shape, building.factor,
            building.is_old,
        )  # fmt: skip

    # What happens around

    def _go_to_peak(self) -> None:
        """Have the brightest bin shown, whose limits suit all, once all frames are added up."""
        images = self._images()
        if images is None or self.progress is not None:
            return
        self._start = "at peak"
        self.transport.n_bins, self.transport.place = images.n_bins, images.brightest

    def _on_built(self) -> None:
        if self._start == "wanted":
            self._go_to_peak()
            self._show_and_tell()
            self._pictures.find_limits_again()

    def _on_picture(self, slot: str, result: FrameResult) -> None:
        """Play once the limits are found."""
        capture = self._building.capture
        is_it = capture is not None and capture.stand_in is result.stand_in is not None
        if self._start == "at peak" and slot == "main" and is_it:
            self._start = None
            self.transport.play()

    def _on_held(self) -> None:
        """A hand on the bins: nothing begins to move under it."""
        self._start = None

    def _on_view_changed(self, before: View, after: View) -> None:
        """Another capture, a frame that is asked for, and going live bring the frames back."""
        is_asked = before.frame != after.frame and not after.live
        if before.capture != after.capture or is_asked or (after.live and not before.live):
            self.back()

    def _on_closed(self, key: str) -> None:
        capture = self._building.capture
        if capture is not None and capture.key == key:
            self.back()
            capture.stand_in = None
            self._building.forget()
            self._sheets.clear()
            self._show_and_tell()

    def _on_grown(self, key: str) -> None:
        capture = self._building.capture
        if capture is not None and capture.key == key:
            self.refresh()


def _of(shown: StandIn | None) -> tuple[object, ...]:
    return () if shown is None else (shown.source, shown.frame)
