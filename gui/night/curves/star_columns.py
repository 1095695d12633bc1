"""Columns of the list of stars: heading, meaning, width and how a value is written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..words import NOTHING, fixed, signed

if TYPE_CHECKING:
    from collections.abc import Callable

    from ....core.mascara.browsing.stars import NightStars

    Write = Callable[[NightStars, int], str]

MMAG_A_MAG = 1000.0
MOST_MMAG = 99_999.0


@dataclass(frozen=True)
class StarColumn:
    """One column.

    Parameters
    ----------
    key : str
        What the rows are ordered by.
    heading, meaning : str
    widest : str
        The longest text to expect, for which room is kept.
    write : callable
        Text of a star, by its place in the night.
    is_number : bool
        Whether it stands on the right.
    """

    key: str
    heading: str
    meaning: str
    widest: str
    write: Write
    is_number: bool = True


def _whole(name: str) -> Write:
    """Write a whole number; zero is none."""

    def write(stars: NightStars, row: int) -> str:
        value = int(getattr(stars, name)[row])
        return str(value) if value else NOTHING

    return write


def _count(name: str) -> Write:
    def write(stars: NightStars, row: int) -> str:
        return f"{int(getattr(stars, name)[row]):,}"

    return write


def _decimal(name: str, decimals: int, text: Callable[[float, int], str] = fixed) -> Write:
    def write(stars: NightStars, row: int) -> str:
        return text(float(getattr(stars, name)[row]), decimals)

    return write


def cameras_of(stars: NightStars, row: int) -> str:
    """Letters of the cameras that saw a star."""
    bits = int(stars.cameras[row])
    return "".join(name[-1:] for k, name in enumerate(stars.camera_names) if bits >> k & 1)


def _flagged(stars: NightStars, row: int) -> str:
    points, flagged = int(stars.fast_points[row]), int(stars.flagged[row])
    return NOTHING if flagged < 0 or not points else f"{100.0 * flagged / points:.1f}"


def _scatter(stars: NightStars, row: int) -> str:
    value = MMAG_A_MAG * float(stars.scatter_mag[row])
    return f">{MOST_MMAG:,.0f}" if value > MOST_MMAG else fixed(value, 1)


def _type(stars: NightStars, row: int) -> str:
    value: Any = stars.spectype[row]
    return bytes(value).decode("ascii", "replace").strip() or NOTHING


COLUMNS: tuple[StarColumn, ...] = (
    StarColumn("ascc", "ASCC", "Number in the All-sky Compiled Catalogue", "8888888",
               _whole("ascc")),
    StarColumn("hd", "HD", "Number in the Henry Draper catalogue", "888888", _whole("hd")),
    StarColumn("hip", "HIP", "Number in the Hipparcos catalogue", "888888", _whole("hip")),
    StarColumn("vmag", "V", "Brightness of the catalogue, magnitudes", "88.88",
               _decimal("vmag", 2)),
    StarColumn("cameras", "Seen", "Cameras that saw it", "NESWC", cameras_of, is_number=False),
    StarColumn("fast_points", "Points", "Points of the fast light curve", "88,888",
               _count("fast_points")),
    StarColumn("flagged_percent", "Flag %", "Fast points with a flag, percent", "100.0", _flagged),
    StarColumn("scatter_mag", "σ mmag", "Scatter of the unflagged fast points in the largest "
               "aperture, thousandths of a magnitude", "8,888.8", _scatter),
    StarColumn("slow_points", "Slow", "Points of the slow light curve", "888",
               _count("slow_points")),
    StarColumn("ra_deg", "RA °", "Right ascension at J2000, degrees", "888.8888",
               _decimal("ra_deg", 4)),
    StarColumn("dec_deg", "Dec °", "Declination at J2000, degrees", "−88.8888",
               _decimal("dec_deg", 4, signed)),
    StarColumn("bmag", "B", "Brightness in blue, of the catalogue, magnitudes", "88.88",
               _decimal("bmag", 2)),
    StarColumn("spectype", "Type", "Spectral type", "K1.5V+M4V", _type, is_number=False),
)  # fmt: skip
PLACES = {column.key: place for place, column in enumerate(COLUMNS)}
USUAL = ("ascc", "vmag", "hd", "fast_points", "cameras", "hip", "flagged_percent", "scatter_mag")
"""What is shown without being asked for, the most important first."""
