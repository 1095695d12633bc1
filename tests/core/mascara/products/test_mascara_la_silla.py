"""The layout of La Silla, made from night files alone."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import h5py
import numpy as np
import pytest
from nightglass.core.errors import NightglassError
from nightglass.core.mascara.camera.model import nominal
from nightglass.core.mascara.photometry.flags import lp_flag
from nightglass.core.mascara.products.batch_store import write_batch
from nightglass.core.mascara.products.la_silla import export_la_silla
from nightglass.core.mascara.products.night_file import write_night_file
from nightglass.core.mascara.products.records import astrometry_rows
from nightglass.core.timing.stations import find_station

from .mascara_batches import FIRST_BATCH, catalogue, make_batch, write_night

if TYPE_CHECKING:
    from pathlib import Path

FIRST = FIRST_BATCH * 50
PFLAGS = [0, 1, 2, 4, 8, 16, 32, 2 + 8 + 32]
LST_H = 21.8


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two batches, the second without a good solution; stars 2 and 30."""
    folder = tmp_path_factory.mktemp("night")
    batches = []
    for place, aflag in enumerate((0, 5)):
        batch = make_batch([2, 30], FIRST_BATCH + place)
        batch.rows["pflag"][: len(PFLAGS)] = PFLAGS
        batch.rows["aflag"] = aflag
        batch.rows["flag"] = lp_flag(batch.rows["pflag"], aflag, finite=True)
        columns = {"lstseq": FIRST + 50 * place + 25, "lst": LST_H, "aflag": aflag, "dr": 0.25}
        model = json.dumps(nominal("LPE").as_json())
        batch = replace(batch, astrometry=astrometry_rows(columns, model))
        batches.append(write_batch(folder / f"{place}.hdf5", batch))
    write_night_file(folder / "fLC_20160130LPE.hdf5", batches, {"AVERSION": "2015.1"})
    slow = write_night(folder / "slow", [[2], [2]], frames=(25,), naper=4, kind="slow")
    write_night_file(folder / "sLC_20160130LPE.hdf5", slow, {}, kind="slow")
    export_la_silla(folder / "fLC_20160130LPE.hdf5", folder / "sLC_20160130LPE.hdf5", folder / "LS")
    return folder / "LS"


def test_both_files_have_their_names_and_groups(exported: Path) -> None:
    names = ["fast_20160130LPE.hdf5", "slow_20160130LPE.hdf5"]
    assert sorted(path.name for path in exported.iterdir()) == names
    groups = ["astrometry", "header", "lightcurves", "stars", "station"]
    for name, expected in zip(names, (groups, groups[1:]), strict=True):
        with h5py.File(exported / name) as file:
            assert sorted(file) == expected


def test_points_are_those_of_the_night_file(exported: Path) -> None:
    night = exported.parent / "fLC_20160130LPE.hdf5"
    with h5py.File(exported / "fast_20160130LPE.hdf5") as file, h5py.File(night) as ours:
        for ascc in ("2", "30"):
            rows, points = file["lightcurves"][ascc][:], ours["data"][ascc][:]
            for name in ("lstseq", "sky", "x", "y", "flux0", "flux1"):
                np.testing.assert_array_equal(rows[name], points[name])
            np.testing.assert_allclose(rows["eflux1"], points["eflux1"], rtol=1e-7)


def test_a_point_has_the_documented_fields(exported: Path) -> None:
    with h5py.File(exported / "fast_20160130LPE.hdf5") as file:
        dtype = file["lightcurves/2"].dtype
    assert dtype.itemsize == 63
    assert dtype.names == (
        "lstseq", "sky", "esky", "peak", "x", "y", "pflag", "aflag", "tmpmag0", "tmpemag0", "cflag",
        "flux0", "flux1", "eflux0", "eflux1",
    )  # fmt: skip


def test_flags_come_back_from_the_flag_byte_and_the_solutions(exported: Path) -> None:
    with h5py.File(exported / "fast_20160130LPE.hdf5") as file:
        rows = file["lightcurves/2"][:]
    assert rows["pflag"][:8].tolist() == rows["pflag"][50:58].tolist() == PFLAGS
    assert rows["aflag"].tolist() == [0] * 50 + [5] * 50
    assert set(rows["cflag"]) == {1}
    assert np.isnan(rows["tmpmag0"]).all()


