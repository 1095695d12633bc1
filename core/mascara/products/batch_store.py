"""What the reduction of one batch leaves for the end of the night: a pandas HDF5 store.

``rows`` is a data frame in the fixed format (``pandas.read_hdf(path, "rows")``); the small tables
beside it are plain PyTables tables, because pandas would pickle their texts.
"""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ...atomic import replacing
from ...errors import Cancelled, NightglassError, translate
from .rows import apertures_of, batch_dtype
from .space import require_space

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Self

    from numpy.typing import NDArray
    from pandas import DataFrame

    Table = NDArray[np.void]

_ROWS, _BOUNDS, _TABLES = "rows", "bounds", ("stars", "exposures", "astrometry")


@dataclass(frozen=True, eq=False)
class Batch:
    """All that was measured in one batch of one camera.

    Attributes
    ----------
    attributes : dict of str to float, int, str or list of these
        Night-wide facts, as in the group ``global`` of a night file.
    stars : structured ndarray, shape (n_stars,)
        `records.star_dtype`, sorted by ``ascc``; every star of `rows` once.
    rows : structured ndarray, shape (n_rows,)
        `rows.batch_dtype`, sorted by (``ascc``, ``lstseq``).
    exposures : structured ndarray, shape (n_exposures,)
        `records.exposure_dtype`, one row for every exposure or binned image.
    astrometry : structured ndarray, shape (n_solutions,)
        `records.astrometry_dtype`; one row, or none without a solution.
    """

    attributes: dict[str, Any]
    stars: Table
    rows: Table
    exposures: Table
    astrometry: Table


def write_batch(path: Path, batch: Batch) -> Path:
    """Write a batch so that the file is whole or absent.

    Raises
    ------
    NightglassError
        If stars or rows are not in order, a star is missing, or the file cannot be written.
    """
    path = Path(path)
    bounds = _bounds(batch, path)
    with _told(path):
        require_space(path, batch.rows.nbytes)
    with _told(path), replacing(path) as temporary:
        _write_rows(temporary, batch)
        _write_tables(temporary, batch, bounds)
    return path


class BatchReader:
    """An open batch: the small tables at once, rows in slices.

    Parameters
    ----------
    path : path-like

    Attributes
    ----------
    path : Path
    attributes : dict
    stars, exposures, astrometry : structured ndarray
        As in `Batch`.
    bounds : ndarray of int64, shape (n_stars + 1,)
        The rows of star i are those from ``bounds[i]`` to below ``bounds[i + 1]``.
    naper : int
        Apertures.

    Raises
    ------
    NightglassError
        If the file is missing, damaged or of another kind.
    """

    def __init__(self, path: Path) -> None:
        import pandas as pd

        self.path = Path(path)
        with _told(self.path):
            self.path.open("rb").close()  # PyTables does not tell why a file cannot be opened
            self.stars, self.exposures, self.astrometry, self.bounds = _read_tables(self.path)
            self._store = pd.HDFStore(str(self.path), mode="r")
        try:
            with _told(self.path):
                attributes = self._store.get_storer(_ROWS).attrs.attributes
                self.attributes: dict[str, Any] = json.loads(attributes)
                self.naper = apertures_of(self._frame(0, 0).columns)
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __len__(self) -> int:
        """Rows."""
        return int(self.bounds[-1])

    def close(self) -> None:
        """Close the file; the small tables stay."""
        self._store.close()

    def rows(self, start: int, stop: int) -> Table:
        """Read the rows from `start` to below `stop`."""
        with _told(self.path):
            frame = self._frame(start, stop)
            rows = np.empty(len(frame), batch_dtype(self.naper))
            for name in rows.dtype.names or ():
                rows[name] = frame[name].to_numpy()
        return rows

    def rows_between(self, low: int, high: int) -> Table:
        """Read the rows of the stars whose numbers are from `low` to below `high`."""
        first, last = np.searchsorted(self.stars["ascc"], (low, high))
        return self.rows(int(self.bounds[first]), int(self.bounds[last]))

    def _frame(self, start: int, stop: int) -> DataFrame:
        frame: DataFrame = self._store.select(_ROWS, start=start, stop=stop)
        return frame


def _bounds(batch: Batch, path: Path) -> NDArray[np.int64]:
    """Where the rows of every star begin, and the end of the last."""
    ascc, stars, slots = batch.rows["ascc"], batch.stars["ascc"], batch.rows["lstseq"]
    later = (ascc[1:] > ascc[:-1]) | ((ascc[1:] == ascc[:-1]) & (slots[1:] > slots[:-1]))
    bounds = np.append(np.searchsorted(ascc, stars), len(ascc)).astype(np.int64)
    counted = np.repeat(stars, np.diff(bounds)) if (np.diff(stars) > 0).all() else None
    if counted is None or not later.all() or not np.array_equal(counted, ascc):
        raise NightglassError(
            "Cannot store a batch",
            "Its stars and rows are not sorted by star and slot, or a star has rows and no entry.",
            "Sort them first.",
            path,
        )
    return bounds


def _write_rows(path: Path, batch: Batch) -> None:
    import pandas as pd

    frame = pd.DataFrame({name: batch.rows[name] for name in batch.rows.dtype.names or ()})
    with pd.HDFStore(str(path), mode="w") as store:
        store.put(_ROWS, frame, format="fixed", track_times=False)
        store.get_storer(_ROWS).attrs.attributes = json.dumps(batch.attributes)


def _write_tables(path: Path, batch: Batch, bounds: NDArray[np.int64]) -> None:
    import tables

    with tables.open_file(str(path), "a") as file:
        for name in _TABLES:
            file.create_table("/", name, obj=getattr(batch, name), track_times=False)
        file.create_array("/", _BOUNDS, obj=bounds, track_times=False)


def _read_tables(path: Path) -> list[NDArray[Any]]:
    import tables

    with tables.open_file(str(path), "r") as file:
        return [np.asarray(file.get_node("/", name).read()) for name in (*_TABLES, _BOUNDS)]


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """Tell what goes wrong with a batch file in plain words."""
    try:
        yield
    except (NightglassError, Cancelled):
        raise
    except (OSError, MemoryError) as error:
        raise translate(error, path) from error
    except Exception as error:
        raise NightglassError(
            "Could not use the results of a batch",
            f"{path.name} is damaged or was not written by this program.",
            "Reduce the batch again: 'nightglass night retry' does.",
            path,
        ) from error
