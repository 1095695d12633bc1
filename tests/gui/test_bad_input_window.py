"""Bad files through the window: one clear sentence each, the rest usable, the disk as it was."""

from __future__ import annotations

import errno
import hashlib
import os
from typing import TYPE_CHECKING

import numpy as np
import pytest
from astropy.io import fits
from nightglass.core.frames.positioned import Handle
from PyQt6.QtCore import Qt

from ..core.lightspeed.writer import cube_name, hdus, write_cube
from ..core.workbench.night import BUNDLES, OTHER, SPEC, BrokenSource, written

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from .desktop import Desktop

pytestmark = pytest.mark.expected_log


def sums(folder: Path) -> dict[str, str]:
    """Content and time of every file in a folder."""
    return {
        str(path): hashlib.sha256(path.read_bytes()).hexdigest() + str(path.stat().st_mtime_ns)
        for path in folder.rglob("*")
        if path.is_file()
    }


def cut(share: float) -> Callable[[Path], None]:
    def spoil(path: Path) -> None:
        os.truncate(path, int(path.stat().st_size * share))

    return spoil


def text(path: Path) -> None:
    path.write_bytes(b"clouds from the west\n" * 300)


def wrong_units(path: Path) -> None:
    fits.HDUList([fits.PrimaryHDU(), hdus(SPEC, 2)[2]]).writeto(path, overwrite=True)


def floats(path: Path) -> None:
    unit = hdus(SPEC, 2)
    image = fits.ImageHDU(np.zeros((BUNDLES, 4, 4), np.float64), name="DATA_CUBE")
    fits.HDUList([unit[0], image, unit[2]]).writeto(path, overwrite=True)


def no_frames(path: Path) -> None:
    unit = hdus(SPEC, 2)
    unit[1].header["NAXIS3"] = 0
    heads = "".join(one.header.tostring() for one in unit)
    path.write_bytes(heads.encode() + np.array(unit[2].data).tobytes().ljust(2880, b"\0"))


