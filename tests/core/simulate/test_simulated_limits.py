"""What the camera cannot do is refused with a sentence that says what it can."""

from __future__ import annotations

from typing import Any

import pytest
from nightglass.core.errors import NightglassError
from nightglass.core.simulate.settings import CaptureSettings, from_json


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"mode": "ultra-quiet", "exposure_s": 0.001}, "needs 0.0043456 s to read 256 rows"),
        ({"exposure_s": 0.0009}, "needs 0.0009216 s to read 256 rows"),
        ({"exposure_s": 0.002, "interval_s": 0.001}, "at least 0.002 s"),
        ({"exposure_s": 1e-6}, "below the 7.2e-06 s the standard mode can do"),
        ({"exposure_s": float("nan")}, "can do"),
        ({"shape": (30, 32)}, "multiples of 4"),
        ({"shape": (2308, 32)}, "at most 2304 rows"),
        ({"shape": (32, 32), "position": (2300, 0)}, "beyond the sensor"),
        ({"shape": (32, 32), "position": (2, 0)}, "multiples of 4"),
        ({"shape": (0, 32)}, "multiples of 4"),
        ({"frames": 10, "bundle": 4}, "do not fill bundles of 4"),
        ({"frames": -1}, "frames is -1"),
        ({"bundle": 0}, "bundle is 0"),
        ({"pulsed_fraction": 1.5}, "between 0 and 1"),
        ({"star_rate": float("inf")}, "star_rate is inf"),
        ({"start": "yesterday"}, "'yesterday' is not a UTC time"),
        ({"start": "2025-02-30T00:00:00"}, "is not a UTC time"),
        ({"start": "2025-02-20T24:00:00"}, "is not a UTC time"),
        ({"era": "2030"}, "Choose one of 2025-09, 2025-12"),
        ({"mode": "turbo"}, "Choose one of standard, ultra-quiet"),
        ({"calibration": "arc"}, "Choose one of bias, dark, flat"),
        ({"filter_name": "H"}, "Choose one of Open"),
        ({"object_name": "a/b"}, "cannot be part of a file name"),
        ({"object_name": "étoile"}, "cannot be part of a file name"),
        ({"moffat_beta": 1.0}, "no finite total"),
        ({"peaks": ((0.1, 0.05, 0.7),)}, "do not sum to 1"),
    ],
)
def test_impossible_captures_are_refused(changes: dict[str, Any], sentence: str):
    with pytest.raises(NightglassError) as caught:
        CaptureSettings(**changes)
    assert sentence in str(caught.value)


def test_an_exposure_of_the_readout_time_is_the_shortest_science_exposure():
    assert CaptureSettings(exposure_s=128 * 7.2e-6).interval_s == pytest.approx(0.0009216)
    assert CaptureSettings(mode="ultra-quiet", exposure_s=0.00435).readout_s < 0.00435


def test_two_thousand_small_frames_a_second_are_possible():
    settings = CaptureSettings(shape=(64, 64), exposure_s=0.0005)
    assert settings.interval_s == 0.0005


def test_short_exposures_may_wait_for_the_readout():
    settings = CaptureSettings(exposure_s=1e-4, interval_s=1e-3)
    assert (settings.exposure_s, settings.interval_s) == (1e-4, 1e-3)


def test_biases_are_as_short_as_the_mode_allows_and_wait_for_the_readout():
    settings = CaptureSettings(calibration="bias", mode="ultra-quiet")
    assert settings.exposure_s == 33.95e-6
    assert settings.interval_s == pytest.approx(128 * 33.95e-6)


def test_the_default_subarray_is_the_middle_of_the_sensor():
    assert CaptureSettings(shape=(256, 256)).corner == (1024, 1920)
    assert CaptureSettings(shape=(2304, 4096), exposure_s=0.01).corner == (0, 0)


def test_settings_pass_through_json():
    settings = CaptureSettings(shape=(32, 64), defects=("no-gps",), position=(4, 8))
    assert from_json(settings.as_json()) == settings


def test_a_name_that_is_no_setting_is_refused():
    with pytest.raises(NightglassError, match="'colour' is not a setting"):
        from_json({"colour": "red"})
