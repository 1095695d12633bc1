"""Region files that a SAOImage DS9 8.4 wrote, of every kind in every system and manner."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from nightglass.core.regions.marks import Sketch
from nightglass.core.regions.shapes import Rings, Shape
from nightglass.core.regions.text.document import read_document, save_text
from nightglass.core.regions.text.writer import write_regions

from .region_skies import FILES, assert_alike, frame, told

if TYPE_CHECKING:
    from pathlib import Path

SKY = ("fk5", "icrs", "galactic")
ON_SKY = [f"{system}_{form}" for system in SKY for form in ("degrees", "sexagesimal")]
ALL = sorted(path.stem for path in FILES.glob("*.reg"))


def shapes_of(name: str) -> list[Shape | None]:
    return [entry.shape for entry in read_document(FILES / f"{name}.reg", frame()).entries]


@pytest.mark.parametrize("name", ALL)
def test_an_unchanged_file_is_written_as_it_is(name: str, tmp_path: Path) -> None:
    path = FILES / f"{name}.reg"
    document = read_document(path, frame())
    text = write_regions(document.entries, frame(), document=document)
    save_text(tmp_path / "again.reg", text)
    assert (tmp_path / "again.reg").read_bytes() == path.read_bytes()


@pytest.mark.parametrize("name", ["physical", *ON_SKY])
def test_a_file_says_the_same_in_every_system(name: str) -> None:
    # DS9 writes 1e-7 degree, 0.0001 s of time and 0.001 arcsec; a pixel has 0.4 arcsec.
    # Its galactic pole is 1 mas from that of astropy, which we follow.
    places = (6e-3 if "sexagesimal" in name else 1.6e-3) + 4e-3 * ("galactic" in name)
    image = read_document(FILES / "image.reg", frame()).entries
    other = read_document(FILES / f"{name}.reg", frame()).entries
    assert len(image) == len(other)
    for one, twin in zip(image, other, strict=True):
        assert_alike(one.shape, twin.shape, places=places, turns=6e-5, where=twin.raw)
        if "epanda" not in one.properties:
            assert told(one) == told(twin)


def test_all_kinds_of_ds9_have_a_shape() -> None:
    entries = read_document(FILES / "image.reg").entries
    kinds = {entry.kind for entry in entries}
    assert kinds == {
        "circle", "box", "annulus", "ellipse", "polygon", "line", "vector", "text", "ruler",
        "point", "panda", "epanda", "bpanda", "segment", "projection", "compass", "composite",
    }  # fmt: skip
    assert all(entry.shape is not None for entry in entries)
    assert sum(isinstance(entry.shape, Rings) for entry in entries) == 3
    assert sum(isinstance(entry.shape, Sketch) for entry in entries) == 12


@pytest.mark.parametrize("name", ["fk4_degrees", "ecliptic_degrees"])
def test_systems_that_are_not_read_are_carried(name: str) -> None:
    document = read_document(FILES / f"{name}.reg", frame())
    assert {entry.shape for entry in document.entries} == {None}
    assert {entry.system for entry in document.entries} == {name.partition("_")[0]}


@pytest.mark.parametrize("name", [*ON_SKY, "physical", "image"])
@pytest.mark.parametrize("system", ["image", "physical", "detector", "fk5", "icrs", "galactic"])
def test_a_file_converted_and_read_again_has_the_same_regions(name: str, system: str) -> None:
    document = read_document(FILES / f"{name}.reg", frame())
    text = write_regions(document.entries, frame(), document=document, system=system)
    path = FILES / f"{name}.reg"
    assert text.splitlines()[:2] == path.read_text().splitlines()[:2]
    again = read_document_text(text)
    assert len(again) == len(document.entries)
    for one, twin in zip(document.entries, again, strict=True):
        assert_alike(one.shape, twin.shape, places=1e-4, turns=1e-6, where=twin.raw)
        assert told(one) == told(twin)
        is_uneven = {"epanda"} & one.properties.keys()
        assert twin.system == (one.system if is_uneven else system)


def read_document_text(text: str) -> tuple[object, ...]:
    from nightglass.core.regions.text.document import parse_document

    return parse_document(text, frame()).entries


def test_ciao_is_written_as_ds9_writes_it() -> None:
    document = read_document(FILES / "image.reg", frame())
    ours = write_regions(document.entries, frame(), style="ciao").splitlines()
    theirs = (FILES / "ciao_physical.reg").read_text().splitlines()
    # Rings of ellipses and boxes, and parts of an epanda, have no line in DS9's files.
    ours = [line for line in ours if line.count(",") < 6 or line.startswith(("pie", "polygon"))]
    assert ours == theirs


def test_ciao_on_the_sky_is_as_ds9_writes_it() -> None:
    document = read_document(FILES / "image.reg", frame())
    ours = write_regions(document.entries, frame(), style="ciao", system="fk5").splitlines()
    theirs = read_document(FILES / "ciao_fk5.reg", frame()).entries
    ours = [line for line in ours if line.count(",") < 6 or line.startswith(("pie", "polygon"))]
    assert [line.partition("(")[0] for line in ours] == [
        ("" if entry.include else "-") + entry.kind for entry in theirs
    ]
    for mine, twin in zip(read_document_text("\n".join(ours)), theirs, strict=True):
        assert_alike(mine.shape, twin.shape, places=1.6e-2, turns=1e-6, where=twin.raw)
