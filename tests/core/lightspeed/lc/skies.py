"""Captures made of numbers drawn here, with known light, for the tests of light curves."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING, Any

import numpy as np
from nightglass.core.lightspeed import DataSet, Ephemeris

from ..writer import CubeSpec, cube_name, hdus

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

GAIN, OFFSET_ADU, NOISE_E = 8.5, 199.5, 0.41
SPEC = CubeSpec(rows=24, columns=28, bundles=250, exposure_s=0.005, interval_s=0.0051)
CUBES = 8
STAR = (14.0, 12.0)  # x, y as DS9 counts
ROI = "circle(14,12,6)\n"
SKY = "# Region file format: DS9\nimage\nannulus(14,12,8,11) # background\n"


def write_frames(folder: Path, counts: NDArray[Any], spec: CubeSpec = SPEC) -> DataSet:
    """Write counts of shape (frames, rows, columns) as cubes of `spec.bundles` bundles."""
    folder.mkdir(exist_ok=True)
    per_cube = spec.bundles * spec.per_bundle
    for number, first in enumerate(range(0, len(counts), per_cube), start=1):
        units = hdus(spec, number)
        data = counts[first : first + per_cube].astype(np.uint16)
        units[1].data = data.reshape(spec.bundles, -1, spec.columns)
        units.writeto(folder / cube_name(spec, number), overwrite=True)
    return DataSet.from_dir(folder, gain=GAIN)


def par_file(folder: Path) -> Path:
    """Write the par file of the demonstration pulsar."""
    path = folder / "crab.par"
    source = resources.files("nightglass.resources.data") / "crab_demo.par"
    path.write_text(source.read_text(encoding="utf-8"), encoding="utf-8")
    return path


def regions(folder: Path, *, sky: bool = True) -> Path:
    """Write a region file of the star, with its sky."""
    path = folder / "star.reg"
    path.write_text("image\n" + ROI + (SKY.split("image\n")[1] if sky else ""), encoding="utf-8")
    return path


@dataclass(frozen=True, eq=False)
class Sky:
    """A star, its pulse and the sky, on frames whose phases are known.

    `rates` are electrons per frame expected, shape (frames, rows, columns).
    """

    folder: Path
    par: Path
    roi: Path
    phase: Numbers
    frequency_hz: float
    spec: CubeSpec = SPEC

    @classmethod
    def make(cls, folder: Path, spec: CubeSpec = SPEC, cubes: int = CUBES) -> Sky:
        blank = np.full((cubes * spec.bundles * spec.per_bundle, spec.rows, spec.columns), 200)
        data_set = write_frames(folder / "capture", blank, spec)
        par = par_file(folder)
        ephemeris = Ephemeris(par, data_set, "Magellan Clay")
        times = data_set.frame_times()
        return cls(folder, par, regions(folder), ephemeris.phases(times),
                   ephemeris.frequency_hz(times), spec)  # fmt: skip

    @property
    def smear(self) -> float:
        return self.spec.exposure_s * self.frequency_hz

    def light(self, rate: float, fraction: float, delay_turns: Any = 0.0) -> Numbers:
        """Electrons per frame of a star with a pulse ``1 + F cos(2 pi (phase - 0.3))``."""
        angle = 2 * np.pi * (self.phase + delay_turns - 0.3)
        wave = 1.0 + fraction * np.sinc(self.smear) * np.cos(angle)
        return np.asarray(rate * self.spec.exposure_s * wave)

    def psf(self, sigma_px: float = 1.8) -> Numbers:
        y, x = np.mgrid[1 : self.spec.rows + 1, 1 : self.spec.columns + 1]
        shape = np.exp(-0.5 * ((x - STAR[0]) ** 2 + (y - STAR[1]) ** 2) / sigma_px**2)
        return np.asarray(shape / shape.sum())

    def rates(self, star: Numbers, sky_rate: float) -> Numbers:
        """Electrons per frame of every pixel."""
        light = star if star.ndim == 2 else np.broadcast_to(
            star[:, None], (star.size, self.spec.rows))  # fmt: skip
        return light[:, :, None] * self.psf() + sky_rate * self.spec.exposure_s

    def take(self, rates: Numbers, seed: int) -> DataSet:
        """Expose: Poisson electrons, read noise, whole counts."""
        rng = np.random.default_rng(seed)
        electrons = rng.poisson(rates) + NOISE_E * rng.standard_normal(rates.shape)
        counts = np.rint(electrons * GAIN + OFFSET_ADU)
        return write_frames(self.folder / "capture", counts, self.spec)

    def ephemeris(self, data_set: DataSet) -> Ephemeris:
        return Ephemeris(self.par, data_set, "Magellan Clay")
