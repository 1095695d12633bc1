"""The small tables beside the light curves: stars, exposures and astrometric solutions.

Names and types are those of the La Silla layout, so that it can be made from a night file alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ...timing.sidereal import SLOTS_PER_DAY, datetime_from
from .rows import table_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import ArrayLike, NDArray

    from ...stars.table import StarTable

    Table = NDArray[np.void]

OFF_CHIP = 9999
"""``moonx`` and ``moony`` where the Moon is not on the chip."""
_TERMS = 6
_CALENDAR = [
    ("lstday", "<u4"), ("lstidx", "<u4"), ("year", "<u2"), ("month", "u1"), ("day", "u1"),
    ("hour", "u1"), ("min", "u1"), ("sec", "u1"), ("fsec", "<f4"),
]  # fmt: skip
_SKY = [
    *((name, "<f4") for name in ("sunra", "sundec", "sunalt", "moonra", "moondec", "moonalt")),
    ("moonx", "<u2"), ("moony", "<u2"), ("moonph", "<f4"), ("moonmag", "<f4"),
]  # fmt: skip
_FRAME = [
    ("lstseq", "<u4"), ("jd", "<f8"), ("lst", "<f8"), ("exptime", "<f4"), ("ccdtemp", "<f4"),
    ("dwldtime", "<f4"), ("margtime", "<f4"), ("imnzero", "<u4"), ("imnsat", "<u4"),
    ("imstd", "<f4"), ("immed", "<u2"), *((f"oversca{side}", "<u2") for side in range(4)),
    ("darkfile", "<u4"), *_CALENDAR,
]  # fmt: skip
_BINNED = [
    ("lstseq", "<u4"), ("nimages", "u1"), ("exptime", "<f4"), ("lst", "<f8"), ("jd", "<f8"),
    ("lstmid", "<f8"), ("jdmid", "<f8"),
]  # fmt: skip
_SOLUTION: list[Any] = [
    ("lstseq", "<u4"), ("fstars", "<u4"), ("ustars", "<u4"), ("dx", "<f8"), ("dy", "<f8"),
    ("dr", "<f8"), ("crval", "<f8", (2,)), ("crpix", "<f8", (2,)), ("pc", "<f8", (2, 2)),
    *((f"{axis}_{way}", "<f8", (_TERMS, _TERMS))
      for way in ("wcs2pix", "pix2wcs") for axis in "xy"),
    *((f"{axis}{point}", "<f8") for point in range(5) for axis in ("ra", "dec")),
]  # fmt: skip
_COMPLETE = [
    ("aflag", "u1"), ("order", "u1"), ("nx", "<u2"), ("ny", "<u2"), ("jd", "<f8"), ("lst", "<f8"),
    *((name, "<f8") for name in ("cdelt", "alt0", "az0", "th0", "x0", "y0")),
]  # fmt: skip


def star_dtype() -> np.dtype[np.void]:
    """Type of the stars of a batch: catalogue entries, ``ra`` and ``dec`` in degrees (J2000)."""
    numbers = [(name, "<f8") for name in ("ra", "dec", "vmag", "bmag")]
    texts = [("spectype", "S9"), ("blend", "S1"), ("blendvalue", "<f8"), ("var", "u1")]
    return np.dtype([("ascc", "<i8"), *numbers, *texts])


def exposure_dtype(kind: str) -> np.dtype[np.void]:
    """Type of the ``station`` table; `kind` is fast (exposures) or slow (binned images)."""
    return np.dtype([*(_FRAME if kind == "fast" else _BINNED), *_SKY])


def astrometry_dtype(model_bytes: int) -> np.dtype[np.void]:
    """Type of an astrometric solution: La Silla's fields, what they lack, and the whole model."""
    return np.dtype([*_SOLUTION, *_COMPLETE, ("model", f"S{max(model_bytes, 1)}")])


def solution_names() -> list[str]:
    """Fields of an astrometric solution that La Silla's layout has."""
    return [field[0] for field in _SOLUTION]


def star_rows(catalogue: StarTable) -> Table:
    """Stars of a catalogue as a table of `star_dtype`, sorted by number."""
    columns = {
        "ascc": catalogue.ascc, "ra": catalogue.ra_deg, "dec": catalogue.dec_deg,
        "vmag": catalogue.vmag, "bmag": catalogue.bmag, "spectype": catalogue.spectype,
        "blend": catalogue.blend, "blendvalue": catalogue.blendvalue, "var": catalogue.variable,
    }  # fmt: skip
    rows = table_of(star_dtype(), columns)
    return np.asarray(rows[np.argsort(rows["ascc"], kind="stable")])


def exposure_rows(kind: str, columns: Mapping[str, ArrayLike]) -> Table:
    """Make the ``station`` table of a batch, sorted by ``lstseq``.

    Parameters
    ----------
    kind : {"fast", "slow"}
        Exposures or binned images.
    columns : mapping of str to array_like
        Fields of `exposure_dtype`, ``lstseq`` and ``jd`` (mid-exposure, UTC) at least. Day and
        index of the slot and the calendar follow from these; what is not given is not known:
        NaN, 0, or `OFF_CHIP`.

    Returns
    -------
    structured ndarray, shape (n_exposures,)
    """
    dtype = exposure_dtype(kind)
    slots, jd = np.atleast_1d(columns["lstseq"]), np.atleast_1d(columns["jd"])
    known = {**_unknown(dtype), "moonx": OFF_CHIP, "moony": OFF_CHIP}
    if kind == "fast":
        day, index = np.divmod(slots.astype(np.int64), SLOTS_PER_DAY)
        known |= {"lstday": day, "lstidx": index, **_calendar(jd)}
    rows = table_of(dtype, {**known, **columns, "lstseq": slots, "jd": jd})
    return np.asarray(rows[np.argsort(rows["lstseq"], kind="stable")])


def astrometry_rows(columns: Mapping[str, ArrayLike], model: str = "") -> Table:
    """One astrometric solution as a table.

    Parameters
    ----------
    columns : mapping of str to array_like
        Fields of `astrometry_dtype`, ``lstseq`` at least; what is not given is NaN or 0.
    model : str
        The complete camera model as JSON.

    Returns
    -------
    structured ndarray, shape (1,)
    """
    text = model.encode()
    dtype = astrometry_dtype(len(text))
    return table_of(dtype, {**_unknown(dtype), **columns, "model": text})


def joined(tables: Sequence[Table], key: str) -> Table:
    """Join tables, sorted by `key`; of two rows of one key the one given later stays."""
    rows = np.concatenate(tables)
    # The first of a kind in reversed order is the last that was given.
    _, places = np.unique(rows[key][::-1], return_index=True)
    return np.asarray(rows[::-1][places])


def _unknown(dtype: np.dtype[np.void]) -> dict[str, Any]:
    names = dtype.names or ()
    return {name: np.nan if dtype[name].base.kind == "f" else 0 for name in names}


def _calendar(jd: NDArray[np.float64]) -> dict[str, list[int]]:
    """UTC of mid-exposure in pieces; ``fsec`` in microseconds."""
    dates = [datetime_from(float(day)) for day in jd]
    names = {"min": "minute", "sec": "second", "fsec": "microsecond"}
    pieces = ("year", "month", "day", "hour", "min", "sec", "fsec")
    return {piece: [getattr(date, names.get(piece, piece)) for date in dates] for piece in pieces}
