"""The phase movie, and the strip that moves through it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PyQt6.QtCore import QObject, Qt, QTimer

from ...core.errors import NightglassError
from ..widgets.throttle import Throttle

if TYPE_CHECKING:
    from ...core.workbench import Workbench
    from ..fold.movie.movie_bar import MovieBar
    from .commands import Command, Commands

TICK_MS = 7  # a screen of 144 Hz
STRIP_MS = 33
FAST_STEP = 4


class MovieController(QObject):
    """Shows a capture by phase and lets keys of playback act on it meanwhile.

    Parameters
    ----------
    workbench : Workbench
    bar : MovieBar
    """

    def __init__(self, workbench: Workbench, bar: MovieBar, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bench, self._movie, self._bar = workbench, workbench.movie, bar
        self._tell = Throttle(self._show, STRIP_MS, self)
        self._ticker = QTimer(self)
        self._ticker.setTimerType(Qt.TimerType.PreciseTimer)
        self._ticker.setInterval(TICK_MS)
        self._ticker.timeout.connect(self._tick)
        self._connect()

    def _connect(self) -> None:
        bar, movie = self._bar, self._movie
        bar.sheetChosen.connect(self._choose)
        bar.playToggled.connect(movie.transport.toggle)
        bar.binRequested.connect(movie.transport.go_to)
        bar.speedChosen.connect(lambda speed: setattr(movie.transport, "turns_per_s", speed))
        bar.goOnRequested.connect(movie.go_on)
        bar.backRequested.connect(movie.back)
        movie.changed.connect(self._on_changed)

    def stop(self) -> None:
        """Stand still for good."""
        self._movie.changed.disconnect(self._on_changed, missing_ok=True)
        self._ticker.stop()
        self._tell.cancel()

    def rows(self) -> dict[str, Command]:
        """The rows of the action table that this controller answers for."""
        movie = self._movie
        return {
            "fold.movie": lambda _: movie.toggle("movie"),
            "fold.on-off": lambda _: movie.toggle("difference"),
            "fold.back": lambda _: movie.back(),
        }

    def take_keys(self, commands: Commands) -> None:
        """Let the keys that move through frames move through bins while those are shown."""
        movie, turns = self._movie, self._movie.transport
        commands.divert(
            lambda: movie.sheet is not None,
            {
                "frame.play": lambda _: self._toggle(backward=False),
                "frame.play-backward": lambda _: self._toggle(backward=True),
                "frame.next": lambda _: movie.step(1),
                "frame.previous": lambda _: movie.step(-1),
                "frame.forward": lambda _: movie.step(FAST_STEP),
                "frame.back": lambda _: movie.step(-FAST_STEP),
                "frame.first": lambda _: turns.go_to(0),
                "frame.last": lambda _: turns.go_to_last(),
            },
        )

    def _toggle(self, *, backward: bool) -> None:
        if self._movie.sheet == "movie":
            self._movie.transport.toggle(backward)

    def _choose(self, sheet: Any) -> None:
        try:
            self._movie.show(sheet)
        except NightglassError as error:
            self._bench.problems.report(error)
            self._show()

    def _on_changed(self) -> None:
        state = self._movie.state
        is_moving = state.sheet is not None and (state.is_playing or state.progress is not None)
        if is_moving != self._ticker.isActive():
            (self._ticker.start if is_moving else self._ticker.stop)()
        self._tell.call()

    def _tick(self) -> None:
        self._movie.transport.tick()
        if self._movie.progress is not None:
            self._tell.call()

    def _show(self) -> None:
        self._bar.show_state(self._movie.state)
