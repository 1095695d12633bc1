"""Weight mode from raw frames to fluxes, beside a likelihood over single samples in numpy.

Run as ``python tests/benchmarks/bench_weight.py``; prints figure, bar, reference, ratio. The
reference goes through a part of the frames, one at a time, and is scaled to all of them.
"""

from __future__ import annotations

import resource
import tempfile
import time
from pathlib import Path

import numpy as np
from astropy.io import fits
from nightglass.core.lightspeed.data_set import DataSet
from nightglass.core.lightspeed.reduce import histograms
from nightglass.core.lightspeed.weight import (
    HalfMaximum,
    WeightedFluxes,
    count_model,
    maximise,
    psf_weights,
    trap_matrix,
)
from scipy.stats import poisson

FRAMES, SHAPE = 20_000, (64, 64)
REFERENCE_FRAMES = 200
BINS = 20
GAIN, OFFSET_ADU, NOISE_E = 8.5, 199.5, 0.25
EXPOSURE_S = 0.01
LOW_ADU, VALUES = 180, 160
# Three half widths of 4 px: 450 pixels.
STAR = HalfMaximum(32.5, 32.5, 4.0, 4.0)
SKY = 5.0
STEPS = 6
BAR_S, BAR_BYTES = 10.0, 1 << 30


def fluxes() -> np.ndarray:
    """Photo-electrons per second of the bins: 0.3 a frame in the brightest pixel, pulsed."""
    phase = (np.arange(BINS) + 0.5) / BINS
    return 500.0 + 3000.0 * np.exp(-0.5 * ((phase - 0.4) / 0.06) ** 2)


def density(pixels: np.ndarray, u_e: np.ndarray, eps: int) -> np.ndarray:
    """Read noise of all pixels, and the rounding to whole counts."""
    del pixels
    width_e = np.hypot(NOISE_E, 1.0 / GAIN / np.sqrt(12.0))
    return np.exp(-0.5 * ((u_e - eps) / width_e) ** 2) / (width_e * np.sqrt(2 * np.pi))


def make_frames(weights: np.ndarray, mask: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Draw raw frames, and the bin of each."""
    rng = np.random.default_rng(2)
    groups = rng.integers(0, BINS, FRAMES)
    light = np.zeros(SHAPE)
    light[mask] = weights
    kept = trap_matrix(40).cumsum(axis=0)
    frames = np.empty((FRAMES, *SHAPE), np.uint16)
    for frame, group in zip(frames, groups, strict=True):
        generated = rng.poisson(EXPOSURE_S * (fluxes()[group] * light + SKY))
        electrons = (rng.random(SHAPE) > kept[:, generated]).sum(axis=0)
        frame[:] = np.rint(OFFSET_ADU + GAIN * (electrons + rng.normal(0, NOISE_E, SHAPE)))
    return frames, groups


def write_cube(path: Path, frames: np.ndarray) -> None:
    """Write frames as the camera's program does."""
    primary = fits.PrimaryHDU()
    primary.header.update(OBJECT="star", GPSSTART="2026-01-11T02:00:00.000000000", CUBEIDX=1)
    cube = fits.ImageHDU(frames, name="DATA_CUBE")
    for name, value in (
        ("EXPOSURE TIME", EXPOSURE_S), ("TIMING READOUT TIME", 0.9 * EXPOSURE_S),
        ("FRAMEBUNDLE MODE", "OFF"), ("SUBARRAY MODE", "OFF"),
    ):  # fmt: skip
        cube.header[f"HIERARCH {name}"] = value
    number = np.arange(len(frames))
    columns = [fits.Column("TIMESTAMP", "D", array=number * EXPOSURE_S),
               fits.Column("FRAMESTAMP", "K", array=number)]  # fmt: skip
    table = fits.BinTableHDU.from_columns(columns, name="TIMESTAMPS")
    fits.HDUList([primary, cube, table]).writeto(path)


def ours(path: Path, groups: np.ndarray, mask: np.ndarray, weights: np.ndarray):
    """Everything from the file to fluxes, and the time of each part."""
    data_set = DataSet([path])
    started = time.perf_counter()
    made = histograms(
        data_set.cubes, data_set.recipe(), mask, groups=groups.astype(np.int16), n_groups=BINS,
        low_adu=LOW_ADU, high_adu=LOW_ADU + VALUES - 1,
    )  # fmt: skip
    binned = time.perf_counter()
    u_e = np.tile((LOW_ADU + np.arange(VALUES) - OFFSET_ADU) / GAIN, (made.pixels.size, 1))
    model = count_model(made.counts, made.pixels, u_e, density)
    modelled = time.perf_counter()
    result = maximise(model, made.counts, weights, EXPOSURE_S, background="free")
    ended = time.perf_counter()
    return result, (binned - started, modelled - binned, ended - modelled)


def reference(frames: np.ndarray, groups: np.ndarray, mask: np.ndarray, weights: np.ndarray):
    """One evaluation of the likelihood and its score, frame after frame; seconds."""
    started = time.perf_counter()
    number = np.arange(25)
    kept = trap_matrix(24)
    total, score = 0.0, np.zeros(BINS)
    for frame, group in zip(frames, groups, strict=True):
        u_e = (frame[mask] - OFFSET_ADU) / GAIN
        noise = np.array([density(number, u_e, eps) for eps in number])
        mean = EXPOSURE_S * (fluxes()[group] * weights + SKY)
        light = poisson.pmf(number[:, None], mean)
        before = np.vstack([np.zeros(mean.size), light[:-1]])
        chance = ((kept @ light) * noise).sum(axis=0)
        slope = ((kept @ (before - light)) * noise).sum(axis=0)
        total += np.log(chance).sum()
        score[group] += (EXPOSURE_S * weights * slope / chance).sum()
    return time.perf_counter() - started


def main() -> None:
    """Print the figures."""
    mask, weights = psf_weights(STAR, SHAPE)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "star_20260111_020000_cube001.fits"
        frames, groups = make_frames(weights, mask)
        write_cube(path, frames)
        few = slice(0, REFERENCE_FRAMES)
        theirs_s = reference(frames[few], groups[few], mask, weights)
        del frames
        before = peak_bytes()
        ours(path, groups, mask, weights)  # compiles what is not on the disk yet
        result, parts = ours(path, groups, mask, weights)
    report(result, parts, theirs_s * STEPS * FRAMES / REFERENCE_FRAMES, int(mask.sum()))
    print(f"peak memory {peak_bytes() / 2**20:.0f} MB, {before / 2**20:.0f} MB of it for making "
          f"the frames; bar {BAR_BYTES / 2**20:.0f} MB")  # fmt: skip


def peak_bytes() -> int:
    """Most memory this process ever held, files that are mapped included."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def report(
    result: WeightedFluxes, parts: tuple[float, float, float], theirs_s: float, pixels: int
) -> None:
    """Print one line per figure."""
    pulls = (result.flux - fluxes()) / result.error
    print(f"{FRAMES} frames, {pixels} px, {BINS} bins; {result.iterations} steps")
    print(f"histograms {parts[0]:.2f} s, probabilities {parts[1]:.2f} s, steps {parts[2]:.2f} s")
    print(f"weight mode {sum(parts):.2f} s; bar {BAR_S:.0f} s")
    print(f"frame-at-a-time numpy, {STEPS} steps: {theirs_s:.0f} s; {theirs_s / sum(parts):.0f}x")
    print(f"pulls: mean {pulls.mean():.2f}, spread {pulls.std():.2f}; "
          f"sky {result.background:.3f} +- {result.background_error:.3f}, true {SKY}")  # fmt: skip


if __name__ == "__main__":
    main()
