"""Stars in columns, and which of them are measured."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from ..errors import NightglassError, translate
from .reading import read_columns
from .separations import SCALE_DEG, blend_values, nearest_px
from .text_tables import write_text_table

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable

    from numpy.typing import ArrayLike, NDArray

    Numbers = NDArray[np.float64]
    Mask = NDArray[np.bool_]

__all__ = [
    "SCALE_DEG",
    "StarTable",
    "astrometry_stars",
    "fast_stars",
    "read_catalogue",
    "slow_stars",
    "with_blending",
    "with_isolation",
    "with_proper_motion",
    "with_targets",
    "write_catalogue",
]

NEIGHBOUR_VMAG = 8.0
"""Stars brighter than this count as neighbours of stars for the astrometry."""
_EPOCH_JD = 2451545.0
_YEAR_D = 365.25
_MAS = np.pi / 180.0 / 3.6e6
# Type and what stands where nothing is known, for each column.
_COLUMNS: dict[str, tuple[str, Any]] = {
    "ascc": ("i8", 0),
    "ra_deg": ("f8", np.nan),
    "dec_deg": ("f8", np.nan),
    "vmag": ("f8", np.nan),
    "bmag": ("f8", np.nan),
    "spectype": ("S9", b""),
    "blend": ("S1", b""),
    "blendvalue": ("f8", 0.0),
    "hd": ("i4", 0),
    "hip": ("i4", 0),
    "variable": ("u1", 0),
    "included": ("?", False),
    "isolation_px": ("f8", np.inf),
    "pmra_masyr": ("f8", 0.0),
    "pmdec_masyr": ("f8", 0.0),
}

# Written even where it says nothing: what is not in a file is computed.
_ALWAYS = ("ascc", "isolation_px")


@dataclass(frozen=True, eq=False)
class StarTable:
    """Stars in columns, each an array of shape (n,).

    Attributes
    ----------
    ascc : ndarray of int64
        Number in the catalogue, which names the star everywhere.
    ra_deg, dec_deg : ndarray of float64
        ICRS at epoch J2000.
    vmag, bmag : ndarray of float64
        Johnson magnitudes; NaN where B is not known.
    spectype : ndarray of bytes, S9
    blend : ndarray of bytes, S1
        b"B" where the star is blended with another, else empty.
    blendvalue : ndarray of float64
        From 0, not blended, to 1, see `with_blending`.
    hd, hip : ndarray of int32
        Numbers in these catalogues, 0 where there is none.
    variable : ndarray of uint8
        Bits of the catalogue on variability, 0 for a constant star.
    included : ndarray of bool
        Measured whatever the magnitude.
    isolation_px : ndarray of float64
        Distance of the nearest other star brighter than V 8, pixels of `SCALE_DEG`.
    pmra_masyr, pmdec_masyr : ndarray of float64
        Proper motion on the sky (that in right ascension times cos(dec)), mas a year.
    """

    ascc: NDArray[np.int64]
    ra_deg: Numbers
    dec_deg: Numbers
    vmag: Numbers
    bmag: Numbers
    spectype: NDArray[np.bytes_]
    blend: NDArray[np.bytes_]
    blendvalue: Numbers
    hd: NDArray[np.int32]
    hip: NDArray[np.int32]
    variable: NDArray[np.uint8]
    included: Mask
    isolation_px: Numbers
    pmra_masyr: Numbers
    pmdec_masyr: Numbers

    @classmethod
    def of(cls, **columns: ArrayLike) -> StarTable:
        """Make a table of some columns; the others say that nothing is known.

        Raises
        ------
        ValueError
            If a column is not one of a table, or lengths differ.
        """
        unknown = columns.keys() - _COLUMNS.keys()
        if unknown:
            raise ValueError(f"a table of stars has no column {', '.join(sorted(unknown))}")
        lengths = {len(np.asarray(values)) for values in columns.values()}
        if len(lengths) > 1:
            raise ValueError("columns of a table of stars have one length")
        count = lengths.pop() if lengths else 0
        return cls(**{name: _column(name, columns.get(name), count) for name in _COLUMNS})

    def __len__(self) -> int:
        return self.ascc.size

    def select(self, which: Any) -> StarTable:
        """Stars chosen by a mask, a slice, or indices (in their order)."""
        return StarTable(**{name: values[which] for name, values in self.columns().items()})

    def columns(self) -> dict[str, NDArray[Any]]:
        """Arrays by name, in a fixed order."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


