"""Disk, folders and journal are trouble while a night is reduced: told, and mended in the panel."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtTest import QTest

from .night_at_work import Reduction, Watcher, is_seen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from ..desktop import Desktop

pytestmark = [pytest.mark.slow, pytest.mark.expected_log]
DEAD, GONE, TORN = "The reduction is dead", "The output folder is gone", "The journal is damaged"


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own, which can be made smaller and greater."""
    disk = tmp_path / "disk"
    disk.mkdir()
    try:
        mount("-t", "tmpfs", "-o", "size=3g", "tmpfs", disk)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("only the superuser can make a small disk")
    yield disk
    subprocess.run(["umount", "-l", str(disk)], check=True)


def mount(*words: object) -> None:
    subprocess.run(["mount", *map(str, words)], check=True, capture_output=True)


def resize(disk: Path, size_bytes: int) -> None:
    """Give a disk another size."""
    mount("-o", f"remount,size={size_bytes}", disk)


def test_a_full_disk_is_told_and_with_room_the_reduction_goes_on_by_itself(
    start: Callable[..., Desktop], written: Path, small_disk: Path
) -> None:
    reduction = Reduction((written,), small_disk / "products")
    watcher = Watcher(start(night=reduction.output))
    try:
        watcher.begin(reduction)
        resize(small_disk, shutil.disk_usage(small_disk).used + 65_536)
        watcher.is_told("The disk is full", "MB are free", "nothing that is done is lost")
        done = len(reduction.done)
        resize(small_disk, 3 << 30)
        watcher.wait_without("The disk is")
        watcher.wait_long(lambda: len(reduction.done) > done)
        watcher.wait_long(lambda: len(set(reduction.done)) == 4)
        assert reduction.is_driven
        assert not [one for one in reduction.records if one.get("state") == "failed"]
    finally:
        reduction.end()


def test_an_output_that_went_away_is_told_and_once_back_goes_on_by_the_button(
    watcher: Watcher, reduction: Reduction, tmp_path: Path
) -> None:
    watcher.begin(reduction)
    watcher.wait_long(lambda: reduction.done)
    reduction.output.rename(tmp_path / "away")
    watcher.is_told(GONE, "removed, renamed, or its disk unplugged")
    watcher.wait(lambda: reduction.pid and not reduction.workers)
    (tmp_path / "away").rename(reduction.output)
    watcher.is_told(DEAD)
    assert GONE not in watcher.words
    done = len(reduction.done)
    watcher.click(DEAD)
    watcher.wait_long(lambda: len(reduction.done) > done)
    watcher.wait(lambda: not watcher.words)


def test_after_an_output_was_deleted_the_night_is_started_anew_by_the_button(
    watcher: Watcher, reduction: Reduction
) -> None:
    watcher.begin(reduction)
    watcher.wait_long(lambda: reduction.done)
    shutil.rmtree(reduction.output)
    watcher.is_told(GONE)
    watcher.wait(lambda: not reduction.workers)
    watcher.click(GONE)
    dialog = watcher.desktop.running.night.launch._start.dialog
    watcher.wait(lambda: is_seen(dialog))
    watcher.wait_long(dialog.start_button.isEnabled)
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    watcher.wait_long(lambda: reduction.layout.journal.exists() and reduction.done)
    watcher.wait(lambda: not watcher.words)


def test_raw_frames_that_went_away_are_told_and_once_back_the_night_goes_on_by_itself(
    start: Callable[..., Desktop], written: Path, tmp_path: Path
) -> None:
    raw = tmp_path / "raw"
    shutil.copytree(written, raw)
    reduction = Reduction((raw,), tmp_path / "products")
    watcher = Watcher(start(night=reduction.output))
    try:
        watcher.begin(reduction)
        watcher.wait_long(lambda: reduction.done)
        raw.rename(tmp_path / "away")
        watcher.is_told("The raw frames are away", str(raw), "goes on by itself")
        (tmp_path / "away").rename(raw)
        watcher.wait_without("The raw frames are away")
        watcher.wait_long(lambda: len(set(reduction.done)) == 4)
        assert reduction.is_driven
        assert not [one for one in reduction.records if one.get("state") == "failed"]
    finally:
        reduction.end()


def test_a_torn_journal_is_told_and_stop_and_go_on_make_again_what_was_lost(
    watcher: Watcher, reduction: Reduction
) -> None:
    watcher.begin(reduction)
    watcher.wait_long(lambda: reduction.done)
    lost = damage(reduction)
    watcher.is_told(TORN, "1 line", "Stop and resume makes again")
    assert lost not in reduction.done
    watcher.click(TORN)
    watcher.agree()
    watcher.wait_long(lambda: not reduction.is_driven)
    watcher.is_told("The night is not finished", "was stopped")
    watcher.click("The night is not finished")
    watcher.wait_long(lambda: lost in reduction.done)
    watcher.wait(lambda: not watcher.words)


def damage(reduction: Reduction) -> str:
    """Overwrite the record of a batch in place, as a bad disk does; which it was."""
    journal, unit = reduction.layout.journal, reduction.done[0]
    place = journal.read_bytes().index(f'"kind":"unit","unit":"{unit}"'.encode())
    with open(journal, "r+b") as file:
        file.seek(place)
        file.write(bytes(20))
    return unit
