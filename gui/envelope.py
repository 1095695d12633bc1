"""A long curve as few points as the screen has columns, without losing a peak."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

_FACTOR = 4
_LEVELS = 12


class GrowingRow:
    """Numbers that are appended in amortised constant time."""

    def __init__(self, size: int = 1024) -> None:
        self._buffer: Floats = np.empty(size)
        self._length = 0

    def __len__(self) -> int:
        return self._length

    @property
    def array(self) -> Floats:
        """The numbers so far; a view that the next growth leaves behind."""
        return self._buffer[: self._length]

    def append(self, numbers: npt.ArrayLike) -> None:
        """Add numbers at the end."""
        self.write(self._length, np.asarray(numbers, dtype=float))

    def write(self, start: int, numbers: Floats) -> None:
        """Replace everything from `start` on."""
        end = start + len(numbers)
        if end > len(self._buffer):
            grown = np.empty(2 * end)
            grown[:start] = self._buffer[:start]
            self._buffer = grown
        self._buffer[start:end] = numbers
        self._length = end


class Envelope:
    """Lowest and highest value of blocks of 4, 16, 64, ... points, kept while points arrive.

    Drawing a million points costs as much as drawing some thousand, and new points cost only the
    blocks they touch. Points that are not a number leave a hole.
    """

    def __init__(self) -> None:
        self.clear()

    def __len__(self) -> int:
        return len(self.x)

    def clear(self) -> None:
        """Forget all points."""
        self.x: Floats = np.empty(0)
        """Positions of all points, shape (n,), ascending."""
        self._y: Floats = np.empty(0)
        self._levels = [(GrowingRow(), GrowingRow()) for _ in range(_LEVELS)]

    def set(self, x: npt.ArrayLike, y: npt.ArrayLike, kept: int = 0) -> None:
        """Take these points; arrays of float64 are kept as they are, not copied.

        Parameters
        ----------
        x, y : array-like, shape (n,)
            All points, `x` ascending.
        kept : int
            So many points at the start are those of the last call.
        """
        self.x, self._y = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
        below = (self._y, self._y)
        for low, high in self._levels:
            kept //= _FACTOR
            for row, source, join in ((low, below[0], np.fmin), (high, below[1], np.fmax)):
                row.write(kept, _condensed(source[kept * _FACTOR :], join))
            below = (low.array, high.array)

    def curve(self, left: float, right: float, columns: int) -> tuple[Floats, Floats]:
        """Points to draw between two positions.

        Parameters
        ----------
        left, right : float
            What is visible, in units of x.
        columns : int
            Width of the screen part, in pixels.

        Returns
        -------
        x, y : ndarray, shape (m,)
            At most about 4 `columns` points; where several points share a column, their lowest
            and highest value.
        """
        first = max(0, int(np.searchsorted(self.x, left)) - 1)
        last = min(len(self), int(np.searchsorted(self.x, right, "right")) + 1)
        level = self._level(last - first, columns)
        if level == 0:
            return self.x[first:last], self._y[first:last]
        block = _FACTOR**level
        begin, end = first // block, -(-last // block)
        low, high = (row.array[begin:end] for row in self._levels[level - 1])
        x = np.repeat(self.x[begin * block : end * block : block], 2)
        return x, np.column_stack((low, high)).ravel()

    def _level(self, points: int, columns: int) -> int:
        level = 0
        while level < _LEVELS and points > 2 * columns * _FACTOR**level:
            level += 1
        return level


def _condensed(numbers: Floats, join: np.ufunc) -> Floats:
    """Join every four numbers, and what is left over at the end."""
    if not len(numbers):
        return numbers
    return np.asarray(join.reduceat(numbers, np.arange(0, len(numbers), _FACTOR)))
