"""What the simulated detector does to light, against closed forms."""

from __future__ import annotations

import dataclasses
import math
import threading

import numpy as np
import pytest
from nightglass.core.simulate import clock, cosmic, hashing, kernels, scene
from nightglass.core.simulate.phases import PulsePhases
from nightglass.core.simulate.pixels import FrameRenderer
from nightglass.core.simulate.settings import CaptureSettings

QUIET = {
    "shape": (32, 40), "pulsed_fraction": 0.0, "hot_fraction": 0.0, "telegraph_fraction": 0.0,
    "cosmic_ray_rate": 0.0, "response_spread": 0.0, "vignetting": 0.0,
}  # fmt: skip


def render(frames: int, **changes) -> np.ndarray:
    settings = CaptureSettings(frames=frames, **{**QUIET, **changes})
    return FrameRenderer(settings, None).counts(np.arange(frames)).astype(float)


class Metronome:
    """A pulsar of constant frequency, with phase zero at midnight."""

    def __init__(self, frequency_hz: float) -> None:
        self.frequency_hz = frequency_hz

    def phase(self, day, seconds):
        turns = np.asarray(seconds) * self.frequency_hz
        whole = np.floor(turns)
        return whole.astype(np.int64), turns - whole


@pytest.mark.parametrize(("mode", "noise_e"), [("standard", 0.41), ("ultra-quiet", 0.29)])
def test_bias_frames_have_the_offset_and_read_noise_of_the_mode(mode: str, noise_e: float):
    counts = render(400, calibration="bias", mode=mode)
    means = counts.mean(axis=0)
    variance = counts.var(axis=0, ddof=1).mean()
    expected = (noise_e * 8.5) ** 2 + 1 / 12  # rounding to whole counts adds 1/12
    assert means.mean() == pytest.approx(199.5, abs=4 * 0.065 * 8.5 / math.sqrt(means.size))
    assert variance == pytest.approx(expected, rel=4.5 * math.sqrt(2 / counts.size))


def test_the_offset_varies_from_pixel_to_pixel_as_asked():
    means = render(2000, calibration="bias", bias_spread_e=0.3).mean(axis=0)
    noise = 0.41 * 8.5 / math.sqrt(2000)
    spread = math.sqrt(means.var() - noise**2)
    assert spread == pytest.approx(0.3 * 8.5, rel=4 / math.sqrt(2 * means.size))


@pytest.mark.parametrize(("gain", "level"), [(8.5, 3.0), (9.35, 400.0), (8.5, 4000.0)])
def test_variance_grows_with_the_mean_by_the_gain(gain: float, level: float):
    """Photon transfer: variance = gain * mean + read noise^2 + 1/12."""
    counts = render(200, calibration="flat", flat_level_adu=level * gain, gain=gain) - 199.5
    noise = (0.41 * gain) ** 2 + 1 / 12
    assert counts.mean() == pytest.approx(level * gain, rel=5e-3)
    variance = counts.var(axis=0, ddof=1).mean()
    assert variance == pytest.approx(gain**2 * level + noise, rel=0.015)


def test_dark_frames_hold_dark_charge():
    counts = render(100, calibration="dark", exposure_s=10.0, dark_rate=0.5)
    assert (counts.mean() - 199.5) / 8.5 == pytest.approx(5.0, rel=0.01)


def test_the_full_well_limits_a_pixel_before_the_converter_does():
    counts = render(20, calibration="flat", flat_level_adu=90000.0)
    assert counts.mean() == pytest.approx(199.5 + 7000 * 8.5, abs=2)


def test_the_converter_saturates_at_65535():
    counts = render(3, calibration="flat", flat_level_adu=90000.0, full_well_e=1e6)
    assert (counts == 65535).all()


