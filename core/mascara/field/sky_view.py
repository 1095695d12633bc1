"""Makes the whole sky of a batch from the journal, the catalogue and the slow light curves."""

from __future__ import annotations

import logging
from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np

from ...errors import NightglassError
from ...stars.places import LocalSky, Places, altaz_of
from ...timing.sidereal import BATCH, jd_of
from ...timing.stations import find_station, moon_altaz, moon_phase, sun_altaz
from ..camera.model import CameraModel
from ..night.layout import NightLayout
from ..night.ledger import WITH_PRODUCTS
from ..report.records import mapped, number
from ..settings import ReductionSettings
from .bright_stars import BrightStars
from .cell_edges import cell_edges
from .whole_sky import ChipOutline, SeenCell, SkyStars, SkyView

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from ...engine.jobs import JobContext
    from ...engine.journal import Record
    from ...stars.table import StarTable
    from ...timing.station import Station
    from ..watching.snapshot import NightSnapshot

    Numbers = NDArray[np.float64]

_log = logging.getLogger(__name__)

BRIGHT_VMAG = 6.0
"""Faintest star that the eye sees, and that is shown by itself."""
FEWEST_STARS = 3
"""A cell with fewer tells of its stars, not of the sky."""
_EDGE_STEPS = 16
_PAUSE_S = 0.001


def reduced_batches(records: Mapping[str, Record]) -> tuple[int, ...]:
    """Numbers of the batches of which any camera has products, in order of time."""
    return tuple(sorted({int(record["bin"]) for record in _reduced(records)}))


def sky_key(records: Mapping[str, Record], batch: int) -> tuple[object, ...]:
    """What the view of a batch depends on: equal keys, equal views."""
    reduced = list(_reduced(records))
    made = [(record["unit"], record.get("at")) for record in reduced if record["bin"] == batch]
    return batch, tuple(sorted(made)), frozenset(record["camera"] for record in reduced)


def _reduced(records: Mapping[str, Record]) -> Iterable[Record]:
    return (
        record
        for record in records.values()
        if record.get("kind") == "unit" and record.get("state") in WITH_PRODUCTS
    )


class NightSky:
    """The sky of the batches of one night; used by one thread at a time.

    Parameters
    ----------
    output : Path
        Folder of the products.
    """

    def __init__(self, output: Path) -> None:
        self._layout = NightLayout(output)
        self._source: Path | None = None
        self._table: StarTable | None = None
        self._light: BrightStars | None = None

    def view(self, snapshot: NightSnapshot, batch: int, ctx: JobContext | None = None) -> SkyView:
        """The sky in one batch.

        Parameters
        ----------
        snapshot : NightSnapshot
        batch : int
            One of `reduced_batches`.
        ctx : JobContext or None
            Lets others have the interpreter now and then, and ends a long look by a cancel.

        Raises
        ------
        NightglassError
            If no camera has products of it.
        """
        records = sorted(_reduced(snapshot.records), key=lambda record: str(record["unit"]))
        now = [record for record in records if record["bin"] == batch]
        if not now:
            raise NightglassError(
                "There is no sky of this batch",
                f"No camera has light curves of batch {batch:,}.",
                "Choose another one.",
            )
        station, jd = find_station(str(now[0]["camera"])), float(jd_of((batch + 0.5) * BATCH))
        matrix = LocalSky.at(station, jd).matrix
        cells = seen_cells(now)
        edges = cell_edges()[[cell.number for cell in cells]] @ matrix.T
        self._open_stars(ReductionSettings.model_validate(snapshot.settings))
        if self._light is not None and ctx is not None:
            self._light.pause = lambda: ctx.rest(_PAUSE_S)
        return SkyView(
            batch, jd, station, cells, _altaz(edges), _chips(records, batch),
            self._stars(now, station, jd), _pair(sun_altaz(jd, station)),
            _pair(moon_altaz(jd, station)), float(moon_phase(jd)), matrix,
        )  # fmt: skip

    def _open_stars(self, rules: ReductionSettings) -> None:
        """Read the catalogue of the newest run, once; without a whole one there are no stars."""
        from ..night.star_file import load_stars, newest_stars

        found = newest_stars(self._layout.output)
        if found is not None and found != self._source:
            self._source = found
            try:
                table = load_stars(found)
            except (OSError, NightglassError) as error:
                _log.warning("The sky is shown without stars: %s", error)
                return
            table = table.select(table.vmag < BRIGHT_VMAG)
            self._table = table.select(np.argsort(table.ascc, kind="stable"))
            self._light = BrightStars(self._table.ascc, rules)

    def _stars(self, records: list[Record], station: Station, jd: float) -> SkyStars:
        from ...stars.table import StarTable

        table = StarTable.of(ascc=[], ra_deg=[], dec_deg=[]) if self._table is None else self._table
        alt, az = Places.of(table, station, jd).altaz()
        transparency, is_measured = self._measured(records, table)
        order = np.argsort(table.vmag, kind="stable")
        order = order[alt[order] > 0.0]
        return SkyStars(
            table.ascc[order], table.hd[order], table.hip[order], table.vmag[order], alt[order],
            az[order], transparency[order], is_measured[order],
        )  # fmt: skip

    def _measured(
        self, records: list[Record], table: StarTable
    ) -> tuple[Numbers, NDArray[np.bool_]]:
        """Transparency of each star, the mean of the cameras that saw it; and whether one did."""
        total, times = np.zeros(len(table)), np.zeros(len(table))
        is_measured = np.zeros(len(table), bool)
        for star, arrived in self._arrived(records):
            is_measured[star] = True
            good = np.isfinite(arrived)
            total[star[good]] += arrived[good] * 10.0 ** (0.4 * table.vmag[star[good]])
            times[star[good]] += 1.0
        mean = np.full(len(table), np.nan)
        np.divide(total, times, out=mean, where=times > 0.0)
        return np.maximum(mean, 0.0), is_measured

    def _arrived(self, records: list[Record]) -> Iterator[tuple[NDArray[np.int64], Numbers]]:
        """What each camera tells of the stars."""
        if self._light is None:
            return
        for record in records:
            place = self._layout.camera_night(str(record["night"]), str(record["camera"]))
            chip = record["astrometry"]["model"]["distortion"]
            yield self._light.transparency(place, int(record["bin"]), (chip["ny"], chip["nx"]))


