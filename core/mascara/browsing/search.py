"""Finds stars of a night by number or place, filters them and puts them in order."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np

from ...wording import counted
from .positions import NoPlaceError, SkyPlace, place_of
from .stars import StarFilter

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .stars import NightStars

    Rows = NDArray[np.int32]

_NUMBER = re.compile(r"(?:(ascc|hd|hip)[\s_.-]*)?(\d*)", re.I)
_HINT = "Type a number such as HD 189733, HIP 98505 or 807144, or a place such as 20:00:44 +22:43."
_MOST_DIGITS = 19
_MOST_STARS = 1 << 30
_ALL = StarFilter()
# Columns in which a value means that nothing is known.
_UNKNOWN = {"hd": 0, "hip": 0, "flagged": -1, "spectype": b""}


class StarSearch:
    """Searches one list of stars; for one thread.

    Parameters
    ----------
    stars : NightStars

    Attributes
    ----------
    stars : NightStars
    explanation : str
        What the last search has to say: why nothing was found, or what was understood. May be
        empty.
    """

    def __init__(self, stars: NightStars) -> None:
        self.stars = stars
        self.explanation = ""
        self._orders: dict[str, NDArray[np.intp]] = {}
        self._ranks: dict[str, NDArray[np.int32]] = {}
        self._masks: dict[StarFilter, NDArray[np.bool_]] = {}
        self._units: NDArray[np.float64] | None = None

    def find(self, text: str, limits: StarFilter = _ALL) -> Rows:
        """Find stars by what somebody types.

        Parameters
        ----------
        text : str
            The beginning of a number, with or without the name of its catalogue, or a place with
            or without a radius; empty for all stars.
        limits : StarFilter

        Returns
        -------
        ndarray of int32
            Rows of the list, the best match first: the very number, then those that begin so, by
            number; the nearest first around a place.
        """
        self.explanation = ""
        rows = self._matches(text.strip())
        left = rows[self._mask(limits)[rows]]
        if len(rows) and not len(left):
            found = counted(len(rows), "star")
            self.explanation = f"{found} found, but the filter leaves none of them."
        return left

    def order(self, rows: Rows, column: str, *, descending: bool = False) -> Rows:
        """Sort rows by a column; those of which it is not known come last either way.

        Parameters
        ----------
        rows : ndarray of int
        column : str
            A field of `NightStars`, or flagged_percent.
        descending : bool
        """
        ranks = self._rank(column)[rows]
        known = ranks >= 0
        keys = np.where(known, -ranks if descending else ranks, np.iinfo(np.int32).max)
        return np.asarray(rows[np.argsort(keys, kind="stable")])

    def brightest_first(self, rows: Rows) -> Rows:
        """Put those that were measured well before all others, and in both the brightest first.

        Parameters
        ----------
        rows : ndarray of int
        """
        ranks = np.where(measured_well(self.stars), 0, _MOST_STARS) + self._by_brightness()
        return np.asarray(rows[np.argsort(ranks[rows], kind="stable")])

    def _by_brightness(self) -> NDArray[np.int32]:
        ranks = self._rank("vmag")
        return np.where(ranks >= 0, ranks, np.int32(_MOST_STARS - 1))

    # Numbers

    def _matches(self, text: str) -> Rows:
        if not text:
            return np.arange(len(self.stars), dtype=np.int32)
        number = _NUMBER.fullmatch(text)
        if number is None:
            return self._around(text)
        catalogue, digits = (number[1] or "").lower(), number[2].lstrip("0")
        if len(digits) > _MOST_DIGITS or (number[2] and not digits):
            return self._none(f"No star has the number {number[2]}.")
        names = (catalogue,) if catalogue else ("ascc", "hd", "hip")
        found = [self._begins_with(name, digits) for name in names]
        rows = _first_of_each(np.concatenate(_exact_first(found)))
        if not len(rows):
            where = catalogue.upper() if catalogue else "ASCC, HD or HIP"
            return self._none(
                f"No star of this night has a number {where} that begins with {digits}."
            )
        return rows

    def _begins_with(self, name: str, digits: str) -> tuple[Rows, Rows]:
        """Rows of the very number, and of those that are longer, by number."""
        order = self._order_of(name)
        values = getattr(self.stars, name)
        if not digits:
            return _NOTHING, order[np.searchsorted(values, 1, sorter=order) :].astype(np.int32)
        parts = []
        first, last = int(digits), int(digits) + 1
        largest = int(values[order[-1]]) if len(order) else -1
        while first <= largest:
            low, high = np.searchsorted(values, [first, last], sorter=order)
            parts.append(order[low:high].astype(np.int32))
            first, last = first * 10, last * 10
        exact = parts[0] if parts else _NOTHING
        return exact, np.concatenate(parts[1:]) if len(parts) > 1 else _NOTHING

    def _order_of(self, name: str) -> NDArray[np.intp]:
        if name not in self._orders:
            self._orders[name] = np.argsort(getattr(self.stars, name), kind="stable")
        return self._orders[name]

    # Places

    def _around(self, text: str) -> Rows:
        try:
            place = place_of(text)
        except NoPlaceError as error:
            is_place = sum(part.isdigit() for part in text) > 1
            return self._none(str(error) if is_place else _HINT)
        return self._near(place)

    def _near(self, place: SkyPlace) -> Rows:
        distances_deg = self._distances_deg(place)
        rows = np.flatnonzero(distances_deg <= place.radius_deg)
        radius = angle_text(place.radius_deg)
        if len(rows):
            self.explanation = f"{counted(len(rows), 'star')} within {radius}, the nearest first."
        elif np.isfinite(distances_deg).any():
            nearest = int(np.nanargmin(distances_deg))
            away = angle_text(float(distances_deg[nearest]))
            self.explanation = (
                f"No star within {radius}; the nearest is ASCC {self.stars.ascc[nearest]}, "
                f"{away} away."
            )
        else:
            self.explanation = f"No star within {radius}."
        return rows[np.argsort(distances_deg[rows], kind="stable")].astype(np.int32)

    def _distances_deg(self, place: SkyPlace) -> NDArray[np.float64]:
        if self._units is None:
            self._units = _unit_vectors(self.stars.ra_deg, self.stars.dec_deg)
        towards = _unit_vectors(np.array(place.ra_deg), np.array(place.dec_deg))
        chord = np.sqrt(((self._units - towards) ** 2).sum(axis=-1))
        return np.asarray(np.degrees(2.0 * np.arcsin(np.minimum(chord / 2.0, 1.0))))

    def _none(self, explanation: str) -> Rows:
        self.explanation = explanation
        return _NOTHING

    # Filter and order

    def _mask(self, limits: StarFilter) -> NDArray[np.bool_]:
        if limits not in self._masks:
            # The one in use, and not those of every step of a slider.
            self._masks = {limits: _passes(self.stars, limits)}
        return self._masks[limits]

    def _rank(self, column: str) -> NDArray[np.int32]:
        """Place of each star in the order of a column; equal ones share it; -1 if not known."""
        if column not in self._ranks:
            values, is_known = _column(self.stars, column)
            ranks = np.unique(values, return_inverse=True)[1].astype(np.int32)
            self._ranks[column] = np.where(is_known, ranks, np.int32(-1))
        return self._ranks[column]


_NOTHING = np.zeros(0, np.int32)


def angle_text(angle_deg: float) -> str:
    """An angle in the unit that suits it."""
    if angle_deg >= 1.0:
        return f"{angle_deg:.3g}°"
    return f"{angle_deg * 60:.3g}′" if angle_deg >= 1 / 60 else f"{angle_deg * 3600:.3g}″"


def measured_well(stars: NightStars) -> NDArray[np.bool_]:
    """Which stars have a light curve that shows something: half of its fast points unflagged."""
    return (stars.fast_points > 0) & (2 * stars.flagged <= stars.fast_points)


def flagged_percent(stars: NightStars) -> NDArray[np.float64]:
    """Flagged of all fast points of each star, per cent; NaN where that is not known."""
    is_known = (stars.flagged >= 0) & (stars.fast_points > 0)
    return np.where(is_known, 100.0 * stars.flagged / np.maximum(stars.fast_points, 1), np.nan)


def _column(stars: NightStars, column: str) -> tuple[NDArray[Any], NDArray[np.bool_]]:
    """Values to sort by, and where they are known."""
    if column == "flagged_percent":
        values: NDArray[Any] = flagged_percent(stars)
    elif column == "cameras":
        # Those that many cameras saw together, then by camera.
        bits = np.unpackbits(stars.cameras[:, np.newaxis], axis=1).sum(axis=1)
        values = bits.astype(np.int32) * 256 + stars.cameras
    else:
        values = getattr(stars, column)
    if values.dtype.kind == "f":
        return values, np.isfinite(values)
    unknown = _UNKNOWN.get(column)
    return values, np.ones(len(values), bool) if unknown is None else values != unknown


def _passes(stars: NightStars, limits: StarFilter) -> NDArray[np.bool_]:
    keep = np.ones(len(stars), bool)
    # A star of unknown brightness passes as long as nobody asks for it.
    if np.isfinite(limits.brightest_vmag):
        keep &= stars.vmag >= limits.brightest_vmag
    if np.isfinite(limits.faintest_vmag):
        keep &= stars.vmag <= limits.faintest_vmag
    if limits.camera:
        names = stars.camera_names
        bit = 1 << names.index(limits.camera) if limits.camera in names else 0
        keep &= (stars.cameras & bit) != 0
    if limits.least_points > 0:
        keep &= stars.fast_points >= limits.least_points
    if limits.flags != "any":
        keep &= stars.flagged == 0 if limits.flags == "none" else stars.flagged > 0
    return keep


def _exact_first(found: list[tuple[Rows, Rows]]) -> list[Rows]:
    return [exact for exact, _ in found] + [longer for _, longer in found]


def _first_of_each(rows: Rows) -> Rows:
    """Every row once, where it comes first."""
    _, places = np.unique(rows, return_index=True)
    return np.asarray(rows[np.sort(places)])


def _unit_vectors(ra_deg: NDArray[np.float64], dec_deg: NDArray[np.float64]) -> Any:
    ra, dec = np.radians(ra_deg), np.radians(dec_deg)
    return np.stack([np.cos(dec) * np.cos(ra), np.cos(dec) * np.sin(ra), np.sin(dec)], axis=-1)
