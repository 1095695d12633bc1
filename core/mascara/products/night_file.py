"""The light curves of one camera in one night: HDF5 in the La Palma layout.

::

    /global             attributes: what holds for the whole night
    /header_table       one dataset a field, one row a star
    /data/<ascc>        the points of a star, sorted by lstseq
    /station            one dataset a field, one row an exposure or binned image
    /astrometry         one dataset a field, one row a solution
    /quality            one dataset a field, one row a star: flags, mean flux and scatter

Python 2.7 with h5py 2.10 reads it: superblock version 0, nothing younger than HDF5 1.8, byte
strings of fixed length, plain scalar attributes.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ...atomic import replacing
from ...errors import translate
from .merging import facts_of, light_curves, open_batches, stars_of
from .quality import quality_of, quality_rows
from .records import joined
from .rows import FLUX_UNIT, data_dtype, facts_dtype, rows_needed, unit_of
from .space import require_space

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping, Sequence
    from contextlib import AbstractContextManager

    import h5py
    from numpy.typing import NDArray

    from .batch_store import BatchReader

    Table = NDArray[np.void]

_ASCC_BYTES = 7


@dataclass(frozen=True)
class Merged:
    """What a night file holds.

    Attributes
    ----------
    path : Path
    stars : int
    rows : int
        Points of all stars.
    left_out : int
        Stars with too few points.
    """

    path: Path
    stars: int
    rows: int
    left_out: int


def write_night_file(
    path: str | os.PathLike[str],
    batch_paths: Sequence[Path],
    globals_: Mapping[str, Any],
    minobs: int = 51,
    kind: str = "fast",
) -> Merged:
    """Merge the batches of one camera and night; the file is whole or absent.

    Parameters
    ----------
    path : path-like
        Replaced where it exists.
    batch_paths : sequence of Path
        Files of `write_batch`, in order of time. They stay. Where two have the same star and
        slot, the later one counts.
    globals_ : mapping of str to float, int, str or sequence of numbers
        Night-wide facts, added to (and stronger than) the attributes of the batches.
    minobs : int
        Stars seen in fewer exposures are left out.
    kind : {"fast", "slow"}
        A point of a slow file stands for 50 exposures, so that 51 exposures are two points.

    Raises
    ------
    NightglassError
        If there is no batch, one cannot be read, or the file cannot be written.
    """
    final = Path(path)
    try:
        with open_batches(batch_paths) as readers:
            points = sum(len(reader) for reader in readers)
            require_space(final, points * data_dtype(readers[0].naper).itemsize)
            with replacing(final) as temporary, new_hdf5(temporary) as file:
                stars, rows = _fill(file, readers, globals_, rows_needed(minobs, kind))
            return Merged(final, stars, rows, len(stars_of(readers)) - stars)
    except OSError as error:
        raise translate(error, final) from error


def new_hdf5(path: Path) -> AbstractContextManager[h5py.File]:
    """Open a new file that old readers understand and that has the same bytes every time."""
    import h5py

    file: AbstractContextManager[h5py.File] = h5py.File(
        path, "w", libver=("earliest", "v108"), track_order=False
    )
    return file


def write_columns(group: h5py.Group, rows: Table) -> None:
    """Write every field of a table as a dataset."""
    for name in rows.dtype.names or ():
        group.create_dataset(name, data=np.ascontiguousarray(rows[name]), track_times=False)


def write_attributes(group: h5py.Group, values: Mapping[str, Any]) -> None:
    """Write plain attributes: numbers, arrays of numbers, byte strings of fixed length."""
    for name, value in values.items():
        group.attrs[name] = _plain(value)


def _fill(
    file: h5py.File, readers: Sequence[BatchReader], globals_: Mapping[str, Any], min_rows: int
) -> tuple[int, int]:
    """Write everything; number of stars and of points."""
    _write_globals(file, readers, globals_)
    ascc, facts, quality = _write_light_curves(file, readers, min_rows)
    _write_header(file, ascc, facts)
    write_columns(file.create_group("quality"), quality)
    exposures = joined([reader.exposures for reader in readers], "lstseq")
    write_columns(file.create_group("station"), exposures)
    solutions = joined([reader.astrometry for reader in readers], "lstseq")
    write_columns(file.create_group("astrometry"), solutions)
    return len(ascc), int(facts["nobs"].sum())


def _write_globals(
    file: h5py.File, readers: Sequence[BatchReader], globals_: Mapping[str, Any]
) -> None:
    """Write night-wide facts in both cases: some readers know the upper, some the lower one."""
    facts = facts_of(readers) | {name.upper(): value for name, value in globals_.items()}
    facts["FLUXUNIT"] = FLUX_UNIT
    group = file.create_group("global")
    write_attributes(group, facts)
    write_attributes(group, {name.lower(): value for name, value in facts.items()})


def _write_light_curves(
    file: h5py.File, readers: Sequence[BatchReader], min_rows: int
) -> tuple[list[int], Table, Table]:
    """Write the points of every star that has enough; numbers, facts, quality of those written."""
    group, ascc, facts, quality = file.create_group("data"), [], [], []
    fields = data_dtype(readers[0].naper).names or ()
    write_attributes(group, {name: unit_of(name) for name in fields if unit_of(name)})
    for curve in light_curves(readers, min_rows):
        group.create_dataset(str(curve.ascc), data=curve.points, track_times=False)
        ascc.append(curve.ascc)
        facts.append(curve.facts)
        quality.append(quality_of(curve.points))
    return ascc, np.array(facts, facts_dtype()), quality_rows(quality)


def _write_header(file: h5py.File, ascc: Sequence[int], facts: Table) -> None:
    group = file.create_group("header_table")
    names = np.array([str(number) for number in ascc], "S")
    # Seven bytes hold every number of the ASCC; other catalogues may have longer ones.
    width = max(names.dtype.itemsize, _ASCC_BYTES)
    group.create_dataset("ascc", data=names.astype(f"S{width}"), track_times=False)
    write_columns(group, facts)


def _plain(value: Any) -> Any:
    """What an attribute may be: no boolean, no text of variable length."""
    if isinstance(value, str):
        return np.bytes_(value.encode("ascii", "replace"))
    return int(value) if isinstance(value, bool) else value
