"""Warnings and errors of a night are grouped and counted."""

from __future__ import annotations

from nightglass.core.mascara.report.messages import grouped, night_messages
from nightglass.core.mascara.report.records import night_records

from .mascara_journal import batch_record, beat_record, dark_record, failed_record, header_record


def groups_of(*records: dict[str, object]) -> list[tuple[str, int, str, str]]:
    found = grouped(night_messages(night_records([header_record(), *records])))
    return [(group.level, group.times, group.text, group.place) for group in found]


def test_messages_that_differ_in_numbers_only_are_one_group() -> None:
    records = [
        batch_record(step, warnings=[f"Only {20 + step} of 300.5 stars were found."])
        for step in range(3)
    ]
    assert groups_of(*records) == [
        ("WARNING", 3, "Only 20 of 300.5 stars were found.", "LPC-00304601 and 2 others")
    ]


def test_errors_come_first_then_what_is_frequent() -> None:
    records = [
        batch_record(0, warnings=["rare"]),
        *(batch_record(step, failed={"a.fits": "truncated"}) for step in (1, 2)),
        failed_record(3),
    ]
    assert [(level, times) for level, times, _, _ in groups_of(*records)] == [
        ("ERROR", 1), ("WARNING", 2), ("WARNING", 1),
    ]  # fmt: skip


def test_problems_of_darks_frames_and_mails_are_told() -> None:
    beat = beat_record(0.0, 0.0) | {"unreadable": {"x.fits": "no LSTSEQ"}, "duplicates": ["y.fits"]}
    mail = {"kind": "mail", "sent": False, "where": "x.eml", "reason": "No mail server is set up."}
    dark = dark_record(state="rejected", problems=["Too warm."], rejected=3)
    texts = {text for _, _, text, _ in groups_of(batch_record(0), dark, beat, mail)}
    assert texts == {
        "Too warm.", "x.fits: no LSTSEQ", "y.fits: another file has the same slot",
        "No mail server is set up.",
    }  # fmt: skip


def test_a_unit_that_was_started_again_is_told_as_a_warning_of_its_camera() -> None:
    reason = "Its process was ended by SIGKILL: it is started again."
    again = {"kind": "again", "unit": "LPC-00304600", "camera": "LPC", "reason": reason}
    found = groups_of(again, batch_record(0), again | {"night": "20200101"})
    assert found == [("WARNING", 1, reason, "LPC-00304600")]


def test_a_dark_is_told_even_before_the_first_frame() -> None:
    dark = dark_record(state="failed", problems=["Only 4 frames could be read."])
    found = grouped(night_messages(night_records([header_record(cameras=[]), dark])))
    assert [(group.level, group.text) for group in found] == [
        ("ERROR", "Only 4 frames could be read.")
    ]


def test_a_unit_that_failed_without_a_word_is_told_too() -> None:
    record = failed_record() | {"warnings": []}
    assert groups_of(record)[0][2] == "The unit failed without a reason."


def test_a_unit_that_is_to_be_made_again_no_longer_counts() -> None:
    retry = {"kind": "control", "what": "retry", "subject": "LPC-00304601", "at": 0.0}
    assert groups_of(failed_record(0), retry) == []
