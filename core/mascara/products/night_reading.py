"""Reads the night files of `night_file`: facts, small tables, and one star after the other."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ...errors import NightglassError, translate

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator
    from typing import Self

    import h5py
    from numpy.typing import NDArray

    Table = NDArray[np.void]


class NightFile:
    """An open night file.

    Parameters
    ----------
    path : path-like

    Raises
    ------
    NightglassError
        If the file is missing, damaged or of another layout.

    Attributes
    ----------
    path : Path
    globals : dict of str to number or str
        Night-wide facts, by names in capitals.
    header : structured ndarray, shape (n_stars,)
        ``ascc`` (bytes) and the fields of `rows.facts_dtype`.
    station : structured ndarray
        One row an exposure or binned image.
    astrometry : structured ndarray
        One row a solution.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        import h5py

        self.path = Path(path)
        try:
            self._file = h5py.File(self.path, "r")
        except OSError as error:
            raise self._unreadable(error) from error
        try:
            self.globals = _facts(self._file["global"].attrs)
            self.header, self.station, self.astrometry = (
                _table(self._file[name]) for name in ("header_table", "station", "astrometry")
            )
        except (KeyError, OSError, ValueError) as error:
            self._file.close()
            raise self._unreadable(error) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def points(self, ascc: int) -> Table:
        """Read the points of one star.

        Raises
        ------
        NightglassError
            If it is not in the file, or cannot be read.
        """
        try:
            return np.asarray(self._file[f"data/{ascc}"][:])
        except KeyError as error:
            raise NightglassError(
                "There is no such star",
                f"{self.path.name} has no light curve of star {ascc}.",
                "Stars with few points are left out.",
                self.path,
            ) from error
        except OSError as error:
            raise self._unreadable(error) from error

    def stars(self) -> Iterator[tuple[int, Table]]:
        """Read one star after the other, by number."""
        for name in self.header["ascc"]:
            yield int(name), self.points(int(name))

    def _unreadable(self, error: Exception) -> NightglassError:
        if isinstance(error, OSError) and error.errno:
            return translate(error, self.path)
        return NightglassError(
            "Cannot read the light curves of a night",
            f"{self.path.name} is damaged or has another layout.",
            "Make it again: 'nightglass night reduce --resume' does when it is deleted.",
            self.path,
        )


def _facts(attributes: h5py.AttributeManager) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    for name, value in attributes.items():
        plain = value.tolist() if isinstance(value, np.ndarray | np.generic) else value
        facts[name.upper()] = plain.decode("ascii") if isinstance(plain, bytes) else plain
    return facts


def _table(group: h5py.Group) -> Table:
    """Columns of one length side by side."""
    columns = {name: group[name][:] for name in group}
    dtype = np.dtype([(name, data.dtype, data.shape[1:]) for name, data in columns.items()])
    rows = np.zeros(len(next(iter(columns.values()))), dtype)
    for name, data in columns.items():
        rows[name] = data
    return rows
