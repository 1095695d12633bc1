"""The skeleton of a FITS file is astropy's, and every broken one is a sentence."""

import os
from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits
from nightglass.core.errors import NightglassError
from nightglass.core.frames.disks import _type_of, is_local
from nightglass.core.frames.fits_blocks import scan
from nightglass.core.frames.positioned import Handle, IncompleteFileError


@pytest.fixture
def several(tmp_path):
    path = tmp_path / "several.fits"
    long_header = fits.ImageHDU(np.zeros((3, 4), np.float32), name="LONG")
    for index in range(2000):
        long_header.header[f"K{index}"] = index
    table = fits.BinTableHDU.from_columns(
        [fits.Column("A", "PD()", array=np.array([[1.0], [2.0, 3.0]], dtype=object))], name="TABLE"
    )
    packed = fits.CompImageHDU(np.zeros((20, 30), np.int16), name="PACKED")
    fits.HDUList([fits.PrimaryHDU(), long_header, table, packed]).writeto(path)
    return path


def test_units_lie_where_astropy_finds_them(several):
    found = scan(Handle(several))
    assert [hdu.kind for hdu in found] == ["image", "image", "table", "compressed image"]
    with fits.open(several, disable_image_compression=True) as hdus:
        for ours, theirs in zip(found, hdus, strict=True):
            info = theirs.fileinfo()
            assert ours.data_offset == info["datLoc"]
            assert ours.end - ours.data_offset == info["datSpan"]
            assert ours.name == theirs.name.replace("PRIMARY", "")


def test_records_after_the_last_unit_are_left_alone(several):
    with several.open("ab") as file:
        file.write(b"\0" * 2880)
    assert len(scan(Handle(several))) == 4


@pytest.mark.parametrize("size", [0, 1, 5, 100, 2879, 2880, 5760, 9000])
def test_a_cut_file_is_incomplete_wherever_it_is_cut(several, size):
    whole = several.read_bytes()
    several.write_bytes(whole[:size])
    if size == 2880:
        assert len(scan(Handle(several))) == 1  # a primary header alone is a whole file
        return
    with pytest.raises(IncompleteFileError, match=r"several\.fits ends after"):
        scan(Handle(several))


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"hello world" * 300, "does not start like a FITS file"),
        (b"\x1f\x8b\x08" + bytes(3000), "gzip"),
        (b"\x89HDF\r\n" + bytes(3000), "does not start like"),
        (b"SIMPLE  =                    T".ljust(2880) * 4001, "without an end"),
    ],
    ids=["text", "gzip", "hdf5", "endless"],
)
def test_other_files_are_named_for_what_they_are(tmp_path, content, sentence):
    path = tmp_path / "odd.fits"
    path.write_bytes(content)
    with pytest.raises(NightglassError, match=sentence) as caught:
        scan(Handle(path))
    assert "odd.fits" in str(caught.value)
    assert caught.value.hint


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("BITPIX  =                    8", "BITPIX  =                    7"),
        ("NAXIS   =                    0", "NAXIS   =                   -1"),
        ("NAXIS   =                    0", "NAXIS   = 'three'             "),
        ("NAXIS   =                    0", "NAXIS   =                    2"),
    ],
)
def test_a_senseless_header_is_damage(tmp_path, old, new):
    path = tmp_path / "odd.fits"
    fits.PrimaryHDU().writeto(path)
    path.write_bytes(path.read_bytes().replace(old.encode(), new.encode()))
    with pytest.raises(NightglassError, match=r"odd\.fits has"):
        scan(Handle(path))


def test_a_folder_and_a_pipe_are_no_files(tmp_path):
    os.mkfifo(tmp_path / "pipe.fits")
    for path in (tmp_path, tmp_path / "pipe.fits"):
        with pytest.raises(NightglassError, match="not an ordinary file"):
            Handle(path)


def test_a_missing_file_is_a_sentence(tmp_path):
    with pytest.raises(NightglassError, match="is not there"):
        Handle(tmp_path / "gone.fits")


def descriptors():
    return len(list(Path("/proc/self/fd").iterdir()))


def test_descriptors_are_given_back(several):
    before = descriptors()
    for _ in range(20):
        scan(Handle(several))
    assert descriptors() == before


def test_network_mounts_are_told_from_built_in_disks(tmp_path, monkeypatch):
    mounts = tmp_path / "mounts"
    mounts.write_text(
        "/dev/sda1 / ext4 rw 0 0\n"
        "server:/data /data nfs4 rw 0 0\n"
        "//win/share /mnt/my\\040share cifs rw 0 0\n"
        "me@host: /data/sshfs fuse.sshfs rw 0 0\n"
        "/dev/sdb1 /data/local xfs rw 0 0\n"
        "/dev/sdc1 /media/stick fuseblk rw 0 0\n"
    )
    monkeypatch.setattr("nightglass.core.frames.disks._MOUNTS", mounts)
    _type_of.cache_clear()
    kinds = {
        "/home/me": "ext4",
        "/data/night": "nfs4",
        "/database": "ext4",
        "/mnt/my share": "cifs",
        "/data/sshfs/x": "fuse.sshfs",
        "/data/local/x": "xfs",
        "/media/stick": "fuseblk",
    }
    assert {folder: _type_of(folder, 0) for folder in kinds} == kinds
    _type_of.cache_clear()


def test_where_nothing_tells_no_disk_is_taken_for_local(tmp_path, monkeypatch):
    monkeypatch.setattr("nightglass.core.frames.disks._MOUNTS", tmp_path / "absent")
    _type_of.cache_clear()
    assert not is_local(tmp_path / "a.fits")
    assert not is_local(tmp_path / "no such folder" / "a.fits")
    _type_of.cache_clear()
