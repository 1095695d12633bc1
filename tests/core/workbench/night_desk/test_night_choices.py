"""Units that can be made again and frames that can be marked."""

from __future__ import annotations

from nightglass.core.workbench.night.choices import frames_of, units_of

from .made_journal import control, header, unit, write


def test_units_that_failed_come_first_with_their_reason():
    records = [
        unit(1), unit(2, state="partial", warnings=["odd"]),
        unit(3, state="failed", problems=["no stars"]),
    ]  # fmt: skip
    units = units_of({record["unit"]: record for record in records})
    assert [(one.unit, one.state, one.note) for one in units] == [
        ("LPC-00000003", "failed", "no stars"),
        ("LPC-00000002", "partial", "odd"),
        ("LPC-00000001", "done", ""),
    ]


def test_frames_are_listed_with_what_became_of_them(tmp_path):
    output = write(
        tmp_path / "out", header(), unit(1, failed={"1b.fits": "Not whole"}),
        control("mark", "9.fits"), control("mark", "1a.fits"), control("unmark", "1a.fits"),
        {"kind": "suspect", "unit": "LPC-00000001", "file": "7.fits", "reason": "ended it"},
        {"kind": "dark", "unit": "LPC-dark-00000001", "camera": "LPC", "files": ["0dark.fits"]},
    )  # fmt: skip
    assert [(one.name, one.state, one.note) for one in frames_of(output)] == [
        ("0dark.fits", "used", "LPC-dark-00000001"),
        ("1a.fits", "used", "LPC-00000001"),
        ("1b.fits", "failed", "Not whole"),
        ("7.fits", "failed", "ended it"),
        ("9.fits", "marked", "left out by hand"),
    ]


def test_a_folder_without_a_journal_has_no_frames(tmp_path):
    assert frames_of(tmp_path) == ()
