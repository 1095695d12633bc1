"""Simulated nights reduced batch by batch in this process, and the truth they are held against."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import h5py
import numpy as np
from nightglass.core.mascara.calibration.masters import make_master, write_master
from nightglass.core.mascara.night.batch_unit import reduce_batch
from nightglass.core.mascara.night.layout import CameraNight, NightLayout
from nightglass.core.mascara.night.request import NightRequest, prepared_catalogue
from nightglass.core.mascara.products.batch_store import BatchReader
from nightglass.core.mascara.raw.names import RawFolders
from nightglass.core.mascara.settings import ReductionSettings
from nightglass.core.simulate.mascara.night import simulate_night
from nightglass.core.simulate.mascara.settings import NightSettings
from nightglass.core.stars.separations import SCALE_DEG, unit_vectors
from nightglass.core.stars.table import StarTable, read_catalogue, with_isolation, write_catalogue
from nightglass.core.timing.sidereal import jd_of, local_h, sequence
from nightglass.core.timing.stations import find_station

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]
    Rows = NDArray[np.void]

FIRST = 10_548_750
"""Slot of a first frame that begins a batch, at a moonless midnight of La Palma."""
CODES = {"LaPalma": "LP", "LaSilla": "LS"}
_NIGHT = "20150218"
_MADE, _APART_PX, _CAP = 110_000, 26.0, 0.94


class Undisturbed:
    """A job's context that nobody watches."""

    def check(self) -> None:
        """Nobody stops it."""

    def publish(self, *_: object) -> None:
        """Nobody listens."""


