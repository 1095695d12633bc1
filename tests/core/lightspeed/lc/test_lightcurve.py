"""The light curve: adding, files, and the figures it gives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from astropy.io import fits
from nightglass.core.errors import NightglassError
from nightglass.core.lightspeed.lc import Lightcurve, load_light_curves, save_light_curves
from nightglass.core.lightspeed.lc.lightcurve import bin_edges

if TYPE_CHECKING:
    from pathlib import Path


def curve(flux: Any, error: Any = 1.0, exposure: Any = 1.0, **more: Any) -> Lightcurve:
    values = np.asarray(flux, np.float64)
    edges = bin_edges(values.size)
    full = np.ones(values.size)
    return Lightcurve(edges[:-1], edges[1:], values, full * error, full * exposure, **more)


def test_equal_exposures_average_once():
    """The published sum weights twice and gives 12.5."""
    total = curve([10.0]) + curve([20.0])
    assert total.flux.tolist() == [15.0]
    assert total.exposure.tolist() == [2.0]
    assert total.error.tolist() == [pytest.approx(np.sqrt(2.0) / 2.0)]


def test_exposures_weight_flux_and_error():
    total = curve([10.0], 0.3, 3.0) + curve([20.0], 0.4, 1.0)
    assert total.flux[0] == pytest.approx(12.5)
    assert total.error[0] == pytest.approx(np.hypot(0.3 * 3, 0.4) / 4)


def test_bins_without_exposure_do_not_count():
    one = curve([np.nan, np.nan, 4.0], [np.nan, np.nan, 1.0], [0.0, 0.0, 1.0])
    other = curve([np.nan, 7.0, 6.0], [np.nan, 2.0, 1.0], [0.0, 2.0, 1.0])
    total = one + other
    np.testing.assert_array_equal(total.flux, [np.nan, 7.0, 5.0])
    np.testing.assert_array_equal(total.error[:2], [np.nan, 2.0])
    np.testing.assert_array_equal(total.exposure, [0.0, 2.0, 2.0])


def test_any_order_and_sum_give_the_same():
    rng = np.random.default_rng(1)
    parts = [curve(rng.normal(size=4), 1.0, rng.uniform(1, 2, 4)) for _ in range(4)]
    expected = np.average(
        [part.flux for part in parts], axis=0, weights=[part.exposure for part in parts]
    )
    np.testing.assert_allclose(sum(parts).flux, expected, rtol=1e-13)
    np.testing.assert_allclose(sum(reversed(parts)).flux, expected, rtol=1e-13)


def test_columns_of_counts_add_and_the_sky_is_averaged():
    one = curve([1.0], columns={"COUNT": [3.0], "SKY": [2.0], "OWN": [1.0]}, name="star")
    other = curve([1.0], columns={"COUNT": [4.0], "SKY": [4.0]}, name="star")
    total = one + other
    assert total.columns["COUNT"].tolist() == [7.0]
    assert total.columns["SKY"].tolist() == [3.0]
    assert set(total.columns) == {"COUNT", "SKY"}
    assert total.name == "star"


@pytest.mark.parametrize(
    ("other", "why"),
    [
        (curve([1.0, 2.0]), "has 1 bins, another 2"),
        (Lightcurve([0.1], [1.1], [1.0], [1.0], [1.0]), "edges"),
        (curve([1.0], unit="ph/s"), "ph/s"),
    ],
)
def test_unlike_light_curves_do_not_add(other, why):
    with pytest.raises(NightglassError, match=why):
        curve([1.0]) + other


def test_edges_of_float32_files_agree():
    rounded = bin_edges(20).astype(np.float32).astype(np.float64)
    one = Lightcurve(rounded[:-1], rounded[1:], *np.ones((3, 20)))
    assert (curve(np.ones(20)) + one).n_bins == 20


def test_columns_must_have_one_length():
    with pytest.raises(NightglassError, match="bins"):
        Lightcurve([0.0], [1.0], [1.0, 2.0], [1.0], [1.0])


def test_a_file_keeps_everything(tmp_path: Path):
    header = fits.Header([("NU", 29.9), ("HIERARCH EXPOSURE TIME", 0.005)])
    made = curve([1.5, np.nan], 0.1, [2.0, 0.0], columns={"COUNT": [4.0, 0.0]}, name="star",
                 unit="ph/s", spread_bins=1.7, duration_s=0.005, header=header)  # fmt: skip
    read = Lightcurve.load(made.save(tmp_path / "lc.fits"))
    for name in ("phase_lo", "phase_hi", "flux", "error", "exposure"):
        np.testing.assert_array_equal(getattr(read, name), getattr(made, name))
    assert (read.name, read.unit, read.spread_bins, read.duration_s) == ("star", "ph/s", 1.7, 0.005)
    assert read.columns["COUNT"].tolist() == [4.0, 0.0]
    assert read.header is not None
    assert read.header["EXPOSURE TIME"] == 0.005
    again = (read + read).save(tmp_path / "sum.fits")
    assert fits.getheader(again, 1)["EXPTIME"] == 4.0


def test_a_file_has_the_published_columns_first(tmp_path: Path):
    path = curve([1.0]).save(tmp_path / "lc.fits")
    with fits.open(path) as units:
        assert units[0].data is None
        columns = units[1].columns
        assert columns.names == ["PHASEHI", "PHASELO", "FLUX", "ERROR", "EXPOSURE"]
        assert [column.format for column in columns] == ["D"] * 5
        assert columns.units == ["turn", "turn", "electron/s", "electron/s", "s"]


def test_several_sources_go_into_one_file(tmp_path: Path):
    path = tmp_path / "lc.fits"
    save_light_curves([curve([1.0], name="a"), curve([2.0], name="a"), curve([3.0])], path)
    read = load_light_curves(path)
    assert [one.flux[0] for one in read] == [1.0, 2.0, 3.0]
    with fits.open(path) as units:
        assert [unit.name for unit in units[1:]] == ["A", "A 2", "SOURCE 3"]


def test_nothing_is_replaced_unasked(tmp_path: Path):
    path = curve([1.0]).save(tmp_path / "lc.fits")
    with pytest.raises(NightglassError, match="exists"):
        curve([2.0]).save(path)
    assert Lightcurve.load(path).flux[0] == 1.0
    curve([2.0]).save(path, clobber=True)
    assert Lightcurve.load(path).flux[0] == 2.0


@pytest.mark.parametrize("content", [b"no FITS file at all", b""])
def test_other_files_are_refused(tmp_path: Path, content: bytes):
    path = tmp_path / "lc.fits"
    path.write_bytes(content)
    with pytest.raises(NightglassError, match=r"lc\.fits"):
        Lightcurve.load(path)


def test_a_table_of_something_else_is_refused(tmp_path: Path):
    path = tmp_path / "t.fits"
    fits.BinTableHDU.from_columns([fits.Column("X", "D", array=[1.0])]).writeto(path)
    with pytest.raises(NightglassError, match="no table of a light curve"):
        Lightcurve.load(path)
    with pytest.raises(NightglassError, match="absent"):
        Lightcurve.load(tmp_path / "absent.fits")


def test_chi_square_of_noise_is_its_degrees_of_freedom():
    rng = np.random.default_rng(3)
    ratios = []
    for _ in range(300):
        chi2, dof = curve(100.0 + 2.0 * rng.standard_normal(12), 2.0).chi_square()
        assert dof == 11
        ratios.append(chi2 / dof)
    assert np.mean(ratios) == pytest.approx(1.0, abs=0.05)


def test_the_pulsed_fraction_has_the_noise_taken_off():
    rng = np.random.default_rng(4)
    phase = (np.arange(40) + 0.5) / 40
    true = 0.3 / np.sqrt(2.0)
    noisy = 100.0 * (1.0 + 0.3 * np.cos(2 * np.pi * phase)) + 10.0 * rng.standard_normal((200, 40))
    found = np.array([curve(flux, 10.0).pulsed_fraction() for flux in noisy])
    assert found[:, 0].mean() == pytest.approx(true, rel=0.02)
    assert found[:, 0].std() == pytest.approx(found[:, 1].mean(), rel=0.15)
    assert curve(np.full(40, 5.0), 1.0).pulsed_fraction()[0] == 0.0
    assert np.isnan(curve([-1.0, 0.5]).pulsed_fraction()[0])
