"""Stars of all cameras of a night brought together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from .stars import NightStars

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from ...stars.table import StarTable
    from .seen import SeenStars

    Table = NDArray[np.void]
    Numbers = NDArray[np.float64]

MOST_CAMERAS = 8
"""As many as a byte has bits."""

# Field of the files and of a catalogue, for each that both have.
_SHARED = (("ra", "ra_deg"), ("dec", "dec_deg"), ("vmag", "vmag"), ("bmag", "bmag"),
           ("spectype", "spectype"), ("var", "variable"))  # fmt: skip


def combined(
    fast: Mapping[str, SeenStars],
    slow: Mapping[str, SeenStars],
    facts: Sequence[Table],
    catalogue: StarTable | None,
) -> NightStars:
    """Make one list of what the cameras saw.

    Parameters
    ----------
    fast, slow : mapping of str to SeenStars
        By camera, the same ones, `MOST_CAMERAS` at most.
    facts : sequence of structured ndarray
        Catalogue entries of `products.records.star_dtype`, sorted by number.
    catalogue : StarTable or None
        Of the night, sorted by number; it knows the numbers of other catalogues.
    """
    cameras = tuple(fast)
    parts = [seen.ascc for seen in (*fast.values(), *slow.values())]
    numbers = np.unique(np.concatenate(parts)) if parts else np.zeros(0)
    ascc = numbers.astype(np.int64)
    bits = np.zeros(len(ascc), np.uint8)
    for place, camera in enumerate(cameras):
        for seen in (fast[camera], slow[camera]):
            bits[np.searchsorted(ascc, seen.ascc)] |= np.uint8(1 << place)
    return NightStars(
        ascc=ascc,
        camera_names=cameras,
        cameras=bits,
        fast_points=_points(ascc, fast),
        slow_points=_points(ascc, slow),
        **_quality(ascc, list(fast.values())),
        **facts_of(ascc, facts, catalogue),
    )


def _points(ascc: NDArray[np.int64], seen: Mapping[str, SeenStars]) -> NDArray[np.int32]:
    points = np.zeros(len(ascc), np.int32)
    for one in seen.values():
        points[np.searchsorted(ascc, one.ascc)] += one.points
    return points


def _quality(ascc: NDArray[np.int64], seen: Sequence[SeenStars]) -> dict[str, NDArray[Any]]:
    """Flags together; flux and scatter as means over the unflagged points of all cameras.

    The scatter is that about the mean of each camera: they do not have the same zero point.
    """
    count = len(ascc)
    flagged, flags = np.zeros(count, np.int32), np.zeros(count, np.uint8)
    is_known = np.ones(count, bool)
    flux, scatter = _Mean(count), _Mean(count)
    for one in seen:
        places = np.searchsorted(ascc, one.ascc)
        flagged[places] += one.flagged
        flags[places] |= one.flags
        is_known[places] &= one.flagged >= 0
        good = one.points - one.flagged
        flux.add(places, one.flux, good)
        scatter.add(places, one.scatter**2, good)
    return {
        "flagged": np.where(is_known, flagged, -1).astype(np.int32),
        "flags": flags,
        "mean_flux": flux.values,
        "scatter_mag": np.sqrt(scatter.values),
    }


class _Mean:
    """Means of what is known, by number of points."""

    def __init__(self, count: int) -> None:
        self._sums, self._weights = np.zeros(count), np.zeros(count)

    def add(self, places: NDArray[np.intp], values: Numbers, points: NDArray[np.int32]) -> None:
        weights = np.where(np.isfinite(values), points, 0)
        self._sums[places] += weights * np.nan_to_num(values)
        self._weights[places] += weights

    @property
    def values(self) -> Numbers:
        return self._sums / np.where(self._weights > 0, self._weights, np.nan)


def facts_of(
    ascc: NDArray[np.int64], facts: Sequence[Table], catalogue: StarTable | None
) -> dict[str, NDArray[Any]]:
    """Columns of the catalogue in a list of stars, as `NightStars` names them."""
    count = len(ascc)
    found: dict[str, NDArray[Any]] = {
        "hd": np.zeros(count, np.int32), "hip": np.zeros(count, np.int32),
        **{name: np.full(count, np.nan) for name in ("ra_deg", "dec_deg", "vmag", "bmag")},
        "spectype": np.zeros(count, "S9"), "variable": np.zeros(count, np.uint8),
    }  # fmt: skip
    for table in facts:
        ours, theirs = _common(ascc, table["ascc"])
        for field, name in _SHARED:
            found[name][ours] = table[field][theirs]
    if catalogue is not None:
        ours, theirs = _common(ascc, catalogue.ascc)
        for name, values in found.items():
            values[ours] = getattr(catalogue, name)[theirs]
    return found


def _common(
    ours: NDArray[np.int64], theirs: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Places of the numbers that are in both of two sorted arrays."""
    if not len(theirs):
        nothing = np.zeros(0, np.int64)
        return nothing, nothing
    places = np.minimum(np.searchsorted(theirs, ours), len(theirs) - 1)
    is_there = theirs[places] == ours
    return np.flatnonzero(is_there), places[is_there]
