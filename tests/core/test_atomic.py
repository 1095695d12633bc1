"""A file is complete or as it was."""

from __future__ import annotations

import errno
import os
import stat
from typing import TYPE_CHECKING

import pytest
from nightglass.core import atomic

if TYPE_CHECKING:
    from pathlib import Path

posix_only = pytest.mark.skipif(os.name == "nt", reason="file modes and links of POSIX")


def test_the_new_content_appears_at_the_end_of_the_block(tmp_path: Path) -> None:
    final = tmp_path / "master.fits"
    final.write_text("old")
    with atomic.replacing(final) as temporary:
        temporary.write_text("new")
        assert final.read_text() == "old"
        assert temporary.parent == tmp_path
        assert temporary.suffix == ".fits"
        assert temporary.name.startswith(".")
    assert final.read_text() == "new"
    assert list(tmp_path.iterdir()) == [final]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_a_block_that_raises_leaves_everything_as_it_was(
    error: type[BaseException], tmp_path: Path
) -> None:
    final = tmp_path / "a.json"
    final.write_text("old")

    def write_half() -> None:
        with atomic.replacing(final) as temporary:
            temporary.write_text("half")
            raise error

    with pytest.raises(error):
        write_half()
    assert final.read_text() == "old"
    assert list(tmp_path.iterdir()) == [final]


def test_a_full_disk_leaves_everything_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    final = tmp_path / "a.json"
    atomic.write_text(final, "old")
    monkeypatch.setattr(atomic.os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        atomic.write_text(final, "new")
    assert final.read_text() == "old"
    assert list(tmp_path.iterdir()) == [final]


def test_a_folder_that_cannot_be_synced_is_no_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fsync = os.fsync

    def files_only(descriptor: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(errno.EINVAL, "Invalid argument")
        fsync(descriptor)

    monkeypatch.setattr(atomic.os, "fsync", files_only)
    atomic.write_bytes(tmp_path / "a", b"\x00\x01")
    assert (tmp_path / "a").read_bytes() == b"\x00\x01"


def test_a_missing_folder_is_an_error_of_the_system(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        atomic.write_text(tmp_path / "nowhere" / "a", "x")


def test_text_is_written_as_utf8(tmp_path: Path) -> None:
    atomic.write_text(tmp_path / "a", "5 µs\n")
    assert (tmp_path / "a").read_bytes() == b"5 \xc2\xb5s\n"


def test_the_longest_name_can_be_written(tmp_path: Path) -> None:
    final = tmp_path / ("n" * 250 + ".fits")
    atomic.write_text(final, "x")
    assert final.read_text() == "x"


@posix_only
def test_a_new_file_has_the_usual_mode_and_a_replaced_one_keeps_its_own(tmp_path: Path) -> None:
    final = tmp_path / "a"
    atomic.write_text(final, "1")
    mask = os.umask(0)
    os.umask(mask)
    assert stat.S_IMODE(final.stat().st_mode) == 0o666 & ~mask
    final.chmod(0o640)
    atomic.write_text(final, "2")
    assert stat.S_IMODE(final.stat().st_mode) == 0o640


@posix_only
def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    real, link = tmp_path / "elsewhere" / "real", tmp_path / "link"
    link.symlink_to(real)
    for text in ("first", "second"):
        atomic.write_text(link, text)
        assert link.is_symlink()
        assert real.read_text() == text


def test_a_pipe_or_device_is_never_replaced(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(FileExistsError, match="device or a pipe"):
        atomic.write_text(pipe, "new")
    assert pipe.is_fifo()
    assert list(tmp_path.iterdir()) == [pipe]
