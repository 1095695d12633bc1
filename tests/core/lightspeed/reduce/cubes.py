"""Cubes with stars, cosmic rays, hot pixels and odd storage."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from astropy.io import fits
from nightglass.core.lightspeed.cube import read_cube_header

if TYPE_CHECKING:
    from pathlib import Path

    from nightglass.core.lightspeed.cube_header import CubeHeader

GAIN = 8.5


def counts(
    seed: int, frames: int, shape: tuple[int, int], sky_e: float = 0.5, rays: int = 3
) -> np.ndarray:
    """Sky, a bright and a faint star, a hot pixel, a dead one, saturation and cosmic rays."""
    generator = np.random.default_rng(seed)
    rows, columns = shape
    y, x = np.indices(shape)
    scene = np.full(shape, sky_e)
    for peak, width in ((900.0, 0.8), (60.0, 1.5)):
        row, column = generator.uniform(0, rows), generator.uniform(0, columns)
        scene += peak * np.exp(-((y - row) ** 2 + (x - column) ** 2) / 2 / width**2)
    scene[generator.integers(rows), generator.integers(columns)] += 150
    light = generator.poisson(scene, (frames, *shape)) + generator.normal(0, 0.3, (frames, *shape))
    for frame in light:
        for _ in range(generator.integers(0, rays + 1)):
            frame[generator.integers(rows), generator.integers(columns)] += generator.exponential(
                60
            )
        frame[generator.integers(rows), generator.integers(columns)] -= generator.exponential(8)
    values = np.clip(np.rint(light * GAIN + 199.5), 0, 65535)
    values[generator.random(values.shape) < 2e-4] = 65535
    values[generator.random(values.shape) < 2e-4] = 0
    return values.astype(np.uint16)


def write(
    folder: Path,
    number: int,
    values: np.ndarray,
    *,
    per_bundle: int = 1,
    left_over: int = 0,
    signed: bool = False,
) -> CubeHeader:
    """Write frames as one cube; `left_over` rows of noise follow each bundle."""
    frames, rows, columns = values.shape
    bundles = frames // per_bundle
    stored: Any = values.reshape(bundles, per_bundle * rows, columns)
    rest = np.full((bundles, left_over, columns), 77, values.dtype)
    stored = np.concatenate([stored, rest], axis=1)
    image = fits.ImageHDU(stored.astype(np.int16) if signed else stored, name="DATA_CUBE")
    cards = {"EXPOSURE TIME": 0.01, "FRAMEBUNDLE MODE": "ON" if per_bundle > 1 else "OFF",
             "FRAMEBUNDLE NUMBER": float(per_bundle), "SUBARRAY MODE": "OFF"}  # fmt: skip
    for key, value in cards.items():
        image.header[f"HIERARCH {key}"] = value
    stamps = np.arange(bundles) * 0.01
    columns_ = [fits.Column("TIMESTAMP", "D", array=stamps),
                fits.Column("FRAMESTAMP", "K", array=np.arange(bundles))]  # fmt: skip
    table = fits.BinTableHDU.from_columns(columns_, name="TIMESTAMPS")
    path = folder / f"field_20260101_000000_cube{number:03d}.fits"
    fits.HDUList([fits.PrimaryHDU(), image, table]).writeto(path)
    return read_cube_header(path)
