"""Rows of single stars from the store of a batch, without reading the rest of it.

The blocks of a pandas store lie in one piece each. Where they begin is learned once a file; then
the points of a star are a few short reads at known places.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from ...errors import translate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Table = NDArray[np.void]


class ReplacedError(Exception):
    """A file is another one than it was when it was learned, or is gone."""


class Signature(NamedTuple):
    """Tells a file from the one that takes its place."""

    inode: int
    changed_ns: int
    size: int

    @classmethod
    def of(cls, stat: os.stat_result) -> Signature:
        """That of a file."""
        return cls(stat.st_ino, stat.st_mtime_ns, stat.st_size)


@dataclass(frozen=True)
class Block:
    """Columns of one type that lie row after row in one piece.

    Attributes
    ----------
    offset : int
        Place of the first byte in the file.
    dtype : numpy dtype
        Of a row; its fields are the columns.
    """

    offset: int
    dtype: np.dtype[np.void]


@dataclass(frozen=True, eq=False)
class BatchRows:
    """Where the rows of each star are in a file.

    Attributes
    ----------
    path : str
    signature : Signature
    ascc : ndarray of int64 or int32, shape (n,)
        Stars, sorted.
    bounds : ndarray of int32, shape (n + 1,), or None
        The rows of star i are those from ``bounds[i]`` to below ``bounds[i + 1]``. None: each
        star has one.
    blocks : tuple of Block
    layout : tuple
        Names of the columns of each block.
    naper : int
        Apertures.
    radii_px : tuple of float
        Of the apertures.
    """

    path: str
    signature: Signature
    ascc: NDArray[np.integer[Any]]
    bounds: NDArray[np.int32] | None
    blocks: tuple[Block, ...]
    layout: tuple[tuple[str, ...] | None, ...]
    naper: int
    radii_px: tuple[float, ...]

    @property
    def counts(self) -> NDArray[np.int32]:
        """Points of each star."""
        if self.bounds is None:
            return np.ones(len(self.ascc), np.int32)
        return np.diff(self.bounds)

    def span(self, ascc: int) -> tuple[int, int]:
        """First row of a star, and the one after its last."""
        place = int(np.searchsorted(self.ascc, ascc))
        if place == len(self.ascc) or self.ascc[place] != ascc:
            return 0, 0
        if self.bounds is None:
            return place, place + 1
        return int(self.bounds[place]), int(self.bounds[place + 1])

    def bytes_of(self, first: int, end: int) -> list[bytes]:
        """Rows as they lie in each block.

        Raises
        ------
        ReplacedError
            If the file is not the one that was learned.
        """
        try:
            file = os.open(self.path, os.O_RDONLY)
        except FileNotFoundError as error:
            raise ReplacedError from error
        except OSError as error:
            raise translate(error, self.path) from error
        try:
            if Signature.of(os.fstat(file)) != self.signature:
                raise ReplacedError
            return [read_rows(file, block, first, end) for block in self.blocks]
        finally:
            os.close(file)


def read_rows(file: int, block: Block, first: int, end: int) -> bytes:
    """Rows of a block as they lie in an open file."""
    size = block.dtype.itemsize
    return os.pread(file, (end - first) * size, block.offset + first * size)


def points_of_star(batches: Sequence[BatchRows], ascc: int, dtype: np.dtype[np.void]) -> Table:
    """All points of a star in batches of one camera, in the order of the batches.

    Parameters
    ----------
    batches : sequence of BatchRows
    ascc : int
    dtype : numpy dtype
        `products.rows.data_dtype`; apertures that a batch lacks are NaN.

    Raises
    ------
    ReplacedError
        If a file is not the one that was learned.
    """
    parts: dict[object, tuple[BatchRows, list[list[bytes]]]] = {}
    for batch in batches:
        first, end = batch.span(ascc)
        if end > first:
            # Names are compared in no time, and types are not.
            pieces = parts.setdefault(batch.layout, (batch, []))[1]
            pieces.append(batch.bytes_of(first, end))
    tables = [_table(batch.blocks, pieces, dtype) for batch, pieces in parts.values()]
    return np.concatenate(tables) if tables else np.zeros(0, dtype)


def _table(
    blocks: Sequence[Block], pieces: Sequence[list[bytes]], dtype: np.dtype[np.void]
) -> Table:
    """Join what was read of files of one layout."""
    columns = [
        np.frombuffer(b"".join(parts), block.dtype)
        for block, parts in zip(blocks, zip(*pieces, strict=True), strict=True)
    ]
    points = unknown_points(len(columns[0]), dtype)
    for column in columns:
        for name in set(column.dtype.names or ()) & set(dtype.names or ()):
            points[name] = column[name]
    return points


def unknown_points(count: int, dtype: np.dtype[np.void]) -> Table:
    """Points of which nothing is known."""
    points = np.zeros(count, dtype)
    for name in dtype.names or ():
        if dtype[name].kind == "f":
            points[name] = np.nan
    return points
