"""A journal read in pieces and sorted line by line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nightglass.core.engine.journal import JournalTail
from nightglass.core.mascara.report.records import NightBook, night_records

from . import made_night
from .made_night import MadeNight, append, batch_records

if TYPE_CHECKING:
    from pathlib import Path


def test_a_long_journal_comes_in_pieces_of_whole_lines(tmp_path: Path) -> None:
    journal = made_night.write_journal(tmp_path, "C", 4)
    tail, found, pieces = JournalTail(journal), [], 0
    while piece := tail.read(1000):
        found += piece
        pieces += 1
    assert found == JournalTail(journal).read()
    assert pieces > 10


def test_damaged_lines_are_told_with_their_place(tmp_path: Path) -> None:
    night = MadeNight(tmp_path, "C", 1, 50, True, 1)
    append(tmp_path, made_night.header_record(night))
    with open(tmp_path / "journal.jsonl", "ab") as file:
        file.write(b'{"torn\n')
    append(tmp_path, *batch_records(night, "LPC", 0))
    tail = JournalTail(tmp_path / "journal.jsonl")
    assert len(tail.read()) == 3
    assert tail.torn_after == [1]


def test_a_file_that_goes_and_comes_back_is_another_one(tmp_path: Path) -> None:
    journal = made_night.write_journal(tmp_path, "C", 1)
    tail = JournalTail(journal)
    whole = tail.read()
    journal.rename(tmp_path / "away")
    assert tail.read() == []
    (tmp_path / "away").rename(journal)
    assert tail.read() == whole
    assert tail.restarts == 1


def test_a_book_tells_the_same_as_all_lines_at_once(tmp_path: Path) -> None:
    lines = made_night.records(MadeNight(tmp_path, "CE", 6, 50, True, 1))
    book = NightBook()
    for line in lines:
        book.take(line)
        book.records()
    whole = night_records(lines)
    assert [vars(one) for one in book.records().cameras] == [
        {name: getattr(one, name) for name in vars(one)} for one in whole.cameras
    ]
    assert book.records().beats == whole.beats
    assert book.records().run == whole.run


def test_what_a_line_is_not_about_stays_the_same_object(tmp_path: Path) -> None:
    night = MadeNight(tmp_path, "CE", 6, 50, True, 1)
    book = NightBook(made_night.records(night))
    before = book.records()
    assert book.records() is before
    book.take(batch_records(night, "LPC", 2)[1])
    after = book.records()
    assert after.camera("LPE") is before.camera("LPE")
    assert after.camera("LPC") is not before.camera("LPC")


def test_the_station_is_known_from_the_cameras_where_the_driver_did_not_say(
    tmp_path: Path,
) -> None:
    night = MadeNight(tmp_path, "C", 2, 50, True, 1)
    header = made_night.header_record(night) | {"site": "", "night": "", "cameras": []}
    assert night_records([header, *batch_records(night, "LPC", 0)]).site == "LaPalma"
    assert night_records([header]).site == ""
