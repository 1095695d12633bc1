"""Light curves of weight mode recover the photo-electrons of a faint source."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from nightglass.core.errors import NightglassError
from nightglass.core.lightspeed import DataSet, PixelProperties
from nightglass.core.lightspeed.lc import light_curve, photometry, sampling, weighted
from nightglass.core.lightspeed.weight import trap_matrix
from nightglass.core.timing.fold import fold

from .skies import GAIN, SPEC, Sky, write_frames

if TYPE_CHECKING:
    from pathlib import Path

BINS, RATE, SKY_RATE, FRACTION = 8, 900.0, 6.0, 0.7
NOISE_E = 0.25
WIDTH_PX = 1.8


@pytest.fixture(scope="module")
def sky(tmp_path_factory: pytest.TempPathFactory) -> Sky:
    """Frames so short that they are hardly smeared."""
    spec = replace(SPEC, exposure_s=0.002, interval_s=0.0021)
    made = Sky.make(tmp_path_factory.mktemp("faint"), spec, cubes=12)
    counts = trapped(made.rates(made.light(RATE, FRACTION), SKY_RATE), seed=11)
    write_frames(made.folder / "capture", counts, spec)
    half = WIDTH_PX * np.sqrt(2 * np.log(2))
    (made.folder / "star.reg").write_text(
        f"image\ncircle(14,12,{half:.4f})\nannulus(14,12,8,11) # background\n", encoding="utf-8"
    )
    return made


def trapped(rates: np.ndarray, seed: int) -> np.ndarray:
    """Counts of photo-electrons some of which stay in traps."""
    rng = np.random.default_rng(seed)
    generated = rng.poisson(rates)
    table = trap_matrix(generated.max()).cumsum(axis=0)
    detected = (rng.random(rates.shape)[None] > table[:, generated]).sum(axis=0)
    noisy = detected + NOISE_E * rng.standard_normal(rates.shape)
    return np.rint(noisy * GAIN + 199.5)


def opened(sky: Sky, **options: Any) -> DataSet:
    data_set = DataSet.from_dir(sky.folder / "capture", gain=GAIN, cut_cr=False, **options)
    shape = data_set.header.shape
    width = np.hypot(NOISE_E, 1 / GAIN / np.sqrt(12))
    params = np.zeros((*shape, 7))
    params[..., 0], params[..., 2] = width, 1.0
    params[..., 3], params[..., 5] = 0.5, 0.5
    widths = np.full(shape, width)
    data_set.set_bias(
        PixelProperties(np.zeros(shape), widths, source_data_set=data_set, params=params)
    )
    return data_set


def fold_it(sky: Sky, data_set: DataSet, **options: Any) -> Any:
    roi = options.pop("roi", sky.folder / "star.reg")
    (made,) = light_curve(
        data_set, roi, sky.ephemeris(data_set), BINS, mode="weight", **options
    )  # fmt: skip
    return made


def truth(sky: Sky) -> np.ndarray:
    expected = fold(sky.phase, sky.light(RATE, FRACTION), sky.spec.exposure_s, BINS)
    return np.asarray(expected.rate[0])


def test_the_flux_of_the_source_comes_out(sky: Sky) -> None:
    made = fold_it(sky, opened(sky), psf=True)
    pulls = (made.flux - truth(sky)) / made.error
    assert made.unit == "ph/s"
    assert np.sqrt(np.mean(pulls**2)) < 1.6
    assert made.error.mean() < 0.1 * made.flux.mean()
    assert made.columns["COUNT"].sum() == 3000


def test_the_sky_is_fitted_beside_the_source_without_a_region_of_its_own(sky: Sky) -> None:
    roi = sky.folder / "alone.reg"
    roi.write_text(f"image\ncircle(14,12,{WIDTH_PX * 1.17741:.4f})\n", encoding="utf-8")
    made = fold_it(sky, opened(sky), psf=True, roi=roi)
    pulls = (made.flux - truth(sky)) / made.error
    assert np.sqrt(np.mean(pulls**2)) < 1.6
    pixels = made.columns["SKY"][0] / SKY_RATE
    assert pixels == pytest.approx(np.pi * (3 * WIDTH_PX * 1.17741) ** 2, rel=0.1)


def test_uniform_weights_give_the_light_of_the_region_in_one_flux(sky: Sky) -> None:
    roi = sky.folder / "wide.reg"
    roi.write_text("image\ncircle(14,12,6)\nannulus(14,12,8,11) # background\n", encoding="utf-8")
    made = fold_it(sky, opened(sky), roi=roi)
    pulls = (made.flux - truth(sky)) / made.error
    assert np.sqrt(np.mean(pulls**2)) < 1.7


def test_resampled_errors_agree_with_those_of_the_likelihood(
    sky: Sky, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(weighted, "RESAMPLINGS", 40)
    made = fold_it(sky, opened(sky), psf=True, errors=True)
    ratio = made.error / made.columns["ERROR_POISSON"]
    assert np.sqrt(np.mean(ratio**2)) == pytest.approx(1.0, abs=0.3)


def test_rows_and_crops_go_through(sky: Sky) -> None:
    from nightglass.core.lightspeed.box import Box

    whole = fold_it(sky, opened(sky), psf=True)
    cropped = fold_it(sky, opened(sky, bbox=Box(1, 0, 27, 24)), psf=True)
    np.testing.assert_allclose(cropped.flux, whole.flux, rtol=1e-6)
    by_rows = fold_it(sky, opened(sky, row_delay=True), psf=True)
    np.testing.assert_allclose(by_rows.flux, whole.flux, atol=3 * whole.error.max())


def test_photometry_in_weight_mode(sky: Sky) -> None:
    table = photometry(opened(sky), sky.folder / "star.reg", rebin=500, mode="weight", psf=True)
    expected = sky.light(RATE, FRACTION).reshape(-1, 500).mean(axis=1) / 0.002
    pulls = (table["FLUX"] - expected) / table["ERROR"]
    assert np.sqrt(np.mean(pulls**2)) < 2.0


def test_without_a_bias_it_is_told(sky: Sky) -> None:
    data_set = DataSet.from_dir(sky.folder / "capture", gain=GAIN, cut_cr=False)
    fold_it(sky, data_set, psf=True)
    assert any("No bias was given" in notice for notice in data_set.notices)


def test_what_does_not_fit_into_memory_is_refused(
    sky: Sky, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sampling, "_MOST_BYTES", 1000)
    with pytest.raises(NightglassError, match="smaller region"):
        fold_it(sky, opened(sky), psf=True)


def test_a_box_is_no_contour_of_a_star(sky: Sky, tmp_path: Path) -> None:
    roi = tmp_path / "box.reg"
    roi.write_text("box(14,12,4,4,0)\n", encoding="utf-8")
    with pytest.raises(NightglassError, match="contour"):
        fold_it(sky, opened(sky), psf=True, roi=roi)
