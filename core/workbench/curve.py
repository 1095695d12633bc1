"""A light curve that grows cube by cube, in whatever order the cubes arrive."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from collections.abc import Callable

Array = npt.NDArray[np.float64]


class GrowingCurve:
    """Values and times of every frame counted, in the order of the cubes.

    Appending is amortised; a cube that arrives late is put where it belongs, and `revision`
    goes up, because points that were there before have moved.
    """

    def __init__(self) -> None:
        self._parts: dict[int, tuple[Array, Array]] = {}
        self._buffer = np.empty((2, 1024))
        self._length = 0
        self._last = -1
        self.revision = 0

    def __len__(self) -> int:
        return self._length

    @property
    def seconds(self) -> Array:
        """Times in seconds since the start of the capture, shape (n_frames,)."""
        return self._buffer[0, : self._length]

    @property
    def values(self) -> Array:
        """One value per frame, shape (n_frames,)."""
        return self._buffer[1, : self._length]

    def parts(self) -> tuple[tuple[int, Array], ...]:
        """Number of each cube and the values of its frames, in order of number."""
        return tuple((number, self._parts[number][1]) for number in sorted(self._parts))

    def put(self, number: int, seconds: Array, values: Array) -> None:
        """Take the frames of cube `number`, replacing what it held before."""
        in_order = number > self._last
        self._parts[number] = (seconds, values)
        if in_order:
            self._append(seconds, values)
            self._last = number
        else:
            self._rebuild()

    def remove(self, number: int) -> None:
        """Forget a cube that was deleted."""
        if self._parts.pop(number, None) is not None:
            self._rebuild()

    def retime(self, seconds_of: Callable[[int], Array]) -> None:
        """Take the times of every cube anew.

        Parameters
        ----------
        seconds_of : callable
            Gives the times of the frames of a cube, by its number.
        """
        self._parts = {
            number: (seconds_of(number), values) for number, (_, values) in self._parts.items()
        }
        self._rebuild()

    def _append(self, seconds: Array, values: Array) -> None:
        end = self._length + len(values)
        if end > self._buffer.shape[1]:
            grown = np.empty((2, 2 * end))
            grown[:, : self._length] = self._buffer[:, : self._length]
            self._buffer = grown
        self._buffer[0, self._length : end] = seconds
        self._buffer[1, self._length : end] = values
        self._length = end

    def _rebuild(self) -> None:
        self._length, self._last = 0, -1
        self.revision += 1
        for number in sorted(self._parts):
            self._append(*self._parts[number])
            self._last = number
