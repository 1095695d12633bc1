"""The batches of a night, star by star: every point once, in order of time."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ...errors import NightglassError
from .batch_store import BatchReader
from .records import joined
from .rows import facts_dtype, in_order, points_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    Table = NDArray[np.void]

# Rows in memory at a time, some four copies of 120 bytes each.
_BLOCK_ROWS = 1_000_000


@dataclass(frozen=True, eq=False)
class LightCurve:
    """All points of one star.

    Attributes
    ----------
    ascc : int
    facts : structured ndarray of `rows.facts_dtype`, shape ()
        Catalogue entry, first date and number of points.
    points : structured ndarray of `rows.data_dtype`, shape (nobs,)
        Sorted by ``lstseq``.
    """

    ascc: int
    facts: Table
    points: Table


@contextmanager
def open_batches(paths: Sequence[Path]) -> Iterator[list[BatchReader]]:
    """Open the batches of one camera and night, in the order of time.

    Raises
    ------
    NightglassError
        If there is none, one cannot be read, or they have different numbers of apertures.
    """
    with ExitStack() as stack:
        readers = [stack.enter_context(BatchReader(path)) for path in paths]
        _check_alike(readers)
        yield readers


def stars_of(readers: Sequence[BatchReader]) -> Table:
    """Every star of the batches once, sorted by number."""
    return joined([reader.stars for reader in readers], "ascc")


def facts_of(readers: Sequence[BatchReader]) -> dict[str, Any]:
    """Night-wide facts of the batches, by names in capitals; the latest batch knows best."""
    facts: dict[str, Any] = {}
    for reader in readers:
        facts |= {name.upper(): value for name, value in reader.attributes.items()}
    return facts


def light_curves(
    readers: Sequence[BatchReader], min_rows: int, wanted: Collection[int] | None = None
) -> Iterator[LightCurve]:
    """Give one star after the other, by number, every point once and in order of time.

    Parameters
    ----------
    readers : sequence of BatchReader
        Of two rows of the same star and slot the one of the later batch is taken.
    min_rows : int
        Stars with fewer points are left out.
    wanted : collection of int or None
        Only these stars.
    """
    stars = stars_of(readers)
    for low, high in _cuts(readers, wanted):
        rows = _read(readers, low, high, wanted)
        numbers, starts = np.unique(rows["ascc"], return_index=True)
        places = np.searchsorted(stars["ascc"], numbers)
        for place, part in zip(places, np.split(rows, starts[1:]), strict=True):
            if len(part) >= min_rows:
                yield _light_curve(stars[place], part)


def _light_curve(star: np.void, rows: Table) -> LightCurve:
    points = points_of(rows)
    facts = np.zeros((), facts_dtype())
    for name in facts.dtype.names or ():
        if name in (star.dtype.names or ()):
            facts[name] = star[name]
    facts["jdstart"], facts["nobs"] = points["jdmid"][0], len(points)
    return LightCurve(int(star["ascc"]), facts, points)


def _read(
    readers: Sequence[BatchReader], low: int, high: int, wanted: Collection[int] | None
) -> Table:
    parts = [reader.rows_between(low, high) for reader in readers]
    if wanted is not None:
        chosen = _numbers(wanted)
        parts = [part[np.isin(part["ascc"], chosen)] for part in parts]
    return in_order(parts)


def _numbers(wanted: Collection[int]) -> NDArray[np.int64]:
    return np.fromiter(wanted, np.int64, len(wanted))


def _cuts(
    readers: Sequence[BatchReader], wanted: Collection[int] | None
) -> Iterator[tuple[int, int]]:
    """Ranges of star numbers, each with as many rows as may be in memory, or one star."""
    stars = np.concatenate([reader.stars["ascc"] for reader in readers])
    counts = np.concatenate([np.diff(reader.bounds) for reader in readers])
    if wanted is not None:
        is_chosen = np.isin(stars, _numbers(wanted))
        stars, counts = stars[is_chosen], counts[is_chosen]
    numbers, which = np.unique(stars, return_inverse=True)
    block = (np.bincount(which, counts, len(numbers)).cumsum() - 1) // _BLOCK_ROWS
    starts = np.flatnonzero(np.diff(block, prepend=-1))
    for start, stop in zip(starts, [*starts[1:], len(numbers)], strict=True):
        yield int(numbers[start]), int(numbers[stop - 1]) + 1


def _check_alike(readers: Sequence[BatchReader]) -> None:
    apertures = {reader.naper for reader in readers}
    if len(apertures) == 1:
        return
    what = "There is no batch." if not readers else f"Some have {_told(apertures)} apertures."
    raise NightglassError(
        "Cannot bring the batches of the night together",
        what,
        "Give the temporary files of one camera, all fast or all slow.",
        readers[0].path if readers else None,
    )


def _told(numbers: set[int]) -> str:
    return ", others ".join(str(number) for number in sorted(numbers))
