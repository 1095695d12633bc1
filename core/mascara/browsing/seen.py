"""Which stars a camera saw, how often and how well, gathered batch by batch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ..products.records import star_dtype

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .batch_learning import Learned
    from .merged import MergedStars

    Table = NDArray[np.void]
    Stars = NDArray[np.integer[Any]]


@dataclass(frozen=True, eq=False)
class SeenStars:
    """Stars of one camera in columns of shape (n,), sorted by number.

    Attributes
    ----------
    ascc : ndarray of int32 or int64
    points : ndarray of int32
    flagged : ndarray of int32
        -1 where that is not known.
    flags : ndarray of uint8
    flux, scatter : ndarray of float64
        As in `NightStars`; NaN where that is not known.
    """

    ascc: Stars
    points: NDArray[np.int32]
    flagged: NDArray[np.int32]
    flags: NDArray[np.uint8]
    flux: NDArray[np.float64]
    scatter: NDArray[np.float64]

    @classmethod
    def of_merged(cls, stars: MergedStars) -> SeenStars:
        """Those of a night file."""
        return cls(stars.ascc, stars.points, stars.flagged, stars.flags, stars.flux, stars.scatter)

    def or_more(self, other: SeenStars) -> SeenStars:
        """Of each star what is known of more of its points."""
        ascc = np.union1d(self.ascc, other.ascc)
        ours, theirs = _spread(self, ascc), _spread(other, ascc)
        is_theirs = theirs.points > ours.points
        chosen = {
            name: np.where(is_theirs, getattr(theirs, name), getattr(ours, name))
            for name in ("points", "flagged", "flags", "flux", "scatter")
        }
        return SeenStars(ascc, **chosen)


def _unknown(ascc: Stars) -> SeenStars:
    count, nan = len(ascc), np.full(len(ascc), np.nan)
    zeros = np.zeros(count, np.int32)
    return SeenStars(ascc, zeros, zeros.copy(), np.zeros(count, np.uint8), nan, nan.copy())


def _spread(seen: SeenStars, ascc: Stars) -> SeenStars:
    """The same for more stars, of which nothing is known."""
    wider = _unknown(ascc)
    places = np.searchsorted(ascc, seen.ascc)
    for name in ("points", "flagged", "flags", "flux", "scatter"):
        getattr(wider, name)[places] = getattr(seen, name)
    return wider


def has_each(sorted_numbers: Stars, numbers: Stars) -> NDArray[np.bool_]:
    """Which numbers are among sorted ones."""
    if not len(sorted_numbers):
        return np.zeros(len(numbers), bool)
    places = np.minimum(np.searchsorted(sorted_numbers, numbers), len(sorted_numbers) - 1)
    return np.asarray(sorted_numbers[places] == numbers)


_NO_STARS = _unknown(np.zeros(0, np.int32))


class Totals:
    """Points of all batches of a camera, star by star."""

    def __init__(self) -> None:
        self._seen = _NO_STARS

    def add(self, batch: Learned) -> None:
        """Count a batch that was not counted before."""
        ascc, seen = batch.rows.ascc, self._seen
        if not has_each(seen.ascc, ascc).all():
            seen = _spread(seen, np.union1d(seen.ascc, ascc))
        places = np.searchsorted(seen.ascc, ascc)
        points, flagged, flags = seen.points.copy(), seen.flagged.copy(), seen.flags.copy()
        points[places] += batch.rows.counts
        flagged[places] += batch.flagged
        flags[places] |= batch.flags
        self._seen = SeenStars(seen.ascc, points, flagged, flags, seen.flux, seen.scatter)

    @property
    def seen(self) -> SeenStars:
        """What was counted; it does not change when more is."""
        return self._seen


class Facts:
    """Catalogue entries of stars as the files of a night tell them."""

    def __init__(self) -> None:
        self._stars = np.zeros(0, star_dtype())
        self._ascc = np.zeros(0, np.int64)

    def add(self, stars: Table) -> None:
        """Take in entries of `star_dtype`; of a star that is known already the first one stays."""
        new = stars[~has_each(self._ascc, stars["ascc"])]
        if len(new):
            whole = np.concatenate([self._stars, new])
            self._stars = whole[np.argsort(whole["ascc"], kind="stable")]
            self._ascc = np.ascontiguousarray(self._stars["ascc"])

    @property
    def stars(self) -> Table:
        """All entries, sorted by number."""
        return self._stars
