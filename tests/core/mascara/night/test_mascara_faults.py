"""Trouble around a driver: disks, raw files, clocks, journals. Nothing is lost or done twice."""

from __future__ import annotations

import errno
import shutil
import threading
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from nightglass.core.engine.journal import Journal, read_journal
from nightglass.core.errors import NightglassError
from nightglass.core.mascara.night import control, journalling, lock, watch
from nightglass.core.mascara.night.verbs import is_running, status_of

from .inline_slots import InlineSlots
from .listings import FIRST, frames
from .tiny_night import (
    Listing,
    at_once,
    driver_for,
    journal,
    merged,
    no_more,
    note,
    of_kind,
    played,
    reduced,
    units_made,
    without_processes,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from .tiny_night import Record


@pytest.fixture(autouse=True)
def _no_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    without_processes(monkeypatch)
    monkeypatch.setattr(lock, "_PATIENCE_S", 0.0)
    monkeypatch.setattr(journalling, "_PROBE_EVERY_S", 0.0)


@pytest.fixture
def output(tmp_path: Path) -> Path:
    return tmp_path / "out"


def after_turns(number: int) -> Callable[[list[Record]], bool]:
    turns = iter(range(number))
    return lambda _: next(turns, None) is None


class FullDisk:
    """A disk that takes nothing while it is full."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.is_full = False
        self._append, self._probe = Journal.append, journalling._probe
        monkeypatch.setattr(Journal, "append", lambda *words, **more: self.append(*words, **more))  # noqa: PLW0108
        monkeypatch.setattr(journalling, "_probe", self.probe)

    def _refuse(self) -> None:
        if self.is_full:
            raise OSError(errno.ENOSPC, "No space left on device")

    def append(self, journal: Journal, record: Record, *, settled: bool = True) -> None:
        self._refuse()
        self._append(journal, record, settled=settled)

    def probe(self, folder: Path) -> None:
        self._refuse()
        self._probe(folder)

    def fills(self) -> None:
        self.is_full = True

    def is_freed(self) -> None:
        self.is_full = False


@pytest.mark.expected_log
def test_a_live_night_waits_for_a_full_disk_and_loses_nothing(
    output: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journalling, "PATIENCE_S", 0.0)
    disk = FullDisk(monkeypatch)
    source = Listing(frames(FIRST, 101), is_over=False)
    records = played(
        output, source,
        (units_made(1), disk.fills), (after_turns(9), disk.is_freed),
        (units_made(2), no_more(source)),
    )  # fmt: skip
    reduced(output.parent / "undisturbed", Listing(source.now))
    assert merged(output) == merged(output.parent / "undisturbed")
    assert len(of_kind(records, "unit")) == len(set(of_kind(records, "unit"))) == 3


@pytest.mark.expected_log
def test_an_offline_night_gives_a_full_disk_up_and_goes_on_later(
    output: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journalling, "PATIENCE_S", 0.0)
    disk = FullDisk(monkeypatch)
    source = Listing(frames(FIRST, 101))
    with pytest.raises(NightglassError, match="full"):
        played(output, source, (units_made(1), disk.fills))
    disk.is_freed()
    assert not is_running(output)
    assert len(of_kind(reduced(output, source), "unit")) == 3


@pytest.mark.expected_log
def test_a_unit_that_meets_a_full_disk_is_made_when_there_is_room(
    output: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk = FullDisk(monkeypatch)
    listing = frames(FIRST, 50)
    note(output, listing[3], "refuse", 9)
    source = Listing(listing, is_over=False)
    heal: Callable[[], None] = lambda: note(output, listing[3], "refuse", 0)  # noqa: E731
    monkeypatch.setattr(InlineSlots, "meanwhile", lambda _: disk.fills())
    records = played(
        output, source,
        (after_turns(9), heal),
        (at_once, lambda: monkeypatch.setattr(InlineSlots, "meanwhile", None)),
        (at_once, disk.is_freed),
        (units_made(1), no_more(source)),
    )  # fmt: skip
    assert [one["state"] for one in records if one["kind"] == "unit"] == ["done"]


@pytest.mark.expected_log
def test_a_unit_that_had_too_little_room_is_made_when_there_is_more(
    output: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    free = [50_000_000]
    monkeypatch.setattr(journalling, "_free_bytes", lambda _: free[0])
    listing = frames(FIRST, 50)
    note(output, listing[3], "refuse", 1)
    source = Listing(listing, is_over=False)
    records = played(
        output, source,
        (lambda records: of_kind(records, "start"), lambda: None),
        (after_turns(9), lambda: free.append(free.pop() * 10)),
        (units_made(1), no_more(source)),
    )  # fmt: skip
    assert len(of_kind(records, "start")) == 3
    assert [one["state"] for one in records if one["kind"] == "unit"] == ["done"]


def test_a_folder_that_cannot_be_written_is_refused_and_not_kept_locked(output: Path) -> None:
    (output / "journal.jsonl").mkdir(parents=True)
    with pytest.raises(NightglassError, match=r"journal\.jsonl"):
        driver_for(output, Listing([]))
    (output / "journal.jsonl").rmdir()
    driver_for(output, Listing([])).close()


def test_a_folder_in_the_place_of_the_lock_is_told(output: Path) -> None:
    (output / "driver.lock").mkdir(parents=True)
    with pytest.raises(NightglassError, match=r"driver\.lock"):
        driver_for(output, Listing([]))


def test_an_output_that_was_replaced_is_not_written_into(output: Path) -> None:
    source = Listing(frames(FIRST, 10), is_over=False)

    def replaced() -> None:
        shutil.rmtree(output)
        output.mkdir()
        (output / "journal.jsonl").write_text("")

    with pytest.raises(NightglassError, match="output folder is gone"):
        played(output, source, (at_once, replaced))
    assert (output / "journal.jsonl").read_text() == ""


AWAY = NightglassError("Could not use a folder", "It is not there.")


@pytest.mark.expected_log
def test_a_raw_folder_that_is_unplugged_and_back_costs_nothing(output: Path) -> None:
    source = Listing(frames(FIRST, 100), is_over=False)
    records = played(
        output, source,
        (units_made(1), lambda: setattr(source, "error", AWAY)),
        (after_turns(9), lambda: setattr(source, "error", None)),
        (units_made(2), no_more(source)),
    )  # fmt: skip
    assert {one["state"] for one in records if one["kind"] == "unit"} == {"done"}


@pytest.mark.expected_log
def test_a_raw_folder_that_stays_away_ends_an_offline_night(
    output: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "PATIENCE_S", 0.0)
    source = Listing(frames(FIRST, 100))
    with pytest.raises(NightglassError, match="Could not use a folder"):
        played(output, source, (units_made(1), lambda: setattr(source, "error", AWAY)))
    source.error = None
    assert len(of_kind(reduced(output, source), "unit")) == 2


@pytest.mark.expected_log
def test_a_night_whose_frames_were_archived_is_merged_all_the_same(output: Path) -> None:
    source = Listing(frames(FIRST, 100), is_over=False)

    def archive() -> None:
        source.error = AWAY
        source.is_over = True

    assert len(of_kind(played(output, source, (units_made(2), archive)), "merge")) == 1


def test_a_frame_that_was_removed_before_its_batch_is_missing_from_it(output: Path) -> None:
    listing = frames(FIRST, 100)
    source = Listing(listing, is_over=False)

    def remove() -> None:
        source.now.remove(listing[70])
        source.is_over = True

    assert source.now == listing
    source.now = listing[:99]
    records = played(output, source, (units_made(1), remove))
    assert [one["reduced"] for one in records if one["kind"] == "unit"] == [50, 48]


@pytest.mark.expected_log
def test_a_frame_that_goes_while_it_is_reduced_is_not_asked_for_again(
    output: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    listing = frames(FIRST, 50)
    without = [file for file in listing if file is not listing[20]]
    note(output, listing[20], "refuse", 99)
    source = Listing(listing)
    monkeypatch.setattr(InlineSlots, "meanwhile", lambda _: setattr(source, "now", without))
    (unit,) = [one for one in reduced(output, source) if one["kind"] == "unit"]
    assert (unit["state"], unit["reduced"]) == ("done", 49)


def test_a_clock_that_is_set_back_and_forth_changes_nothing(
    output: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    listing = frames(FIRST, 120)
    reduced(output.parent / "undisturbed", Listing(listing))
    steps = iter([1.7e9, 2.0e9, 0.0, -5.0, 1.7e9] * 10_000)
    monkeypatch.setattr("time.time", lambda: next(steps))
    records = reduced(output, Listing(listing))
    assert merged(output) == merged(output.parent / "undisturbed")
    assert len(of_kind(records, "unit")) == 3
    assert "finished" in status_of(output).to_text()


def test_a_lock_that_was_taken_for_stale_and_removed_keeps_others_out(output: Path) -> None:
    first = driver_for(output, Listing([]))
    (output / "driver.lock").unlink()
    assert is_running(output)
    with pytest.raises(NightglassError, match="being reduced already"):
        driver_for(output, Listing([]))
    first.close()
    assert not is_running(output)
    driver_for(output, Listing([])).close()


def test_a_lock_file_of_a_driver_that_died_means_nothing(output: Path) -> None:
    output.mkdir()
    (output / "driver.lock").write_bytes(b"\xff\xfe 99999999999\n" * 100)
    assert not is_running(output)
    assert len(of_kind(reduced(output, Listing(frames(FIRST, 10))), "unit")) == 1


def tear_the_tail(content: bytes) -> bytes:
    return content[: content.rindex(b'"kind":"merge"')]


def cut_amid(content: bytes) -> bytes:
    lines = content.splitlines(keepends=True)
    return b"".join(lines[: len(lines) // 2]) + lines[-1][:20]


def garbage_amid(content: bytes) -> bytes:
    half = content.index(b"\n", len(content) // 2) + 1
    garbage = b'\x00\x00\xff[1]\n{"kind":"unit"}\n{"kind":"suspect"}\n\n'
    return content[:half] + garbage + content[half:]


def zeros_at_the_end(content: bytes) -> bytes:
    return content + bytes(4096)


def wrong_shapes(content: bytes) -> bytes:
    return content + (
        b'{"kind":"control"}\n{"kind":"unit","unit":7}\n{"kind":"merge","unit":null}\n'
        b'{"kind":["unit"]}\n{"kind":"suspect","unit":"x"}\n{"kind":"beat","cameras":3}\n'
    )


@pytest.mark.parametrize(
    "harm",
    [tear_the_tail, cut_amid, garbage_amid, zeros_at_the_end, wrong_shapes, lambda _: b""],
    ids=["torn", "cut", "garbage", "zeros", "shapes", "empty"],
)
def test_a_damaged_journal_costs_the_units_it_lost(
    output: Path, harm: Callable[[bytes], bytes]
) -> None:
    source = Listing(frames(FIRST, 120))
    reduced(output, source)
    before = merged(output)
    path = output / "journal.jsonl"
    path.write_bytes(harm(path.read_bytes()))
    records = reduced(output, source)
    assert merged(output) == before
    assert records[-1]["state"] == "finished"
    assert status_of(output).state == "finished"
    assert not list(output.glob("*/tmp"))


def test_garbage_in_the_control_folder_is_cleared_and_harmless(output: Path) -> None:
    folder = output / "control"
    (folder / "000001.json").mkdir(parents=True)
    for number, content in enumerate((b"", b"\xff\x00", b'{"what": ["stop"]}', b"[" * 99_999), 2):
        (folder / f"{number:06d}.json").write_bytes(content)
    records = reduced(output, Listing(frames(FIRST, 10)))
    assert len(of_kind(records, "unit")) == 1
    assert [path.name for path in folder.iterdir()] == ["000001.json"]


def test_a_file_in_the_place_of_the_control_folder_is_harmless(output: Path) -> None:
    output.mkdir()
    (output / "control").write_text("")
    assert control.orders(output / "control") == []
    assert len(of_kind(reduced(output, Listing(frames(FIRST, 10))), "unit")) == 1


@pytest.mark.parametrize(
    "change", [{"catalogue_key": "others"}, {"slow_limit_vmag": 9.0}], ids=["catalogue", "settings"]
)
def test_what_a_merged_night_was_made_from_changes_and_it_is_made_anew(
    output: Path, change: dict[str, object]
) -> None:
    source = Listing(frames(FIRST, 20, kind="dark") + frames(FIRST + 50, 60))
    first = len(of_kind(reduced(output, source), "unit"))
    records = reduced(output, source, **change)
    assert len(of_kind(records, "unit")) == 2 * first
    assert len(of_kind(records, "merge")) == 2
    assert len(of_kind(reduced(output, source, **change), "merge")) == 2


def test_a_frame_that_comes_after_the_merge_opens_the_night_again(output: Path) -> None:
    listing = frames(FIRST, 120)
    late = listing.pop(60)
    reduced(output, Listing(listing))
    records = reduced(output, Listing([*listing, late]))
    assert len(of_kind(records, "merge")) == 2
    reduced(output.parent / "whole", Listing([*listing, late]))
    assert merged(output) == merged(output.parent / "whole")
    assert not list(output.glob("*/tmp"))


def test_a_late_frame_does_not_undo_a_merged_night_whose_frames_were_archived(
    output: Path,
) -> None:
    listing = frames(FIRST, 120)
    late = listing.pop(60)
    reduced(output, Listing(listing))
    before = merged(output)
    records = reduced(output, Listing([*listing[55:], late]))
    assert merged(output) == before
    assert len(of_kind(records, "merge")) == 1


def test_a_late_frame_of_a_batch_whose_others_were_archived_does_not_undo_it(output: Path) -> None:
    listing = frames(FIRST, 101)
    late = listing.pop(20)
    source = Listing(listing, is_over=False)

    def archive() -> None:
        source.now = [late, *listing[40:]]

    records = played(
        output, source,
        (units_made(1), archive), (after_turns(5), no_more(source)),
    )  # fmt: skip
    assert [one["reduced"] for one in records if one["kind"] == "unit"] == [49, 50, 1]


def test_darks_that_were_archived_stay_in_force(output: Path) -> None:
    darks, listing = frames(FIRST, 20, kind="dark"), frames(FIRST + 50, 100)
    source = Listing(darks + listing, is_over=False)

    def archive() -> None:
        source.now = darks[7:] + listing

    def archive_all() -> None:
        source.now = listing
        source.is_over = True

    records = played(output, source, (units_made(1), archive), (after_turns(5), archive_all))
    assert len(of_kind(records, "dark")) == 1
    assert len(of_kind(records, "unit")) == 2
    assert merged(output).count(f"master-{darks[0].path.name}") == 2


def test_a_master_that_was_deleted_is_made_again(output: Path) -> None:
    darks, listing = frames(FIRST, 20, kind="dark"), frames(FIRST + 50, 50)
    reduced(output, Listing(darks + listing))
    for path in output.parent.glob("notes/masters/*"):
        path.unlink()
    records = reduced(output, Listing(darks + listing))
    assert len(of_kind(records, "dark")) == 2
    assert len(of_kind(records, "unit")) == 1


def test_a_frame_that_is_there_twice_is_counted_and_used_once(output: Path) -> None:
    listing = frames(FIRST, 50)
    again = replace(listing[7], path=output / f"{listing[7].path.name}.gz")
    records = reduced(output, Listing([*listing, again]))
    (unit,) = [one for one in records if one["kind"] == "unit"]
    assert unit["reduced"] == 50
    assert [one["duplicates"] for one in records if one["kind"] == "beat"] == [[again.path.name]]


def test_a_growing_frame_is_waited_for(output: Path) -> None:
    listing = frames(FIRST, 51)
    source = Listing([*listing[:49], replace(listing[49], size=5, is_whole=False), listing[50]],
                     is_over=False)  # fmt: skip
    records = played(
        output, source,
        (after_turns(9), lambda: source.now.__setitem__(49, listing[49])),
        (units_made(1), no_more(source)),
    )  # fmt: skip
    assert len(of_kind(records, "unit")) == 2


@pytest.mark.expected_log
def test_a_listener_that_went_away_does_not_stop_the_night(output: Path) -> None:
    def tell(_: Record) -> None:
        raise BrokenPipeError(errno.EPIPE, "Broken pipe")

    assert driver_for(output, Listing(frames(FIRST, 60)), tell).reduce() == "finished"
    assert len(of_kind(journal(output), "unit")) == 2


def test_an_end_that_is_asked_for_midway_keeps_what_is_done(output: Path) -> None:
    source = Listing(frames(FIRST, 120))
    event = threading.Event()
    driver = driver_for(output, source, lambda one: one["kind"] == "unit" and event.set())
    assert driver.reduce(event.is_set) == "stopped"
    assert read_journal(output / "journal.jsonl")[-1]["state"] == "stopped"
    assert len(of_kind(reduced(output, source), "unit")) == 3


def test_half_written_files_of_killed_processes_are_removed(output: Path) -> None:
    for name in (".room-for-more", "20150222LPC/fLC/.fLC-abcd1234.hdf5", "work/.c-1-q_45ab78.npz"):
        path = output / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("half")
    reduced(output, Listing(frames(FIRST, 10)))
    assert not list(output.rglob(".*"))


def test_asking_whether_a_night_is_driven_does_not_keep_a_driver_out(
    output: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lock, "_PATIENCE_S", 5.0)
    output.mkdir()
    (output / "driver.lock").touch()
    claims = iter([True, False, False])
    flock = lock.fcntl.flock

    def busy_at_first(file: object, how: int) -> None:
        if next(claims, False):
            raise BlockingIOError
        flock(file, how)  # type: ignore[arg-type]

    monkeypatch.setattr(lock.fcntl, "flock", busy_at_first)
    driver_for(output, Listing([])).close()
