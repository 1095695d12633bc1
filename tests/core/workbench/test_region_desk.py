"""Regions are opened, saved, copied and pasted without losing a byte or a step."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from astropy.io import fits
from astropy.wcs import WCS
from nightglass.core.errors import NightglassError
from nightglass.core.regions.entries import RegionEntry
from nightglass.core.regions.marks import Point
from nightglass.core.regions.shapes import Circle

if TYPE_CHECKING:
    from pathlib import Path

    from nightglass.core.problems import ProblemList
    from nightglass.core.workbench import Workbench

FILE = (
    "# Region file format: DS9 version 4.1\r\n"
    'global color=green width=1 font="helvetica 10 normal roman" source=1\r\n'
    "# a word of the observer\r\n"
    "physical; circle(12.50,  8, 3.250) # text={the star} tag={pulsar}\r\n"
    "image\r\n-box(4 4 2 2 0)\r\n"
    "something(1,2,3)\r\n"
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "stars.reg"
    path.write_bytes(FILE.encode())
    return path


def circle(x: float = 5.0, y: float = 6.0, r: float = 2.0) -> RegionEntry:
    return RegionEntry("circle", Circle(x, y, r))


def test_what_was_not_touched_is_written_byte_for_byte(bench: Workbench, file: Path) -> None:
    bench.regions.load(file)
    copy = file.with_name("copy.reg")
    bench.regions.save(copy)
    assert copy.read_bytes() == FILE.encode()


def test_one_that_moved_changes_its_own_statement_alone(bench: Workbench, file: Path) -> None:
    bench.regions.load(file)
    regions = bench.regions.list
    ident = next(i for i, entry in regions.entries.items() if entry.kind == "circle")
    regions.edit("Move", {ident: replace(regions.entries[ident], shape=Circle(13.5, 8.0, 3.25))})
    bench.regions.save()
    lines = file.read_bytes().split(b"\r\n")
    assert lines[:3] == FILE.encode().split(b"\r\n")[:3]
    assert lines[4:] == FILE.encode().split(b"\r\n")[4:]
    assert b"13.5" in lines[3]
    assert b"text={the star} tag={pulsar}" in lines[3]


def test_opening_a_file_is_one_step_to_undo(bench: Workbench, file: Path) -> None:
    bench.regions.list.add([circle()], "Draw circle")
    bench.regions.load(file)
    assert bench.regions.list.undo_label == "Open stars.reg"
    assert bench.regions.path == file
    bench.regions.list.undo()
    assert [entry.shape for entry in bench.regions.list.entries.values()] == [circle().shape]
    assert bench.regions.list.document is None


def test_a_second_file_can_be_put_beside_the_first(bench: Workbench, file: Path) -> None:
    bench.regions.list.add([circle()], "Draw circle")
    told: list[int] = []
    bench.regions.load(file, add=True, on_done=told.append)
    kinds = [entry.kind for entry in bench.regions.list.entries.values()]
    assert kinds[:3] == ["circle", "circle", "box"]
    assert told == [len(kinds) - 1]
    bench.regions.save(file.with_name("both.reg"))
    again = file.with_name("both.reg").read_text(encoding="utf-8")
    assert "something(1,2,3)" in again


def test_saved_is_known_and_forgotten_with_the_next_edit(bench: Workbench, file: Path) -> None:
    bench.regions.load(file)
    assert bench.regions.list.is_saved
    bench.regions.list.add([circle()], "Draw circle")
    assert not bench.regions.list.is_saved
    bench.regions.save()
    assert bench.regions.list.is_saved


def test_saving_needs_a_name_once(bench: Workbench, tmp_path: Path) -> None:
    bench.regions.list.add([circle()], "Draw circle")
    with pytest.raises(NightglassError, match="no file yet"):
        bench.regions.save()
    bench.regions.save(tmp_path / "new.reg")
    bench.regions.list.add([circle(9.0)], "Draw circle")
    bench.regions.save()
    assert (tmp_path / "new.reg").read_text(encoding="utf-8").count("circle(") == 2


def test_copied_text_comes_back_as_the_same_regions(bench: Workbench) -> None:
    first, second = bench.regions.list.add(
        [replace(circle(5.25), properties={"text": "a } b"}), RegionEntry("point", Point(3, 4))],
        "Draw",
    )
    text = bench.regions.text([first, second])
    idents = bench.regions.paste(text)
    entries = bench.regions.list.entries
    assert bench.regions.list.selection == set(idents)
    assert [entries[i].shape for i in idents] == [entries[first].shape, entries[second].shape]
    bench.regions.list.undo()
    assert list(bench.regions.list.entries) == [first, second]


def test_text_without_a_region_is_refused_in_words(bench: Workbench) -> None:
    with pytest.raises(NightglassError, match="no region"):
        bench.regions.paste("good night")
    assert len(bench.regions.list) == 0


def test_places_on_the_sky_and_the_sensor_are_those_of_the_capture_shown(
    bench: Workbench, capture_folder: Path
) -> None:
    bench.open([capture_folder])
    (ident,) = bench.regions.paste("detector\ncircle(1058,520,2)\n")
    assert bench.regions.list.entries[ident].shape == Circle(10.0, 8.0, 2.0)
    text = bench.regions.text([ident], system="fk5")
    (again,) = bench.regions.paste(text)
    shape = bench.regions.list.entries[again].shape
    assert isinstance(shape, Circle)
    assert (shape.x, shape.y, shape.r) == pytest.approx((10.0, 8.0, 2.0), abs=1e-4)


def test_an_image_with_world_coordinates_has_a_sky(bench: Workbench, tmp_path: Path) -> None:
    wcs = WCS(naxis=2)
    wcs.wcs.ctype = ["RA---TAN", "DEC--TAN"]
    wcs.wcs.crval, wcs.wcs.crpix, wcs.wcs.cdelt = [83.6, 22.0], [16, 12], [-1e-4, 1e-4]
    fits.writeto(tmp_path / "field.fits", np.zeros((24, 32), np.float32), wcs.to_header())
    bench.open([tmp_path / "field.fits"])
    (ident,) = bench.regions.paste('icrs\ncircle(83.6,22.0,0.72")\n')
    shape = bench.regions.list.entries[ident].shape
    assert isinstance(shape, Circle)
    assert (shape.x, shape.y, shape.r) == pytest.approx((16.0, 12.0, 2.0), abs=1e-4)


@pytest.mark.expected_log
def test_a_missing_file_is_one_problem_and_changes_nothing(
    bench: Workbench, problems: ProblemList, tmp_path: Path
) -> None:
    bench.regions.list.add([circle()], "Draw circle")
    bench.regions.load(tmp_path / "none.reg")
    (problem,) = problems.entries()
    assert "none.reg" in problem.text
    assert len(bench.regions.list) == 1


def test_a_command_reads_the_regions_of_now_from_a_file_nobody_changes(
    bench: Workbench, file: Path
) -> None:
    given: list[Path] = []
    bench.regions.load(file)
    bench.regions.give_file(given.append)
    assert given == [file]
    bench.regions.list.add([circle()], "Draw circle")
    bench.regions.give_file(given.append)
    bench.regions.give_file(given.append)
    assert given[1] == given[2] != file
    text = given[1].read_text(encoding="utf-8")
    assert text.count("circle(") == 2
    bench.regions.list.undo()
    bench.regions.list.add([circle(7.0)], "Draw circle")
    bench.regions.give_file(given.append)
    assert given[3] != given[1]
    assert given[1].read_text(encoding="utf-8") == text


def test_odd_bytes_of_a_file_are_saved_as_they_are(bench: Workbench, tmp_path: Path) -> None:
    path = tmp_path / "latin.reg"
    path.write_bytes(b"image\ncircle(5,5,2) # text={\xe9toile}\n")
    bench.regions.load(path)
    bench.regions.list.add([circle()], "Draw circle")
    bench.regions.save()
    assert path.read_bytes().startswith(b"image\ncircle(5,5,2) # text={\xe9toile}\n")