def read_catalogue(path: str | os.PathLike[str], faintest_vmag: float = np.inf) -> StarTable:
    """Read a star catalogue, whichever of the known kinds it is.

    Known are ASCC-2.5 (FITS, VOTable, or text with separators), the stations' own `bringcat`
    files, and any table with columns for number, position and V. Stars without a place or
    without a magnitude are left out, and all but the first of stars with one number. Distances
    to neighbours are computed where the file does not hold them.

    Parameters
    ----------
    path : path-like
    faintest_vmag : float
        Fainter stars are left out, unless the file marks them as to be included.

    Raises
    ------
    NightglassError
        If it cannot be read, lacks a column, or holds no star.
    """
    columns = read_columns(path)
    table = StarTable.of(**{name: values for name, values in columns.items() if name in _COLUMNS})
    usable = np.isfinite(table.ra_deg) & np.isfinite(table.vmag) & (np.abs(table.dec_deg) <= 90.0)
    table = table.select(usable & ((table.vmag <= faintest_vmag) | table.included))
    if not len(table):
        raise NightglassError(
            "No stars in the catalogue", "It holds no star with a place and a magnitude.",
            "Choose another file.", path,
        )  # fmt: skip
    table = table.select(_first_of_each(table.ascc))
    return table if "isolation_px" in columns else with_isolation(table)


def write_catalogue(path: str | os.PathLike[str], table: StarTable) -> None:
    """Write a table of stars as text with commas; `read_catalogue` gives the same table again.

    Columns in which nothing is known are left out.

    Raises
    ------
    NightglassError
        If the file cannot be written.
    """
    try:
        write_text_table(
            path,
            {
                name: values
                for name, values in table.columns().items()
                if name in _ALWAYS or _is_known(name, values)
            },
        )
    except OSError as error:
        raise translate(error, path) from error


def with_isolation(table: StarTable) -> StarTable:
    """Compute `isolation_px`: the distance of the nearest other star brighter than V 8."""
    bright = table.vmag < NEIGHBOUR_VMAG
    return replace(table, isolation_px=nearest_px(table.ra_deg, table.dec_deg, bright))


def with_blending(table: StarTable, radius_px: float) -> StarTable:
    """Compute how much of other stars falls into the apertures.

    A neighbour at distance d gives ``(1 - d / (2 radius)) * min(1, its flux / the star's)``, so
    0 where apertures do not touch and 1 for an equal or brighter star at the same place. The
    worst neighbour counts; one fainter by five magnitudes or more does not. The formula of the
    station's own catalogue was never published; its field and end points are the same.

    Parameters
    ----------
    table : StarTable
        All stars that can be neighbours.
    radius_px : float
        Radius of the largest aperture, pixels.
    """
    values = blend_values(table.ra_deg, table.dec_deg, table.vmag, radius_px)
    blend = np.where(values > 0.0, b"B", b"").astype("S1")
    return replace(table, blend=blend, blendvalue=values)


def with_targets(table: StarTable, numbers: Iterable[int]) -> StarTable:
    """Let the stars of these numbers be measured whatever their magnitude."""
    return replace(table, included=table.included | np.isin(table.ascc, list(numbers)))


def with_proper_motion(table: StarTable, jd: float) -> StarTable:
    """Move the stars to where they stand at a Julian date; axes stay those of ICRS."""
    years = (jd - _EPOCH_JD) / _YEAR_D
    dec = np.radians(table.dec_deg)
    # Steps along the tangents: no trouble at the poles.
    step_ra = np.nan_to_num(table.pmra_masyr) * (_MAS * years)
    step_dec = np.nan_to_num(table.pmdec_masyr) * (_MAS * years)
    outward = np.cos(dec) - step_dec * np.sin(dec)
    up = np.sin(dec) + step_dec * np.cos(dec)
    ra_deg = table.ra_deg + np.degrees(np.arctan2(step_ra, outward))
    dec_deg = np.degrees(np.arctan2(up, np.hypot(outward, step_ra)))
    return replace(table, ra_deg=ra_deg % 360.0, dec_deg=dec_deg)


def fast_stars(table: StarTable, limit_vmag: float = 8.4) -> Mask:
    """Which stars are measured on every frame."""
    return np.asarray((table.vmag <= limit_vmag) | table.included)


def slow_stars(table: StarTable, limit_vmag: float = 10.0) -> Mask:
    """Which stars are measured on the binned images."""
    return np.asarray((table.vmag <= limit_vmag) | table.included)


def astrometry_stars(
    table: StarTable, bright_vmag: float = 4.0, faint_vmag: float = 7.5, isolation_px: float = 10.0
) -> Mask:
    """Which stars the astrometry uses: neither saturated, faint nor near a neighbour."""
    in_range = (table.vmag > bright_vmag) & (table.vmag <= faint_vmag)
    return np.asarray(in_range & (table.isolation_px > isolation_px))


def _is_known(name: str, values: NDArray[Any]) -> bool:
    unknown = np.full(1, _COLUMNS[name][1], values.dtype)
    return not np.array_equal(
        values, np.broadcast_to(unknown, values.shape), equal_nan=values.dtype.kind == "f"
    )


def _column(name: str, values: ArrayLike | None, count: int) -> NDArray[Any]:
    kind, unknown = _COLUMNS[name]
    if values is None:
        return np.full(count, unknown, kind)
    return np.ascontiguousarray(np.asarray(values).astype(kind))


def _first_of_each(numbers: NDArray[np.int64]) -> NDArray[np.int64]:
    """Indices of the first row with each number, in the order of the rows."""
    return np.sort(np.unique(numbers, return_index=True)[1])
