"""Tables that commands write, as curves to plot."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..frames.times import DAY_S
from .units import unit_in_words

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

Floats = NDArray[np.float64]

FITS_SUFFIXES = (".fits", ".fit", ".fts")
MOST_POINTS = 20_000
MOST_STEPS = 5_000


@dataclass(frozen=True, eq=False)
class Curve:
    """One line of a plot.

    Attributes
    ----------
    name : str
        Which one, where there are several.
    x, y : ndarray of float64, shape (n,)
    error : ndarray of float64, shape (n,), or None
        Standard deviations of `y`.
    edges : ndarray of float64, shape (n + 1,), or None
        Ends of the bins where they touch each other.
    """

    name: str
    x: Floats
    y: Floats
    error: Floats | None = None
    edges: Floats | None = None


@dataclass(frozen=True, eq=False)
class ProductTable:
    """The curves of one table.

    Attributes
    ----------
    curves : tuple of Curve
    x_title, y_title : str
        What the axes show, with units.
    is_points : bool
        Whether the points are scattered rather than a line.
    """

    curves: tuple[Curve, ...]
    x_title: str
    y_title: str
    is_points: bool = False


class _Shape(NamedTuple):
    """Columns that make a curve: one or two of x, then y and its error."""

    x: tuple[str, ...]
    x_label: str
    x_unit: str
    y: str
    y_label: str
    y_unit: str
    error: str = ""
    is_points: bool = False


_SHAPES = (
    _Shape(("PHASELO", "PHASEHI"), "Phase", "turns", "FLUX", "Flux", "", "ERROR"),
    _Shape(("TIMELO", "TIMEHI"), "Time", "s", "FLUX", "Flux", "", "ERROR"),
    _Shape(("FREQ",), "Frequency", "Hz", "POWER", "Power", ""),
    _Shape(("FREQ",), "Frequency", "Hz", "STATISTIC", "Statistic", ""),
    _Shape(("UTC_SEC",), "Time", "s", "PHASE", "Phase", "turns", is_points=True),
    _Shape(("UTC_SEC",), "Time", "s", "FLUX", "Flux", "", is_points=True),
)

_COMPARISON = (("COMP", "COMP_ERROR", "comparison"),)


def read_table(path: Path) -> ProductTable | None:
    """Read the tables of a FITS file that hold curves; None where there is none.

    Several sources are several tables of one file; a comparison star has columns of its own. A
    profile is shown twice, one turn after the other.

    Raises
    ------
    NightglassError
        If the file cannot be read.
    """
    from astropy.io import fits

    from ..errors import translate

    if path.suffix.lower() not in FITS_SUFFIXES:
        return None
    try:
        with fits.open(path, memmap=False) as units:
            tables = [unit for unit in units[1:] if isinstance(unit, fits.BinTableHDU)]
            shape = next((one for unit in tables for one in _SHAPES if _fits(unit, one)), None)
            return None if shape is None else _table(tables, shape)
    except OSError as error:
        raise translate(error, path) from error


def _fits(unit: Any, shape: _Shape) -> bool:
    return {*shape.x, shape.y} <= {name.upper() for name in unit.columns.names}


def _table(tables: list[Any], shape: _Shape) -> ProductTable:
    units = [unit for unit in tables if _fits(unit, shape)]
    curves = [curve for unit in units for curve in _curves(unit, shape)]
    columns = units[0].columns
    return ProductTable(
        tuple(curves),
        _titled(_x_label(units[0], shape), columns[shape.x[0]].unit or shape.x_unit),
        _titled(shape.y_label, columns[shape.y].unit or shape.y_unit),
        shape.is_points,
    )


def _x_label(unit: Any, shape: _Shape) -> str:
    day = unit.header.get("MJDREFI")
    if "UTC_DAY" in unit.columns.names and len(unit.data):
        day = int(unit.data["UTC_DAY"][0])
    if day is None or shape.x_label != "Time":
        return shape.x_label
    from astropy.time import Time

    return f"Time since {Time(day, format='mjd').strftime('%Y-%m-%d')} 00:00 UTC"


def _curves(unit: Any, shape: _Shape) -> Iterator[Curve]:
    ends = [_numbers(unit, name) for name in shape.x]
    x, edges = np.mean(ends, axis=0), _edges(ends)
    name = str(unit.header.get("REGION") or unit.name)
    for y_name, error_name, label in ((shape.y, shape.error, name), *_COMPARISON):
        if y_name not in unit.columns.names:
            continue
        has_error = error_name in unit.columns.names
        error = _numbers(unit, error_name) if has_error else None
        curve = Curve(label, x, _numbers(unit, y_name), error, edges)
        yield _twice(curve) if shape.x_unit == "turns" else _thinned(curve, shape)


def _thinned(curve: Curve, shape: _Shape) -> Curve:
    """So much of a long curve as a screen can show without making anybody wait."""
    step = -(-len(curve.x) // MOST_POINTS) if shape.is_points else 1
    edges = curve.edges if len(curve.x) <= MOST_STEPS else None
    error = None if curve.error is None else curve.error[::step]
    return Curve(curve.name, curve.x[::step], curve.y[::step], error, edges)


def _numbers(unit: Any, name: str) -> Floats:
    numbers = np.asarray(unit.data[name], np.float64)
    if name == "UTC_SEC" and "UTC_DAY" in unit.columns.names and numbers.size:
        day = np.asarray(unit.data["UTC_DAY"], np.float64)
        numbers = numbers + DAY_S * (day - day[0])
    return numbers


def _edges(ends: list[Floats]) -> Floats | None:
    """Ends of bins that touch; None for points and for bins with gaps."""
    if len(ends) != 2 or not len(ends[0]):
        return None
    low, high = ends
    touches = np.allclose(low[1:], high[:-1], rtol=0.0, atol=1e-6 * float(np.ptp(high - low[0])))
    return np.append(low, high[-1]) if touches else None


def _twice(curve: Curve) -> Curve:
    """The same profile once more, one turn later."""
    error, edges = curve.error, curve.edges
    return Curve(
        curve.name,
        np.concatenate([curve.x, curve.x + 1.0]),
        np.tile(curve.y, 2),
        None if error is None else np.tile(error, 2),
        None if edges is None else np.concatenate([edges, edges[1:] + 1.0]),
    )


def _titled(label: str, unit: str) -> str:
    written = unit_in_words(unit)
    return f"{label} ({written})" if written else label
