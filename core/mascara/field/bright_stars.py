"""How much of the light of each bright star arrived in a batch, from the slow light curves.

A point of a slow light curve is a star in a batch: few numbers tell a whole night, and they are
there as soon as the batch is, first in its own file, later in that of the night.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np

from ...timing.sidereal import BATCH
from ..night.clear_sky import clear_zero_points
from ..photometry.flags import LpFlag

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import h5py
    from numpy.typing import NDArray

    from ..night.layout import CameraNight
    from ..settings import ReductionSettings

    Numbers = NDArray[np.float64]
    Whole = NDArray[np.int64]

_SPOILT = int(LpFlag.SATURATED | LpFlag.SKY_SATURATED | LpFlag.MOON)
_PLACES = ("x", "y", "alt")
_AT_A_TIME = 16
"""Stars of a night file between two pauses."""


@dataclass(frozen=True, eq=False)
class Light:
    """Light of stars in batches, columns of shape (n,).

    Attributes
    ----------
    ascc, batch : ndarray of int64
    flux_adu : ndarray of float64
        ADU per exposure; NaN where the point has a flag that spoils it.
    x, y, alt : ndarray of float64
        Pixels counted from 0, degrees.
    """

    ascc: Whole
    batch: Whole
    flux_adu: Numbers
    x: Numbers
    y: Numbers
    alt: Numbers

    def of_batch(self, number: int) -> Light:
        """Those of one batch."""
        which = self.batch == number
        return Light(*(getattr(self, one.name)[which] for one in fields(self)))


class BrightStars:
    """Reads the light of some stars, each file once; one thread at a time.

    Parameters
    ----------
    ascc : ndarray of int64, shape (n,)
        Their numbers, sorted.
    rules : ReductionSettings

    Attributes
    ----------
    pause : callable
        Called every few stars of a whole night; what it raises ends the reading.
    """

    def __init__(self, ascc: Whole, rules: ReductionSettings) -> None:
        self._ascc, self._rules = ascc, rules
        self.pause: Callable[[], object] = _go_on
        wanted, radii = max(rules.fast_radii_px), np.array(rules.slow_radii_px)
        self._flux = f"flux{int(np.argmin(np.abs(radii - wanted)))}"
        self._read: dict[Path, tuple[int, Light | None]] = {}

    def transparency(
        self, place: CameraNight, number: int, shape: tuple[int, int]
    ) -> tuple[Whole, Numbers]:
        """Part of the light of a clear sky that arrived, in one batch of one camera.

        Parameters
        ----------
        place : CameraNight
        number : int
            Of the batch.
        shape : tuple of int
            (ny, nx) of the chip.

        Returns
        -------
        star : ndarray of int64, shape (k,)
            Place of each star among those asked for.
        transparency : ndarray of float64, shape (k,)
            Relative to a star of magnitude 0; NaN where the point is spoilt.
        """
        light = self._light(place, number)
        if light is None:
            return np.empty(0, np.int64), np.empty(0)
        clear = clear_zero_points(self._rules, place.camera, light.alt, light.x, light.y, shape)
        arrived = light.flux_adu * 10.0 ** (-0.4 * clear)
        return np.searchsorted(self._ascc, light.ascc), arrived

    def _light(self, place: CameraNight, number: int) -> Light | None:
        """From the file of the batch, which the end of the night removes, or of the night."""
        for path in (place.batch("slow", number), place.slow_file):
            whole = self._of_file(path)
            if whole is not None:
                return whole.of_batch(number)
        return None

    def _of_file(self, path: Path) -> Light | None:
        try:
            changed_ns = path.stat().st_mtime_ns
        except OSError:
            self._read.pop(path, None)
            return None
        known = self._read.get(path)
        if known is None or known[0] != changed_ns:
            known = self._read[path] = (changed_ns, self._opened(path))
        return known[1]

    def _opened(self, path: Path) -> Light | None:
        """A file that has just gone, or is another kind, tells nothing."""
        import h5py

        try:
            # As the list of stars does at the same time: HDF5 refuses to open a file twice in one
            # process with locks and without.
            with h5py.File(path, "r") as file:
                columns = self._batch(file) if "rows" in file else self._night(file)
        except (OSError, KeyError, ValueError):
            return None
        spoilt = (columns["flag"].astype(np.int64) & _SPOILT) != 0
        flux = np.where(spoilt, np.nan, columns[self._flux])
        batch = columns["lstseq"].astype(np.int64) // BATCH
        places = (columns[name].astype(np.float64) for name in _PLACES)
        return Light(columns["ascc"].astype(np.int64), batch, flux, *places)

    def _batch(self, file: h5py.File) -> dict[str, NDArray[np.generic]]:
        """Columns of the blocks in which pandas keeps a table, the wanted stars alone."""
        columns: dict[str, NDArray[np.generic]] = {}
        for name in file["rows"]:
            if name.endswith("_items"):
                block = file[f"rows/{name.removesuffix('_items')}_values"][:]
                columns |= {
                    one.decode(): block[:, place]
                    for place, one in enumerate(file[f"rows/{name}"][:])
                }
        which = np.isin(columns["ascc"], self._ascc)
        return {name: values[which] for name, values in columns.items()}

    def _night(self, file: h5py.File) -> dict[str, NDArray[np.generic]]:
        """Columns of all points of the wanted stars."""
        known = file["header_table/ascc"][:].astype(np.int64)
        wanted = known[np.isin(known, self._ascc)]
        curves = []
        for place, number in enumerate(wanted):
            if place % _AT_A_TIME == 0:
                self.pause()
            curves.append(file[f"data/{number}"][:])
        if not curves:
            raise KeyError("none of the stars")
        rows = np.concatenate(curves)
        columns = {name: rows[name] for name in rows.dtype.names or ()}
        return columns | {"ascc": np.repeat(wanted, [len(curve) for curve in curves])}


def _go_on() -> None:
    """Nobody waits for anything else."""
