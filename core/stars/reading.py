"""Star catalogues as people have them: names, units and kinds of file brought to one form."""

from __future__ import annotations

import gzip
import math
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ..errors import NightglassError, translate
from .text_tables import read_text_table

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    Column = NDArray[Any]

# What the columns of a table of stars are called by others, the best one first.
_NAMES: dict[str, tuple[str, ...]] = {
    "ascc": ("ascc", "hip", "id"),
    "ra_deg": ("ra_deg", "_raj2000", "raj2000", "radeg", "ra_icrs", "rahour", "ra"),
    "dec_deg": ("dec_deg", "_dej2000", "dej2000", "dedeg", "decdeg", "de_icrs", "dec", "de"),
    "vmag": ("vmag", "v"),
    "bmag": ("bmag", "b"),
    "spectype": ("spectype", "sptype", "sp"),
    "blend": ("blend",),
    "blendvalue": ("blendvalue",),
    "hd": ("hd",),
    "hip": ("hip",),
    "variable": ("variable", "var"),
    "included": ("included", "inclusion"),
    "isolation_px": ("isolation_px",),
    "pmra_masyr": ("pmra_masyr", "pmra"),
    "pmdec_masyr": ("pmdec_masyr", "pmde", "pmdec"),
}
_COLOURS = ("bv", "b-v", "b_v")
_NEEDED = {"ascc": "a number (ascc or hip)", "ra_deg": "a right ascension (ra or ra_deg)",
           "dec_deg": "a declination (dec or dec_deg)", "vmag": "a V magnitude (vmag)"}  # fmt: skip
_UNITS = {"vmag": "mag", "bmag": "mag", "pmra_masyr": "mas/yr", "pmdec_masyr": "mas/yr"}
_LEAST_MMAG = 100.0
_FAINTEST_VMAG = 30.0
_SEXAGESIMAL = re.compile(r"\s*([+-]?)(\d+)[\s:hd]+(\d+)[\s:m']+(\d+(?:\.\d*)?)")


def read_columns(path: str | os.PathLike[str]) -> dict[str, Column]:
    """Read the columns of a catalogue, by the names of a `StarTable`, in its units.

    Raises
    ------
    NightglassError
        If the file cannot be read or lacks a column that is needed.
    """
    path = Path(path)
    try:
        raw = {name.casefold(): values for name, values in _reader(path)(path).items()}
        columns = _renamed(raw)
        _require(columns, path)
        return _in_form(columns, raw)
    except NightglassError:
        raise
    except OSError as error:
        raise translate(error, path) from error
    except Exception as error:
        reason = " ".join(str(error).split()).rstrip(".")
        raise NightglassError(
            "Could not read the catalogue", f"{path.name} is not understood: {reason}.",
            "Known are FITS and VOTable, and text with a line of column names.", path,
        ) from error  # fmt: skip


def _reader(path: Path) -> Callable[[Path], Mapping[str, Column]]:
    with open(path, "rb") as file:
        start = file.read(512)
    if start[:2] == b"\x1f\x8b":
        with gzip.open(path) as file:
            start = file.read(512)
    if start[:6] == b"SIMPLE":
        return _read_fits
    if b"<VOTABLE" in start.upper() or start.lstrip()[:5] == b"<?xml":
        return _read_votable
    return read_text_table


def _read_fits(path: Path) -> dict[str, Column]:
    from astropy.table import Table

    # A file that astropy opened by its name stays open where it is broken.
    with open(path, "rb") as file:
        return _plain(Table.read(file, format="fits", character_as_bytes=True))


def _read_votable(path: Path) -> dict[str, Column]:
    import warnings

    from astropy.table import Table

    with warnings.catch_warnings():
        # Catalogue services spell units and precisions in ways the standard does not know.
        warnings.simplefilter("ignore")
        return _plain(Table.read(path, format="votable"))


def _plain(table: Any) -> dict[str, Column]:
    return {name: _without_unit(name, table[name]) for name in table.colnames}


def _without_unit(name: str, column: Any) -> Column:
    """Values of a column, scaled to our units where it has one; NaN where it is masked."""
    values = np.ma.asarray(column)
    if values.dtype.kind not in "fiu":
        return np.asarray(values.filled(values.dtype.type()))
    numbers = np.asarray(np.ma.filled(values.astype(np.float64), np.nan))
    target = next((_UNITS[own] for own in _UNITS if name.casefold() in _NAMES[own]), None)
    if target is None or column.unit is None:
        return numbers
    return np.asarray(numbers * column.unit.to(target))


