"""Every documented name is where it is documented, takes what is documented and does it."""

from __future__ import annotations

import inspect
from datetime import UTC, datetime
from importlib import import_module
from typing import TYPE_CHECKING

import h5py
import numpy as np
import pytest
from astropy.io import fits
from nightglass.core import mascara
from nightglass.core.mascara import config, credentials, masc, reduction

if TYPE_CHECKING:
    from pathlib import Path

SIGNATURES = {
    "CombineH5": ["savepath", "listdb", "globdic", "name", "minobs"],
    "CombinePkl": ["path", "savepath", "stid"],
    "LCtable": ["saving_path", "ident", "dat", "header"],
    "indexArray": ["cnx", "naper", "mode", "minobs"],
    "IndexArray": ["cnx", "naper", "mode", "minobs"],
    "lstseq2date": ["lstseq", "texp", "format"],
    "light_curve_overview": ["path", "night", "filename", "mrange"],
    "reduction_summary": ["logpath", "site", "camera", "night", "date", "format"],
    "send_summary": ["logpath", "message", "alternate", "camera", "site", "night"],
    "getDarkFilename": ["camname", "path"],
    "updateDarkFilename": ["camname", "filename", "path"],
    "buildTransmissionMap": ["residuals", "nulx", "nuly", "dimensions", "writetofile"],
    "tmpdbSave": ["dico", "qlog", "path", "ndb"],
    "Reduction": ["directory", "done_queue", "site", "savout", "event", "qlog"],
    "SaveItAll": ["PathfLC", "PathsLC", "StarID"],
}
DEFAULTS = {
    "CombineH5": {"name": "LPC", "minobs": 51},
    "indexArray": {"naper": 2, "mode": "data", "minobs": 1},
    "lstseq2date": {"format": "calendar"},
    "light_curve_overview": {"filename": "LCoverview", "mrange": (4.75, 4.8)},
    "reduction_summary": {"format": "html"},
    "getDarkFilename": {"path": ""},
    "updateDarkFilename": {"path": ""},
}


@pytest.mark.parametrize("name", SIGNATURES)
def test_a_documented_function_takes_its_arguments_in_their_order(name: str) -> None:
    parameters = inspect.signature(getattr(mascara, name)).parameters
    assert list(parameters)[: len(SIGNATURES[name])] == SIGNATURES[name]
    for argument, default in DEFAULTS.get(name, {}).items():
        assert parameters[argument].default == default


@pytest.mark.parametrize("name", [*masc.__all__, *reduction.__all__, "Site"])
def test_a_documented_name_is_offered_by_the_package(name: str) -> None:
    assert name in mascara.__all__
    assert getattr(mascara, name) is not None


@pytest.mark.parametrize("name", ["masc", "reduction", "config", "credentials"])
def test_a_documented_module_can_be_imported(name: str) -> None:
    assert import_module(f"nightglass.core.mascara.{name}") is getattr(mascara, name)


def test_a_name_that_is_not_documented_is_no_attribute() -> None:
    with pytest.raises(AttributeError, match="CombineH6"):
        mascara.CombineH6  # noqa: B018


def test_the_documented_parameters_have_their_documented_values() -> None:
    assert (config.maglim_fast, config.maglim_slow, config.slowbinning) == (8.4, 10.0, 50)
    assert config.aper_fast == (2.5, 4.5)
    assert config.aper_slow == (2.5, 3.5, 4.5, 5.5)
    assert config.skyrad == (6.0, 21.0)
    assert (config.ndark, config.nbias, config.nflat) == (20, 20, 20)
    paths = {config.path_binned, config.path_fastlc, config.path_slowlc, config.path_thumbnails}
    assert paths == {"binned", "fLC", "sLC", "thumbs"}


def test_credentials_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NIGHTGLASS_SMTP_USER", "observer")
    monkeypatch.setenv("NIGHTGLASS_SMTP_PASSWORD", "not in a file")
    assert (credentials.user, credentials.password) == ("observer", "not in a file")


