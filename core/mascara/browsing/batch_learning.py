"""Looks once into the store of a batch: its stars, their flags, and where their rows are."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from ...errors import NightglassError, translate
from ..products.rows import apertures_of, batch_dtype
from .batch_rows import BatchRows, Block, ReplacedError, Signature, read_rows

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    Table = NDArray[np.void]

NOT_AS_WRITTEN = (
    KeyError, OSError, ValueError, RuntimeError, IndexError, TypeError, AttributeError,
    StopIteration,
)  # fmt: skip
"""What libraries say of a file that is damaged, or has another layout than its writer gave it."""
_STAR, _FLAG = "ascc", "flag"


@dataclass(frozen=True, eq=False)
class Learned:
    """What the store of a batch tells of its stars.

    Attributes
    ----------
    rows : BatchRows
    stars : structured ndarray of `products.records.star_dtype`, shape (n,)
    flagged : ndarray of uint8, shape (n,)
        Points with a flag.
    flags : ndarray of uint8, shape (n,)
        All flags, or-ed.
    """

    rows: BatchRows
    stars: Table
    flagged: NDArray[np.uint8]
    flags: NDArray[np.uint8]


def learn(path: Path) -> Learned:
    """Look where the rows are in the store of a batch.

    Raises
    ------
    ReplacedError
        If the file is gone, or is another one meanwhile.
    NightglassError
        If it is damaged.
    """
    try:
        signature = Signature.of(path.stat())
        learned = _learned(path, signature)
        if Signature.of(path.stat()) != signature:
            raise ReplacedError
    except FileNotFoundError as error:
        raise ReplacedError from error
    except NOT_AS_WRITTEN as error:
        raise _damaged(path, error) from error
    return learned


def _learned(path: Path, signature: Signature) -> Learned:
    import h5py

    with h5py.File(path, "r") as store:
        stars, bounds = store["stars"][:], store["bounds"][:].astype(np.int32)
        radii_px = radii_of(json.loads(store["rows"].attrs["attributes"]))
        blocks, naper = _blocks(store["rows"], int(bounds[-1])) if bounds[-1] else ((), 0)
    if len(bounds) != len(stars) + 1 or bounds[0] != 0 or (np.diff(bounds) < 0).any():
        raise ValueError("stars and rows do not belong together")
    column = _flag_column(path, blocks, int(bounds[-1]))
    has_one_each = bounds[-1] == len(stars) and bool((np.diff(bounds) == 1).all())
    rows = BatchRows(
        path=str(path),
        signature=signature,
        ascc=narrow(stars[_STAR]),
        bounds=None if has_one_each else bounds,
        blocks=blocks,
        layout=tuple(block.dtype.names for block in blocks),
        naper=naper,
        radii_px=radii_px,
    )
    return Learned(rows, stars, *_flags(column, bounds))


def radii_of(attributes: Mapping[str, Any]) -> tuple[float, ...]:
    """Radii of the apertures, as the attributes of a batch or a night file tell; pixels."""
    radii: list[float] = []
    while (name := f"aper{len(radii)}") in attributes:
        radii.append(float(attributes[name]))
    return tuple(radii)


def narrow(numbers: NDArray[np.int64]) -> NDArray[np.integer[Any]]:
    """Star numbers in half the memory, where they are as small as those of the catalogue."""
    if len(numbers) and numbers.max() > np.iinfo(np.int32).max:
        return numbers
    return numbers.astype(np.int32)


def _blocks(group: Any, count: int) -> tuple[tuple[Block, ...], int]:
    """All blocks but that of the star numbers, and the number of apertures."""
    columns = tuple(name.decode() for name in group["axis0"][:].tolist())
    by_kind = _columns_by_kind(columns)
    found = []
    for number in range(int(group.attrs["nblocks"])):
        values = group[f"block{number}_values"]
        dtype, offset = by_kind[values.dtype.str], values.id.get_offset()
        if offset is None or values.shape != (count, len(dtype.names or ())):
            raise ValueError("a block is not in one piece")
        if dtype.names != (_STAR,):
            found.append(Block(int(offset), dtype))
    return tuple(found), apertures_of(columns)


@lru_cache(maxsize=8)
def _columns_by_kind(columns: tuple[str, ...]) -> dict[str, np.dtype[np.void]]:
    """Columns of each block: all of one type, in their order in the table."""
    kinds = batch_dtype(apertures_of(columns))
    fields: dict[str, list[tuple[str, str]]] = {}
    for name in columns:
        fields.setdefault(kinds[name].str, []).append((name, kinds[name].str))
    return {kind: np.dtype(own) for kind, own in fields.items()}


def _flag_column(path: Path, blocks: Sequence[Block], count: int) -> NDArray[np.uint8]:
    """Flags of all rows; a read of one piece is a hundred times faster than HDF5's of a column."""
    if not blocks:
        return np.zeros(0, np.uint8)
    block = next(block for block in blocks if _FLAG in (block.dtype.names or ()))
    with path.open("rb") as file:
        whole = read_rows(file.fileno(), block, 0, count)
    return np.ascontiguousarray(np.frombuffer(whole, block.dtype)[_FLAG])


def _flags(
    column: NDArray[np.uint8], bounds: NDArray[np.int32]
) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Number of flagged points of each star, and their flags, or-ed."""
    count = len(bounds) - 1
    flagged, flags = np.zeros(count, np.uint8), np.zeros(count, np.uint8)
    has_rows = bounds[1:] > bounds[:-1]
    if len(column):
        starts = bounds[:-1][has_rows]
        flags[has_rows] = np.bitwise_or.reduceat(column, starts)
        flagged[has_rows] = np.add.reduceat((column != 0).view(np.uint8), starts)
    return flagged, flags


def _damaged(path: Path, error: Exception) -> NightglassError:
    if isinstance(error, OSError) and error.errno:
        return translate(error, path)
    return NightglassError(
        "Could not use the results of a batch",
        f"{path.name} is damaged or was not written by this program.",
        "Reduce the batch again: 'nightglass night retry' does.",
        path,
    )