def test_sky_and_stars_give_their_rates():
    settings = CaptureSettings(
        frames=400, **{**QUIET, "shape": (128, 128), "exposure_s": 0.02, "sky_rate": 10.0}
    )
    image = FrameRenderer(settings, None).counts(np.arange(400)).mean(axis=0) - 199.5
    rate = image / 8.5 / 0.02
    expected = scene.steady_rate(settings)
    pulsar, top, left = scene.pulsar_rate(settings)
    expected[top : top + pulsar.shape[0], left : left + pulsar.shape[1]] += pulsar
    error = np.sqrt(expected * 0.02 + 0.41**2) / 0.02 / math.sqrt(400) + 0.065 / 0.02
    pull = (rate - expected) / error
    assert np.abs(pull).max() < 5.5
    assert rate.sum() == pytest.approx(expected.sum(), rel=0.01)


def test_a_moffat_star_holds_its_light_and_width():
    image = np.zeros((401, 401))
    kernels.add_star(image, 200.0, 200.0, 1000.0, 7.85, 3.0, 190.0)
    beyond = (1 + (190 / 7.85) ** 2) ** (1 - 3.0)
    assert image.sum() == pytest.approx(1000.0 * (1 - beyond), rel=2e-3)
    half = 7.85 * math.sqrt(2 ** (1 / 3.0) - 1)
    x = np.arange(401)
    assert np.interp(200 + half, x, image[200]) == pytest.approx(image[200, 200] / 2, rel=0.02)


def test_the_pulsar_sits_at_the_centre_of_the_frame():
    settings = CaptureSettings(frames=1, **{**QUIET, "shape": (64, 96)})
    star = scene.pulsar(settings)
    assert (star.x, star.y) == (47.5, 31.5)
    rate, top, left = scene.pulsar_rate(settings)
    y, x = np.indices(rate.shape)
    inside = np.hypot(x + left - 47.5, y + top - 31.5) < 20
    weight = rate * inside
    assert (weight * (x + left)).sum() / weight.sum() == pytest.approx(47.5, abs=1e-9)
    assert (weight * (y + top)).sum() / weight.sum() == pytest.approx(31.5, abs=1e-9)


def test_hot_pixels_are_hot():
    changes = {**QUIET, "calibration": "dark", "exposure_s": 10.0, "hot_fraction": 0.02}
    settings = CaptureSettings(frames=30, **changes)
    renderer = FrameRenderer(settings, None)
    signal = (renderer.counts(np.arange(30)).mean(axis=0) - 199.5) / 8.5
    hot = renderer.maps.hot
    assert 10 < hot.sum() < 45
    expected = np.minimum(renderer.maps.dark_rate * 10.0, 7000)
    np.testing.assert_allclose(signal[hot], expected[hot], rtol=0.1)
    assert signal[~hot].max() < 1.0


def test_telegraph_pixels_hop_between_three_levels():
    changes = {**QUIET, "calibration": "bias", "telegraph_fraction": 0.05, "read_noise_e": 0.02}
    settings = CaptureSettings(frames=3000, **changes)
    renderer = FrameRenderer(settings, None)
    counts = renderer.counts(np.arange(3000)).reshape(3000, -1).astype(float)
    hopping = renderer.telegraph
    assert hopping.pixel.size == pytest.approx(0.05 * 32 * 40, abs=4 * math.sqrt(64))
    for pixel, step, up, down in zip(*hopping, strict=True):
        level = 199.5 + 8.5 * renderer.maps.bias_e.ravel()[pixel]
        high = np.mean(counts[:, pixel] > level + 4.25 * step)
        low = np.mean(counts[:, pixel] < level - 4.25 * step)
        assert high == pytest.approx(up, abs=5 * math.sqrt(up / 3000))
        assert low == pytest.approx(down, abs=5 * math.sqrt(down / 3000))
        above = counts[counts[:, pixel] > level + 4.25 * step, pixel]
        assert above.mean() - level == pytest.approx(8.5 * step, abs=0.4)


