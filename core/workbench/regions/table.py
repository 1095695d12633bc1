"""Numbers of all regions as one table: what the window lists is what a file gets."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from .... import __version__
from ...atomic import replacing
from ...errors import translate
from ...regions.geometry.drawing import name_of
from ...regions.geometry.placement import middle
from ..desk import COUNTS
from ..light.curves import ELECTRONS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from ...regions.entries import RegionEntry
    from ...regions.numbers.statistics import RegionStatistics
    from ...regions.shapes import Shape
    from ..light.curves import RegionCurve

Cell = float | int | str | None

_SIZES = (
    ("r",),
    ("r_in", "r_out"),
    ("a", "b"),
    ("width", "height"),
    ("a_out", "b_out"),
    ("width_out", "height_out"),
    ("length",),
)


@dataclass(frozen=True)
class WholeCapture:
    """The light curve of a region in a few numbers.

    Attributes
    ----------
    mean, std, min, max : float or None
        Over all frames counted, in `unit`.
    snr : float or None
        Mean over scatter of a frame.
    unit : str
        That of the light curve: `ELECTRONS`, `COUNTS` or what an image says.
    """

    mean: float | None = None
    std: float | None = None
    min: float | None = None
    max: float | None = None
    snr: float | None = None
    unit: str = ELECTRONS

    @classmethod
    def of(cls, curve: RegionCurve) -> WholeCapture:
        """Describe a light curve; None stands for what is not known."""
        known = [None if math.isnan(value) else value for value in curve.summary]
        mean, std, least, most = known
        snr = mean / std if mean is not None and std else None
        return cls(mean, std, least, most, snr, curve.unit)


@dataclass(frozen=True)
class RegionRow:
    """One region with all its numbers.

    Attributes
    ----------
    number : int
        Place in the list, from 1.
    entry : RegionEntry
    frame : RegionStatistics or None
        On the frame shown.
    whole : WholeCapture or None
    """

    number: int
    entry: RegionEntry
    frame: RegionStatistics | None = None
    whole: WholeCapture | None = None


@dataclass(frozen=True)
class Field:
    """One column: its name in files, its unit, what it means, and where it comes from."""

    key: str
    unit: str
    meaning: str
    value: Callable[[RegionRow], Cell]


def sizes_of(shape: Shape) -> tuple[float, ...]:
    """Radii, half axes or sides that say how large a region is, pixels; () for some."""
    for names in _SIZES:
        if all(hasattr(shape, name) for name in names):
            return tuple(getattr(shape, name) for name in names)
    return ()


def _centre(axis: int) -> Callable[[RegionRow], Cell]:
    return lambda row: None if row.entry.shape is None else middle(row.entry.shape)[axis]


def _size(row: RegionRow) -> Cell:
    sizes = () if row.entry.shape is None else sizes_of(row.entry.shape)
    return " × ".join(f"{size:.2f}" for size in sizes) or None


def _frame(name: str) -> Callable[[RegionRow], Cell]:
    return lambda row: None if row.frame is None else getattr(row.frame, name)


def _value(name: str, unit: str) -> Callable[[RegionRow], Cell]:
    return lambda row: None if row.frame is None else getattr(getattr(row.frame, name), unit)


def _centroid(axis: int) -> Callable[[RegionRow], Cell]:
    def value(row: RegionRow) -> Cell:
        place = None if row.frame is None else row.frame.centroid
        return None if place is None else place[axis]

    return value


def _whole(name: str) -> Callable[[RegionRow], Cell]:
    return lambda row: None if row.whole is None else getattr(row.whole, name)


# fmt: off
FIELDS: tuple[Field, ...] = (
    Field("number", "", "Place in the list, from 1", lambda row: row.number),
    Field("kind", "", "What it is", lambda row: name_of(row.entry)),
    Field("name", "", "What the observer called it", lambda row: row.entry.text),
    Field("tags", "", "Its groups", lambda row: ", ".join(row.entry.tags)),
    Field("include", "", "Whether its pixels count", lambda row: int(row.entry.include)),
    Field("background", "", "Whether it holds sky", lambda row: int(row.entry.background)),
    Field("x", "pix", "Centre, from 1", _centre(0)),
    Field("y", "pix", "Centre, from 1", _centre(1)),
    Field("size", "", "Radii, half axes or sides, pixels", _size),
    Field("npix", "pix", "Pixels inside", _frame("npix")),
    Field("sum_e", "electron", "Sum of the pixels, sky included", _value("sum", "electrons")),
    Field("sum_adu", "adu", "Sum of the pixels, offset included", _value("sum", "adu")),
    Field("mean_adu", "adu", "Mean of the pixels, offset included", _value("mean", "adu")),
    Field("median_adu", "adu", "Median of the pixels", _value("median", "adu")),
    Field("std_adu", "adu", "Scatter of the pixels", _value("std", "adu")),
    Field("min_adu", "adu", "Lowest pixel", _value("min", "adu")),
    Field("max_adu", "adu", "Highest pixel", _value("max", "adu")),
    Field("centroid_x", "pix", "Centre of the light, from 1", _centroid(0)),
    Field("centroid_y", "pix", "Centre of the light, from 1", _centroid(1)),
    Field("fwhm", "pix", "Full width of the star at half maximum", _frame("fwhm_px")),
    Field("flux_e", "electron", "Light without the sky of its background regions",
          _frame("flux_e")),
    Field("flux_error_e", "electron", "Error of the flux", _frame("flux_error_e")),
    Field("snr", "", "Flux over its error", _frame("snr")),
    Field("saturated", "", "Saturated pixels", _frame("saturated")),
    Field("capture_mean", "", "Mean of the light curve", _whole("mean")),
    Field("capture_std", "", "Scatter of the light curve", _whole("std")),
    Field("capture_min", "", "Lowest frame", _whole("min")),
    Field("capture_max", "", "Highest frame", _whole("max")),
    Field("capture_snr", "", "Mean of the light curve over its scatter", _whole("snr")),
)
# fmt: on

OF_CAPTURE = frozenset({"capture_mean", "capture_std", "capture_min", "capture_max"})
"""Fields in the unit of the light curve."""


def region_rows(
    entries: Mapping[int, RegionEntry],
    statistics: Mapping[int, RegionStatistics],
    whole: Mapping[int, WholeCapture],
) -> tuple[RegionRow, ...]:
    """Put together what is known about each region, in the order of the list."""
    return tuple(
        RegionRow(number, entry, statistics.get(ident), whole.get(ident))
        for number, (ident, entry) in enumerate(entries.items(), 1)
    )


@dataclass(frozen=True)
class Origin:
    """Where the numbers come from.

    Attributes
    ----------
    capture : str
    frame : int or None
        From 0.
    utc : str
        Of the middle of its exposure, "" where that is not known.
    regions : str
        Name of the region file, "" for none.
    """

    capture: str = ""
    frame: int | None = None
    utc: str = ""
    regions: str = ""

    def facts(self) -> dict[str, str]:
        """The same in words, with the program and the moment of writing."""
        facts = {
            "software": f"Nightglass {__version__}",
            "written": datetime.now(UTC).isoformat(timespec="seconds"),
            "capture": self.capture,
            "frame": "" if self.frame is None else f"{self.frame + 1} counted from 1",
            "utc": self.utc,
            "regions": self.regions,
            "pixels": "counted from 1; the centre of the first is (1, 1)",
        }
        return {name: text for name, text in facts.items() if text}


def write_region_table(path: Path, rows: Sequence[RegionRow], origin: Origin) -> Path:
    """Write the table as CSV or, for a name that ends in ``.ecsv``, as ECSV; whole or not at all.

    Raises
    ------
    NightglassError
        If the file cannot be written.
    """
    table = _astropy_table(rows, origin)
    is_ecsv = path.suffix.lower() == ".ecsv"
    try:
        with replacing(path) as temporary:
            if is_ecsv:
                table.write(temporary, format="ascii.ecsv", overwrite=True)
            else:
                _write_csv(temporary, table)
    except OSError as error:
        raise translate(error, path) from error
    return path


def _write_csv(path: Path, table: Any) -> None:
    """CSV with provenance and units in lines that begin with "#"."""
    units = ", ".join(f"{name} {table[name].unit}" for name in table.colnames if table[name].unit)
    with path.open("w", encoding="utf-8", newline="") as file:
        file.writelines(f"# {name}: {text}\n" for name, text in table.meta.items())
        file.write(f"# units: {units}\n")
        table.write(file, format="ascii.csv", fill_values=[("nan", "")])


def _astropy_table(rows: Sequence[RegionRow], origin: Origin) -> Any:
    from astropy.table import Table

    table = Table(meta=origin.facts())
    for field in FIELDS:
        table[field.key] = _column(field, rows)
    return table


def _column(field: Field, rows: Sequence[RegionRow]) -> Any:
    from astropy.table import Column

    values = [field.value(row) for row in rows]
    is_text = field.key in {"kind", "name", "tags", "size"}
    data = [("" if is_text else float("nan")) if value is None else value for value in values]
    return Column(data, unit=_unit(field, rows) or None, description=field.meaning)


def _unit(field: Field, rows: Sequence[RegionRow]) -> str:
    if field.key not in OF_CAPTURE:
        return field.unit
    units = {row.whole.unit for row in rows if row.whole is not None}
    return {ELECTRONS: "electron", COUNTS: "adu"}.get(units.pop(), "") if len(units) == 1 else ""
