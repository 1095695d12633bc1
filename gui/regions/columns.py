"""Columns of the region table: heading, width and how a number is written."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...core.regions.geometry.drawing import name_of
from ...core.session.region_marks import is_comparison
from ...core.workbench.regions.table import FIELDS, Field

if TYPE_CHECKING:
    from ...core.regions.entries import RegionEntry
    from ...core.workbench.regions.table import Cell, RegionRow

NOTHING = "–"
EXCLUDED = "−"
LEAST_ROOM = 5

_BY_KEY = {field.key: field for field in FIELDS}


@dataclass(frozen=True)
class Column:
    """One column of the table in the window.

    Parameters
    ----------
    key : str
        Of the field it shows.
    heading : str
    widest : str
        The longest text to expect, for which room is kept.
    decimals : int or None
        Of a number; None for words.
    is_editable : bool
    """

    key: str
    heading: str
    widest: str
    decimals: int | None = None
    is_editable: bool = False

    @property
    def field(self) -> Field:
        """What it shows."""
        return _BY_KEY[self.key]

    @property
    def is_number(self) -> bool:
        """Whether it is on the right of its column."""
        return self.decimals is not None

    def text(self, row: RegionRow) -> str:
        """What a cell shows."""
        if self.key == "kind":
            return marks(row.entry)
        if self.key == "name":
            return row.entry.text or name_of(row.entry)
        return written(self.field.value(row), self.decimals, len(self.widest))

    def plain_text(self, row: RegionRow) -> str:
        """The same for other programs: no drawing, no commas, a plain minus."""
        if self.key == "kind":
            return " ".join(filter(None, (name_of(row.entry), marks(row.entry))))
        if not self.is_number:
            return self.text(row)
        value = self.field.value(row)
        return "" if is_nothing(value) else f"{value:.{self.decimals}f}"


COLUMNS: tuple[Column, ...] = (
    Column("number", "#", "99", 0),
    Column("kind", "Kind", "−sky"),
    Column("name", "Name", "annulu", is_editable=True),
    Column("flux_e", "Flux e⁻", "123,456", 0),
    Column("snr", "S/N", "123.4", 1),
    Column("npix", "Pixels", "12,345", 0),
    Column("mean_adu", "Mean ADU", "12,345.6", 1),
    Column("fwhm", "FWHM px", "12.34", 2),
    Column("x", "x", "12,345.67", 2, is_editable=True),
    Column("y", "y", "12,345.67", 2, is_editable=True),
    Column("size", "Size px", "123.45 × 123.45"),
    Column("sum_e", "Sum e⁻", "1,234,567", 0),
    Column("sum_adu", "Sum ADU", "12,345,678", 0),
    Column("median_adu", "Median ADU", "12,345.6", 1),
    Column("std_adu", "Std ADU", "1,234.5", 1),
    Column("min_adu", "Min ADU", "12,345", 0),
    Column("max_adu", "Max ADU", "12,345", 0),
    Column("centroid_x", "Centroid x", "1,234.56", 2),
    Column("centroid_y", "Centroid y", "1,234.56", 2),
    Column("flux_error_e", "± e⁻", "12,345", 0),
    Column("saturated", "Saturated", "1,234", 0),
    Column("tags", "Tags", "comparison"),
    Column("capture_mean", "All: mean", "−123,456.7", 1),
    Column("capture_std", "All: std", "12,345.6", 1),
    Column("capture_snr", "All: S/N", "1,234.5", 1),
    Column("capture_min", "All: min", "−123,456", 0),
    Column("capture_max", "All: max", "−123,456", 0),
)
PLACES = {column.key: place for place, column in enumerate(COLUMNS)}

USUAL = {
    "frame": ("number", "kind", "name", "flux_e", "snr", "npix", "mean_adu", "fwhm"),
    "capture": (
        *("number", "kind", "name", "capture_mean", "capture_snr", "capture_std"),
        *("capture_min", "capture_max"),
    ),
}
"""What is shown of the frame and of the whole capture, the most important first."""


def written(value: Cell, decimals: int | None, room: int = 99) -> str:
    """Write a value; a dash where there is none.

    A number loses decimals, and in the end its digits to an exponent, before it is wider than
    `room` characters.
    """
    if value is None or is_nothing(value):
        return NOTHING
    if isinstance(value, str):
        return value
    for places in range(decimals or 0, -1, -1):
        text = f"{value:,.{places}f}".replace("-", "−")
        if len(text) <= max(room, LEAST_ROOM):
            return text
    return f"{value:.1e}".replace("e+0", "e").replace("e+", "e").replace("-", "−")


def is_nothing(value: Cell) -> bool:
    """Whether a cell has nothing to show."""
    return value is None or value == "" or (isinstance(value, float) and math.isnan(value))


def marks(entry: RegionEntry) -> str:
    """What is said about a region beside the drawing of its kind."""
    sign = "" if entry.include else EXCLUDED
    if entry.background:
        return f"{sign}sky"
    return f"{sign}ref" if is_comparison(entry) else sign