@dataclass(frozen=True, eq=False)
class Reduced:
    """A reduced night of one camera.

    Attributes
    ----------
    records : list of dict
        Of its batches.
    fast, slow : structured ndarray
        All points.
    truth : Truth
    """

    records: list[dict[str, Any]]
    fast: Rows
    slow: Rows
    truth: Truth

    def fast_fluxes(self, aperture: int) -> tuple[Numbers, Numbers, Numbers, Numbers]:
        """Flux, error, true flux and V of unflagged points of isolated stars of V 5 to 8."""
        rows, frame, star = self.truth.matched(self.fast)
        true = self.truth.of["aperture_adu"][frame, star, aperture].astype(np.float64)
        return self._fluxes(rows, aperture, true, self.truth.of["vmag"][star])

    def slow_fluxes(self, aperture: int) -> tuple[Numbers, Numbers, Numbers, Numbers]:
        """The same of binned images, against the mean over their frames.

        Of the four apertures the first and the third are told by the truth.
        """
        star = _found(self.truth.of["ascc"], self.slow["ascc"])
        rows, star = self.slow[star >= 0], star[star >= 0]
        means = self.truth.means({0: 0, 2: 1}[aperture])
        true = np.array(
            [means[slot // 50][one] for slot, one in zip(rows["lstseq"], star, strict=True)]
        )
        return self._fluxes(rows, aperture, true, self.truth.of["vmag"][star])

    def _fluxes(
        self, rows: Rows, aperture: int, true: Numbers, vmag: Numbers
    ) -> tuple[Numbers, Numbers, Numbers, Numbers]:
        chosen = (rows["flag"] == 0) & np.isin(rows["ascc"], self.truth.isolated())
        chosen &= (vmag >= 5.0) & (vmag <= 8.0) & np.isfinite(true)
        return (
            rows[f"flux{aperture}"][chosen], rows[f"eflux{aperture}"][chosen], true[chosen],
            vmag[chosen],
        )  # fmt: skip


def simulated(
    folder: Path, frames: int = 50, only: tuple[int, ...] = (), **changes: Any
) -> NightSettings:
    """Write a night of one camera; of its frames, from 1, those of `only` where it is given."""
    left_out = tuple(f"missing:{n}" for n in range(1, frames + 1) if only and n not in only)
    usual = {"darks": 10, "biases": 0, "flats": 0, "start": str(FIRST), "seed": 4}
    defects = (*changes.pop("defects", ()), *left_out)
    settings = NightSettings(**{**usual, **changes, "frames": frames, "defects": defects})
    simulate_night(settings, folder)
    return settings


def reduced(raw: Path, output: Path, camera: str, **rules: Any) -> Reduced:
    """Reduce every batch of a camera in order, each from the solution of the one before."""
    settings = ReductionSettings(**rules)
    batches: defaultdict[int, list[Any]] = defaultdict(list)
    darks = []
    for file in RawFolders([raw]).scan():
        if file.kind == "science" and file.camera == camera:
            batches[file.lstseq // 50].append(file)
        elif file.kind == "dark":
            darks.append(file.path)
    catalogue, _ = prepared_catalogue(NightRequest((raw,), output), settings, NightLayout(output))
    common = {
        "camera": camera, "night": _NIGHT, "folder": str(output / camera), "suspects": {},
        "dark": _dark(darks, output), "flat": None, "catalogue": str(catalogue),
        "settings": settings.model_dump(mode="json"),
    }  # fmt: skip
    records: list[dict[str, Any]] = []
    models: list[Any] = []
    for number, files in sorted(batches.items()):
        record = reduce_batch(
            Undisturbed(), unit=f"{camera}-{number:08d}", number=number,  # type: ignore[arg-type]
            files=[str(one.path) for one in files], slots=[one.lstseq for one in files],
            model=models[-1] if models else None, first_model=models[0] if models else None,
            **common,
        )  # fmt: skip
        records.append(record)
        if record["astrometry"]:
            models.append(record["astrometry"]["model"])
    place = CameraNight(output / camera, _NIGHT, camera)
    fast, slow = (
        np.concatenate([_rows(path) for path in place.batches(kind)]) for kind in ("fast", "slow")
    )
    return Reduced(records, fast, slow, Truth(raw, camera))


def _rows(path: Path) -> Rows:
    with BatchReader(path) as batch:
        return batch.rows(0, len(batch))


def _dark(paths: list[Path], output: Path) -> str | None:
    if not paths:
        return None
    path = output / "dark.fits"
    write_master(path, make_master("dark", paths, 3, announce=str))
    return str(path)


class Truth:
    """What the simulator put into the frames of a camera.

    Parameters
    ----------
    raw : Path
    camera : str
    """

    def __init__(self, raw: Path, camera: str) -> None:
        with h5py.File(raw / "truth.h5") as file:
            self.of = {name: values[:] for name, values in file[camera].items()}
        self._sky = read_catalogue(raw / "catalogue.csv")

    def matched(self, rows: Rows) -> tuple[Rows, NDArray[np.int64], NDArray[np.int64]]:
        """Rows of stars that are told of, with their places in frames and stars of the truth."""
        star = _found(self.of["ascc"], rows["ascc"])
        frame = _found(self.of["lstseq"], rows["lstseq"])
        known = (star >= 0) & (frame >= 0)
        return rows[known], frame[known], star[known]

    def off_px(self, rows: Rows) -> tuple[Rows, Numbers]:
        """Rows and how far they lie from the truth, shape (n,)."""
        rows, frame, star = self.matched(rows)
        off = np.hypot(
            rows["x"] - self.of["x_px"][frame, star], rows["y"] - self.of["y_px"][frame, star]
        )
        return rows[np.isfinite(off)], off[np.isfinite(off)]

    def means(self, aperture: int) -> dict[int, Numbers]:
        """By batch, mean over its frames of what is in an aperture of each star."""
        bins = self.of["lstseq"] // 50
        sums = self.of["aperture_adu"][:, :, aperture].astype(np.float64)
        return {int(one): sums[bins == one].mean(axis=0) for one in np.unique(bins[bins > 0])}

    def mean_at(self, star: int, jd: Numbers, aperture: int) -> Numbers:
        """Mean of what is in an aperture of a star over the batches at mid-times."""
        place = int(np.flatnonzero(self.of["ascc"] == star)[0])
        means = self.means(aperture)
        return np.array([means[int(sequence(float(at))) // 50][place] for at in jd])

    def dimming(self, stars: NDArray[np.bool_], before: slice, after: slice) -> float:
        """Median over stars of the mean flux in some frames over that in earlier ones."""
        flux = self.of["flux_adu"][:, stars & (self.of["vmag"] <= 8.0)].astype(np.float64)
        return float(np.nanmedian(flux[after].mean(axis=0) / flux[before].mean(axis=0)))

    def isolated(self, clear_px: float = 12.0) -> NDArray[np.int64]:
        """Stars that have no other of the whole catalogue nearer than so many pixels."""
        alone = np.ones(len(self._sky), bool)
        alone[_pairs(unit_vectors(self._sky.ra_deg, self._sky.dec_deg), clear_px).ravel()] = False
        return self._sky.ascc[alone]


def lonely_stars(path: Path, camera_dec_deg: float, frames: int) -> Path:
    """Write a catalogue of stars of V 5 to 8.3 that do not disturb each other, half of them V 8.

    Small chips are filled up with stars otherwise, so many that they lie in each other's sky.

    Parameters
    ----------
    path : Path
    camera_dec_deg : float
        Where a camera on the meridian of La Palma looks.
    frames : int
        Of the night.
    """
    rng = np.random.default_rng(8)
    vectors = rng.normal(size=(_MADE, 3))
    vectors /= np.linalg.norm(vectors, axis=1)[:, np.newaxis]
    kept = np.ones(_MADE, bool)
    kept[_pairs(vectors, _APART_PX).max(axis=1)] = False
    middle = float(jd_of(FIRST + frames / 2))
    ra_deg = 15.0 * float(local_h(middle, find_station("LaPalma").longitude_deg))
    kept &= vectors @ unit_vectors(np.array([ra_deg]), np.array([camera_dec_deg]))[0] > _CAP
    x, y, z = vectors[kept].T
    vmag = np.where(rng.random(x.size) < 0.5, 5.0 + 3.3 * rng.random(x.size), 8.0)
    vmag = vmag + 0.3 * rng.random(x.size) - 0.15
    table = StarTable.of(
        ascc=np.arange(x.size) + 1000, ra_deg=np.degrees(np.arctan2(y, x)) % 360.0,
        dec_deg=np.degrees(np.arcsin(z)), vmag=vmag, bmag=vmag + 0.6,
    )  # fmt: skip
    write_catalogue(path, with_isolation(table))
    return path


def _pairs(vectors: Numbers, within_px: float) -> NDArray[np.int64]:
    """Pairs of directions, shape (n, 2), nearer to each other than so many pixels."""
    from scipy.spatial import cKDTree

    limit = np.radians(within_px * SCALE_DEG)
    return np.asarray(cKDTree(vectors).query_pairs(limit, output_type="ndarray"))


def _found(keys: NDArray[Any], wanted: NDArray[Any]) -> NDArray[np.int64]:
    """Places of wanted keys; -1 for those that are none."""
    order = np.argsort(keys, kind="stable")
    place = np.minimum(np.searchsorted(keys[order], wanted), len(keys) - 1)
    return np.where(keys[order][place] == wanted, order[place], -1)


def ratio_error(error: Numbers, true: Numbers) -> float:
    """Standard deviation of the ratio of the sums of measured and true fluxes."""
    return float(np.sqrt(np.sum(error**2)) / true.sum())


def rms(values: Numbers) -> float:
    """Root of the mean square."""
    return float(np.sqrt(np.mean(np.square(values))))


def spread(values: Numbers) -> float:
    """Standard deviation by the median, deaf to outliers."""
    return float(1.4826 * np.median(np.abs(values - np.median(values))))
