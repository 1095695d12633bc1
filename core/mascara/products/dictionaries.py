"""Dictionaries of stars, as the documented functions hand them around, as batches."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ...errors import NightglassError
from ...timing.sidereal import SLOTS_PER_DAY, jd_of, sequence
from .batch_store import Batch, write_batch
from .records import astrometry_dtype, exposure_rows, star_dtype
from .rows import apertures_of, batch_dtype, data_dtype, in_order, split_apertures, table_of

if TYPE_CHECKING:
    import os

    from numpy.typing import NDArray

    Table = NDArray[np.void]

_GLOBAL = "global"


def save_dictionary(stars: Mapping[Any, Any], folder: str | os.PathLike[str], number: int) -> Path:
    """Write a dictionary of stars as a temporary batch file ``tmpdb<number>.h5``.

    Parameters
    ----------
    stars : mapping
        By catalogue number: a mapping of columns (see `points_of_star`) with the star's ``ra``,
        ``dec``, ``vmag``, ``bmag``, ``spectype``, ``blend``, ``blendvalue`` beside them, or a
        structured array of points. Night-wide facts may stand under the key ``global``.
    folder : path-like
        Made where it is not there.
    number : int
        Of the batch, written with eight digits.

    Returns
    -------
    Path

    Raises
    ------
    NightglassError
        If a key is no catalogue number, a star cannot be understood, or the file not be written.
    """
    Path(folder).mkdir(parents=True, exist_ok=True)
    return write_batch(Path(folder, f"tmpdb{number:08d}.h5"), batch_of(stars))


def batch_of(stars: Mapping[Any, Any]) -> Batch:
    """A dictionary of stars as a batch; see `save_dictionary`."""
    entries = {_number(key): entry for key, entry in stars.items() if key != _GLOBAL}
    points = {ascc: points_of_star(entry) for ascc, entry in entries.items()}
    naper = max((apertures_of(part.dtype.names or ()) for part in points.values()), default=0)
    rows = in_order(
        [np.zeros(0, batch_dtype(naper)), *(_rows(*item, naper) for item in points.items())]
    )
    return Batch(
        dict(stars.get(_GLOBAL, {})),
        _catalogue({ascc: entries[ascc] for ascc in np.unique(rows["ascc"]).tolist()}),
        rows,
        _exposures(rows),
        np.zeros(0, astrometry_dtype(1)),
    )


def points_of_star(entry: Mapping[str, Any] | Table) -> Table:
    """The points of one star, sorted by slot, every slot once.

    Parameters
    ----------
    entry : mapping of str to array_like, or structured ndarray
        Fields of `rows.data_dtype`; ``flux`` and ``eflux`` may be (n, naper). ``lstseq`` or
        ``jdmid`` must be there: one follows from the other. Other fields that are missing are
        NaN or 0. Where a slot comes twice the later one counts.

    Returns
    -------
    structured ndarray of `rows.data_dtype`
    """
    columns = split_apertures(_columns(entry))
    naper = apertures_of(columns)
    dtype = data_dtype(naper)
    columns = _with_times(columns)
    empty = {name: np.nan if dtype[name].kind == "f" else 0 for name in dtype.names or ()}
    known = {name: values for name, values in columns.items() if name in empty}
    points = table_of(dtype, {**empty, **known})
    order = np.unique(points["lstseq"][::-1], return_index=True)[1]
    return np.asarray(points[::-1][order])


def star_facts(entry: Any) -> dict[str, Any]:
    """Catalogue entry that stands beside the columns of a star, as far as it is there."""
    if not isinstance(entry, Mapping):
        return {}
    names = [name for name in star_dtype().names or () if entry.get(name) is not None]
    return {name: np.ravel(entry[name])[0] for name in names if name != "ascc"}


def _columns(entry: Any) -> dict[str, Any]:
    if isinstance(entry, Mapping):
        return {str(name): values for name, values in entry.items()}
    names = getattr(getattr(entry, "dtype", None), "names", None)
    if names is None:
        raise _refusal(f"A star has {type(entry).__name__} in place of columns.")
    return {name: entry[name] for name in names}


def _with_times(columns: dict[str, Any]) -> dict[str, Any]:
    """Slot, index in the day and Julian date, each from the others."""
    if "lstseq" in columns:
        slots = np.atleast_1d(np.asarray(columns["lstseq"])).astype(np.int64)
        times = {} if "jdmid" in columns else {"jdmid": jd_of(slots + 0.5)}
    elif "jdmid" in columns:
        times = {}
        slots = np.floor(sequence(np.atleast_1d(columns["jdmid"]))).astype(np.int64)
    else:
        raise _refusal("A star has neither lstseq nor jdmid.")
    return {"lstidx": slots % SLOTS_PER_DAY, **columns, "lstseq": slots, **times}


def _rows(ascc: int, points: Table, naper: int) -> Table:
    if apertures_of(points.dtype.names or ()) != naper:
        raise _refusal(f"Star {ascc} has another number of apertures than the rest.")
    rows = np.zeros(len(points), batch_dtype(naper))
    for name in points.dtype.names or ():
        rows[name] = points[name]
    rows["ascc"] = ascc
    return rows


def _catalogue(entries: Mapping[int, Any]) -> Table:
    stars = np.zeros(len(entries), star_dtype())
    for place, (ascc, entry) in enumerate(entries.items()):
        for name, value in star_facts(entry).items():
            stars[name][place] = value
        stars["ascc"][place] = ascc
    return stars


def _exposures(rows: Table) -> Table:
    """One row for each slot, from what the points repeat."""
    slots, places = np.unique(rows["lstseq"], return_index=True)
    first = rows[places]
    columns = {name: first[name] for name in ("lst", "exptime", "ccdtemp")}
    return exposure_rows("fast", {"lstseq": slots, "jd": first["jdmid"], **columns})


def _number(key: Any) -> int:
    try:
        return int(key)
    except (TypeError, ValueError) as error:
        raise _refusal(f"{key!r} is no catalogue number.") from error


def _refusal(text: str) -> NightglassError:
    return NightglassError(
        "Cannot use a dictionary of stars",
        text,
        "Its keys are ASCC numbers, its values columns such as flux0, eflux0, sky and lstseq.",
    )
