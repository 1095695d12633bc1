"""The log of a night: its lines, and reading them back."""

from __future__ import annotations

import re

import pytest
from nightglass.core.mascara.report.log_file import LogLine, log_lines, log_text, parse_log
from nightglass.core.mascara.report.records import night_records

from .mascara_journal import (
    batch_record,
    dark_record,
    failed_record,
    header_record,
    merge_record,
    whole_night,
)


def test_lines_have_the_form_of_the_station_and_exposure_times_in_order() -> None:
    lines = log_text(whole_night(batches=3)).splitlines()
    form = r"2016-01-30T\d\d:\d\d:\d\d\.\d{3} LPC: reduction\.\w+\.(INFO|WARNING|ERROR): \S.*"
    assert all(re.fullmatch(form, line) for line in lines)
    assert [line.split()[0] for line in lines] == sorted(line.split()[0] for line in lines)
    assert "dark-15230010 done: 20 frames, -15.10 C" in lines[0]
    assert "LPC-00304601 done: received 49, reduced 49, missing 1, failed 0" in lines[1]
    assert "1180 of 1215 stars, rms 0.310 px, aflag 0" in lines[2]
    assert "zero point 17.03 mag, sky 160" in lines[3]


def test_the_log_is_the_same_whenever_and_however_often_the_night_was_reduced() -> None:
    plain = [header_record(), *(batch_record(step) for step in range(3))]
    disturbed = [
        header_record(at=1.0), batch_record(1, state="failed", warnings=["The process ended."]),
        batch_record(0, at=9e9, attempt=2, seconds={"read": 99.0}), header_record(at=2.0),
        batch_record(2), batch_record(1, at=8e9, took_s=3.0), merge_record(),
    ]  # fmt: skip
    assert log_text(disturbed) == log_text(plain)


def test_what_is_written_is_read_back() -> None:
    lines = log_lines(night_records([*whole_night(batches=2), failed_record(3)]).camera("LPC"))
    assert parse_log("".join(f"{line}\n" for line in lines)) == lines


@pytest.mark.parametrize(
    "message", ["two\nlines", "back\\slash \\n", "a\r\nb", "a: b.ERROR: c", "é\x85"]
)
def test_any_message_survives(message: str) -> None:
    line = LogLine("2016-01-30T21:04:11.123", "LPC", "reduction.batch", "WARNING", message)
    assert "\n" not in str(line)
    assert parse_log(f"{line}\n") == [line]


def test_logs_of_other_programs_are_understood() -> None:
    text = (
        "a line before the first\n"
        "2016-01-30 21:04:11,123 MainThread: reduction.INFO: 50 images\r\n"
        "2016-01-30 21:04:12 Process-2: ERROR: it failed\n"
        "Traceback (most recent call last):\n"
        "  something\n"
    )
    first, second = parse_log(text)
    assert (first.thread, first.logger, first.level) == ("MainThread", "reduction", "INFO")
    assert (second.logger, second.level) == ("", "ERROR")
    assert second.message.endswith("(most recent call last):\n  something")


def test_a_batch_without_a_frame_is_told_at_the_time_of_its_slots() -> None:
    dark = dark_record(state="rejected", problems=["Too warm."])
    records = [header_record(), dark, failed_record(0)]
    levels = [line.level for line in log_lines(night_records(records).camera("LPC"))]
    assert levels == ["INFO", "WARNING", "INFO", "ERROR"]
    assert log_text([]) == ""
