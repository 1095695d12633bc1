"""Mean images and pulse images against closed forms and simulated noise."""

from __future__ import annotations

import numpy as np
import pytest
from nightglass.core.lightspeed.calibration import CountScale
from nightglass.core.lightspeed.fold.movie.phase_images import PhaseImages
from nightglass.core.timing.pulse.ranges import PhaseRange

SCALE = CountScale(2.5, 200.0)


def images_of(light_e, frames, noise_e=0.3, columns=None, zero_adu=0):
    """Images of electrons per pixel of the camera and frame (bins, rows, columns)."""
    light = np.asarray(light_e, float)
    columns = np.ones(light.shape[2], np.int64) if columns is None else np.asarray(columns)
    rows = np.repeat(np.asarray(frames)[:, None], light.shape[1], axis=1)
    samples = rows[:, :, None] * columns
    counts = np.rint(samples * (light * SCALE.adu_per_electron + SCALE.offset_adu - zero_adu))
    return PhaseImages(
        counts.astype(np.uint64), rows, columns, np.asarray(frames), zero_adu, SCALE, noise_e
    )


def test_mean_is_in_electrons_of_a_pixel_in_a_frame():
    light = np.array([[[4.0, 8.0]], [[2.0, 0.0]]])
    images = images_of(light, [10, 20], columns=[4, 2], zero_adu=-7)
    for number in range(2):
        np.testing.assert_allclose(images.mean_e(number), light[number])


def test_a_bin_without_frames_has_no_mean():
    images = images_of(np.ones((2, 2, 2)), [5, 0])
    assert np.isnan(images.mean_e(1)).all()
    assert np.isfinite(images.mean_e(0)).all()


def test_pulse_is_the_difference_of_means_whatever_the_exposures():
    light = np.array([10.0, 4.0, 4.0, 4.0])[:, None, None] * np.ones((4, 2, 3))
    images = images_of(light, [10, 1000, 30, 7])
    found = images.on_minus_off(PhaseRange(0.0, 0.25), PhaseRange(0.25, 1.0))
    np.testing.assert_allclose(found.image_e, 6.0)
    error = np.sqrt((10.0 + 0.09) / 10 + (4.0 + 0.09) / 1037)
    np.testing.assert_allclose(found.signal_to_noise, 6.0 / error)


def test_bins_cut_by_a_range_count_in_part():
    light = np.array([10.0, 6.0, 2.0, 2.0])[:, None, None] * np.ones((4, 1, 1))
    images = images_of(light, [100, 100, 100, 100], noise_e=0.0)
    found = images.on_minus_off(PhaseRange(0.0, 0.375), PhaseRange(0.5, 1.0))
    np.testing.assert_allclose(found.image_e, (10.0 + 0.5 * 6.0) / 1.5 - 2.0)
    error = np.sqrt((10.0 + 0.25 * 6.0) / 1.5**2 / 100 + 2.0 / 200)
    np.testing.assert_allclose(found.signal_to_noise, found.image_e / error)


def test_ranges_may_wrap():
    light = np.array([8.0, 1.0, 1.0, 8.0])[:, None, None] * np.ones((4, 1, 1))
    images = images_of(light, [10, 10, 10, 10])
    found = images.on_minus_off(PhaseRange(0.75, 0.25), PhaseRange(0.25, 0.75))
    np.testing.assert_allclose(found.image_e, 7.0)


def test_a_range_minus_itself_is_nothing_without_noise():
    images = images_of(np.full((4, 1, 1), 3.0), [10, 20, 30, 40])
    found = images.on_minus_off(PhaseRange(0.1, 0.6), PhaseRange(0.1, 0.6))
    np.testing.assert_array_equal(found.image_e, 0.0)
    assert np.isnan(found.signal_to_noise).all()


def test_without_frames_in_a_range_there_is_no_pulse_image():
    images = images_of(np.full((4, 1, 1), 3.0), [10, 0, 30, 40])
    found = images.on_minus_off(PhaseRange(0.25, 0.5), PhaseRange(0.5, 1.0))
    assert np.isnan(found.image_e).all()
    assert np.isnan(found.signal_to_noise).all()


@pytest.mark.parametrize("rate_e", [0.02, 5.0])
@pytest.mark.parametrize("ranges", [("0-0.25", "0.5-1"), ("0.1-0.45", "0.3-0.8")])
def test_noise_alone_has_a_signal_to_noise_of_one(rate_e, ranges):
    generator = np.random.default_rng(4)
    frames, noise_e = np.array([900, 1100, 1000, 1000]), 0.41
    shape = (4, 60, 60)
    mean = frames[:, None, None] * rate_e
    light = generator.poisson(np.broadcast_to(mean, shape)) / frames[:, None, None]
    light = light + generator.normal(0.0, noise_e, shape) / np.sqrt(frames)[:, None, None]
    images = images_of(light, frames, noise_e)
    on, off = map(PhaseRange.parse, ranges)
    found = images.on_minus_off(on, off).signal_to_noise
    assert found.std() == pytest.approx(1.0, abs=0.04)
    assert found.mean() == pytest.approx(0.0, abs=0.06)