def _renamed(raw: Mapping[str, Column]) -> dict[str, Column]:
    found = {own: next((name for name in names if name in raw), None)
             for own, names in _NAMES.items()}  # fmt: skip
    columns = {own: raw[name] for own, name in found.items() if name is not None}
    if found["ra_deg"] == "rahour":
        columns["ra_deg"] = 15.0 * columns["ra_deg"].astype(np.float64)
    return columns


def _require(columns: Mapping[str, Column], path: Path) -> None:
    missing = [text for name, text in _NEEDED.items() if name not in columns]
    if missing:
        raise NightglassError(
            "Not a star catalogue",
            f"{path.name} has no column for {' and '.join(missing)}.",
            "Its columns need a line of names above them.",
            path,
        )


def _in_form(columns: dict[str, Column], raw: Mapping[str, Column]) -> dict[str, Column]:
    """Numbers as numbers, texts as bytes, magnitudes in magnitudes."""
    formed: dict[str, Column] = {}
    for name, values in columns.items():
        formed[name] = _FORMS.get(name, _number)(values)
    if formed["ra_deg"].dtype.kind == "f" and columns["ra_deg"].dtype.kind not in "fiu":
        formed["ra_deg"] = _angle(columns["ra_deg"], 15.0)
    _settle_magnitudes(formed)
    colour = next((raw[name] for name in _COLOURS if name in raw), None)
    if "bmag" not in formed and colour is not None:
        formed["bmag"] = formed["vmag"] + _number(colour)
    return formed


def _settle_magnitudes(columns: dict[str, Column]) -> None:
    """Turn millimagnitudes to magnitudes, and what stands for "unknown" to NaN."""
    known = columns["vmag"][np.isfinite(columns["vmag"])]
    if known.size and np.median(np.abs(known)) > _LEAST_MMAG:
        for name in ("vmag", "bmag"):
            if name in columns:
                columns[name] = columns[name] / 1000.0
        # The same edition gives motions in units of its own, which a bare file does not tell.
        columns.pop("pmra_masyr", None)
        columns.pop("pmdec_masyr", None)
    for name in ("vmag", "bmag"):
        if name in columns:
            columns[name] = np.where(columns[name] < _FAINTEST_VMAG, columns[name], np.nan)


def _number(values: Column) -> Column:
    if values.dtype.kind in "fiub":
        return values.astype(np.float64)
    return np.array([_float(_text(value)) for value in values], np.float64)


def _float(text: str) -> float:
    return float(text) if text else np.nan


def _whole(values: Column) -> Column:
    """Whole numbers, 0 where there is none."""
    return np.nan_to_num(_number(values), nan=0.0).astype(np.int64)


def _flag(values: Column) -> Column:
    if values.dtype.kind in "fiub":
        return np.asarray(np.nan_to_num(values.astype(np.float64)) != 0.0)
    return np.array([_text(value).casefold() in ("true", "t", "1", "y", "yes") for value in values])


def _words(values: Column) -> Column:
    return np.array([_text(value).encode("ascii", "replace") for value in values], "S")


def _blend(values: Column) -> Column:
    if values.dtype.kind in "fiub":
        return np.where(_flag(values), b"B", b"")
    return _words(values)


def _angle(values: Column, degrees: float = 1.0) -> Column:
    """Degrees of numbers, or of texts in sexagesimal units of some degrees."""
    if values.dtype.kind in "fiu":
        return values.astype(np.float64)
    return np.array([_sexagesimal(_text(value), degrees) for value in values], np.float64)


def _sexagesimal(text: str, degrees: float) -> float:
    match = _SEXAGESIMAL.match(text)
    if match is None:
        return _float(text)
    sign, whole, minutes, seconds = match.groups()
    value = int(whole) + int(minutes) / 60.0 + float(seconds) / 3600.0
    return (-value if sign == "-" else value) * degrees


def _text(value: Any) -> str:
    if isinstance(value, bytes):
        return value.decode("latin-1").strip()
    is_missing = value is None or (isinstance(value, float) and math.isnan(value))
    return "" if is_missing else str(value).strip()


_FORMS: dict[str, Callable[[Column], Column]] = {
    "ascc": _whole, "hd": _whole, "hip": _whole, "variable": _whole, "included": _flag,
    "spectype": _words, "blend": _blend, "ra_deg": _angle, "dec_deg": _angle,
}  # fmt: skip
