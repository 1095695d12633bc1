"""Power spectra: level of the noise, height of a sine, gaps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from nightglass.core.errors import NightglassError
from nightglass.core.lightspeed.lc import power, power_spectrum
from scipy.stats import chi2, kstest

from .skies import Sky, write_frames

if TYPE_CHECKING:
    from pathlib import Path

    from nightglass.core.lightspeed import DataSet

INTERVAL_S, EXPOSURE_S, FRAMES = 0.0051, 0.005, 2000


@pytest.fixture(scope="module")
def sky(tmp_path_factory: pytest.TempPathFactory) -> Sky:
    return Sky.make(tmp_path_factory.mktemp("power"))


@pytest.fixture(scope="module")
def noise(sky: Sky) -> DataSet:
    return sky.take(sky.rates(np.full(FRAMES, 100.0), 40.0), seed=1)


def test_noise_has_power_two_whatever_the_read_noise(sky: Sky, noise: DataSet) -> None:
    table = power_spectrum(noise, sky.roi, segment_s=100 * INTERVAL_S)
    assert table.header["NSEGMENT"] == 20
    assert table["POWER"].mean() == pytest.approx(2.0, abs=0.15)
    assert table.header["NOISEVAR"] / table.header["EXPECVAR"] == pytest.approx(1.0, abs=0.1)
    assert np.std(table["POWER"]) == pytest.approx(np.mean(table["ERROR"]), rel=0.3)


def test_powers_of_one_segment_follow_the_chi_square(sky: Sky, noise: DataSet) -> None:
    table = power_spectrum(noise, sky.roi, segment_s=FRAMES * INTERVAL_S)
    assert kstest(table["POWER"], chi2(2).cdf).pvalue > 0.01


def test_averages_are_those_of_numpy() -> None:
    light = np.random.default_rng(2).normal(size=1000)
    segments = power.Segments(100, np.arange(0, 1000, 100))
    expected = np.mean(np.abs(np.fft.fft(light.reshape(10, 100), axis=1)) ** 2, axis=0) / 100
    np.testing.assert_allclose(power.mean_squares(light, segments), expected[1:50], rtol=1e-10)


def test_a_sine_stands_as_high_as_it_should(sky: Sky) -> None:
    """A^2 N / (2 V), with the damping of the exposure taken off."""
    per_segment = 200
    frequency = 60 / (per_segment * INTERVAL_S)
    middle = np.arange(FRAMES) * INTERVAL_S
    damped = np.sinc(frequency * EXPOSURE_S)
    rate, fraction = 4000.0, 0.3
    wave = 1.0 + fraction * damped * np.cos(2 * np.pi * frequency * middle)
    data_set = sky.take(sky.rates(rate * EXPOSURE_S * wave, 40.0), seed=3)
    table = power_spectrum(data_set, sky.roi, segment_s=per_segment * INTERVAL_S)
    peak = int(np.argmax(table["POWER"]))
    assert table["FREQ"][peak] == pytest.approx(frequency, rel=1e-6)
    assert table["DAMPING"][peak] == pytest.approx(damped**2, rel=1e-6)
    amplitude = rate * EXPOSURE_S * fraction
    expected = 2 + amplitude**2 * per_segment / (2 * table.header["NOISEVAR"]) * damped**2
    assert table["POWER"][peak] == pytest.approx(expected, rel=0.15)


def test_rebinning_averages_and_the_highest_frequency_cuts(sky: Sky, noise: DataSet) -> None:
    fine = power_spectrum(noise, sky.roi, segment_s=100 * INTERVAL_S, max_freq_hz=50.0)
    assert fine["FREQ"].max() <= 50.0
    coarse = power_spectrum(noise, sky.roi, segment_s=100 * INTERVAL_S, max_freq_hz=50.0, rebin=10)
    assert coarse["POWER"][0] == pytest.approx(fine["POWER"][:10].mean())
    assert coarse["FREQ"][0] == pytest.approx(fine["FREQ"][:10].mean())
    assert coarse["AVERAGED"].tolist() == [200, 200, (fine["FREQ"].size - 20) * 20]
    np.testing.assert_allclose(coarse["ERROR"], coarse["POWER"] / np.sqrt(coarse["AVERAGED"]))


def test_segments_never_cross_a_gap() -> None:
    light = np.ones(300)
    light[50] = np.nan
    stamps = np.arange(300) * 0.01
    stamps[200:] += 0.01
    made = power.find_segments(light, stamps, 0.01, 0.40)
    assert made.length == 40
    assert made.starts.tolist() == [0, 51, 91, 131, 200, 240]


def test_frames_that_are_all_alike_have_no_spectrum(sky: Sky, tmp_path: Path) -> None:
    data_set = write_frames(tmp_path / "capture", np.full((250, sky.spec.rows, 28), 300))
    with pytest.raises(NightglassError, match="same light"):
        power_spectrum(data_set, sky.roi)


def test_the_usual_segment_fits_into_the_longest_stretch() -> None:
    stamps = np.arange(8000) * 0.01
    assert power.find_segments(np.ones(8000), stamps, 0.01).length == 500
    assert power.find_segments(np.ones(100), stamps[:100], 0.01).length == 100


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ({"segment_s": 1e4}, "longest stretch"),
        ({"segment_s": 0.01}, "8 are the least"),
        ({"segment_s": -1.0}, "makes no sense"),
        ({"max_freq_hz": 1e-3}, "lowest frequency"),
        ({"rebin": 0}, "make no sense"),
        ({"mode": "weight"}, "single frames"),
    ],
)
def test_what_makes_no_sense_is_refused(sky: Sky, noise: DataSet, options: Any, why: str) -> None:
    with pytest.raises(NightglassError, match=why):
        power_spectrum(noise, sky.roi, **options)