def test_stars_tell_their_first_and_last_slot(exported: Path) -> None:
    with h5py.File(exported / "fast_20160130LPE.hdf5") as file:
        stars = {name: data[:] for name, data in file["stars"].items()}
        assert {name: data.dtype.str for name, data in stars.items()} == {
            "ascc": "|S32", "nobs": "<u4", "lstsqmin": "<u4", "lstsqmax": "<u4", "ra": "<f8",
            "dec": "<f8", "vmag": "<f8", "bmag": "<f8", "sptype": "|S9", "blend": "|S1",
            "var": "|u1",
        }  # fmt: skip
    assert stars["ascc"].tolist() == [b"2", b"30"]
    assert stars["nobs"].tolist() == [100, 100]
    assert (stars["lstsqmin"][0], stars["lstsqmax"][0]) == (FIRST, FIRST + 99)
    assert stars["sptype"].tolist() == catalogue([2, 30])["spectype"].tolist()


def test_every_point_finds_its_exposure(exported: Path) -> None:
    for name in ("fast_20160130LPE.hdf5", "slow_20160130LPE.hdf5"):
        with h5py.File(exported / name) as file:
            slots = file["station/lstseq"][:]
            wanted = file["lightcurves/2"]["lstseq"]
            assert (np.diff(slots.astype(int)) > 0).all()
            assert slots[np.searchsorted(slots, wanted)].tolist() == wanted.tolist()
            assert len({len(data) for data in file["station"].values()}) == 1


def test_the_header_tells_site_and_apertures(exported: Path) -> None:
    with h5py.File(exported / "fast_20160130LPE.hdf5") as file:
        header = dict(file["header"].attrs)
    assert (header["site-obs"], header["cam-obs"]) == (b"LaPalma", b"LPC")
    assert header["lat"] == find_station("LaPalma").latitude_deg
    assert header["aper"].tolist() == [2.5, 3.5]
    assert header["skyrad"].tolist() == [6.0, 21.0]
    assert header["exptime"] == pytest.approx(6.3829, rel=1e-6)
    assert (header["ccdtemp"], header["aversion"]) == (-14.5, b"2015.1")


def test_solutions_place_pixels_where_our_model_does(exported: Path) -> None:
    from nightglass.core.mascara.camera.equatorial import EquatorialSolution
    from nightglass.core.mascara.camera.pointing import hour_angle_and_declination

    with h5py.File(exported / "fast_20160130LPE.hdf5") as file:
        table = {name: data[0] for name, data in file["astrometry"].items()}
    assert table["dr"] == 0.25
    model, latitude = nominal("LPE"), find_station("LaPalma").latitude_deg
    x, y = np.array([1002, 1002, 2004, 3006, 3006]), np.array([668, 2004, 1336, 668, 2004])
    ha, dec = hour_angle_and_declination(model.directions(x, y), latitude)
    ra = (LST_H * 15 - ha) % 360
    np.testing.assert_allclose([table[f"ra{k}"] for k in range(5)], ra, atol=1e-4)
    np.testing.assert_allclose([table[f"dec{k}"] for k in range(5)], dec, atol=1e-4)
    again = EquatorialSolution(
        table["crval"], table["crpix"], np.full(2, 9e-3 / 24 * 180 / np.pi), table["pc"], LST_H,
        4008, 2672, False, (table["x_wcs2pix"], table["y_wcs2pix"]),
        (table["x_pix2wcs"], table["y_pix2wcs"]),
    )  # fmt: skip
    np.testing.assert_allclose(again.pixels(ra, dec, LST_H)[:2], (x, y), atol=0.01)


def test_a_night_of_an_unknown_site_has_no_place(tmp_path: Path) -> None:
    paths = write_night(tmp_path / "tmp", [[1], [1]])
    write_night_file(tmp_path / "fLC_x.hdf5", paths, {"STATION": "Nowhere"})
    (path,) = export_la_silla(tmp_path / "fLC_x.hdf5", tmp_path / "sLC_x.hdf5", tmp_path)
    with h5py.File(path) as file:
        assert "lat" not in file["header"].attrs
        assert np.isnan(file["astrometry/crval"][:]).all()


def test_nothing_to_export_is_told(tmp_path: Path) -> None:
    with pytest.raises(NightglassError, match=r"Neither .*fLC\.hdf5 nor"):
        export_la_silla(tmp_path / "fLC.hdf5", tmp_path / "sLC.hdf5", tmp_path)
