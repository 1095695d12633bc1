"""Light curves of twenty simulated captures lie around the truth as their errors say."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from nightglass.core.lightspeed import DataSet, Ephemeris
from nightglass.core.lightspeed.lc import Lightcurve, light_curve
from nightglass.core.lightspeed.lc.lightcurve import bin_edges
from nightglass.core.simulate.lightspeed import simulate_capture
from nightglass.core.simulate.pulse import PulseShape
from nightglass.core.simulate.settings import CaptureSettings
from nightglass.core.timing.fold import fold

from .skies import SPEC, Sky, par_file
from .truth import FRACTION, recover

if TYPE_CHECKING:
    from pathlib import Path

SEEDS = range(40, 60)


@pytest.fixture(scope="module")
def sky(tmp_path_factory: pytest.TempPathFactory) -> Sky:
    return Sky.make(tmp_path_factory.mktemp("truth"), replace(SPEC, bundles=500), cubes=2)


def test_pulse_and_sky_lie_around_the_truth(sky: Sky) -> None:
    found = [recover(sky, FRACTION, seed) for seed in SEEDS]
    for pulls in ([one.pulse for one in found], [one.sky for one in found]):
        assert abs(np.mean(pulls)) < 0.25
        assert np.std(pulls) == pytest.approx(1.0, abs=0.15)
    assert abs(np.mean([one.fraction for one in found])) < 0.6


def test_pure_noise_scatters_as_it_should(tmp_path: Path) -> None:
    """Short exposures: bins that share no frames tell most with few captures."""
    sky = Sky.make(tmp_path, replace(SPEC, bundles=500, exposure_s=0.0005), cubes=2)
    ratios = [recover(sky, 0.0, seed).chi2_per_dof for seed in SEEDS]
    assert np.mean(ratios) == pytest.approx(1.0, abs=0.2)


@pytest.mark.parametrize("exposure_s", [0.0005, 0.005, 0.08])
def test_chi_square_is_right_however_long_frames_last(tmp_path: Path, exposure_s: float) -> None:
    """A thousand captures of noise, drawn as sums: a hundredth is significant."""
    sky = Sky.make(tmp_path, replace(SPEC, exposure_s=exposure_s), cubes=2)
    rng, smear = np.random.default_rng(1), exposure_s * sky.frequency_hz
    edges, ones, ratios = bin_edges(16), np.ones(500), []
    for _ in range(1000):
        light = rng.poisson(40.0, 500) + 3.0 * rng.standard_normal(500)
        rows, spread = np.array([light, ones]), np.array([light + 9.0, ones])
        made = fold(sky.phase, rows, exposure_s, 16, smear_turns=smear, variances=spread)
        shared = made.counts.sum() / made.variances[1].sum()
        curve = Lightcurve(
            edges[:-1], edges[1:], made.rate[0], made.error[0], made.exposure_s, spread_bins=shared
        )
        chi2, dof = curve.chi_square()
        ratios.append(chi2 / dof)
    assert np.mean(ratios) == pytest.approx(1.0, abs=0.05)


def test_the_pulse_of_a_simulated_capture_comes_out(tmp_path: Path) -> None:
    """The whole way: simulated sensor, gain from the header, traps off, its own par file."""
    folder = tmp_path / "capture"
    folder.mkdir()
    settings = CaptureSettings(
        frames=4000, shape=(64, 64), exposure_s=0.002, stars=0, star_rate=20_000.0,
        sky_rate=5.0, frames_per_cube=500, cosmic_ray_rate=0.05, pulsed_fraction=0.8, seed=9,
        bias_spread_e=0.0, telegraph_fraction=0.0, hot_fraction=0.0, vignetting=0.0,
        response_spread=0.0, rotation_deg=0.0,
    )  # fmt: skip
    simulate_capture(settings, folder)
    roi = tmp_path / "star.reg"
    x = y = 32.5  # the pulsar sits in the middle of the frame
    roi.write_text(
        f"image\ncircle({x},{y},20)\nannulus({x},{y},24,30) # background\n", encoding="utf-8"
    )
    data_set = DataSet.from_dir(folder)
    ephemeris = Ephemeris(par_file(tmp_path), data_set, "Magellan Clay")
    (made,) = light_curve(data_set, roi, ephemeris, 20)
    shape = PulseShape(settings.peaks, settings.pulsed_fraction)
    fine = (np.arange(20 * 64) + 0.5) / (20 * 64)
    smear = 0.002 * ephemeris.frequency_hz(data_set.frame_times())
    # Smeared twice: by the exposure, and by spreading the frames over what they covered.
    offsets = (np.arange(32) + 0.5) / 32 - 0.5
    profile = np.mean(
        [shape.averaged(fine + smear * step, np.full(fine.size, smear)) for step in offsets], axis=0
    ).reshape(20, 64).mean(axis=1)  # fmt: skip
    scale = made.flux.mean() / profile.mean()
    assert scale == pytest.approx(20_000.0, rel=0.05)
    pulls = (made.flux - scale * profile) / made.error
    assert np.sqrt(np.mean(pulls**2)) < 1.6
