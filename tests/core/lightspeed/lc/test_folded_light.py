"""Folded light curves of sum and clip mode against numpy, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from nightglass.core.errors import NightglassError
from nightglass.core.lightspeed import DataSet
from nightglass.core.lightspeed.lc import light_curve, parts
from nightglass.core.lightspeed.lc.folding import fold_all
from nightglass.core.regions.masks import mask_of
from nightglass.core.regions.shapes import Annulus, Circle
from nightglass.core.timing.fold import fold

from ..writer import CubeSpec
from .skies import GAIN, OFFSET_ADU, SPEC, Sky

if TYPE_CHECKING:
    from pathlib import Path

BINS = 16
STAR, RING = Circle(14.0, 12.0, 6.0), Annulus(14.0, 12.0, 8.0, 11.0)


@pytest.fixture(scope="module")
def sky(tmp_path_factory: pytest.TempPathFactory) -> Sky:
    return Sky.make(tmp_path_factory.mktemp("sky"), cubes=4)


@pytest.fixture(scope="module")
def pulsed(sky: Sky) -> DataSet:
    return sky.take(sky.rates(sky.light(20_000.0, 0.5), 40.0), seed=5)


def electrons(data_set: DataSet) -> np.ndarray:
    frames = [frame.image for frame in data_set.iterator(use_bar=False, cut_cr=False)]
    return np.array(frames)


def run(sky: Sky, data_set: DataSet, bins: int = BINS, **options: Any) -> Any:
    roi = options.pop("roi", sky.roi)
    return light_curve(data_set, roi, sky.ephemeris(data_set), bins, **options)


@pytest.mark.parametrize("mode", ["sum", "clip"])
def test_flux_sky_and_error_are_those_of_numpy(sky: Sky, pulsed: DataSet, mode: Any) -> None:
    (made,) = run(sky, pulsed, mode=mode)
    frames = electrons(pulsed)
    if mode == "clip":
        frames = np.rint(frames)
    star, ring = (mask_of(shape, pulsed.shape) for shape in (STAR, RING))
    area = star.sum() / ring.sum()
    light = np.array([frames[:, star].sum(axis=1), frames[:, ring].sum(axis=1)])
    from nightglass.core.lightspeed.image.rates import read_noise_e, rounded_variance

    noise = rounded_variance(read_noise_e(pulsed)) if mode == "clip" else 0.41**2
    variance = light + float(noise) * np.array([[star.sum()], [ring.sum()]])
    expected = fold(sky.phase, light, 0.005, BINS, smear_turns=sky.smear, variances=variance)
    np.testing.assert_allclose(made.flux, expected.rate[0] - area * expected.rate[1], rtol=1e-9)
    np.testing.assert_allclose(made.columns["SKY"], area * expected.rate[1], rtol=1e-9)
    error = np.hypot(expected.error[0], area * expected.error[1])
    np.testing.assert_allclose(made.error, error, rtol=1e-6)
    assert made.exposure.sum() == pytest.approx(1000 * 0.005)
    assert made.columns["COUNT"].sum() == pytest.approx(1000)


def test_without_sky_the_light_of_the_region_is_given(sky: Sky, pulsed: DataSet) -> None:
    roi = sky.folder / "bare.reg"
    roi.write_text("circle(14,12,6)\n", encoding="utf-8")
    (bare,) = run(sky, pulsed, roi=roi)
    (net,) = run(sky, pulsed)
    np.testing.assert_allclose(bare.flux, net.flux + net.columns["SKY"], rtol=1e-12)
    assert "SKY" not in bare.columns


def test_a_background_file_is_the_same_as_marked_regions(sky: Sky, pulsed: DataSet) -> None:
    roi, background = sky.folder / "source.reg", sky.folder / "background.reg"
    roi.write_text("image\ncircle(14,12,6)\n", encoding="utf-8")
    background.write_text("image\nannulus(14,12,8,11)\n", encoding="utf-8")
    (one,), (other,) = run(sky, pulsed, roi=roi, background=background), run(sky, pulsed)
    np.testing.assert_array_equal(one.flux, other.flux)


def test_each_source_has_its_light_curve(sky: Sky, pulsed: DataSet) -> None:
    roi = sky.folder / "two.reg"
    roi.write_text("image\ncircle(14,12,6) # text={star}\nbox(4,4,4,4,0)\n", encoding="utf-8")
    star, box = run(sky, pulsed, roi=roi)
    assert star.name == "star"
    assert box.flux.mean() == pytest.approx(16 * 40.0, rel=0.05)


def test_results_depend_neither_on_threads_nor_on_how_much_is_read_at_once(
    sky: Sky, pulsed: DataSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    (expected,) = run(sky, pulsed)
    monkeypatch.setattr(parts, "_CHUNK_VALUES", 1)
    for threads in (1, 3):
        again = DataSet.from_dir(sky.folder / "capture", gain=GAIN, threads=threads)
        (made,) = run(sky, again)
        np.testing.assert_array_equal(made.flux, expected.flux)
        np.testing.assert_array_equal(made.error, expected.error)


def test_cubes_folded_one_after_another_add_up_to_the_same_bits(sky: Sky, pulsed: DataSet) -> None:
    """As they are while a capture is read that still grows."""
    ephemeris = sky.ephemeris(pulsed)
    plan = parts.make_plan(pulsed, sky.roi)
    whole = fold_all(pulsed, plan, ephemeris, BINS).whole
    singles = []
    for number in range(1, 5):
        cube = DataSet.from_first(pulsed.cubes[0].path, number, number, gain=GAIN)
        singles.append(fold_all(cube, plan, ephemeris, BINS).whole)
    for index, expected in enumerate(whole):
        added = singles[0][index]
        for more in singles[1:]:
            added = added + more[index]
        np.testing.assert_array_equal(added.sums, expected.sums)
        np.testing.assert_array_equal(added.exposure_s, expected.exposure_s)


def test_only_the_first_frames_are_used_when_asked(sky: Sky, pulsed: DataSet) -> None:
    some = DataSet.from_dir(sky.folder / "capture", gain=GAIN, max_frames=333)
    (made,) = run(sky, some)
    assert made.columns["COUNT"].sum() == pytest.approx(333)
    star = mask_of(STAR, some.shape)
    light = electrons(some)[:, star].sum(axis=1)
    expected = fold(sky.phase[:333], light, 0.005, BINS, smear_turns=sky.smear)
    np.testing.assert_allclose(made.flux + made.columns["SKY"], expected.rate[0], rtol=1e-9)


def test_a_crop_changes_nothing(sky: Sky, pulsed: DataSet) -> None:
    from nightglass.core.lightspeed.box import Box

    cropped = DataSet.from_dir(sky.folder / "capture", gain=GAIN, bbox=Box(1, 0, 27, 24))
    (expected,) = run(sky, pulsed)
    (made,) = run(sky, cropped)
    np.testing.assert_allclose(made.flux, expected.flux, rtol=1e-12)


def test_saturated_frames_are_counted(sky: Sky, tmp_path: Path) -> None:
    from .skies import write_frames

    counts = np.full((250, SPEC.rows, SPEC.columns), 200)
    counts[[3, 77], 11, 13] = 61_000
    data_set = write_frames(tmp_path / "capture", counts)
    data_set.options = data_set.options.changed(cut_cr=False)
    (made,) = run(sky, data_set)
    assert made.columns["SATURATED"].sum() == pytest.approx(2)


def test_pixels_cut_as_cosmic_rays_are_counted_and_made_up_for(sky: Sky, tmp_path: Path) -> None:
    from .skies import write_frames

    level = round(OFFSET_ADU + 10 * GAIN)
    counts = np.full((250, SPEC.rows, SPEC.columns), level)
    counts[5, 11, 13] = 50_000
    data_set = write_frames(tmp_path / "capture", counts)
    (made,) = run(sky, data_set)
    assert made.columns["NLOST"].sum() == pytest.approx(1)
    flux = made.flux + made.columns["SKY"]
    known = made.exposure > 0
    expected = mask_of(STAR, data_set.shape).sum() * (level - OFFSET_ADU) / GAIN / 0.005
    np.testing.assert_allclose(flux[known], expected, rtol=1e-6)


def test_a_frame_longer_than_a_period_fills_all_bins(tmp_path: Path) -> None:
    spec = CubeSpec(rows=24, columns=28, bundles=6, exposure_s=0.1, interval_s=0.1)
    sky = Sky.make(tmp_path, spec, cubes=1)
    data_set = sky.take(sky.rates(np.full(6, 1000.0), 10.0), seed=1)
    (made,) = run(sky, data_set)
    assert made.exposure.min() > 0
    assert made.exposure.sum() == pytest.approx(0.6)
    assert made.spread_bins > 10


def test_rows_are_timed_by_themselves(tmp_path: Path) -> None:
    """A slow readout blurs the pulse, unless every row is folded at its own time."""
    spec = replace(SPEC, readout_s=0.012, exposure_s=0.002, interval_s=0.0121)
    sky = Sky.make(tmp_path, spec, cubes=8)
    delay = 0.012 * ((np.arange(24) + 0.5) / 24 - 0.5) * sky.frequency_hz
    light = np.array([sky.light(80_000.0, 0.9, step) for step in delay]).T
    sky.take(sky.rates(light, 40.0), seed=2)
    amplitudes = []
    for row_delay in (False, True):
        data_set = DataSet.from_dir(tmp_path / "capture", gain=GAIN, row_delay=row_delay)
        (made,) = run(sky, data_set)
        wave = np.exp(-2j * np.pi * made.phase)
        amplitudes.append(2 * (made.flux @ wave) / made.flux.sum())
    expected = 0.9 * np.sinc(sky.smear) ** 2 * np.sinc(1 / BINS) * np.exp(-2j * np.pi * 0.3)
    assert abs(amplitudes[1] - expected) < 0.01
    assert abs(amplitudes[0]) < 0.99 * abs(expected)


def test_photo_electrons_undo_the_traps(sky: Sky) -> None:
    from nightglass.core.lightspeed.weight import mean_response

    rates = sky.rates(sky.light(60_000.0, 0.6), 60.0)
    data_set = sky.take(mean_response(rates), seed=3)
    (made,) = run(sky, data_set, qe=True)
    (plain,) = run(sky, data_set)
    star = mask_of(STAR, data_set.shape)
    light = (rates - 60.0 * 0.005)[:, star].sum(axis=1)
    expected = fold(sky.phase, light, 0.005, BINS, smear_turns=sky.smear).rate[0]
    assert made.unit == "ph/s"
    assert np.all(made.error > plain.error)
    pulls = (made.flux - expected) / made.error
    assert np.sqrt(np.mean(pulls**2)) < 1.4
    assert abs(np.mean(made.flux / expected - 1.0)) < 0.02


def test_errors_from_blocks_agree_with_those_expected(sky: Sky, pulsed: DataSet) -> None:
    (plain,) = run(sky, pulsed)
    (made,) = run(sky, pulsed, errors=True, seed=1)
    np.testing.assert_array_equal(made.flux, plain.flux)
    np.testing.assert_array_equal(made.columns["ERROR_POISSON"], plain.error)
    assert np.sqrt(np.mean((made.error / plain.error) ** 2)) == pytest.approx(1.0, abs=0.25)
    (again,) = run(sky, pulsed, errors=True, seed=1)
    np.testing.assert_array_equal(again.error, made.error)
    (other,) = run(sky, pulsed, errors=True, seed=2)
    assert not np.array_equal(other.error, made.error)


def test_a_flat_divides_the_light(sky: Sky, pulsed: DataSet) -> None:
    flat = np.ones(pulsed.shape)
    flat[:, 14:] = 0.5
    data_set = DataSet.from_dir(sky.folder / "capture", gain=GAIN, cut_cr=False)
    data_set._corrections = data_set.corrections.changed(flat=flat)
    (made,) = run(sky, data_set)
    light = (electrons(pulsed) / flat)[:, mask_of(STAR, flat.shape)].sum(axis=1)
    expected = fold(sky.phase, light, 0.005, BINS, smear_turns=sky.smear)
    np.testing.assert_allclose(made.flux + made.columns["SKY"], expected.rate[0], rtol=1e-9)
    assert made.header["FLATCORR"] == "T"


@pytest.mark.parametrize(
    ("bins", "options", "why"),
    [
        (0, {}, "0 is not a number of bins"),
        (20_000, {}, "20,000"),
        (4, {"mode": "mean"}, "no mode 'mean'"),
        (4, {"psf": True}, "weight mode"),
        (4, {"mode": "weight", "n_electrons": 0}, "one or more electrons"),
    ],
)
def test_what_makes_no_sense_is_refused(
    sky: Sky, pulsed: DataSet, bins: int, options: Any, why: str
) -> None:
    with pytest.raises(NightglassError, match=why):
        run(sky, pulsed, bins, **options)


def test_a_capture_shorter_than_a_bin_is_refused(sky: Sky, pulsed: DataSet) -> None:
    one = DataSet.from_dir(sky.folder / "capture", max_frames=1)
    with pytest.raises(NightglassError, match="too short"):
        run(sky, one, 2)
    with pytest.raises(NightglassError, match="frame"):
        run(sky, one, 16, errors=True)


def test_a_region_outside_is_refused(sky: Sky, pulsed: DataSet) -> None:
    roi = sky.folder / "outside.reg"
    roi.write_text("circle(500,12,6)\n", encoding="utf-8")
    with pytest.raises(NightglassError, match="no pixel"):
        run(sky, pulsed, roi=roi)
