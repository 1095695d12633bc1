from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nightglass.core.errors import NightglassError
from nightglass.core.timing.par import (
    angle_deg,
    number,
    par_lines,
    par_summary,
    par_values,
    read_par_text,
)

from .conftest import PULSARS

if TYPE_CHECKING:
    from pathlib import Path


def test_a_summary_tells_what_the_file_says() -> None:
    summary = par_summary(PULSARS["binary"] + "START 60700.5\nFINISH 60900\nTZRSITE pks\n")
    assert summary.psr == "TEST"
    assert summary.f0_hz == 400.97
    assert summary.ra_deg == pytest.approx(15 * (5 + 34 / 60 + 31.97 / 3600), abs=1e-12)
    assert summary.dec_deg == pytest.approx(22 + 0 / 60 + 52.1 / 3600, abs=1e-12)
    assert (summary.pepoch_mjd, summary.start_mjd, summary.finish_mjd) == (60800, 60700.5, 60900)
    assert (summary.ephem, summary.units, summary.binary) == ("DE421", "TDB", "ELL1")
    assert summary.tzr_site == "pks"


def test_ecliptic_positions_become_equatorial_as_in_pint() -> None:
    from nightglass.core.timing.ephemeris import load_ephemeris

    text = PULSARS["isolated"].replace("RAJ 05:34:31.97\nDECJ +22:00:52.1\n", "")
    text = text.replace("PMRA -14.7\nPMDEC 2.0\n", "") + "ELONG 243.6\nELAT -8.25\nECL IERS2010\n"
    sky = load_ephemeris(text).model.get_psr_coords()
    summary = par_summary(text)
    # PINT's ICRS differs from the equinox of J2000 by the frame bias, 0.02 arc seconds.
    assert summary.ra_deg == pytest.approx(sky.icrs.ra.deg, abs=1e-5)
    assert summary.dec_deg == pytest.approx(sky.icrs.dec.deg, abs=1e-5)


@pytest.mark.parametrize(
    ("text", "hours", "degrees"),
    [
        ("-00:30:00", False, -0.5),
        ("+00:30", False, 0.5),
        ("-69:19:54.17", False, -(69 + 19 / 60 + 54.17 / 3600)),
        ("23:39:38.74", True, 15 * (23 + 39 / 60 + 38.74 / 3600)),
        ("-5", False, -5.0),
        ("five", False, None),
        ("1:2:3:4", False, None),
        ("", False, None),
        (None, True, None),
    ],
)
def test_angles_keep_their_sign(text: str | None, hours: bool, degrees: float | None) -> None:
    assert angle_deg(text, hours=hours) == pytest.approx(degrees)


@pytest.mark.parametrize(
    ("text", "value"),
    [("1.5D-3", 1.5e-3), ("2d2", 200.0), ("-7e1", -70.0), ("nan", None), ("x", None), (None, None)],
)
def test_numbers_may_be_written_as_in_fortran(text: str | None, value: float | None) -> None:
    assert number(text) == value


def test_comments_and_blank_lines_are_left_out() -> None:
    lines = list(par_lines("# a\nC b\nC\n\n  F0 3 1 0.1\nCLK TT(TAI)\n"))
    assert [(line.key, line.words, line.number) for line in lines] == [
        ("F0", ("3", "1", "0.1"), 5),
        ("CLK", ("TT(TAI)",), 6),
    ]


def test_the_last_of_repeated_lines_counts_whatever_the_spelling() -> None:
    values = par_values("PSRJ J1\nF0 1\nPSR J2\nf0 2\nRA 1:00\n")
    assert values == {"PSR": "J2", "F0": "2", "RAJ": "1:00"}


@given(st.text())
def test_any_text_gives_a_summary(text: str) -> None:
    par_summary(text + "\n")


def test_a_path_is_read_and_text_is_taken_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "a.par"
    path.write_text("F0 1")
    assert read_par_text(path) == ("F0 1", path)
    assert read_par_text(str(path)) == ("F0 1", path)
    assert read_par_text("F0 1\n") == ("F0 1\n", None)


def test_what_is_no_par_file_is_refused_by_name(tmp_path: Path) -> None:
    binary, huge, long, pipe = (
        tmp_path / f"{name}.par" for name in ("bin", "huge", "long", "pipe")
    )
    binary.write_bytes(b"SIMPLE\xff\xfe\x00")
    with huge.open("wb") as handle:
        handle.truncate(30_000_000)
    long.write_text("X 1\n" * 30_000, encoding="utf-8")
    os.mkfifo(pipe)
    told = {
        binary: "not a text file", huge: "too big", long: "too many lines", pipe: "not a file"
    }  # fmt: skip
    for path, why in told.items():
        with pytest.raises(NightglassError, match=f"{path.name} (is|has) {why}"):
            read_par_text(path)
    with pytest.raises(NightglassError, match=r"absent\.par is not there"):
        read_par_text(tmp_path / "absent.par")
    with pytest.raises(NightglassError, match="is a folder"):
        read_par_text(tmp_path)


def test_the_mark_before_utf_8_belongs_to_no_line(tmp_path: Path) -> None:
    path = tmp_path / "notepad.par"
    path.write_bytes(b"\xef\xbb\xbfPSR J0000+0000\n")
    assert read_par_text(path) == ("PSR J0000+0000\n", path)


def test_example_par_files_come_with_the_program() -> None:
    from importlib.resources import files

    data = files("nightglass.resources.data")
    for name, f0_hz in (("crab_demo.par", 29.946), ("binary_demo.par", 400.97)):
        summary = par_summary(str(data.joinpath(name)))
        assert summary.f0_hz == f0_hz
        assert None not in (summary.ra_deg, summary.dec_deg, summary.pepoch_mjd)


def test_importing_timing_costs_neither_pint_nor_astropy(python: str) -> None:
    import subprocess

    script = (
        "import sys\n"
        "from nightglass.core.timing import ephemeris, offline, par, phase, sites\n"
        "par.par_summary('PSR X\\nF0 1\\n'), sites.find_site()\n"
        "slow = {'pint', 'astropy', 'scipy', 'numba', 'loguru', 'erfa'} & set(sys.modules)\n"
        "sys.exit(' '.join(slow) or 0)\n"
    )
    done = subprocess.run([python, "-c", script], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
