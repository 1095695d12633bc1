"""Raw counts of pixels with traps and read noise, drawn with numpy."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

GAIN = 8.5
OFFSET_ADU = 199.5
NOISE_E = 0.25
LOW_ADU = 185
EXPOSURE_S = 0.01


def detected(rng: np.random.Generator, generated: NDArray[np.int64]) -> NDArray[np.int64]:
    """Let electrons meet four traps one by one, each of which catches with 11 %."""
    free = np.full(generated.shape, 4)
    kept = np.zeros_like(generated)
    for arrival in range(int(generated.max(initial=0))):
        arrives = generated > arrival
        caught = arrives & (rng.random(generated.shape) >= 0.89**free)
        free -= caught
        kept += arrives & ~caught
    return kept


def raw_counts(rng: np.random.Generator, means: NDArray[np.float64]) -> NDArray[np.int64]:
    """Counts of frames for mean photo-electrons of any shape."""
    electrons = detected(rng, rng.poisson(means)) + rng.normal(0.0, NOISE_E, means.shape)
    return np.rint(OFFSET_ADU + GAIN * electrons).astype(np.int64)


def histogram(
    counts: NDArray[np.int64], groups: NDArray[np.int64], n_groups: int, n_values: int
) -> NDArray[np.uint32]:
    """Histograms (groups, pixels, values) of counts (frames, pixels); what is outside is lost."""
    frames, pixels = counts.shape
    made = np.zeros((n_groups, pixels, n_values), np.uint32)
    value = counts - LOW_ADU
    within = (value >= 0) & (value < n_values)
    place = (np.repeat(groups, pixels), np.tile(np.arange(pixels), frames), value.ravel())
    np.add.at(made, tuple(axis[within.ravel()] for axis in place), 1)
    return made


def electrons_of(n_pixels: int, n_values: int) -> NDArray[np.float64]:
    """Electrons of the values of a histogram, shape (pixels, values)."""
    u_e = (LOW_ADU + np.arange(n_values) - OFFSET_ADU) / GAIN
    return np.broadcast_to(u_e, (n_pixels, n_values)).copy()


def normal_density(
    pixels: NDArray[np.int64], u_e: NDArray[np.float64], eps: int
) -> NDArray[np.float64]:
    """Read noise of `NOISE_E` and of the rounding to whole counts."""
    del pixels
    width_e = np.hypot(NOISE_E, 1.0 / GAIN / np.sqrt(12.0))
    return np.exp(-0.5 * ((u_e - eps) / width_e) ** 2) / (width_e * np.sqrt(2.0 * np.pi))


def star_weights(size: int = 5, sigma: float = 1.2) -> NDArray[np.float64]:
    """Weights of a round star in a square of pixels, of sum 1."""
    y, x = np.mgrid[:size, :size] - size // 2
    light = np.exp(-0.5 * (x * x + y * y) / sigma**2).ravel()
    return light / light.sum()
