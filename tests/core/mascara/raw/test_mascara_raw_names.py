"""Raw files are found, placed and told from growing, damaged and foreign ones."""

import os
import re

import pytest
from nightglass.core.errors import NightglassError
from nightglass.core.mascara.raw.names import RawFolders

from .raw_frames import content, write_raw

SLOT = 48506263


def discover(folders):
    return RawFolders(folders).scan()


def placed(files):
    return [(file.camera, file.lstseq, file.kind) for file in files]


@pytest.mark.parametrize(
    ("name", "cards", "expected"),
    [
        ("48506263LSC.fits", {}, ("LSC", SLOT, "science")),
        ("48506263LSC.fits.gz", {}, ("LSC", SLOT, "science")),
        ("48506263SAEdark.fits", {}, ("SAE", SLOT, "dark")),
        ("flat48506263AUW.fits", {}, ("AUW", SLOT, "flat")),
        ("48506263LSCbias.fits", {}, ("LSC", SLOT, "bias")),
        ("20160130T203012LPC.fits", {}, ("LPC", SLOT, "science")),
        ("20160130T203012LPEdark.fits.gz", {}, ("LPE", SLOT, "dark")),
        ("frame7.fits", {"SITE-OBS": "La Palma", "CAMERA": "W"}, ("LPW", SLOT, "science")),
        ("48506263LSC.fits", {"IMAGETYP": "Dark Frame"}, ("LSC", SLOT, "dark")),
        ("48506263LSC.fits", {"LSTSEQ": None}, ("LSC", SLOT, "science")),
    ],
)
def test_both_generations_of_names_are_read(tmp_path, name, cards, expected):
    path = write_raw(tmp_path / name, **cards)
    (file,) = discover([tmp_path])
    assert placed([file]) == [expected]
    assert (file.path, file.size, file.is_whole) == (path, path.stat().st_size, True)


def test_the_name_of_a_folder_says_nothing_of_the_kind(tmp_path):
    write_raw(tmp_path / "darks" / "48506263LSC.fits")
    assert placed(discover([tmp_path / "darks"])) == [("LSC", SLOT, "science")]


def test_folders_of_nights_are_looked_into_and_others_are_not(tmp_path):
    for folder in ("20160130LPC", "20160130LPE", "products"):
        write_raw(tmp_path / folder / f"20160130T203012{folder[-3:].upper()}.fits")
    assert [file.camera for file in discover([tmp_path])] == ["LPC", "LPE"]


def test_products_and_hidden_files_are_passed_over_in_silence(tmp_path):
    write_raw(tmp_path / "48506263LSCmasterdark.fits", IMAGETYP="MASTERDARK")
    write_raw(tmp_path / "20160130T203012LPC.fits", IMAGETYP="BINIMAGE")
    write_raw(tmp_path / ".48506263LSC.fits")
    folders = RawFolders([tmp_path])
    assert folders.scan() == []
    assert folders.unreadable() == {}


def test_files_come_by_camera_and_slot(tmp_path):
    for slot in (12, 3, 7):
        for camera in ("LSW", "LSC"):
            write_raw(tmp_path / f"{slot:08d}{camera}.fits", LSTSEQ=slot)
    assert placed(discover([tmp_path])) == [
        (camera, slot, "science") for camera in ("LSC", "LSW") for slot in (3, 7, 12)
    ]


@pytest.mark.parametrize("suffix", ["", ".gz"])
def test_a_growing_file_is_not_whole_until_its_last_byte(tmp_path, suffix):
    path = write_raw(tmp_path / f"48506263LSC.fits{suffix}")
    data = path.read_bytes()
    folders = RawFolders([tmp_path])
    for size in (0, 1, 1000, len(data) - 1):
        path.write_bytes(data[:size])
        (file,) = folders.scan()
        assert not file.is_whole
        assert (file.lstseq, file.size) == (SLOT, size)
    path.write_bytes(data)
    assert folders.scan()[0].is_whole


def test_a_growing_file_is_named_until_its_slot_is_known(tmp_path):
    path = tmp_path / "20160130T203012LPC.fits"
    path.write_bytes(content()[:1000])
    folders = RawFolders([tmp_path])
    assert folders.scan() == []
    assert "ends after 1000" in folders.unreadable()[path.name]
    path.write_bytes(content())
    assert placed(folders.scan()) == [("LPC", SLOT, "science")]
    assert folders.unreadable() == {}


def test_garbage_that_has_a_slot_is_placed_and_never_waited_for(tmp_path):
    (tmp_path / "48506263LSC.fits").write_bytes(b"garbage" * 1000)
    (file,) = discover([tmp_path])
    assert file.is_whole
    assert placed([file]) == [("LSC", SLOT, "science")]


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("20160130T203012LPC.fits", b"garbage" * 1000, "does not start like a FITS file"),
        ("20160130T203012LPC.fits", content(LSTSEQ=None), "neither name nor header .* slot"),
        ("frame.fits", content(CAMERA=None), "neither name nor header .* camera"),
        ("frame.fits", content(**{"SITE-OBS": "Atlantis"}), "neither name nor header .* camera"),
        ("48506264LSC.fits", content(), "its name tells slot 48506264, its header 48506263"),
    ],
)
def test_what_cannot_be_placed_is_named_with_its_reason(tmp_path, name, data, reason):
    (tmp_path / name).write_bytes(data)
    folders = RawFolders([tmp_path])
    assert folders.scan() == []
    ((named, why),) = folders.unreadable().items()
    assert named == name
    assert re.search(reason, why)


def test_a_header_is_read_once_for_each_state_of_a_file(tmp_path, monkeypatch):
    from nightglass.core.mascara.raw import names

    read = []
    looked = names._header
    monkeypatch.setattr(names, "_header", lambda path: read.append(path.name) or looked(path))
    one = write_raw(tmp_path / "00000001LSC.fits", LSTSEQ=1)
    write_raw(tmp_path / "00000002LSC.fits", LSTSEQ=2)
    folders = RawFolders([tmp_path])
    first = folders.scan()
    assert folders.scan() == first
    os.utime(one, ns=(1, 1))
    folders.scan()
    one.unlink()
    assert [file.lstseq for file in folders.scan()] == [2]
    assert sorted(read) == ["00000001LSC.fits"] * 2 + ["00000002LSC.fits"]


def test_what_the_camera_process_says_counts_more_than_the_name(tmp_path):
    path = write_raw(tmp_path / "elsewhere" / "48506263LSC.fits")
    later = tmp_path / "elsewhere" / "48506264LSC.fits"
    folders = RawFolders(())
    folders.add(path, tag="dark", camera="LSC")
    folders.add(later, tag="science", camera="C")
    assert placed(folders.scan()) == [("LSC", SLOT, "dark")]
    write_raw(later, LSTSEQ=SLOT + 1, IMAGETYP="dark")
    assert placed(folders.scan())[1] == ("LSC", SLOT + 1, "science")


def test_the_digest_follows_the_file_and_not_its_folder(tmp_path):
    def seen(folder, **cards):
        path = write_raw(tmp_path / folder / "48506263LSC.fits", **cards)
        os.utime(path, ns=(5, 5))
        return discover([tmp_path / folder])[0]

    one, same = seen("one"), seen("other")
    assert one.digest == same.digest
    os.utime(one.path, ns=(6, 6))
    assert discover([tmp_path / "one"])[0].digest != one.digest


def test_a_folder_that_is_not_there_is_an_error_in_words(tmp_path):
    with pytest.raises(NightglassError, match="nowhere is not there"):
        discover([tmp_path / "nowhere"])
