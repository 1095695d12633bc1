"""Telegraph noise: injected peaks come back, quiet pixels stay quiet."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from nightglass.core.engine.jobs import JobContext
from nightglass.core.errors import Cancelled
from nightglass.core.lightspeed.noise import bands, telegraph
from nightglass.core.lightspeed.noise.telegraph import (
    LEAST_GAIN,
    fit_histograms,
    fit_source,
    peaks_density,
    single_peaks,
)
from scipy.optimize import minimize
from scipy.special import ndtr
from scipy.stats import norm

from .fake_source import GAIN, counts_of, source_of

if TYPE_CHECKING:
    from pathlib import Path

LOW, HIGH = -26, 26
STEP_E = 1.0 / GAIN
EDGES_E = (np.arange(LOW, HIGH + 2) - 0.5) * STEP_E
# sigma, mu, D+, A+, D-, A-
QUIET = (0.28, 0.02, 0.6, 0.0, 0.6, 0.0)
EVEN = (0.25, 0.03, 0.8, 0.06, 0.7, 0.04)
UNEVEN = (0.22, -0.02, 0.6, 0.12, 0.9, 0.03)


def chances(theta: np.ndarray) -> np.ndarray:
    """Probability of each count, by scipy."""
    sigma, mu, up, upper, down, lower = theta
    total = (1.0 - upper - lower) * np.diff(ndtr((EDGES_E - mu) / sigma))
    total += upper * np.diff(ndtr((EDGES_E - mu - up) / sigma))
    return total + lower * np.diff(ndtr((EDGES_E - mu + down) / sigma))


def drawn(theta: tuple[float, ...], pixels: int, frames: int, seed: int = 1) -> np.ndarray:
    rng = np.random.default_rng(seed)
    found = chances(np.array(theta))
    return rng.multinomial(frames, found / found.sum(), pixels).astype(np.uint32)


def fitted(counts: np.ndarray, **options: object) -> telegraph.Fits:
    pixels = len(counts)
    usual = single_peaks(np.full(pixels, 0.3))
    return fit_histograms(counts, np.full(pixels, EDGES_E[0]), STEP_E, usual, **options)


def thetas(params: np.ndarray) -> np.ndarray:
    return params[:, [0, 1, 3, 4, 5, 6]]


def scatter(theta: tuple[float, ...], frames: int) -> np.ndarray:
    """Least errors that any fit can have (Cramer and Rao), by finite differences."""
    centre = np.array(theta)
    steps = np.eye(6) * 1e-5
    slopes = np.array([(chances(centre + s) - chances(centre - s)) / 2e-5 for s in steps])
    expected = np.maximum(chances(centre), 1e-300)
    return np.sqrt(np.diag(np.linalg.inv(frames * (slopes / expected) @ slopes.T)))


@pytest.mark.parametrize("theta", [EVEN, UNEVEN])
def test_injected_peaks_come_back_within_their_errors(theta: tuple[float, ...]) -> None:
    frames = 6000
    fits = fitted(drawn(theta, 400, frames))
    assert (fits.gains > LEAST_GAIN).all()
    assert fits.params[:, [2, 4, 6]].sum(1) == pytest.approx(1.0)
    pulls = (thetas(fits.params) - theta) / scatter(theta, frames)
    assert np.abs(pulls.mean(0)).max() < 0.25
    assert np.all((pulls.std(0) > 0.85) & (pulls.std(0) < 1.2))


def test_no_optimiser_of_scipy_climbs_higher() -> None:
    counts = drawn(UNEVEN, 4, 3000, seed=7)
    fits = fitted(counts)

    def cash(theta: np.ndarray, row: np.ndarray) -> float:
        return -2.0 * float(row @ np.log(np.maximum(chances(theta), 1e-300)))

    limits = [(0.03, 1.5), (-2, 2), (0.1, 2), (0, 0.5), (0.1, 2), (0, 0.5)]
    for row, theta in zip(counts, thetas(fits.params), strict=True):
        for start in (UNEVEN, EVEN, theta):
            found = minimize(cash, start, (row,), method="Nelder-Mead", bounds=limits,
                             options={"maxiter": 4000, "xatol": 1e-6, "fatol": 1e-7})  # fmt: skip
            assert cash(theta, row) <= found.fun + 0.01


@pytest.mark.parametrize("width", [0.08, 0.2, 0.3, 0.45])
def test_a_single_peak_has_its_true_width_however_coarse_the_counts(width: float) -> None:
    frames = 10_000
    fits = fitted(drawn((width, 0.02, 0.6, 0.0, 0.6, 0.0), 300, frames))
    quiet = fits.gains <= LEAST_GAIN
    assert quiet.mean() > 0.99
    mean, error = fits.params[quiet, 0].mean(), fits.params[quiet, 0].std() / np.sqrt(300)
    assert abs(mean - width) < 4.0 * error + 1e-4
    assert abs(fits.params[quiet, 1].mean() - 0.02) < 4.0 * width / np.sqrt(300 * frames)


@pytest.mark.parametrize("frames", [300, 3000])
def test_quiet_pixels_keep_one_peak(frames: int) -> None:
    fits = fitted(drawn(QUIET, 20_000, frames))
    false = np.count_nonzero(fits.gains > LEAST_GAIN)
    assert false <= 6  # 1 expected
    kept = fits.gains <= LEAST_GAIN
    assert (fits.params[kept][:, [2, 4, 6]] == (1.0, 0.0, 0.0)).all()


def test_more_peaks_never_fit_worse_and_steps_only_climb() -> None:
    counts = np.concatenate([drawn(one, 100, 2000) for one in (QUIET, EVEN, UNEVEN)])
    fits = fitted(counts)
    assert (fits.gains >= 0.0).all()
    moments = counts @ (EDGES_E[:-1] + 0.5 * STEP_E) / counts.sum(1)
    for row, mean, theta in zip(counts, moments, thetas(fits.params), strict=True):
        plain = np.array([0.3, mean, 0.6, 0.0, 0.6, 0.0])
        at = [row @ np.log(np.maximum(chances(one), 1e-300)) for one in (plain, theta)]
        assert at[1] >= at[0] - 1e-9


def test_half_and_half_is_found() -> None:
    fits = fitted(drawn((0.25, 0.0, 1.1, 0.45, 0.6, 0.0), 50, 4000))
    assert (fits.gains > 100.0).all()
    u = np.linspace(-3.0, 4.0, 7001)
    truth = 0.55 * norm.pdf(u, 0.0, 0.25) + 0.45 * norm.pdf(u, 1.1, 0.25)
    distance = np.abs(peaks_density(fits.params, u[np.newaxis]) - truth).sum(1) * (u[1] - u[0])
    assert np.median(distance) < 0.05


@pytest.mark.parametrize("threads", [2, 3])
def test_result_does_not_depend_on_threads(threads: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(telegraph, "_PIECE", 64)
    counts = drawn(EVEN, 300, 500)
    one, several = fitted(counts, threads=1), fitted(counts, threads=threads)
    assert np.array_equal(one.params, several.params)
    assert np.array_equal(one.gains, several.gains)


def test_a_cancelled_fit_stops() -> None:
    ctx = JobContext()
    ctx.token.cancel()
    with pytest.raises(Cancelled):
        fitted(drawn(QUIET, 10, 100), ctx=ctx)


def test_too_few_counts_and_stuck_pixels_stay_finite() -> None:
    counts = np.zeros((3, HIGH - LOW + 1), np.uint32)
    counts[1, 20] = 5
    counts[2, 26] = 4000
    fits = fitted(counts)
    assert np.array_equal(fits.params[:2], single_peaks(np.full(2, 0.3)))
    assert np.isfinite(fits.params).all()
    assert fits.params[2, 0] < STEP_E


def telegraph_frames(frames: int, shape: tuple[int, int], seed: int = 5) -> np.ndarray:
    """Electrons: odd columns are quiet, even ones hop; each has a bias of its own."""
    rng = np.random.default_rng(seed)
    bias = rng.normal(0.0, 0.07, shape)
    place = rng.random((frames, *shape))
    hop = np.where(place < 0.08, 0.8, np.where(place > 0.93, -0.7, 0.0))
    hop[:, :, 1::2] = 0.0
    return np.asarray(bias + hop + rng.normal(0.0, 0.25, (frames, *shape)))


def test_a_capture_is_fitted_band_by_band_relative_to_its_bias(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    electrons = telegraph_frames(1500, (6, 8))
    electrons[:, 0, 1] += 30.0  # a hot pixel, far from the rest
    source = source_of(tmp_path, counts_of(electrons))
    bias, widths = electrons.mean(0), electrons.std(0)
    whole = fit_source(source, bias, widths, most_frames=10_000)
    assert whole.params.shape == (6, 8, 7)
    hops = whole.gains > LEAST_GAIN
    assert hops[:, ::2].all()
    assert not hops[:, 1::2].any()
    assert np.array_equal(whole.params[0, 1], single_peaks(widths)[0, 1])
    means = whole.params[..., 1] + (
        whole.params[..., 3] * whole.params[..., 4] - whole.params[..., 5] * whole.params[..., 6]
    )
    assert np.abs(means).max() < 0.02
    monkeypatch.setattr(bands, "_BAND_BYTES", 2 * 8 * 70 * 4)
    parts = fit_source(source, bias, widths, most_frames=10_000)
    assert np.allclose(parts.params, whole.params, atol=1e-12, rtol=0)


def test_only_the_frames_asked_for_count(tmp_path: Path) -> None:
    electrons = telegraph_frames(900, (4, 4))
    electrons[600:] += 1.0
    source = source_of(tmp_path, counts_of(electrons))
    early = electrons[:600]
    found = fit_source(source, early.mean(0), early.std(0), most_frames=600)
    assert np.abs(found.params[:, 1::2, 1]).max() < 0.03


def test_progress_goes_through_the_rows_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = source_of(tmp_path, counts_of(telegraph_frames(60, (6, 4))))
    told: list[int] = []
    ticks = iter(range(10_000))
    ctx = JobContext(on_progress=lambda now: told.append(now.done), clock=lambda: next(ticks))
    monkeypatch.setattr(bands, "_BAND_BYTES", 4 * 70 * 4)
    fit_source(source, np.zeros((6, 4)), np.full((6, 4), 0.3), most_frames=60, ctx=ctx)
    assert told == sorted(told)
    assert told[-1] == 6
