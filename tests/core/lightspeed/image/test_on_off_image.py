"""Images of a simulated pulse, and which frames they are made of."""

from __future__ import annotations

from dataclasses import replace
from importlib import resources
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from nightglass.core.errors import NightglassError
from nightglass.core.lightspeed import DataSet, Ephemeris
from nightglass.core.lightspeed.image import PhaseRanges, mean_image, on_off
from nightglass.core.lightspeed.image.onoff import phase_groups
from nightglass.core.simulate.pulse import PulseShape

from .skies import sky

if TYPE_CHECKING:
    from pathlib import Path

ON_OFF = "0.2:0.4,0.8:0.1"
PEAKS, PULSED = ((0.3, 0.1, 1.0),), 0.9
EXPOSURE_S = 0.002


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("pulses")


@pytest.fixture(scope="module")
def pulsed(folder: Path) -> DataSet:
    return sky(folder / "pulsed", frames=3000, exposure_s=EXPOSURE_S, pulsed_fraction=PULSED,
               star_rate=60_000.0, peaks=PEAKS)  # fmt: skip


@pytest.fixture(scope="module")
def crab(pulsed: DataSet) -> Ephemeris:
    par = resources.files("nightglass.resources.data") / "crab_demo.par"
    with resources.as_file(par) as path:
        return Ephemeris(path, pulsed, "Magellan Clay")


def test_the_pulse_is_found_within_its_errors(
    folder: Path, pulsed: DataSet, crab: Ephemeris
) -> None:
    image = on_off(pulsed, crab, ON_OFF)
    groups = phase_groups(pulsed, crab, PhaseRanges.parse(ON_OFF))
    span = np.full(groups.shape, crab.frequency_hz(pulsed.frame_times()) * EXPOSURE_S)
    profile = PulseShape(PEAKS, PULSED).averaged(crab.phases(pulsed.frame_times()), span)
    contrast = profile[groups == 0].mean() - profile[groups == 1].mean()
    with np.load(folder / "pulsed" / "truth_maps.npz") as maps:
        truth = maps["response"] * maps["pulsar_rate"] * contrast
    pull = (image.data - truth) / image.error
    assert contrast > 2.0
    assert abs(pull.mean()) < 0.1
    assert 0.9 < pull.std() < 1.1
    assert image.data.sum() == pytest.approx(truth.sum(), rel=0.02)


def test_it_is_on_minus_off_in_detected_electrons(pulsed: DataSet, crab: Ephemeris) -> None:
    image = on_off(pulsed, crab, ON_OFF)
    groups = phase_groups(pulsed, crab, PhaseRanges.parse(ON_OFF))
    frames = np.array([frame.image for frame in pulsed.iterator(use_bar=False)])
    means = [np.nanmean(frames[groups == group], axis=0) / EXPOSURE_S for group in (0, 1)]
    np.testing.assert_allclose(image.data, means[0] - means[1], atol=1e-9)
    header = image.header
    assert (header["QECORR"], header["BUNIT"]) == ("F", "electron/s")
    assert header["EXPTIME"] == pytest.approx((groups == 0).sum() * EXPOSURE_S)
    assert header["OFFTIME"] == pytest.approx((groups == 1).sum() * EXPOSURE_S)
    assert (header["NFRAMES"], header["NOFF"]) == ((groups == 0).sum(), (groups == 1).sum())


def test_efficiency_is_undone_only_when_asked(pulsed: DataSet, crab: Ephemeris) -> None:
    photons = on_off(pulsed, crab, ON_OFF, qe=True)
    electrons = on_off(pulsed, crab, ON_OFF)
    assert (photons.header["QECORR"], photons.unit) == ("T", "ph/s")
    assert photons.data.sum() > 1.2 * electrons.data.sum()


def test_frames_of_the_middle_of_their_exposure_count_and_published_ones_of_its_start(
    pulsed: DataSet, crab: Ephemeris
) -> None:
    ranges = PhaseRanges.parse(ON_OFF)
    times = pulsed.frame_times()
    middle = ranges.groups(crab.phases(times))
    np.testing.assert_array_equal(phase_groups(pulsed, crab, ranges), middle)
    published = DataSet(pulsed.filenames, compat="v3")
    start = replace(times, seconds=published.frame_times().seconds - EXPOSURE_S / 2)
    expected = ranges.groups(crab.phases(start), strict=True)
    np.testing.assert_array_equal(phase_groups(published, crab, ranges), expected)
    assert (expected != middle).any()


def test_all_phases_against_none_can_not_be_had(pulsed: DataSet, crab: Ephemeris) -> None:
    with pytest.raises(NightglassError, match=r"No frame of crab_.* lies in the on range 0.3:0.3"):
        on_off(pulsed, crab, "0.3:0.30000001,0.5:0.9")


def test_fewer_frames_are_used_if_asked(pulsed: DataSet, crab: Ephemeris) -> None:
    few = DataSet(pulsed.filenames, max_frames=300)
    header = on_off(few, crab, "0:0.5,0.5:1").header
    assert header["NFRAMES"] + header["NOFF"] == 300


@pytest.mark.parametrize("mode", ["clip", "weight"])
def test_other_modes_find_the_pulse_too(pulsed: DataSet, crab: Ephemeris, mode: Any) -> None:
    few = DataSet(pulsed.filenames, max_frames=1500)
    expected = on_off(few, crab, ON_OFF, qe=mode == "weight")
    image = on_off(few, crab, ON_OFF, mode=mode)
    bright = expected.data > np.percentile(expected.data, 95)
    assert image.data[bright].sum() == pytest.approx(expected.data[bright].sum(), rel=0.05)
    assert image.header["QECORR"] == ("T" if mode == "weight" else "F")


def test_a_mean_image_is_not_disturbed_by_phases(pulsed: DataSet) -> None:
    assert mean_image(pulsed).header["NFRAMES"] == 3000
