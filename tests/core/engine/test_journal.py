"""The journal: what is in it was on the disk first, and a crash costs one line at most."""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING

import pytest
from nightglass.core.engine import journal as module
from nightglass.core.engine.journal import Journal, JournalTail, read_journal

if TYPE_CHECKING:
    from pathlib import Path


def written(path: Path, *numbers: int) -> None:
    journal = Journal(path)
    for number in numbers:
        journal.append({"number": number})
    journal.close()


def numbers(path: Path) -> list[int]:
    return [record["number"] for record in read_journal(path)]


def test_records_come_back_in_order_over_two_runs(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    written(path, 1, 2)
    written(path, 3)
    assert numbers(path) == [1, 2, 3]


def test_a_journal_that_is_not_there_has_no_records(tmp_path: Path) -> None:
    assert read_journal(tmp_path / "absent.jsonl") == []


@pytest.mark.parametrize("torn", [b'{"number":2', b"\xff\x00{", b"[1]", b'"text"', b"{}x"])
def test_a_torn_line_is_skipped_counted_and_written_below(tmp_path: Path, torn: bytes) -> None:
    path = tmp_path / "journal.jsonl"
    written(path, 1)
    with open(path, "ab") as file:
        file.write(torn)
    written(path, 3)
    tail = JournalTail(path)
    assert [record["number"] for record in tail.read()] == [1, 3]
    assert tail.skipped == 1


def test_a_tail_reads_only_whole_lines_and_goes_on_where_it_stopped(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    tail = JournalTail(path)
    assert tail.read() == []
    path.write_bytes(b'{"number":1}\n{"numb')
    assert tail.read() == [{"number": 1}]
    with open(path, "ab") as file:
        file.write(b'er":2}\n')
    assert tail.read() == [{"number": 2}]
    assert tail.read() == []
    assert tail.skipped == 0


def test_a_tail_starts_anew_when_the_journal_was_replaced(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    written(path, 1, 2)
    tail = JournalTail(path)
    tail.read()
    (tmp_path / "other").write_bytes(b'{"number":7}\n')
    (tmp_path / "other").rename(path)
    assert tail.read() == [{"number": 7}]


def test_a_settled_record_is_forced_to_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    forced = []
    monkeypatch.setattr(module.os, "fsync", forced.append)
    journal = Journal(tmp_path / "journal.jsonl")
    journal.append({"number": 1}, settled=False)
    assert forced == []
    journal.append({"number": 2})
    assert len(forced) == 1
    journal.close()


def test_a_full_disk_is_told(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.jsonl")
    journal._file.close()
    journal._file = _FullAfter(tmp_path / "journal.jsonl", 5)
    with pytest.raises(OSError, match="No space"):
        journal.append({"number": 1})
    journal.close()
    assert (tmp_path / "journal.jsonl").read_bytes() == b""
    written(tmp_path / "journal.jsonl", 1)
    assert numbers(tmp_path / "journal.jsonl") == [1]


class _FullAfter:
    """A file on a disk with room for so many bytes."""

    def __init__(self, path: Path, room: int) -> None:
        self._file = open(path, "ab", buffering=0)  # noqa: SIM115
        self._room = room
        self.fileno, self.truncate, self.close = (
            self._file.fileno, self._file.truncate, self._file.close,
        )  # fmt: skip

    def write(self, content: bytes) -> int:
        if self._room == 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        count = self._file.write(content[: self._room])
        self._room -= count
        return count
