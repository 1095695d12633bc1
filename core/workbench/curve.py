"""A light curve that grows cube by cube, in whatever order the cubes arrive."""

from __future__ import annotations

from bisect import bisect_left
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Array = npt.NDArray[np.float64]


class GrowingCurve:
    """Values and times of every frame counted, in the order of the cubes.

    Appending is amortised, and 16 bytes a frame is all it keeps. A cube that arrives late is put
    where it belongs; `revision` goes up then, because points that were there before have moved.
    """

    def __init__(self) -> None:
        self._buffer = np.empty((2, 1024))
        self._numbers: list[int] = []
        self._ends: list[int] = [0]
        self._moved: list[int] = []

    @classmethod
    def of(cls, cubes: Mapping[int, tuple[Array, Array]]) -> GrowingCurve:
        """Make one of seconds and values by cube number, in order."""
        made = cls()
        if cubes:
            made._numbers = list(cubes)
            made._ends = [0, *accumulate(len(values) for _, values in cubes.values())]
            made._buffer = np.concatenate([np.stack(pair) for pair in cubes.values()], axis=1)
        return made

    def __len__(self) -> int:
        return self._ends[-1]

    @property
    def seconds(self) -> Array:
        """Times in seconds since the start of the capture, shape (n_frames,)."""
        return self._buffer[0, : len(self)]

    @property
    def values(self) -> Array:
        """One value per frame, shape (n_frames,)."""
        return self._buffer[1, : len(self)]

    @property
    def revision(self) -> int:
        """How often points that were there before have moved."""
        return len(self._moved)

    def moved_since(self, revision: int) -> int:
        """The first point that is another one than it was at that revision."""
        return min(self._moved[revision:], default=len(self))

    def parts(self) -> tuple[tuple[int, Array], ...]:
        """Number of each cube and a copy of the values of its frames, in order of number."""
        values, spans = self.values.copy(), pairwise(self._ends)
        return tuple(
            (number, values[start:end])
            for number, (start, end) in zip(self._numbers, spans, strict=True)
        )

    def put(self, number: int, seconds: Array, values: Array) -> None:
        """Take the frames of cube `number`, replacing what it held before."""
        place = bisect_left(self._numbers, number)
        is_known = place < len(self._numbers) and self._numbers[place] == number
        self._splice(place, int(is_known), seconds, values)
        if not is_known:
            self._numbers.insert(place, number)

    def remove(self, number: int) -> None:
        """Forget a cube that was deleted."""
        if number in self._numbers:
            place = self._numbers.index(number)
            self._splice(place, 1, np.empty(0), np.empty(0))
            del self._numbers[place], self._ends[place + 1]

    def retime(self, seconds_of: Callable[[int], Array]) -> None:
        """Take the times of every cube anew.

        Parameters
        ----------
        seconds_of : callable
            Gives the times of the frames of a cube, by its number.
        """
        for number, (start, end) in zip(self._numbers, pairwise(self._ends), strict=True):
            self._buffer[0, start:end] = seconds_of(number)
        self._moved.append(0)

    def _splice(self, place: int, cubes: int, seconds: Array, values: Array) -> None:
        """Put frames where the cube at `place` is (`cubes` 1), or before it (0)."""
        start, end, length = self._ends[place], self._ends[place + cubes], len(self)
        grown = len(values) - (end - start)
        self._provide(length + grown)
        if end < length or cubes:
            self._moved.append(start)
            self._buffer[:, end + grown : length + grown] = self._buffer[:, end:length].copy()
        self._buffer[0, start : start + len(values)] = seconds
        self._buffer[1, start : start + len(values)] = values
        if not cubes:
            self._ends.insert(place, start)
        self._ends[place + 1 :] = [one + grown for one in self._ends[place + 1 :]]

    def _provide(self, length: int) -> None:
        """Make room; the frames on the screen stay where they are until they are shown anew."""
        if length > self._buffer.shape[1]:
            roomier = np.empty((2, 2 * length))
            roomier[:, : len(self)] = self._buffer[:, : len(self)]
            self._buffer = roomier