def seen_cells(records: Iterable[Record]) -> tuple[SeenCell, ...]:
    """Cells of the cameras' records of one batch, each once, by number."""
    found: dict[int, list[tuple[str, float, float, int]]] = defaultdict(list)
    for record in records:
        for cell, (zero_point, transparency, stars) in mapped(record, "cells").items():
            if stars >= FEWEST_STARS and transparency is not None:
                mag = float("nan") if zero_point is None else float(zero_point)
                one = (str(record["camera"]), float(transparency), mag, int(stars))
                found[int(cell)].append(one)
    return tuple(_joined(cell, found[cell]) for cell in sorted(found))


def _joined(cell: int, seen: list[tuple[str, float, float, int]]) -> SeenCell:
    weights = np.array([stars for *_, stars in seen], np.float64)
    values = np.array([(transparency, mag) for _, transparency, mag, _ in seen])
    transparency, mag = (float(one) for one in weights @ values / weights.sum())
    cameras = tuple((camera, part, stars) for camera, part, _, stars in seen)
    return SeenCell(cell, transparency, mag, int(weights.sum()), cameras)


def _chips(records: list[Record], batch: int) -> tuple[ChipOutline, ...]:
    """Each camera's chip at this batch, or where it was last before, or first after."""
    nearest: dict[str, Record] = {}
    for record in sorted(records, key=lambda one: _distance(one, batch)):
        if mapped(mapped(record, "astrometry"), "model"):
            nearest.setdefault(str(record["camera"]), record)
    return tuple(_outline(nearest[camera], batch) for camera in sorted(nearest))


def _distance(record: Record, batch: int) -> tuple[bool, float]:
    return int(record["bin"]) > batch, abs(number(record, "bin") - batch)


def _outline(record: Record, batch: int) -> ChipOutline:
    model = CameraModel.from_json(record["astrometry"]["model"])
    side = np.arange(_EDGE_STEPS) / _EDGE_STEPS
    zero, one = np.zeros(_EDGE_STEPS), np.ones(_EDGE_STEPS)
    x = np.concatenate([side, one, 1.0 - side, zero]) * model.nx - 0.5
    y = np.concatenate([zero, side, one, 1.0 - side]) * model.ny - 0.5
    is_measured = int(record["bin"]) == batch
    return ChipOutline(str(record["camera"]), is_measured, _altaz(model.directions(x, y)))


def _altaz(vectors: Numbers) -> Numbers:
    """Altitudes and azimuths (..., 2) of directions (..., 3)."""
    alt, az = altaz_of(vectors.reshape(-1, 3))
    return np.stack([alt, az], axis=-1).reshape(*vectors.shape[:-1], 2)


def _pair(place: tuple[Numbers, Numbers]) -> tuple[float, float]:
    return float(place[0]), float(place[1])