def test_cosmic_rays_leave_their_charge_where_the_truth_says():
    changes = {**QUIET, "shape": (128, 128), "calibration": "dark", "exposure_s": 1.0}
    clean = CaptureSettings(frames=20, dark_rate=0.0, **changes)
    struck = dataclasses.replace(clean, cosmic_ray_rate=300.0)
    frames = np.arange(20)
    rays = cosmic.rays(struck, frames)
    mean = cosmic.rate_per_frame(struck)
    assert mean == pytest.approx(300 * (128 * 4.6e-4) ** 2)
    assert abs(len(rays) - 20 * mean) < 4.5 * math.sqrt(20 * mean)
    expected = np.zeros((20, 128 * 128))
    for ray in rays:
        for pixel, electrons in cosmic.deposits(struck, ray).items():
            expected[ray.frame, pixel] += electrons
    before = FrameRenderer(clean, None).counts(frames).reshape(20, -1).astype(float)
    after = FrameRenderer(struck, None).counts(frames).reshape(20, -1).astype(float)
    np.testing.assert_allclose(after - before, np.minimum(expected, 7000) * 8.5, atol=1.0)


def test_traps_take_light_from_faint_pixels():
    """One electron survives four traps with 0.89^4 (facts 4.4)."""
    changes = {"calibration": "flat", "flat_level_adu": 0.05 * 8.5}
    free = render(2000, **changes).mean() - 199.5
    caught = render(2000, traps=4, **changes).mean() - 199.5
    chance = [math.exp(-0.05) * 0.05**k / math.factorial(k) for k in range(4)]
    survive = [0.0, 0.89**4, 0.0, 0.0]
    survive[2] = 2 - (1 - 0.89**4) * (2 - 0.89**3) - 0.89**4 * (1 - 0.89**4)
    survive[3] = 3 * 0.89**4
    expected = sum(c * s for c, s in zip(chance, survive, strict=True)) / 0.05
    assert caught / free == pytest.approx(expected, rel=0.02)


