from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from nightglass.core.errors import NightglassError
from nightglass.core.timing.par import par_summary
from nightglass.core.timing.par_folder import (
    Direction,
    listed,
    par_paths,
    range_notice,
    separation_deg,
)

from .conftest import HEAD

if TYPE_CHECKING:
    from pathlib import Path

CRAB = HEAD + "F0 29.946\n"
VELA = HEAD.replace("05:34:31.97", "08:35:20.6").replace("+22:00:52.1", "-45:10:35") + "F0 11.2\n"
NEAR_CRAB = Direction(83.63, 22.1)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in (("vela.par", VELA), ("Crab.PAR", CRAB), ("notes.txt", CRAB)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "no place.par").write_text("PSR X\nF0 1\nPEPOCH 1\nEPHEM DE421\n", encoding="utf-8")
    (tmp_path / "binary.par").write_bytes(b"\xff\xfe\x00\x80")
    (tmp_path / "._vela.par").write_bytes(b"\x00\x05\x16\x07")
    (tmp_path / "folder.par").mkdir()
    return tmp_path


def test_a_folder_gives_its_par_files_by_name(folder: Path) -> None:
    names = [path.name for path in par_paths(folder)]
    assert names == ["binary.par", "Crab.PAR", "no place.par", "vela.par"]


def test_a_folder_that_is_not_there_is_told_in_words(tmp_path: Path) -> None:
    with pytest.raises(NightglassError, match="is not there"):
        par_paths(tmp_path / "gone")


def test_the_nearest_pulsar_stands_first_and_unreadable_files_last(folder: Path) -> None:
    pars = listed(par_paths(folder), NEAR_CRAB)
    assert [par.path.name for par in pars] == [
        "Crab.PAR",
        "vela.par",
        "no place.par",
        "binary.par",
    ]
    assert pars[0].separation_deg == pytest.approx(0.0853, abs=1e-3)
    assert pars[0].trouble == ""
    assert pars[2].separation_deg is None
    assert pars[2].trouble == "It lacks a position."
    assert pars[3].summary is None
    assert "is not a text file" in pars[3].trouble
    assert pars[3].psr == "binary"


def test_without_a_pointing_files_stand_by_name_and_unreadable_ones_last(folder: Path) -> None:
    pars = listed(par_paths(folder))
    assert [par.path.name for par in pars] == ["Crab.PAR", "no place.par", "vela.par", "binary.par"]
    assert all(par.separation_deg is None for par in pars)


def test_what_a_file_lacks_is_told_in_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "bare.par"
    path.write_text("PSR X\nRAJ 1:0:0\nDECJ 2:0:0\n", encoding="utf-8")
    assert listed([path])[0].trouble == "It lacks F0, PEPOCH and EPHEM."


def test_separations_are_those_of_astropy_at_every_angle() -> None:
    from astropy.coordinates import SkyCoord

    random = np.random.default_rng(4)
    ra, dec = random.uniform(0.0, 360.0, (2, 60)), random.uniform(-90.0, 90.0, (2, 60))
    ra[1, :20], dec[1, :20] = ra[0, :20] + 1e-5, dec[0, :20] - 1e-5
    ra[1, 20:25], dec[1, 20:25] = ra[0, 20:25] + 180.0, -dec[0, 20:25]
    first, second = (SkyCoord(*place, unit="deg") for place in zip(ra, dec, strict=True))
    ours = [
        separation_deg(Direction(*one), Direction(*other))
        for one, other in zip(
            zip(ra[0], dec[0], strict=True), zip(ra[1], dec[1], strict=True), strict=True
        )
    ]
    np.testing.assert_allclose(ours, first.separation(second).deg, rtol=1e-9, atol=1e-11)


@pytest.mark.parametrize(
    ("lines", "mjd", "notice"),
    [
        ("", 61000.0, ""),
        ("START 60000\nFINISH 61000\n", 60500.0, ""),
        ("START 60000\nFINISH 61000\n", 61000.0, ""),
        (
            "START 60000\nFINISH 60990.2\n",
            61000.4,
            "The solution was fitted over MJD 60000 to 60990; this capture is 10 days after.",
        ),
        (
            "START 60000\nFINISH 60990\n",
            59900.0,
            "The solution was fitted over MJD 60000 to 60990; this capture is 100 days before.",
        ),
        (
            "FINISH 60990\n",
            61000.0,
            "The solution was fitted up to MJD 60990; this capture is 10 days after.",
        ),
        (
            "START 60990\n",
            60980.0,
            "The solution was fitted from MJD 60990 on; this capture is 10 days before.",
        ),
        (
            "FINISH 60999.5\n",
            60999.6,
            "The solution was fitted up to MJD 61000; this capture is less than a day after.",
        ),
    ],
)  # fmt: skip
def test_a_day_outside_the_range_is_told(lines: str, mjd: float, notice: str) -> None:
    assert range_notice(par_summary(CRAB + lines), mjd) == notice


def test_real_par_files_are_listed_without_pint(shared: Path) -> None:
    pars = listed(par_paths(shared / "data" / "par"), NEAR_CRAB)
    assert pars[0].path.name == "crab.par"
    assert all(par.summary is not None and par.separation_deg is not None for par in pars)
    assert all("EPHEM" in par.trouble or not par.trouble for par in pars)
