"""Mapped where that is safe, positioned reads everywhere else."""

import os
import subprocess
import sys
import time

import numpy as np
import pytest
from nightglass.core.errors import NightglassError
from nightglass.core.frames.positioned import Handle, IncompleteFileError
from nightglass.core.frames.raw_block import RawBlock

SHAPE = (4, 6, 8)
OFFSET = 2880
TRUTH = np.arange(np.prod(SHAPE), dtype=">i2").reshape(SHAPE)


@pytest.fixture
def path(tmp_path):
    file = tmp_path / "block.bin"
    file.write_bytes(bytes(OFFSET) + TRUTH.tobytes() + bytes(100))
    os.utime(file, (1_700_000_000, 1_700_000_000))
    return file


def block(path, mapping=None):
    return RawBlock(Handle(path), OFFSET, ">i2", SHAPE, mapping)


@pytest.mark.parametrize("mapping", [True, False])
def test_rows_are_those_of_the_plane(path, mapping):
    planes = block(path, mapping)
    np.testing.assert_array_equal(planes.rows(2, 1, 5), TRUTH[2, 1:5])
    assert planes.mapped is mapping


def test_a_settled_local_file_is_mapped_and_a_fresh_one_is_not(path):
    planes = block(path)
    planes.rows(0, 0, 1)
    assert planes.mapped
    os.utime(path, (time.time(), time.time()))
    fresh = block(path)
    fresh.rows(0, 0, 1)
    assert not fresh.mapped


def test_a_file_is_mapped_once_it_has_settled(path):
    os.utime(path, (time.time(), time.time()))
    planes = block(path)
    planes.rows(0, 0, 1)
    os.utime(path, (1_700_000_000, 1_700_000_000))
    planes.rows(0, 0, 1)
    assert planes.mapped


def test_a_file_on_a_network_disk_is_never_mapped(path, monkeypatch):
    monkeypatch.setattr("nightglass.core.frames.raw_block.is_local", lambda _: False)
    planes = block(path)
    np.testing.assert_array_equal(planes.rows(1, 0, 6), TRUTH[1])
    assert not planes.mapped


def test_mapped_rows_cannot_be_written_to(path):
    view = block(path, True).rows(0, 0, 6)
    with pytest.raises(ValueError, match="read-only"):
        view[0, 0] = 1


def test_a_mapped_file_that_shrank_is_not_touched_through_the_map(path):
    planes = block(path)
    planes.rows(0, 0, 6)
    assert planes.mapped
    os.truncate(path, OFFSET + TRUTH[0].nbytes)
    np.testing.assert_array_equal(planes.rows(0, 0, 6), TRUTH[0])
    assert not planes.mapped
    with pytest.raises(IncompleteFileError, match=r"block\.bin ends after"):
        planes.rows(3, 0, 6)


def test_a_file_cut_during_a_read_is_a_sentence(path, monkeypatch):
    real = os.preadv

    def half_then_cut(fd, buffers, offset):
        count = real(fd, [buffers[0][: len(buffers[0]) // 2]], offset)
        os.truncate(path, offset + count)
        return count

    monkeypatch.setattr(os, "preadv", half_then_cut)
    with pytest.raises(IncompleteFileError, match="is being written"):
        block(path, False).rows(1, 0, 6)


CUTTER = """
import os, sys, threading
import numpy as np
from nightglass.core.errors import NightglassError
from nightglass.core.frames.positioned import Handle
from nightglass.core.frames.raw_block import RawBlock
path, whole = sys.argv[1], 4_000_000
planes = RawBlock(Handle(path), 0, ">i2", (20, 100, 1000), None)
stop = threading.Event()
def cut():
    while not stop.is_set():
        os.truncate(path, 1000)
        os.truncate(path, whole)
writer = threading.Thread(target=cut)
writer.start()
cut_short = 0
for turn in range(3000):
    try:
        planes.rows(turn % 20, 0, 100).sum()
    except NightglassError:
        cut_short += 1
stop.set()
writer.join()
print(cut_short)
"""


def test_a_writer_that_truncates_again_and_again_does_not_kill_the_process(tmp_path):
    path = tmp_path / "live.bin"
    path.write_bytes(bytes(4_000_000))
    done = subprocess.run(
        [sys.executable, "-c", CUTTER, str(path)], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert int(done.stdout) >= 0


@pytest.mark.parametrize(
    "buffer",
    [np.empty((6, 8), "<i2"), np.empty((5, 8), ">i2"), np.empty((6, 16), ">i2")[:, ::2]],
    ids=["byte order", "shape", "not contiguous"],
)
def test_a_buffer_that_does_not_fit_is_refused(path, buffer):
    with pytest.raises(ValueError, match="contiguous"):
        block(path, False).rows(0, 0, 6, buffer)


def test_views_outlive_the_block(path):
    planes = block(path, True)
    view = planes.rows(3, 0, 6)
    planes.close()
    np.testing.assert_array_equal(view, TRUTH[3])
    with pytest.raises(NightglassError, match="closed"):
        planes.rows(0, 0, 1)


def test_an_unplugged_disk_is_a_sentence(path, monkeypatch):
    def gone(*_):
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "preadv", gone)
    with pytest.raises(NightglassError, match="the disk reports an error") as caught:
        block(path, False).rows(0, 0, 6)
    assert str(path) in str(caught.value)