def test_the_reference_site_counts_slots_of_real_frames() -> None:
    site = mascara.SiteReference()
    lst, index, slot = site.local_sidereal_time(2459876.516233906, 6.4)
    assert slot == 48506263
    assert index == 48506263 % 13500
    assert lst == pytest.approx(1.35733, abs=6.4 / 3600)
    quick = site.local_sidereal_time(2459876.522291522, 6.4, quick=True)
    assert abs(int(quick) - 48506345) <= 1
    assert mascara.LSTSEQ(2459876.522291522, 6.4) == 48506345


def test_a_slot_becomes_a_date_and_comes_back() -> None:
    date = mascara.lstseq2date(48506263, 6.4)
    assert abs((date - datetime(2022, 10, 24, 0, 23, 22, 600000, tzinfo=UTC)).total_seconds()) < 3.2
    jd = mascara.lstseq2date(np.array([48506263, 48506345]), 6.4, format="jd")
    np.testing.assert_array_equal(mascara.LSTSEQ(jd, 6.4), [48506263, 48506345])


def points(count: int, first: int = 1000) -> dict[str, object]:
    slots = np.arange(first, first + count)
    flux = np.linspace(1.0, 2.0, count)
    numbers = dict.fromkeys(
        ("flag", "flux1", "eflux0", "eflux1", "sky", "esky", "peak", "x", "y", "alt", "az",
         "ccdtemp", "exptime", "lst"), np.ones(count),
    )  # fmt: skip
    return {**numbers, "flux0": flux, "jdmid": 2459876.5 + slots * 1e-4,
            "lstidx": slots % 13500, "lstseq": slots}  # fmt: skip


def star(count: int, first: int = 1000) -> dict[str, object]:
    facts = {"ra": 10.0, "dec": 20.0, "vmag": 6.0, "bmag": 6.5, "spectype": b"A0", "blend": b"",
             "blendvalue": 0.0}  # fmt: skip
    return {**points(count, first), **facts}


def test_dictionaries_of_batches_become_a_night_file(tmp_path: Path) -> None:
    batches = [
        masc.tmpdbSave({"12": star(40, 1000), "123": star(10, 1000)}, None, tmp_path, 1),
        masc.tmpdbSave({"12": star(40, 1040)}, None, tmp_path, 2),
    ]
    masc.CombineH5(tmp_path, batches, {"station": "LaPalma", "ccdtemp": -15.0}, "fLC_night")
    with h5py.File(tmp_path / "fLC_night.hdf5") as file:
        assert list(file["data"]) == ["12"]
        assert len(file["data/12"]) == 80
        assert file["header_table/nobs"][0] == 80
        assert file["global"].attrs["ccdtemp"] == -15.0


def test_a_light_curve_becomes_a_fits_table(tmp_path: Path) -> None:
    masc.LCtable(tmp_path, 807144, masc.indexArray(points(60)), {"vmag": 7.67})
    with fits.open(tmp_path / "807144.fits") as hdus:
        assert len(hdus[1].data) == 60
        assert hdus[1].data["lstseq"][0] == 1000
        assert hdus[0].header["VMAG"] == 7.67


def test_residuals_become_a_map(tmp_path: Path) -> None:
    image = masc.buildTransmissionMap({(1, 0): [[0.1, 0.3, 0.2]]}, 2, 3)
    assert image.shape == (3, 2)
    assert image[0, 1] == pytest.approx(0.2)
    assert np.isnan(image[2, 0])


def test_the_look_up_table_gives_the_dark_that_was_made_current(tmp_path: Path) -> None:
    dark = tmp_path / "20023470SAEmasterdark.fits"
    fits.writeto(dark, np.zeros((4, 4), np.float32))
    masc.updateDarkFilename("SAE", dark, tmp_path)
    assert masc.getDarkFilename("SAE", tmp_path) == str(dark)
