"""Moving through a capture: step, jump, play, live."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING

from ..errors import NightglassError
from .clock import parse_clock
from .playback import EndRule, Playback, Speed

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..session.view import Session
    from .desk import Desk, OpenCapture


class Transport:
    """Decides which frame is shown; called on the owner thread.

    Parameters
    ----------
    session : Session
        Gets the frame.
    desk : Desk
        Knows the captures.
    clock : callable
        Monotonic seconds.
    """

    def __init__(
        self, session: Session, desk: Desk, clock: Callable[[], float] = monotonic
    ) -> None:
        self._session = session
        self._desk = desk
        self._clock = clock
        self.playback = Playback()

    @property
    def capture(self) -> OpenCapture | None:
        """The capture shown."""
        return self._desk.get(self._session.view.capture)

    @property
    def behind(self) -> int:
        """Frames between the one shown and the newest."""
        capture = self.capture
        return 0 if capture is None else max(0, capture.captured - 1 - self._session.view.frame)

    def go_to(self, frame: int) -> None:
        """Show `frame` (from 0), or the nearest there is; live mode and playback end."""
        self.playback.stop()
        self._show(frame, live=False)

    def step(self, frames: int) -> None:
        """Move by so many frames."""
        self.go_to(self._session.view.frame + frames)

    def go_to_first(self) -> None:
        """Show the first frame of the range."""
        self.go_to(self._range()[0])

    def go_to_last(self) -> None:
        """Show the last frame of the range."""
        self.go_to(self._range()[1])

    def go_to_time(self, text: str) -> None:
        """Show the frame nearest to a UTC time.

        Parameters
        ----------
        text : str
            ``HH:MM:SS.sss``, or with the date in front (``2025-12-10T03:15:00.0696``).

        Raises
        ------
        NightglassError
            If the text is no time, or the capture has no times.
        """
        capture = self.capture
        times = None if capture is None else capture.source.frame_times()
        if times is None or not len(times) or times.quality == "none":
            raise NightglassError(
                "Could not go to that time", "The frames shown carry no times.", "Go by number."
            )
        self.go_to(times.nearest(*parse_clock(text, times[0])))

    def play(self, backward: bool = False) -> None:
        """Play on from the frame shown; at the end of the range start from the other end."""
        first, last = self._range()
        frame = self._session.view.frame
        if backward and frame <= first:
            frame = last
        elif not backward and frame >= last:
            frame = first
        self._session.change(live=False)
        self.playback.start(frame, self._clock(), backward)

    def pause(self) -> None:
        """Stay at this frame; frames go on being taken and counted."""
        self.playback.stop()
        self._session.change(live=False)

    def toggle(self) -> None:
        """Pause when moving, else play on."""
        if self.playback.playing or self._session.view.live:
            self.pause()
        else:
            self.play()

    def go_live(self) -> None:
        """Show the newest frame as it arrives."""
        self.playback.stop()
        capture = self.capture
        if capture is not None:
            self._show(capture.captured - 1, live=True)

    def set_speed(self, speed: Speed) -> None:
        """Change the speed without a jump."""
        self.playback.speed = speed
        self._restart()

    def set_end_rule(self, rule: EndRule) -> None:
        """Choose what happens at the end of the range."""
        self.playback.end_rule = rule

    def set_range(self, first: int | None, last: int | None) -> None:
        """Play between two frames; None means the first or the last there is."""
        capture = self.capture
        if capture is None or (first is None and last is None):
            self._session.change(play_range=None)
            return
        end = capture.captured - 1
        pair = sorted((0 if first is None else first, end if last is None else last))
        self._session.change(play_range=(max(0, pair[0]), min(end, pair[1])))
        self._restart()

    def tick(self) -> None:
        """Follow the clock and the newest frame; called at display rate."""
        capture = self.capture
        if capture is None or capture.captured == 0:
            return
        if self._session.view.live:
            self._show(capture.captured - 1, live=True)
            return
        frame = self.playback.advance(self._clock(), *self._range(), capture.interval_s)
        if frame is not None:
            self._show(frame, live=False)

    def _range(self) -> tuple[int, int]:
        capture = self.capture
        end = 0 if capture is None else max(0, capture.captured - 1)
        first, last = self._session.view.play_range or (0, end)
        return min(first, end), min(last, end)

    def _restart(self) -> None:
        if self.playback.playing:
            frame = self._session.view.frame
            self.playback.start(frame, self._clock(), self.playback.backward)

    def _show(self, frame: int, live: bool) -> None:
        capture = self.capture
        if capture is not None and capture.captured:
            self._session.change(frame=min(max(0, frame), capture.captured - 1), live=live)
