"""Columns of numbers, one a frame, that grow with the cubes of a capture."""

from __future__ import annotations

from itertools import chain
from operator import is_
from typing import TYPE_CHECKING, Generic, TypeVar

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

Token = TypeVar("Token", bound="tuple[object, ...]")
_FIRST_ROOM = 4096


class Strip(Generic[Token]):
    """Some columns of float64 for the frames of consecutive cubes.

    Cubes that come after those that are there are appended, at amortised cost; after any other
    change the strip is made anew.

    Parameters
    ----------
    columns : int
        How many.

    Attributes
    ----------
    revision : object
        Another one whenever the strip was made anew.
    """

    def __init__(self, columns: int) -> None:
        self._buffer = np.empty((columns, _FIRST_ROOM))
        self._tokens: list[Token] = []
        self._ends: list[int] = [0]
        self.revision = object()

    def __len__(self) -> int:
        return self._ends[-1]

    @property
    def ends(self) -> tuple[int, ...]:
        """Where each cube begins, and the end of the last."""
        return tuple(self._ends)

    def column(self, number: int) -> Numbers:
        """One column, shape (n_frames,)."""
        return self._buffer[number, : len(self)]

    def sync(
        self,
        tokens: Sequence[Token],
        make: Callable[[Sequence[Token]], Sequence[Sequence[Numbers]]],
    ) -> None:
        """Hold the cubes that these tokens stand for.

        Parameters
        ----------
        tokens : sequence of tuple
            One a cube, in order; what they hold is compared by identity.
        make : callable
            Gives for some tokens the columns of each.
        """
        known = len(self._tokens)
        if known > len(tokens) or not _is_same(self._tokens, tokens):
            self._tokens, self._ends, known = [], [0], 0
            self.revision = object()
        new = list(tokens[known:])
        if new:
            for token, columns in zip(new, make(new), strict=True):
                self._append(token, columns)

    def _append(self, token: Token, columns: Sequence[Numbers]) -> None:
        begin, end = len(self), len(self) + len(columns[0])
        if end > self._buffer.shape[1]:
            grown = np.empty((self._buffer.shape[0], max(end, 2 * self._buffer.shape[1])))
            grown[:, :begin] = self._buffer[:, :begin]
            self._buffer = grown
        for row, column in zip(self._buffer, columns, strict=True):
            row[begin:end] = column
        self._tokens.append(token)
        self._ends.append(end)


def _is_same(known: Sequence[tuple[object, ...]], tokens: Sequence[tuple[object, ...]]) -> bool:
    """Whether tokens begin with those that are known; a whole night of cubes is compared often."""
    return all(map(is_, chain.from_iterable(known), chain.from_iterable(tokens)))
