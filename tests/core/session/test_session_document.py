"""The session file: written, read, kept, refused."""

from __future__ import annotations

import errno
import json
import os
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from nightglass.core.errors import NightglassError
from nightglass.core.picture.limits import Limits
from nightglass.core.picture.stretch import Stretch
from nightglass.core.session.document import (
    CameraRecord,
    CaptureRecord,
    FileRecord,
    RegionFileRecord,
    RegionRecord,
    SessionDocument,
    ViewRecord,
    is_session,
    read_session,
    session_name,
    with_suffix,
    write_session,
)
from nightglass.core.session.migrations import VERSION, migrated

NOW = datetime(2025, 12, 10, 3, 15, tzinfo=UTC)
STORED = sorted(Path(__file__).parent.glob("session_v*.nightglass.json"))


def document(**values: object) -> SessionDocument:
    crab = CaptureRecord(name="crab", file=FileRecord(absolute="/data/crab.fits"), frame=7)
    return SessionDocument(saved_at=NOW, captures=(crab,), **values)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "night.nightglass.json"


def rewritten(place: Path, **values: object) -> Path:
    """A session file with other entries."""
    write_session(place, document())
    place.write_text(json.dumps({**json.loads(place.read_text()), **values}))
    return place


@pytest.mark.parametrize("part", ["limits", "stretch", "stack"])
def test_what_a_newer_version_adds_to_a_part_of_the_view_is_passed_over(
    place: Path, part: str
) -> None:
    read = read_session(rewritten(place, view={part: {"glitter": 1}}))
    assert getattr(read.view, part) == getattr(ViewRecord(), part)


@pytest.mark.parametrize("part", ["limits", "stretch", "stack"])
@pytest.mark.parametrize("value", [None, 3, "high"])
def test_a_part_of_the_view_that_is_none_is_refused(place: Path, part: str, value: object) -> None:
    with pytest.raises(NightglassError, match=f"view.{part}"):
        read_session(rewritten(place, view={part: value}))


def test_what_is_written_is_read_again(place: Path) -> None:
    made = document(
        view=ViewRecord(capture=0, frame=7, limits=Limits("manual", low=1.5, high=9.25),
                        stretch=Stretch("log", 500.0), play_range=(3, 9)),
        camera=CameraRecord(x=1.25, y=2.0, zoom=4.0, flip_x=True),
        regions=(RegionRecord(kind="circle", shape={"kind": "circle", "x": 0.1, "y": 2, "r": 3}),),
        measure={"lc": {"--bins": "64"}},
    )  # fmt: skip
    write_session(place, made)
    assert read_session(place) == made


def test_bytes_that_are_no_text_come_back(place: Path) -> None:
    words = b"caf\xe9 \xff".decode("utf-8", "surrogateescape")
    region = RegionRecord(kind="circle", properties={words: words}, tags=(words,), raw=words)
    file = FileRecord(absolute=f"/data/{words}")
    made = document(
        regions=(region,), region_file=RegionFileRecord(text=words, file=file, regions=(region,)),
        camera=CameraRecord(x=1.0, y=2.0, zoom=4.0),
    )  # fmt: skip
    write_session(place, made)
    assert read_session(place) == made


def test_it_is_plain_text_with_a_version(place: Path) -> None:
    write_session(place, document())
    entries = json.loads(place.read_text())
    assert entries["format"] == "nightglass session"
    assert entries["version"] == VERSION
    assert entries["saved_at"] == "2025-12-10T03:15:00Z"


@pytest.mark.parametrize("stored", STORED, ids=lambda path: path.name)
def test_a_stored_file_of_every_version_opens(stored: Path) -> None:
    read = read_session(stored)
    assert read.version == VERSION
    assert [record.name for record in read.captures] == ["crab_20251210_001500"]
    assert [record.kind for record in read.regions] == ["circle", "annulus"]
    assert read.view.stretch == Stretch("asinh", 1000.0)
    assert read.ephemeris is not None
    assert read.measure["lc"]["--bins"] == "64"


def test_there_is_a_stored_file_of_every_version() -> None:
    assert len(STORED) == VERSION


def test_keys_of_a_newer_minor_version_are_kept(place: Path) -> None:
    write_session(place, document())
    entries = json.loads(place.read_text())
    entries |= {"minor": 9, "weather": {"seeing_arcsec": 0.6}}
    entries["view"]["grid"] = True
    entries["captures"][0]["filter"] = "g'"
    place.write_text(json.dumps(entries))
    later = document(view=ViewRecord(frame=8)).keeping(read_session(place))
    write_session(place, later)
    again = json.loads(place.read_text())
    assert again["minor"] == 9
    assert again["weather"] == {"seeing_arcsec": 0.6}
    assert again["view"]["grid"] is True
    assert again["view"]["frame"] == 8
    assert again["captures"][0]["filter"] == "g'"


