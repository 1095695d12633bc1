"""Thumbnails of chosen stars: cut from binned images, one HDF5 file for a group of stars.

Layout, as the station's readers know it: ``stamps/<ascc>/{lstseq, stamps}``,
``lightcurves/<ascc>``, and the columns of ``stars`` and ``station`` where these are given.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ...atomic import replacing
from ...errors import NightglassError, translate
from ..products.night_file import new_hdf5, write_columns

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import h5py
    from numpy.typing import ArrayLike, NDArray

    Pixels = NDArray[np.float32]
    Table = NDArray[np.void]

HALF_SIZE_PX = 25
_TABLES = {"stars": "ascc", "station": "lstseq"}


def cut_stamps(image: Pixels, x: ArrayLike, y: ArrayLike, half_px: int = HALF_SIZE_PX) -> Pixels:
    """Cut squares around places.

    Parameters
    ----------
    image : ndarray of float32, shape (ny, nx)
    x, y : array_like of float64, shape (n,)
        Places [px]; the nearest pixel comes to the centre.
    half_px : int
        Pixels on each side of the centre.

    Returns
    -------
    ndarray of float32, shape (n, 2 half + 1, 2 half + 1)
        NaN beside the image.
    """
    columns, rows = (np.rint(np.atleast_1d(values)).astype(np.int64) for values in (x, y))
    side = 2 * half_px + 1
    stamps = np.full((columns.size, side, side), np.nan, np.float32)
    for stamp, row, column in zip(stamps, rows - half_px, columns - half_px, strict=True):
        seen, there = zip(*map(_overlap, (row, column), image.shape, (side, side)), strict=True)
        stamp[there] = image[seen]
    return stamps


def write_stamps(
    path: Path,
    image: Pixels,
    rows: Table,
    *,
    stars: Table | None = None,
    station: Table | None = None,
) -> Path:
    """Cut and write the thumbnails of a group in one binned image; the file is whole or absent.

    Parameters
    ----------
    path : Path
        Its name: ``<group>_<lstseq:08d><camera>.hdf5``.
    image : ndarray of float32, shape (ny, nx)
        The binned image.
    rows : structured ndarray, shape (n,)
        Points of the stars in it, with the fields ``ascc``, ``lstseq``, ``x``, ``y``.
    stars, station : structured ndarrays or None
        What else is known of the stars (by ``ascc``) and of the image (by ``lstseq``).

    Raises
    ------
    NightglassError
        If it cannot be written.
    """
    stamps = cut_stamps(image, rows["x"], rows["y"])
    points = {int(star): rows[rows["ascc"] == star] for star in np.unique(rows["ascc"])}
    pictures = {star: stamps[rows["ascc"] == star] for star in points}
    tables = {"stars": stars, "station": station}
    return _write(
        path, points, pictures, {name: rows for name, rows in tables.items() if rows is not None}
    )


def merge_stamps(paths: Sequence[Path], path: Path) -> Path:
    """Bring the files of a group together in the order of time; each image of a star once.

    Parameters
    ----------
    paths : sequence of Path
        Files of `write_stamps`. They stay.
    path : Path
        The file to write.

    Raises
    ------
    NightglassError
        If one cannot be read, there is none, or the file cannot be written.
    """
    if not paths:
        raise NightglassError("Could not bring thumbnails together", "There are none.")
    parts = [_read(part) for part in paths]
    points, pictures = {}, {}
    for star in sorted({star for part in parts for star in part[0]}):
        having = [part for part in parts if star in part[0]]
        rows = np.concatenate([part[0][star] for part in having])
        _, first = np.unique(rows["lstseq"], return_index=True)
        points[star] = rows[first]
        pictures[star] = np.concatenate([part[1][star] for part in having])[first]
    tables = {}
    for name, key in _TABLES.items():
        having_table = [part[2][name] for part in parts if name in part[2]]
        if having_table:
            rows = np.concatenate(having_table)
            tables[name] = rows[np.unique(rows[key], return_index=True)[1]]
    return _write(path, points, pictures, tables)


def _overlap(start: int, size: int, side: int) -> tuple[slice, slice]:
    """The pixels of an axis that a stamp shows, and where they are in it."""
    low, high = (min(max(edge, 0), size) for edge in (start, start + side))
    return slice(low, high), slice(low - start, high - start)


def _write(
    path: Path,
    points: dict[int, Table],
    pictures: dict[int, Pixels],
    tables: dict[str, Table],
) -> Path:
    try:
        with replacing(path) as temporary, new_hdf5(temporary) as file:
            for star, rows in points.items():
                group = file.create_group(f"stamps/{star}")
                group["lstseq"] = rows["lstseq"]
                group["stamps"] = pictures[star]
                file.create_dataset(f"lightcurves/{star}", data=rows)
            for name, rows in tables.items():
                write_columns(file.create_group(name), rows)
    except OSError as error:
        raise translate(error, path) from error
    return path


def _read(path: Path) -> tuple[dict[int, Table], dict[int, Pixels], dict[str, Table]]:
    import h5py

    try:
        with h5py.File(path, "r") as file:
            curves = file["lightcurves"]
            points = {int(star): curves[star][()] for star in curves}
            pictures = {star: file[f"stamps/{star}/stamps"][()] for star in points}
            tables = {name: _table(file[name]) for name in _TABLES if name in file}
    except (OSError, KeyError) as error:
        raise NightglassError(
            "Could not read thumbnails",
            f"{path} is not a whole file of thumbnails ({error}).",
            "Reduce its batch again.",
            path,
        ) from error
    return points, pictures, tables


def _table(group: h5py.Group) -> Table:
    """Columns side by side."""
    columns: dict[str, NDArray[Any]] = {name: group[name][()] for name in group}
    types = [(name, values.dtype) for name, values in columns.items()]
    table = np.empty(len(next(iter(columns.values()))), types)
    for name, values in columns.items():
        table[name] = values
    return table