def test_a_frame_does_not_depend_on_company_order_or_threads():
    settings = CaptureSettings(frames=64, shape=(32, 32), cosmic_ray_rate=5e3, exposure_s=0.02)
    renderer = FrameRenderer(settings, PulsePhases(Metronome(29.9)))
    whole = renderer.counts(np.arange(64))
    np.testing.assert_array_equal(renderer.counts(np.array([40, 3])), whole[[40, 3]])
    parts: dict[int, np.ndarray] = {}

    def work(first: int) -> None:
        parts[first] = renderer.counts(np.arange(first, first + 16))

    threads = [threading.Thread(target=work, args=(first,)) for first in (0, 16, 32, 48)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    np.testing.assert_array_equal(np.concatenate([parts[k] for k in sorted(parts)]), whole)


def test_pixels_are_those_a_plain_python_camera_gives():
    """An independent twin of the kernel: SplitMix64, inversion, rounding, big-endian bytes."""
    settings = CaptureSettings(frames=3, **{**QUIET, "shape": (8, 8), "sky_rate": 300.0})
    renderer = FrameRenderer(settings, None)
    out = np.empty((3, 64), dtype=np.uint16)
    renderer.render(np.arange(3), out)
    expected = [plain_pixel(settings, renderer, f, p) for f in range(3) for p in range(64)]
    assert out.ravel().view(">i2").tolist() == expected


def plain_pixel(settings, renderer, frame: int, pixel: int) -> int:
    start = hashing.key(settings.seed, "pixels science")
    bits = hashing.mix((start + (frame * 64 + pixel) * hashing.GOLDEN) % 2**64)
    uniform = (bits >> 11) * 2.0**-53
    light = float(renderer._detector.light[pixel])
    electrons = inverted(light, uniform)
    pulsar = float(renderer._pulsar.weights.ravel()[pixel])
    other = (hashing.mix(bits ^ 0xE7037ED1A0B428DB) >> 11) * 2.0**-53
    electrons += inverted(pulsar, other)
    noise = kernels.gaussian(np.uint64(hashing.mix(bits ^ 0xA0761D6478BD642F)))
    bias = float(np.float32(200.0 + 8.5 * renderer.maps.bias_e.ravel()[pixel]))
    return math.floor(bias + 8.5 * electrons + 8.5 * 0.41 * noise) - 32768


def inverted(mean: float, uniform: float) -> int:
    count, chance = 0, math.exp(-mean)
    total = chance
    while uniform >= total:
        count += 1
        chance *= mean / count
        total += chance
    return count


def test_another_seed_gives_another_sky_and_other_pixels():
    frames = [
        FrameRenderer(CaptureSettings(frames=1, shape=(32, 32), seed=s), None).counts(np.arange(1))
        for s in (1, 2)
    ]
    assert (frames[0] != frames[1]).mean() > 0.5


def test_pixels_keep_their_character_in_another_subarray():
    science = CaptureSettings(frames=1, shape=(32, 64), position=(1000, 2000))
    bias = CaptureSettings(calibration="bias", shape=(64, 128), position=(984, 1960))
    ours = FrameRenderer(science, None).maps
    theirs = FrameRenderer(bias, None).maps
    for mine, other in zip(ours, theirs, strict=True):
        np.testing.assert_array_equal(mine, other[16:48, 40:104])


def test_the_pulse_is_seen_at_the_true_middle_of_each_exposure():
    settings = CaptureSettings(
        frames=500, shape=(32, 32), exposure_s=0.001, interval_s=0.0013, stars=0
    )
    renderer = FrameRenderer(settings, PulsePhases(Metronome(30.0)))
    frames = np.arange(500)
    start = 3 * 3600 + 15 * 60
    middle = start + frames * 0.0013 + (0.001 + 16 * 7.2e-6) / 2
    expected = renderer.shape.averaged(middle * 30.0, np.full(500, 0.001 * 30.0))
    np.testing.assert_allclose(renderer.brightness(frames)[:, 0], expected, rtol=1e-6)


def test_rows_of_a_rolling_shutter_see_the_pulse_in_turn():
    settings = CaptureSettings(
        frames=4, shape=(2304, 32), exposure_s=0.01, rolling_shutter=True, position=(0, 0)
    )
    renderer = FrameRenderer(settings, PulsePhases(Metronome(30.0)))
    level = renderer.brightness(np.arange(4))
    day, middle = clock.mid_exposures(settings, np.arange(4))
    assert day.tolist() == [61019] * 4
    delay = ((np.arange(2304) + 0.5) / 2304 - 0.5) * 1152 * 7.2e-6
    phase = (middle[:, None] + delay) * 30.0
    np.testing.assert_allclose(
        level, renderer.shape.averaged(phase, np.array([[0.3]])), rtol=1e-5, atol=1e-7
    )


def test_the_folded_light_shows_the_pulse():
    settings = CaptureSettings(
        frames=4000, shape=(32, 32), exposure_s=0.0008, stars=0, pulsed_fraction=0.8,
        hot_fraction=0.0, cosmic_ray_rate=0.0,
    )  # fmt: skip
    renderer = FrameRenderer(settings, PulsePhases(Metronome(29.9)))
    light = renderer.counts(np.arange(4000)).sum(axis=(1, 2)) - 199.5 * 1024
    _, middle = clock.mid_exposures(settings, np.arange(4000))
    phase = middle * 29.9 % 1
    bins = (phase * 20).astype(int)
    folded = np.bincount(bins, light, 20) / np.bincount(bins, minlength=20)
    rate, _, _ = scene.pulsar_rate(settings)
    steady = scene.steady_rate(settings).sum() + 0.006 * 1024
    model = np.array([
        np.mean(renderer.shape.averaged((k + np.linspace(0, 1, 41)[1::2]) / 20, 0.0239))
        for k in range(20)
    ])  # fmt: skip
    expected = 8.5 * 0.0008 * (steady + rate.sum() * model)
    error = np.sqrt(8.5 * expected + 1024 * (8.5 * 0.45) ** 2) / math.sqrt(200)
    assert np.abs((folded - folded.mean() - expected + expected.mean()) / error).max() < 4.5
