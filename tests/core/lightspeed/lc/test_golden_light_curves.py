"""Light curves of the published library come out again under its conventions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from astropy.coordinates import EarthLocation
from nightglass.core.lightspeed import DataSet, Ephemeris, PixelProperties
from nightglass.core.lightspeed.lc import Lightcurve, light_curve
from nightglass.core.timing.sites import Site

if TYPE_CHECKING:
    from pathlib import Path

FLOAT32 = 1e-6


@pytest.fixture
def reference(shared: Path) -> Path:
    return shared / "data" / "lightspeed" / "reference"


def site() -> Site:
    place = EarthLocation.from_geodetic(lon=-70.6926, lat=-29.0146, height=2380.0)
    return Site("Las Campanas Observatory", *(float(part.value) for part in place.geocentric))


def fold_capture(reference: Path, data_set: DataSet, **options: Any) -> Lightcurve:
    ephemeris = Ephemeris(reference / "capture" / "ref_crab.par", data_set, site())
    (curve,) = light_curve(data_set, reference / "source_0based.reg", ephemeris, 20, **options)
    return curve


@pytest.mark.parametrize("mode", ["sum", "clip"])
@pytest.mark.parametrize("cut_cr", [True, False])
def test_sum_and_clip_agree_to_float32(reference: Path, mode: Any, cut_cr: bool) -> None:
    data_set = DataSet.from_dir(reference / "capture", compat="v3", cut_cr=cut_cr)
    name = f"published_lc_{mode}{'' if cut_cr else '_allowcr'}.fits"
    published = Lightcurve.load(reference / name)
    made = fold_capture(reference, data_set, mode=mode)
    np.testing.assert_allclose(made.flux, published.flux, rtol=FLOAT32)
    np.testing.assert_allclose(made.exposure, published.exposure, rtol=FLOAT32)
    np.testing.assert_allclose(made.phase_lo, published.phase_lo, atol=1e-7)
    np.testing.assert_allclose(made.phase_hi, published.phase_hi, atol=1e-7)


def test_weight_mode_agrees_to_half_a_percent(reference: Path) -> None:
    data_set = DataSet.from_dir(reference / "capture", compat="v3", cut_cr=False)
    data_set.set_bias(PixelProperties.load(reference / "published_bias.fits", "v3"))
    published = Lightcurve.load(reference / "published_lc_weight.fits")
    made = fold_capture(reference, data_set, mode="weight", n_electrons=40)
    np.testing.assert_allclose(made.flux, published.flux, rtol=0.005)
    np.testing.assert_allclose(made.exposure, published.exposure, rtol=FLOAT32)


def test_a_saved_file_has_the_published_columns_and_keys(reference: Path, tmp_path: Path) -> None:
    from astropy.io import fits

    data_set = DataSet.from_dir(reference / "capture", compat="v3")
    path = fold_capture(reference, data_set).save(tmp_path / "lc.fits")
    with fits.open(path) as made, fits.open(reference / "published_lc_sum.fits") as published:
        assert made[0].data is None
        assert made[1].columns.names[:5] == published[1].columns.names
        assert {column.format for column in made[1].columns} == {"E"}
        np.testing.assert_allclose(made[1].data["FLUX"], published[1].data["FLUX"], rtol=FLOAT32)
        assert made[1].header["EXPTIME"] == pytest.approx(published[1].header["EXPTIME"], rel=1e-12)
        for key in ("DURATION", "NU", "GPSSTART", "EXPOSURE TIME", "TELRA"):
            assert made[1].header[key] == published[1].header[key]


def test_natively_the_injected_source_comes_out(reference: Path) -> None:
    """One pixel to the lower left of the published mask, 1-based, smeared, by interval."""
    data_set = DataSet.from_dir(reference / "capture")
    made = fold_capture(reference, data_set)
    assert made.exposure.sum() == pytest.approx(1.2)
    assert made.spread_bins > 1.0
    assert made.columns["COUNT"].sum() == pytest.approx(600)


def test_published_weight_mode_has_errors_when_asked(
    reference: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from nightglass.core.lightspeed.lc import weighted

    monkeypatch.setattr(weighted, "RESAMPLINGS", 3)
    data_set = DataSet.from_dir(reference / "capture", compat="v3", cut_cr=False)
    data_set.set_bias(PixelProperties.load(reference / "published_bias.fits", "v3"))
    plain = fold_capture(reference, data_set, mode="weight")
    made = fold_capture(reference, data_set, mode="weight", errors=True)
    np.testing.assert_allclose(made.flux, plain.flux, rtol=1e-9)
    assert np.isfinite(made.error).all()
    assert made.error.max() > 0
