"""The report of a night made in a process of its own."""

from __future__ import annotations

import os

import pytest
from nightglass.core.engine.jobs import JobContext
from nightglass.core.errors import NightglassError
from nightglass.core.workbench.night import reports
from nightglass.core.workbench.night.reports import mail_report, report_html, write_report

from ...mascara.watching.made_night import write_journal


@pytest.fixture(scope="module")
def night(tmp_path_factory):
    output = tmp_path_factory.mktemp("reports") / "night"
    write_journal(output, "C", 2, frames=3, is_whole=True)
    return output


@pytest.mark.slow
def test_page_and_file_are_the_same_report(night):
    html = report_html(night, JobContext())
    assert not (night / "report.html").exists()
    assert write_report(night, JobContext()) == night / "report.html"
    assert (night / "report.html").read_text() == html
    assert html.count("data:image/png") >= 3


@pytest.mark.slow
def test_mail_is_told_in_sentences(night):
    is_sent, words = mail_report(night, JobContext())
    assert not is_sent
    assert "NIGHTGLASS_SMTP_HOST is not set" in words


def test_trouble_of_the_other_process_arrives_as_its_sentence(tmp_path):
    with pytest.raises(NightglassError, match="no night"):
        report_html(tmp_path, JobContext())


def at(path, seconds):
    os.utime(path, (seconds, seconds))


def test_a_report_that_lies_there_is_taken_until_something_happens(tmp_path, monkeypatch):
    write_journal(tmp_path / "night", "C", 2, frames=3)
    report, journal = tmp_path / "night" / "report.html", tmp_path / "night" / "journal.jsonl"
    report.write_text("<p>as it was</p>")
    monkeypatch.setattr(reports, "_elsewhere", lambda *_: "made anew")
    for age_s, shown in ((100, "<p>as it was</p>"), (99, "made anew"), (101, "<p>as it was</p>")):
        at(journal, 1e9 + 100)
        at(report, 1e9 + age_s)
        assert report_html(tmp_path / "night", JobContext()) == shown
    report.write_bytes(b"\xff\xfe\xff")
    assert report_html(tmp_path / "night", JobContext()) == "made anew"
