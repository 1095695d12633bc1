"""Summaries of a camera's night and reports of a whole one, as HTML and as text."""

from __future__ import annotations

import json
from base64 import b64decode
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest
from nightglass.core.errors import NightglassError
from nightglass.core.mascara.report import camera_files, camera_summary, summary
from nightglass.core.mascara.report.camera_files import write_camera_files
from nightglass.core.mascara.report.records import night_records
from nightglass.core.mascara.report.summary import (
    night_html,
    night_text,
    reduction_summary,
    write_report,
)

from .mascara_journal import (
    NIGHT,
    batch_record,
    beat_record,
    failed_record,
    header_record,
    solution,
    unix_s,
    whole_night,
)

if TYPE_CHECKING:
    from pathlib import Path

    Records = list[dict[str, object]]

VOID = {"meta", "img", "link", "br"}
NASTY = '<script>alert("&")</script>'


class Checker(HTMLParser):
    """Fails on tags that are not closed in order; collects what a page refers to."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.sources: list[str] = []
        self.feed(page)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag not in VOID:
            self.open.append(tag)
        fetched = {"src", "href", "data"}
        self.sources += [value or "" for name, value in attrs if name in fetched]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def troubled(cameras: tuple[str, ...] = ("LPC",)) -> Records:
    records = whole_night(cameras, 6)
    records.insert(-1, failed_record(6))
    records.insert(-1, batch_record(7, failed={"a<b>.fits": NASTY}, warnings=["Moon & cloud"]))
    records.insert(-1, batch_record(8, astrometry=solution(8, aflag=4), state="partial"))
    return records


def write_journal(folder: Path, records: Records) -> None:
    lines = "".join(json.dumps(record) + "\n" for record in records)
    (folder / "journal.jsonl").write_text(lines, encoding="utf-8")


@pytest.fixture
def quick_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand-ins for pictures, which have tests of their own."""
    for module in (summary, camera_summary, camera_files):
        for name in ("astrometry_picture", "conditions_picture", "sky_picture"):
            if hasattr(module, name):
                monkeypatch.setattr(module, name, lambda *_: b"\x89PNG")


@pytest.fixture
def night(tmp_path: Path, quick_pictures: None) -> Path:
    """Output folder of a reduction; gives the log folder of its camera."""
    write_journal(tmp_path, troubled())
    log = tmp_path / f"{NIGHT}LPC" / "log"
    log.mkdir(parents=True)
    write_camera_files(log, night_records(troubled()).camera("LPC"))
    return log


def test_a_report_has_everything_inside_and_no_text_becomes_markup() -> None:
    page = night_html(troubled())
    checked = Checker(page)
    assert "script" not in checked.tags
    assert "&lt;script&gt;alert(&quot;&amp;&quot;)&lt;/script&gt;" in page
    assert len(checked.sources) == 3
    for source in checked.sources:
        assert source.startswith("data:image/png;base64,")
        assert b64decode(source.partition(",")[2]).startswith(b"\x89PNG")


@pytest.mark.usefixtures("quick_pictures")
def test_a_report_is_the_same_for_the_same_journal_and_names_no_path(tmp_path: Path) -> None:
    records = troubled()
    assert write_report(records, tmp_path) == tmp_path / "report.html"
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert page == night_html(records, tmp_path)
    assert str(tmp_path) not in page


@pytest.mark.usefixtures("quick_pictures")
def test_a_report_shows_the_light_curve_overview_where_there_is_one(tmp_path: Path) -> None:
    records = troubled()
    assert "Light curves of LPC" not in night_html(records, tmp_path)
    folder = tmp_path / f"{NIGHT}LPC"
    folder.mkdir()
    (folder / "LCoverview.png").write_bytes(b"\x89PNG of curves")
    assert "Light curves of LPC" in night_html(records, tmp_path)


@pytest.mark.usefixtures("quick_pictures")
def test_a_report_counts_what_happened() -> None:
    page = night_html(troubled())
    for words in (
        "393 received, 392 reduced, 8 missing, 1 failed", "7 done, 1 partial, 1 failed",
        "7 of 8 batches solved", "1 error and 2 warnings", "Moon &amp; cloud",
        "at most 119 s (0.4 batches)", "astrometry", "masterdark.fits",
    ):  # fmt: skip
        assert words in page
    text = night_text(troubled())
    assert "393 received, 392 reduced, 8 missing, 1 failed" in text
    assert "The process ended (SIGSEGV)." in text


@pytest.mark.usefixtures("quick_pictures")
@pytest.mark.parametrize("records", [[], [header_record()], [header_record(), failed_record()]])
def test_a_night_with_nothing_has_a_report(records: Records) -> None:
    Checker(night_html(records))
    assert night_text(records)


def test_a_report_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(NightglassError, match="is not there"):
        write_report([], tmp_path / "gone")


def test_the_summary_of_a_camera_comes_from_the_journal_beside_its_log(night: Path) -> None:
    page = reduction_summary(night, "LaPalma", "LPC", NIGHT, "2016-01-31")
    checked = Checker(page)
    assert len(checked.sources) == 1
    for words in ("Reduction summary 20160130 LaPalma LPC", "2016-01-31", "393 received",
                  "at most 119 s", "1 error and 2 warnings", "&lt;script&gt;"):  # fmt: skip
        assert words in page


def test_the_summary_is_the_same_from_the_log_alone_but_for_the_lag(night: Path) -> None:
    whole = reduction_summary(night, "LaPalma", "C", NIGHT, "", "text")
    (night.parent.parent / "journal.jsonl").unlink()
    alone = reduction_summary(night / f"{NIGHT}LPC.log", "LaPalma", "LPC", NIGHT, "", "text")
    same = [line for line in whole.splitlines() if "Lag" not in line and "points" not in line]
    assert [line for line in alone.splitlines() if "Lag" not in line] == [
        line for line in same if "Light curves" not in line
    ]
    page = reduction_summary(night, "LaPalma", "LPC", NIGHT, "")
    assert "data:image/png" in page


def test_a_log_of_another_program_is_summed_up(tmp_path: Path) -> None:
    log = tmp_path / "reduction.log"
    log.write_text(
        "2016-01-30 21:04:11,123 MainThread: reduction.WARNING: image 12 skipped\n"
        "2016-01-30 21:05:11,123 MainThread: reduction.WARNING: image 13 skipped\n"
        "2016-01-30 21:06:11,123 MainThread: reduction.CRITICAL: disk full\n",
        encoding="utf-8",
    )
    text = reduction_summary(tmp_path, "LaPalma", "LPC", NIGHT, "", "text")
    assert "WARNING 2x  image 12 skipped" in text
    assert "ERROR 1x  disk full" in text
    assert "There is no picture." in reduction_summary(log, "LaPalma", "LPC", NIGHT, "")


def test_a_summary_without_a_log_or_of_an_unknown_form_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NightglassError, match="is not there"):
        reduction_summary(tmp_path, "LaPalma", "LPC", NIGHT, "")
    with pytest.raises(NightglassError, match="Choose html or text"):
        reduction_summary(tmp_path, "LaPalma", "LPC", NIGHT, "", "pdf")


@pytest.mark.usefixtures("quick_pictures")
def test_another_night_in_the_same_journal_is_not_mixed_in(tmp_path: Path) -> None:
    other = batch_record(270, night="20160131")
    write_journal(tmp_path, [header_record(), batch_record(0), other, beat_record(unix_s(0), 1.0)])
    text = reduction_summary(tmp_path, "LaPalma", "LPC", NIGHT, "", "text")
    assert "49 received" in text
