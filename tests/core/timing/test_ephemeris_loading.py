from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

import pytest
from nightglass.core.errors import NightglassError
from nightglass.core.timing import solar_system
from nightglass.core.timing.ephemeris import load_ephemeris

from .conftest import HEAD, PULSARS

if TYPE_CHECKING:
    from pathlib import Path

ISOLATED = PULSARS["isolated"]


def _notice(text: str, word: str) -> str:
    found = [notice for notice in load_ephemeris(text).notices if word in notice]
    assert len(found) == 1, found
    return found[0]


def test_a_plain_file_loads_without_a_word() -> None:
    ephemeris = load_ephemeris(ISOLATED)
    assert ephemeris.notices == ()
    assert (ephemeris.psr, ephemeris.f0_hz) == ("TEST", 29.946)
    assert (ephemeris.kernel, ephemeris.asked_kernel, ephemeris.absolute) == (
        "de421",
        "de421",
        False,
    )
    assert ephemeris.path is None


def test_the_example_files_load_without_a_word() -> None:
    for name in ("crab_demo.par", "binary_demo.par"):
        path = str(files("nightglass.resources.data").joinpath(name))
        assert load_ephemeris(path).notices == ()


def test_the_range_of_validity_is_there() -> None:
    assert load_ephemeris(ISOLATED).range_mjd == (None, None)
    assert load_ephemeris(ISOLATED + "START 60000\nFINISH 60900\n").range_mjd == (60000, 60900)


@pytest.mark.parametrize(
    ("asked", "amount"), [("DE440", "0.4 ms"), ("DE405", "0.083 ms"), ("DE200", "5 ms")]
)
def test_an_exchanged_solar_system_ephemeris_is_told_with_its_effect(
    asked: str, amount: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(solar_system, "installed_kernels", lambda: ("de421",))
    notice = _notice(ISOLATED.replace("DE421", asked), asked)
    assert notice.startswith(f"{asked} is not installed, so DE421 is used instead")
    assert f"up to {amount}" in notice
    assert "of a turn" in notice


def test_a_repeated_line_takes_the_last_and_says_so() -> None:
    text = ISOLATED + "EPHEM DE421\nF0 30.5\n"
    ephemeris = load_ephemeris(text)
    assert ephemeris.f0_hz == 30.5
    assert ephemeris.notices == (
        "EPHEM stands more than once: line 15 (DE421) is used, line 8 (DE421) is not.",
        "F0 stands more than once: line 16 (30.5) is used, line 11 (29.946) is not.",
    )


def test_two_spellings_of_one_quantity_count_as_repeated() -> None:
    ephemeris = load_ephemeris(ISOLATED + "PSRJ OTHER\n")
    assert ephemeris.model.PSR.value == "OTHER"
    assert ephemeris.notices[0].startswith("PSRJ stands more than once")


def test_lines_that_may_repeat_are_left_alone() -> None:
    ephemeris = load_ephemeris(ISOLATED + "JUMP -fe A 0.1\nJUMP -fe B 0.2\n")
    assert ephemeris.notices == ()
    assert len(ephemeris.model.components["PhaseJump"].params) == 2


def test_tcb_is_converted_and_told() -> None:
    """TCB gains 1.55e-8 on TDB, so the same pulses are as much slower in TCB."""
    ephemeris = load_ephemeris(ISOLATED.replace("UNITS TDB", "UNITS TCB"))
    assert ephemeris.f0_hz / 29.946 - 1.0 == pytest.approx(1.5505e-8, rel=1e-3)
    assert any("TCB; PINT converted it to TDB" in notice for notice in ephemeris.notices)


def test_a_file_without_units_is_taken_as_tdb() -> None:
    assert _notice(ISOLATED.replace("UNITS TDB\n", ""), "UNITS").endswith("TDB is taken.")


def test_a_bipm_clock_is_told_with_its_effect() -> None:
    notice = _notice(ISOLATED.replace("TT(TAI)", "TT(BIPM2021)"), "BIPM2021")
    assert "27.7 microseconds (0.00083 of a turn) early" in notice


def test_a_zero_phase_at_a_site_without_clock_file_folds_with_a_notice() -> None:
    text = ISOLATED + "TZRMJD 60990.1\nTZRSITE pks\nTZRFRQ 1400\n"
    notice = _notice(text, "pks")
    assert "uncertain by up to 20 microseconds (0.0006 of a turn)" in notice
    assert load_ephemeris(text).absolute


def test_a_zero_phase_at_an_unknown_site_falls_to_pepoch() -> None:
    text = ISOLATED + "TZRMJD 60990.1\nTZRSITE atlantis\nTZRFRQ 0\n"
    assert "'atlantis', which is not a known place" in _notice(text, "atlantis")
    assert not load_ephemeris(text).absolute


def test_a_binary_model_of_tempo2_is_replaced_by_the_closest_of_pint() -> None:
    orbit = "BINARY T2\nPB 0.5\nA1 1.2\nT0 60999.3\nECC 0.1\nOM 70\n"
    assert "PINT's closest model" in _notice(ISOLATED + orbit, "T2")


def test_lines_unknown_to_pint_are_named() -> None:
    assert _notice(ISOLATED + "LATIDX 6.5\nEPHVER 5\n", "LATIDX") == (
        "PINT does not know LATIDX; these lines have no effect."
    )


def test_a_pulsar_without_a_name_takes_that_of_its_file(tmp_path: Path) -> None:
    path = tmp_path / "J1023.par"
    path.write_text(ISOLATED.replace("PSR TEST\n", ""))
    ephemeris = load_ephemeris(path)
    assert (ephemeris.psr, ephemeris.path) == ("J1023", path)
    assert any("does not name the pulsar" in notice for notice in ephemeris.notices)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (HEAD, "it has no F0"),
        (HEAD + "F0 fast\n", "its F0 is 'fast', not a frequency"),
        (HEAD + "F0 -3\n", "not a frequency"),
        (ISOLATED.replace("EPHEM DE421\n", ""), "it has no EPHEM"),
        (ISOLATED.replace("\nPEPOCH 60800", ""), "it has no PEPOCH"),
        (ISOLATED.replace("DECJ +22:00:52.1\n", ""), "it has no position"),
        (ISOLATED + "BINARY NOSUCH\nPB 1\n", "PINT says"),
        (ISOLATED + "PB 1.0\nA1 2\n", "PINT says"),
        (ISOLATED.replace("DM 56.7", "DM much"), "PINT says"),
        ("\n", "it has no F0"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_in_one_sentence(text: str, words: str) -> None:
    with pytest.raises(NightglassError, match=words) as caught:
        load_ephemeris(text)
    assert caught.value.hint
    assert "\n" not in str(caught.value)


def test_a_refused_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "empty.par"
    path.write_text("")
    with pytest.raises(NightglassError, match=r"empty\.par cannot be used: it has no F0") as caught:
        load_ephemeris(path)
    assert caught.value.path == str(path)


def test_the_key_follows_the_content_and_not_the_remarks() -> None:
    keys = {load_ephemeris(text).key for text in (ISOLATED, "# remark\n" + ISOLATED)}
    assert len(keys) == 1
    assert load_ephemeris(PULSARS["TZR"]).key not in keys