def test_a_newer_version_is_refused_in_plain_words(place: Path) -> None:
    with pytest.raises(NightglassError, match="newer Nightglass") as caught:
        read_session(rewritten(place, version=VERSION + 1))
    assert caught.value.path == str(place)
    assert caught.value.hint


@pytest.mark.parametrize("version", [0, -1, "1", None, True, 1.0])
def test_a_version_that_is_none_is_refused(place: Path, version: object) -> None:
    with pytest.raises(NightglassError, match="no version"):
        read_session(rewritten(place, version=version))


def test_a_damaged_file_is_refused_with_its_line(place: Path) -> None:
    write_session(place, document())
    lines = place.read_text().splitlines()
    lines[4] = '  "captures": oops'
    place.write_text("\n".join(lines))
    with pytest.raises(NightglassError, match="damaged in line 5"):
        read_session(place)


@pytest.mark.parametrize("content", [b"", b"[1, 2]", b"\xff\xfe", b"[" * 100_000, b"SIMPLE  ="])
def test_what_is_no_session_is_refused(place: Path, content: bytes) -> None:
    place.write_bytes(content)
    with pytest.raises(NightglassError):
        read_session(place)


def test_a_value_that_is_not_allowed_is_named(place: Path) -> None:
    with pytest.raises(NightglassError, match=r"view\.stretch") as caught:
        read_session(rewritten(place, view={"stretch": {"kind": "loud"}}))
    assert str(place) in caught.value.text


def test_a_missing_file_is_told_in_plain_words(place: Path) -> None:
    with pytest.raises(NightglassError, match="is not there"):
        read_session(place)


def test_a_folder_that_is_not_there_is_told_in_plain_words(tmp_path: Path) -> None:
    with pytest.raises(NightglassError, match="is not there"):
        write_session(tmp_path / "nowhere" / "x.nightglass.json", document())


def test_a_file_that_cannot_be_written_whole_stays_as_it_was(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_session(place, document())
    before = place.read_bytes()

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(NightglassError, match="disk is full"):
        write_session(place, document(minor=3))
    assert place.read_bytes() == before
    assert list(place.parent.glob("*.json")) == [place]


def test_names_of_session_files() -> None:
    assert is_session(Path("a/b.Nightglass.JSON"))
    assert not is_session(Path("a/b.json"))
    assert with_suffix(Path("a/b")) == Path("a/b.nightglass.json")
    assert with_suffix(Path("a/b.json")) == Path("a/b.nightglass.json")
    assert with_suffix(Path("a/b.nightglass.json")) == Path("a/b.nightglass.json")
    assert session_name(Path("a/b.nightglass.json")) == "b"


def test_versions_are_brought_up_step_by_step(tmp_path: Path) -> None:
    steps = {
        1: lambda entries: {**entries, "a": entries["a"] + ["one to two"]},
        2: lambda entries: {**entries, "a": entries["a"] + ["two to three"]},
    }
    path = tmp_path / "x"
    new = {"version": 3, "a": ["one to two", "two to three"]}
    assert migrated({"version": 1, "a": []}, path, steps, 3) == new
    assert migrated({"version": 2, "a": []}, path, steps, 3) == {"version": 3, "a": new["a"][1:]}
    assert migrated(new, path, steps, 3) == new


def test_a_session_can_be_moved_with_its_data(tmp_path: Path) -> None:
    from nightglass.core.session.records import file_record, found

    (tmp_path / "night" / "data").mkdir(parents=True)
    cube = tmp_path / "night" / "data" / "cube.fits"
    cube.touch()
    record = file_record(cube, tmp_path / "night")
    assert record == FileRecord(absolute=str(cube), relative="data/cube.fits")
    assert found(record, tmp_path / "night") == cube
    shutil.move(tmp_path / "night", tmp_path / "archive")
    assert found(record, tmp_path / "archive") == tmp_path / "archive" / "data" / "cube.fits"
    assert found(record, tmp_path) is None


def test_a_session_moved_away_from_its_data_still_finds_them(tmp_path: Path) -> None:
    from nightglass.core.session.records import file_record, found

    cube = tmp_path / "cube.fits"
    cube.touch()
    record = file_record(cube, tmp_path)
    assert found(record, tmp_path / "elsewhere") == cube
