"""Moving through the bins of a turn: step, jump, play round and round."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING

from psygnal import Signal

from ...playback import Playback, Speed
from .state import TURNS_PER_S

if TYPE_CHECKING:
    from collections.abc import Callable


class PhaseTransport:
    """Decides which bin is shown; called on the owner thread.

    Parameters
    ----------
    clock : callable
        Monotonic seconds.

    Attributes
    ----------
    place : int
        Bin shown, from 0.

    Signals: `moved` when `place` is another, `held` when somebody wants it to stand still,
    `changed` when playing begins or ends or has another speed.
    """

    moved = Signal()
    held = Signal()
    changed = Signal()

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._playback = Playback()
        self._n_bins = 0
        self._turns_per_s = TURNS_PER_S
        self.place = 0

    @property
    def n_bins(self) -> int:
        """Bins in a turn; 0 while there are no images."""
        return self._n_bins

    @n_bins.setter
    def n_bins(self, n_bins: int) -> None:
        if n_bins == self._n_bins:
            return
        # The same phase with other bins.
        place = self.place * n_bins // self._n_bins if self._n_bins else self.place
        self._n_bins, self.place = n_bins, min(place, max(0, n_bins - 1))
        self._restart()

    @property
    def is_playing(self) -> bool:
        """Whether bins are moving."""
        return self._playback.playing

    @property
    def turns_per_s(self) -> float:
        """Speed of playing."""
        return self._turns_per_s

    @turns_per_s.setter
    def turns_per_s(self, turns_per_s: float) -> None:
        self._turns_per_s = turns_per_s
        self._restart()
        self.changed.emit()

    def go_to(self, place: int) -> None:
        """Show a bin (from 0), or the nearest there is; playing ends."""
        self.pause()
        self._move(place)

    def step(self, bins: int) -> None:
        """Move by so many bins, on through the end of a turn; playing ends."""
        self.go_to((self.place + bins) % max(1, self._n_bins))

    def go_to_last(self) -> None:
        """Show the last bin of the turn."""
        self.go_to(self._n_bins - 1)

    def play(self, backward: bool = False) -> None:
        """Play on from the bin shown, round and round."""
        self._start(backward)
        self.changed.emit()

    def pause(self) -> None:
        """Stay at this bin."""
        self.held.emit()
        if self._playback.playing:
            self._playback.stop()
            self.changed.emit()

    def toggle(self, backward: bool = False) -> None:
        """Pause when moving, else play on."""
        if self._playback.playing:
            self.pause()
        else:
            self.play(backward)

    def tick(self) -> None:
        """Follow the clock; called at display rate."""
        if self._playback.playing and self._n_bins:
            place = self._playback.advance(self._clock(), 0, self._n_bins - 1, None)
            self._move(self.place if place is None else place)

    def _move(self, place: int) -> None:
        place = min(max(0, place), max(0, self._n_bins - 1))
        if place != self.place:
            self.place = place
            self.moved.emit()

    def _restart(self) -> None:
        if self._playback.playing:
            self._start(self._playback.backward)

    def _start(self, backward: bool) -> None:
        self._playback.speed = Speed(self._turns_per_s * max(1, self._n_bins), "fps")
        self._playback.start(self.place, self._clock(), backward)
