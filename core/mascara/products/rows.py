"""Points of light curves and facts of stars as tables of fixed types (La Palma layout).

A point is a row: what was measured of one star in one exposure, or in one binned image. Fluxes
and sky are ADU per exposure, positions pixels from the centre of the first one, times Julian
dates of mid-exposure (UTC), sidereal times hours.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ...errors import NightglassError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from numpy.typing import ArrayLike, NDArray

    Rows = NDArray[np.void]

# Exposures that a point of a slow light curve stands for.
SLOW_BINNING = 50
FLUX_UNIT = "ADU per exposure"
_UNITS = {
    "sky": "ADU", "esky": "ADU", "peak": "ADU", "x": "pixel", "y": "pixel", "alt": "deg",
    "az": "deg", "ccdtemp": "Celsius", "exptime": "s", "jdmid": "d", "lst": "h",
}  # fmt: skip
_FLAGS = [("pflag", "u1"), ("aflag", "u1")]
_PER_APERTURE = {"flux", "eflux"}
_MODES = ("data", "header")


def data_dtype(naper: int) -> np.dtype[np.void]:
    """Type of a point with `naper` apertures; 113 bytes with two."""
    fluxes = [(f"{name}{k}", "<f8") for k in range(naper) for name in ("flux", "eflux")]
    levels = [(name, "<f8") for name in ("sky", "esky", "peak")]
    places = [(name, "<f4") for name in ("x", "y", "alt", "az", "ccdtemp")]
    times = [(name, "<f8") for name in ("exptime", "jdmid", "lst")]
    counters = [("lstidx", "<u4"), ("lstseq", "<u8")]
    return np.dtype([("flag", "u1"), *fluxes, *levels, *places, *times, *counters])


def header_dtype() -> np.dtype[np.void]:
    """Type of the facts of a star: first date, catalogue and number of points."""
    numbers = [(name, "<f8") for name in ("jdstart", "ra", "dec", "vmag", "bmag")]
    blending = [("spectype", "S9"), ("blend", "S1"), ("blendvalue", "<f8"), ("nobs", "<f8")]
    return np.dtype([*numbers, *blending])


def facts_dtype() -> np.dtype[np.void]:
    """Type of a star in a night file: `header_dtype` and the variability the catalogue tells."""
    return np.dtype([*_fields(header_dtype()), ("var", "u1")])


def batch_dtype(naper: int) -> np.dtype[np.void]:
    """Type of a row of a batch: star, point, and the two flags that `flag` was made of."""
    return np.dtype([("ascc", "<i8"), *_fields(data_dtype(naper)), *_FLAGS])


def apertures_of(fields: Iterable[str]) -> int:
    """Apertures of a table with the fields flux0, flux1, ..."""
    names = set(fields)
    return next(k for k in range(len(names) + 1) if f"flux{k}" not in names)


def index_array(
    columns: Mapping[str, ArrayLike],
    naper: int = 2,
    mode: str = "data",
    minobs: int = 1,
    reject: Collection[str] = (),
) -> np.recarray[Any, Any]:
    """Put columns side by side as a record array of the documented types.

    Parameters
    ----------
    columns : mapping of str to array_like
        Arrays of one length by name; a single value holds for all rows. ``flux`` and ``eflux``
        of shape (n, naper) may take the place of ``flux0``, ``flux1``, ... Other names are
        ignored.
    naper : int
        Apertures.
    mode : {"data", "header"}
        Points of light curves, or facts of stars.
    minobs : int
        Fewer points than this give an empty array; in header mode stars with a smaller
        ``nobs`` are left out.
    reject : collection of str
        Fields that the record array shall not have.

    Returns
    -------
    recarray, shape (n,)

    Raises
    ------
    NightglassError
        If a column is missing, lengths differ or there is no such mode.
    """
    if mode not in _MODES:
        raise _refusal(f"There is no mode {mode!r}.", "Choose data or header.")
    whole = data_dtype(naper) if mode == "data" else header_dtype()
    dtype = np.dtype([field for field in _fields(whole) if field[0] not in set(reject)])
    rows = table_of(dtype, split_apertures(columns, naper))
    if mode == "data":
        rows = rows if len(rows) >= minobs else rows[:0]
    elif "nobs" in (dtype.names or ()):
        rows = rows[rows["nobs"] >= minobs]
    return rows.view(np.recarray)


def table_of(dtype: np.dtype[np.void], columns: Mapping[str, ArrayLike]) -> Rows:
    """Fill a structured array of `dtype` by name; single values hold for all rows.

    Raises
    ------
    NightglassError
        If a column is missing or lengths differ; the columns are named.
    """
    names = dtype.names or ()
    missing = [name for name in names if name not in columns]
    if missing:
        raise _refusal(f"There is no column {', '.join(missing)}.", "Give every column.")
    arrays = {name: np.asarray(columns[name]) for name in names}
    rows = np.zeros(_length(arrays, dtype), dtype)
    for name, values in arrays.items():
        rows[name] = values
    return rows


def batch_rows(ascc: ArrayLike, columns: Mapping[str, ArrayLike], naper: int) -> Rows:
    """Rows of the stars of one exposure.

    Parameters
    ----------
    ascc : array_like of int, shape (n,)
    columns : mapping of str to array_like
        The fields of `data_dtype` as for `index_array`, ``pflag`` and ``aflag``.
    naper : int
        Apertures.

    Returns
    -------
    ndarray of `batch_dtype`, shape (n,)
    """
    return table_of(batch_dtype(naper), {**split_apertures(columns, naper), "ascc": ascc})


def split_apertures(
    columns: Mapping[str, ArrayLike], naper: int | None = None
) -> dict[str, ArrayLike]:
    """Give every aperture its own column: ``flux`` (n, naper) becomes flux0, flux1, ...

    Raises
    ------
    NightglassError
        If there are not as many as `naper`.
    """
    split = {name: values for name, values in columns.items() if name not in _PER_APERTURE}
    for name in _PER_APERTURE & set(columns):
        block = np.atleast_2d(np.asarray(columns[name]))
        if block.ndim != 2 or naper not in {None, block.shape[1]}:
            raise _refusal(
                f"The shape of {name} is {block.shape}, not (n, {naper or 'apertures'}).",
                "Give one column for every aperture.",
            )
        split |= {f"{name}{k}": block[:, k] for k in range(block.shape[1])}
    return split


def in_order(parts: Sequence[Rows]) -> Rows:
    """Join rows, sorted by star and slot; of two of one star and slot the later given stays."""
    rows = np.concatenate(parts)
    order = np.lexsort((rows["lstseq"], rows["ascc"]))
    ascc, slots = rows["ascc"][order], rows["lstseq"][order]
    is_last = np.ones(len(order), bool)
    is_last[:-1] = (ascc[1:] != ascc[:-1]) | (slots[1:] != slots[:-1])
    # Ten times faster than an index in brackets.
    return np.take(rows, order[is_last])


def points_of(rows: Rows) -> Rows:
    """The points of rows, without star number and inner flags."""
    points = np.empty(len(rows), data_dtype(apertures_of(rows.dtype.names or ())))
    for name in points.dtype.names or ():
        points[name] = rows[name]
    return points


def rows_needed(minobs: int, kind: str) -> int:
    """Points that a star needs which was seen in `minobs` exposures; kind is fast or slow."""
    return minobs if kind == "fast" else -(-minobs // SLOW_BINNING)


def unit_of(field: str) -> str:
    """Unit of a field of a point; empty where there is none."""
    return FLUX_UNIT if "flux" in field else _UNITS.get(field, "")


def _fields(dtype: np.dtype[np.void]) -> list[tuple[str, str]]:
    return [(name, dtype[name].str) for name in dtype.names or ()]


def _length(arrays: Mapping[str, NDArray[Any]], dtype: np.dtype[np.void]) -> int:
    """Common length of the columns; one where all are single values."""
    lengths = {
        name: len(values) for name, values in arrays.items() if values.ndim > len(dtype[name].shape)
    }
    if len(set(lengths.values())) > 1:
        told = ", ".join(f"{name} {length}" for name, length in lengths.items())
        raise _refusal(f"The lengths of the columns differ: {told}.", "Give one value a row.")
    return next(iter(lengths.values()), 1)


def _refusal(text: str, hint: str) -> NightglassError:
    return NightglassError("Cannot make a table of light curves", text, hint)