def no_permission(path: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("the superuser may read everything")
    path.chmod(0)


SPOILT = {
    "truncated": cut(0.9),
    "half-written": cut(0.5),
    "empty": cut(0.0),
    "not FITS": text,
    "wrong HDUs": wrong_units,
    "wrong type of numbers": floats,
    "zero frames": no_frames,
    "no permission": no_permission,
}


def is_usable(desktop: Desktop, folder: Path) -> bool:
    """Open something sound, step to its end, zoom."""
    desktop.open(written(folder / "sound", OTHER))
    desktop.act("frame.last")
    desktop.wait_for_picture()
    desktop.look_at_picture()
    desktop.press(Qt.Key.Key_Z)
    return desktop.view.frame == 3 * BUNDLES - 1


@pytest.mark.parametrize("case", SPOILT)
def test_a_spoilt_cube_is_one_sentence_and_costs_only_its_own_frames(
    desktop: Desktop, tmp_path: Path, case: str
) -> None:
    data = tmp_path / "data"
    alone, folder = data / "alone", written(data / "night")
    alone.mkdir()
    for path in (write_cube(alone, SPEC, 2), folder / cube_name(SPEC, 2)):
        SPOILT[case](path)
    before = {} if case == "no permission" else sums(data)
    # By itself: there is nothing to show, and one sentence says why.
    desktop.running.captures.open([alone / cube_name(SPEC, 2)])
    desktop.wait(lambda: desktop.problems and desktop.window.toasts.toasts)
    desktop.wait(desktop.is_idle)
    (problem,) = desktop.problems
    assert cube_name(SPEC, 2) in f"{problem.title} {problem.text}"
    assert problem.hint
    assert "\n" not in str(problem)
    assert "Error" not in problem.text
    assert desktop.window.toasts.toasts[0].problem.text == problem.text
    assert desktop.capture is None
    # Among sound ones: they are shown and counted.
    desktop.bench.problems.clear()
    desktop.open(folder)
    desktop.wait(lambda: desktop.capture.counted == 2 * BUNDLES)
    (problem,) = desktop.problems
    assert cube_name(SPEC, 2) in f"{problem.title} {problem.text}"
    assert problem.hint
    desktop.act("frame.last")
    desktop.wait_for_picture()
    expected = fits.getdata(folder / cube_name(SPEC, 3), 1)[-1]
    np.testing.assert_array_equal(desktop.picture.values(), expected)
    desktop.look_at_picture()
    desktop.press(Qt.Key.Key_Z)
    assert desktop.view.frame == 2 * BUNDLES - 1
    assert case == "no permission" or sums(data) == before


def test_a_renamed_cube_opens(desktop: Desktop, tmp_path: Path) -> None:
    path = write_cube(tmp_path, SPEC, 1).rename(tmp_path / "the good one.fits")
    desktop.open(path)
    assert desktop.capture.captured == BUNDLES
    assert desktop.problems == ()


def test_mixed_captures_in_one_folder_are_kept_apart(desktop: Desktop, tmp_path: Path) -> None:
    folder = written(tmp_path / "night")
    written(folder, OTHER)
    write_cube(folder, SPEC.with_(rows=6, columns=8), 4)
    (folder / "notes.txt").write_text("clouds")
    fits.PrimaryHDU(np.zeros((4, 5), np.float32)).writeto(folder / "master_bias.fits")
    before = sums(folder)
    desktop.open(folder)
    desktop.wait(lambda: len(desktop.bench.desk) == 2)
    assert [capture.captured for capture in desktop.bench.desk] == [3 * BUNDLES, 3 * BUNDLES]
    told = " ".join(entry.text for entry in desktop.bench.problems.entries())
    assert cube_name(SPEC, 4) in told
    assert sums(folder) == before


@pytest.mark.parametrize("kind", [np.float32, np.float64])
def test_an_image_with_pixels_without_numbers_is_shown(desktop, tmp_path: Path, kind) -> None:
    values = np.random.default_rng(5).normal(500.0, 9.0, (60, 80)).astype(kind)
    values[10:20, 30:40] = np.nan
    values[0, 0], values[1, 1] = np.inf, -np.inf
    fits.PrimaryHDU(values).writeto(tmp_path / "sky.fits")
    desktop.open(tmp_path / "sky.fits")
    picture = desktop.picture.picture
    assert 400 < picture.low < picture.high < 600
    for key in ("stretch.log", "stretch.histogram", "limits.minmax", "limits.99", "stack.mean"):
        desktop.act(key)
        desktop.wait(desktop.is_idle)
    assert desktop.problems == ()


def test_an_image_of_nothing_but_nan_is_shown(desktop: Desktop, tmp_path: Path) -> None:
    fits.PrimaryHDU(np.full((9, 9), np.nan, np.float32)).writeto(tmp_path / "void.fits")
    desktop.open(tmp_path / "void.fits")
    for key in ("stretch.histogram", "limits.minmax", "limits.99", "view.magnifier"):
        desktop.act(key)
        desktop.wait(desktop.is_idle)
    assert desktop.problems == ()


def test_a_table_without_an_image_says_so(desktop: Desktop, tmp_path: Path) -> None:
    table = fits.BinTableHDU.from_columns([fits.Column("a", "D", array=np.zeros(3))])
    table.writeto(tmp_path / "table.fits")
    desktop.running.captures.open([tmp_path / "table.fits"])
    desktop.wait(lambda: desktop.problems)
    (problem,) = desktop.problems
    assert "table.fits" in problem.text
    assert problem.hint


def test_an_empty_folder_and_one_that_is_not_there(desktop: Desktop, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    desktop.running.captures.open([tmp_path / "empty", tmp_path / "gone"])
    desktop.wait(lambda: len(desktop.problems) == 2)
    told = [problem.text for problem in desktop.problems]
    assert any("empty" in words for words in told)
    assert any("gone" in words for words in told)


def test_a_disk_that_is_unplugged_while_scrubbing_is_one_problem(
    desktop: Desktop, tmp_path: Path
) -> None:
    path = tmp_path / "cube.fits"
    source = BrokenSource(path, OSError(errno.EIO, "Input/output error", str(path)))
    desktop.bench.desk.put(source)
    desktop.wait_for_picture()
    for frame in (1, 2, 3, 4, 5, 9, 19):
        desktop.window.timeline.frameRequested.emit(frame)
        desktop.wait(desktop.is_idle)
    (problem,) = desktop.problems
    assert path.name in problem.text
    assert "disk" in problem.text
    assert "cable" in problem.hint
    assert len(desktop.window.toasts.toasts) == 1
    assert desktop.picture.frame == 4
    desktop.bench.transport.go_to(2)
    desktop.wait_for_picture()
    assert is_usable(desktop, tmp_path)


def test_a_disk_that_is_gone_under_an_open_capture_leaves_the_window_usable(
    desktop: Desktop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = written(tmp_path / "disk")
    desktop.open(folder)
    desktop.wait(lambda: desktop.capture.counted == 3 * BUNDLES)
    desktop.bench.desk.close(desktop.bench.desk.order[0])

    def gone(self: Handle, *_: object) -> bytes:
        raise OSError(errno.ENODEV, "No such device", str(self.path))

    for name in ("read", "read_into"):
        if hasattr(Handle, name):
            monkeypatch.setattr(Handle, name, gone)
    desktop.running.captures.open([folder])
    desktop.wait(lambda: desktop.problems)
    desktop.wait(desktop.is_idle)
    assert any("disk was unplugged" in problem.text for problem in desktop.problems)
    monkeypatch.undo()
    desktop.open(folder)
    desktop.wait(lambda: desktop.capture.counted == 3 * BUNDLES)


@pytest.mark.usefixtures("quick_looks")
def test_a_spoilt_cube_in_a_followed_folder_stops_nobody(desktop: Desktop, tmp_path: Path) -> None:
    folder = written(tmp_path / "tonight", cubes=1)
    desktop.bench.follow(folder)
    desktop.wait(lambda: desktop.capture is not None and desktop.capture.counted == BUNDLES)
    spoilt = write_cube(folder, SPEC, 2)
    cut(0.5)(spoilt)
    text(folder / cube_name(SPEC, 3))
    write_cube(folder, SPEC, 4)
    desktop.wait(lambda: desktop.capture.counted == 2 * BUNDLES)
    desktop.wait(lambda: desktop.view.frame == 2 * BUNDLES - 1)
    desktop.wait_for_picture()
    write_cube(folder, SPEC, 2)
    desktop.wait(lambda: desktop.capture.counted == 3 * BUNDLES)


def test_what_does_not_open_is_not_remembered(desktop: Desktop, tmp_path: Path) -> None:
    desktop.drop(tmp_path / "gone.fits")
    desktop.wait(lambda: bool(desktop.bench.problems.entries()))
    assert desktop.bench.settings.recent == []
