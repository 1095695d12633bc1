"""Region files of which nothing is lost: read, changed here and there, and written."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nightglass.core.errors import NightglassError
from nightglass.core.regions.entries import RegionEntry
from nightglass.core.regions.marks import Line, Ruler, Text, Vector
from nightglass.core.regions.shapes import Annulus, Box, Circle, Ellipse, Polygon, Rings
from nightglass.core.regions.systems import Surroundings
from nightglass.core.regions.text.document import (
    RegionDocument,
    parse_document,
    read_document,
    save_text,
)
from nightglass.core.regions.text.writer import write_regions

from .region_skies import assert_alike, frame

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

NOWHERE = Surroundings()
HEAD = "# Region file format: DS9 version 4.1\n"


def changed(
    text: str, *changes: Callable[[RegionEntry], RegionEntry | None], around: Surroundings = NOWHERE
) -> str:
    """Write a text whose entries were changed; None takes one away."""
    document = parse_document(text, around)
    made = [
        change(entry)
        for entry, change in zip(document.entries, [*changes, *[same] * 99], strict=False)
    ]
    return write_regions([e for e in made if e is not None], around, document=document)


def same(entry: RegionEntry) -> RegionEntry:
    return entry


def gone(entry: RegionEntry) -> None:
    return None


def with_shape(**numbers: Any) -> Callable[[RegionEntry], RegionEntry]:
    def change(entry: RegionEntry) -> RegionEntry:
        assert entry.shape is not None
        return replace(entry, shape=replace(entry.shape, **numbers))

    return change


def with_words(**words: str) -> Callable[[RegionEntry], RegionEntry]:
    return lambda entry: replace(entry, properties={**entry.properties, **words})


ODD = """\ufeff# Region file format: DS9 version 4.1\r
global color=red  width=2 \r
   \r
  image ; circle ( 10 , 11 , 3 ) # text={a;b} foo=bar ; box 1 2 3 4\r
what is this?\r
# a comment, circle(1,2,3)
fk4\rcircle(83.1,-22,3")\r
physical circle(5,6,7)-circle(5,6,1) # tag={x}
PANDA(1,2,0,90,2,3,6,1) ||
# text(12,13) text={say (hi)} ; field()
tile 3; wcsa;circle(1,2,3)
circle(1,2
polygon(1,2,3)   # last without end"""


def test_an_odd_file_is_written_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "odd.reg").write_bytes(ODD.encode() + b" \xff\xfe")
    document = read_document(tmp_path / "odd.reg")
    assert document.path == tmp_path / "odd.reg"
    text = write_regions(document.entries, NOWHERE, document=document)
    save_text(tmp_path / "again.reg", text)
    assert (tmp_path / "again.reg").read_bytes() == ODD.encode() + b" \xff\xfe"
    assert [entry.kind for entry in document.entries] == [
        "circle", "box", "circle", "circle", "circle", "panda", "text", "field", "circle",
        "circle", "polygon",
    ]  # fmt: skip
    known = [entry.shape is not None for entry in document.entries]
    assert known == [True, True, False, True, True, True, True, False, False, False, False]
    assert [entry.piece for entry in document.entries] == list(range(11))
    assert document.entries[2].system == "fk4"


@pytest.mark.parametrize("text", ["", "\n\n", "# only words\n", "image\n"])
def test_a_file_without_regions_is_fine(text: str) -> None:
    document = parse_document(text)
    assert document == RegionDocument(text, ())
    assert write_regions((), NOWHERE, document=document) == text


def test_an_absent_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(NightglassError, match="is not there"):
        read_document(tmp_path / "none.reg")
    with pytest.raises(NightglassError):
        save_text(tmp_path / "no" / "folder.reg", "")


def test_an_annulus_of_many_steps_is_one_region() -> None:
    (entry,) = parse_document("image;annulus(9,8,1,2,4)").entries
    assert entry.shape == Rings((Annulus(9, 8, 1, 2), Annulus(9, 8, 2, 4)))
    moved = Rings((Annulus(9, 8, 1, 3), Annulus(9, 8, 3, 4)))
    text = changed(
        "image;annulus(9,8,1,2,4) # color=red", lambda entry: replace(entry, shape=moved)
    )
    assert text == "image;annulus(9,8,1,3,4) # color=red"


@pytest.mark.parametrize(
    ("kind", "shape"),
    [
        ("line(1,2,3,4)", Line(1, 2, 3, 4)), ("# vector(1,2,3,40)", Vector(1, 2, 3, 40)),
        ("# text(1,2) text={a}", Text(1, 2)), ("# ruler(1,2,3,4)", Ruler(1, 2, 3, 4)),
    ],
)  # fmt: skip
def test_marks_have_a_shape_and_no_pixels(kind: str, shape: object) -> None:
    (entry,) = parse_document(f"image\n{kind}").entries
    assert entry.shape == shape
    assert not entry.has_pixels


@pytest.mark.parametrize(
    ("before", "change", "after"),
    [
        ("circle(1,2,3) # color=red  odd words", with_shape(x=5.5),
         "circle(5.5,2,3) # color=red  odd words"),
        ("+circle( 1 , 2 , 3.50 )", with_shape(x=5.0), "+circle(5,2,3.50)"),
        ("circle 1 2 3", with_shape(r=4.0), "circle(1,2,4)"),
        ("-box(1,2,3,4)", with_shape(angle=-20.0), "-box(1,2,3,4,340)"),
        ("rotbox(1,2,3,4,20)", with_shape(width=9.0), "rotbox(1,2,9,4,20)"),
        ("rectangle(1,2,3,6)", with_shape(x=9.0), "box(9,4,2,4,0)"),
        ("# text(1,2) text={a}", with_shape(x=9.0), "# text(9,2) text={a}"),
        ("circle(1,2,3) || # color=red", with_shape(x=9.0), "circle(9,2,3) || # color=red"),
        ("circle(1,2,3) || # color=red", with_words(color="blue"), "circle(1,2,3) || # color=blue"),
        ("circle(1,2,3)", with_words(text="a"), "circle(1,2,3) # text={a}"),
        ("circle(1,2,3) # just words", with_words(width="2"),
         "circle(1,2,3) # just words width=2"),
        ("panda(1,2,0,90,2,3,6,1)", with_words(color="red"),
         "panda(1,2,0,90,2,3,6,1) # color=red"),
        ("circle(1,2", with_words(color="red"), "circle(1,2 # color=red"),
        ("circle(1,2,3)", lambda e: replace(e, include=False), "-circle(1,2,3)"),
        ("-circle(1,2,3)", lambda e: replace(e, include=True), "circle(1,2,3)"),
        ("circle(1,2,3) # include=0", lambda e: replace(e, include=True), "circle(1,2,3)"),
        ("circle(1,2,3)", lambda e: replace(e, background=True), "circle(1,2,3) # background"),
        ("circle(1,2,3) # background tag={a}", lambda e: replace(e, background=False),
         "circle(1,2,3) # tag={a}"),
        ("circle(1,2,3)", lambda e: replace(e, tags=("a", "b c")),
         "circle(1,2,3) # tag={a} tag={b c}"),
        ("circle(1,2,3)", lambda e: replace(e, shape=Box(1, 2, 3, 4, 5)), "box(1,2,3,4,5)"),
        ("circle(1,2,3)", lambda e: replace(e, system="physical"),
         "physical\ncircle(1,2,3)\nimage"),
        ("annulus(1,2,3,9,n=2)", lambda e: replace(
            e, shape=Rings((Annulus(1, 2, 3, 5), Annulus(1, 2, 5, 9)))), "annulus(1,2,3,5,9)"),
    ],
)  # fmt: skip
def test_a_changed_region_is_written_in_its_place(before: str, change: Any, after: str) -> None:
    rest = "\n# more\ncircle(7,7,7)\n"
    assert changed(f"image\n{before}{rest}", change) == f"image\n{after}{rest}"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("image\ncircle(1,2,3) # a\ncircle(4,5,6)\n", "image\ncircle(4,5,6)\n"),
        ("image\r\ncircle(1,2,3)\r\n# end", "image\r\n# end"),
        ("\ufeffcircle(1,2,3)\ncircle(4,5,6)", "\ufeffcircle(4,5,6)"),
        ("image;circle(1,2,3);circle(4,5,6)", "image;circle(4,5,6)"),
        ("image; circle(1,2,3)\n", "image\n"),
        ("image circle(1,2,3)\n", "image \n"),
        ("circle(1,2,3)-circle(1,2,1) # color=red\n", "-circle(1,2,1) # color=red\n"),
    ],
)
def test_a_deleted_region_leaves_nothing_behind(before: str, after: str) -> None:
    assert changed(before, gone) == after


def test_all_of_a_line_may_be_deleted() -> None:
    assert changed("image;circle(1,2,3);circle(4,5,6)\n#", gone, gone) == "image\n#"
    assert changed("circle(1,2,3)-circle(1,2,1)\n#", gone, gone) == "#"


def test_a_composite_ends_with_the_last_region_it_has_left() -> None:
    text = "# composite(1,2,0) || composite=1\ncircle(1,2,3) || # color=red\nbox(1,2,3,4,0)\n"
    ended = "# composite(1,2,0) || composite=1\ncircle(1,2,3) # color=red\n"
    assert changed(text + "point(1,2)\n", same, same, gone) == ended + "point(1,2)\n"
    assert changed(text, same, gone) == text.replace("circle(1,2,3) || # color=red\n", "")
    assert changed(text, same, gone, gone) == "# composite(1,2,0) composite=1\n"


def test_a_word_behind_a_region_stays_alone() -> None:
    text = "circle(1,2,3) red\ncircle(4,5,6)\n"
    assert changed(text, same, with_shape(r=1.0)) == "circle(1,2,3) red\ncircle(4,5,1)\n"


def test_one_of_two_in_a_statement_is_changed() -> None:
    text = changed("circle(1,2,3)-circle(1,2,1) # tag={x}\n", with_shape(r=4.0))
    assert text == "circle(1,2,4) # tag={x}\n-circle(1,2,1) # tag={x}\n"


def test_properties_are_told_over_the_globals() -> None:
    text = "global color=red width=3 background include=0\nimage\n+circle(1,2,3) # source\n"
    assert changed(text, with_words(width="1")) == text.replace("# source", "# width=1 source")
    assert changed(text, with_words(color="red")) == text

    def plain(entry: RegionEntry) -> RegionEntry:
        return replace(entry, properties={}, background=True, include=False)

    assert changed(text, plain).splitlines()[-1] == "-circle(1,2,3) # color=green width=1"


def test_new_regions_go_to_the_end_under_their_system() -> None:
    new = [
        RegionEntry("drawn", Circle(1, 2, 3), properties={"color": "red", "width": "1"}),
        RegionEntry("drawn", Vector(1, 2, 3, 4), include=False, system="physical"),
        RegionEntry("drawn", Text(1, 2), properties={"text": "a"}, system="physical"),
    ]
    document = parse_document("global color=red\r\nimage\r\ncircle(7,8,9)")
    text = write_regions([*document.entries, *new], NOWHERE, document=document)
    assert text == (
        "global color=red\r\nimage\r\ncircle(7,8,9)\r\ncircle(1,2,3) # width=1\r\nphysical\r\n"
        "# -vector(1,2,3,4) # color=green\r\n# text(1,2) color=green text={a}\r\n"
    ).replace("4) # color", "4) color")


@pytest.mark.parametrize("document", [None, parse_document(""), parse_document(" \n")])
def test_a_new_file_begins_as_those_of_ds9(document: RegionDocument | None) -> None:
    entry = RegionEntry("drawn", Circle(1, 2, 3), properties={"color": "green", "width": "2"})
    text = write_regions([entry], NOWHERE, document=document)
    assert text.lstrip() == (
        HEAD + 'global color=green dashlist=8 3 width=1 font="helvetica 10 normal roman" select=1 '
        "highlite=1 dash=0 fixed=0 edit=1 move=1 delete=1 include=1 source=1\nimage\n"
        "circle(1,2,3) # width=2\n"
    )


def test_a_copy_of_a_region_is_a_new_one() -> None:
    document = parse_document("image\ncircle(1,2,3)\n")
    (entry,) = document.entries
    copy = replace(entry, shape=Circle(4, 5, 6))
    text = write_regions([entry, copy, replace(copy, piece=77)], NOWHERE, document=document)
    assert text == "image\ncircle(1,2,3)\ncircle(4,5,6)\ncircle(4,5,6)\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('fk5\nbox(5:34:31.2,-22:00:36,4.00",2",30)',
         r"fk5\nbox\(5:34:\d\d\.\d{7},-22:00:\d\d\.\d{6},4.00\",2\",30\)"),
        ("fk5\nbox(5h34m31.2s,-22d00m36s,4',2d,30d)",
         r"fk5\nbox\(5h34m\d\d\.\d{7}s,-22d00m\d\d\.\d{6}s,4',2d,30d\)"),
        ("galactic\nbox(+225:26:48,-26:16:00,4\",2\",1r)",
         r"galactic\nbox\(\+225:26:\d\d\.\d{6},-26:16:\d\d\.\d{6},4\",2\",1r\)"),
        ("image\nbox(281p,140.5p,7i,3,20)", r"image\nbox\([\d.]+p,[\d.]+p,7i,3,20\)"),
        ("physical\nbox(5:34:31.2,-22:00:36,4',7,20)",
         r"physical\nbox\(5:34:[\d.]+,-22:00:[\d.]+,4',7,20\)"),
        ("fk5\nbox(1.4596185r,-22.01d,3r,2p,20)", r"fk5\nbox\([\d.]+r,-[\d.]+d,3r,2p,20\)"),
    ],
)  # fmt: skip
def test_forms_and_units_are_kept(before: str, after: str) -> None:
    import re

    around = frame()
    (entry,) = parse_document(before, around).entries
    assert isinstance(entry.shape, Box)
    moved = replace(entry.shape, x=entry.shape.x + 2.5, y=entry.shape.y - 1.25)
    text = changed(before, lambda old: replace(old, shape=moved), around=around)
    assert re.fullmatch(after, text), text
    (again,) = parse_document(text, around).entries
    assert_alike(again.shape, moved, places=1e-4, turns=1e-6)
    grown = replace(moved, width=moved.width * 1.7, height=moved.height * 3, angle=77.7)
    text = changed(before, lambda old: replace(old, shape=grown), around=around)
    (again,) = parse_document(text, around).entries
    assert_alike(again.shape, grown, places=1e-4, turns=1e-6)
    units, were = (re.findall(r"[\"'dhrip]", one.partition("(")[2]) for one in (text, before))
    assert units == were


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("plain", "{plain}"), ("", ""), ("a } b", '"a } b"'), ('a } "b"', "'a } \"b\"'"),
        ("a { b", "{a { b}"), ("it's \"x\"", "{it's \"x\"}"), ("µ 星", "{µ 星}"),
        ("} ' \"x\"", "\"} ' ''x''\""), ("two\nlines", "{two lines}"), ("a;b # c", "{a;b # c}"),
    ],
)  # fmt: skip
def test_texts_are_quoted_so_that_ds9_reads_them(text: str, word: str) -> None:
    entry = RegionEntry("drawn", Circle(1, 2, 3), properties={"text": text} if text else {})
    written = write_regions([entry], NOWHERE)
    assert written.endswith(f"circle(1,2,3) # text={word}\n" if word else "circle(1,2,3)\n")
    (again,) = parse_document(written).entries
    assert again.text == text.replace('"', "''" if "'" in text and "}" in text else '"').replace(
        "\n", " "
    )


def test_a_system_that_is_not_known_here_is_refused_by_name() -> None:
    entry = RegionEntry("drawn", Circle(1, 2, 3))
    with pytest.raises(NightglassError, match="'fk5' is a place on the sky"):
        write_regions([entry], NOWHERE, system="fk5")
    with pytest.raises(NightglassError, match="'linear'"):
        write_regions([entry], NOWHERE, system="linear")


def test_regions_that_are_not_understood_are_carried_in_their_system() -> None:
    text = 'fk5\ncircle(83,-22,3") # color=red\nimage\nfield()\ncircle(1,2,x)\nbox(1,2,3,4,0)\n'
    document = parse_document(text)
    converted = write_regions(document.entries, NOWHERE, document=document, system="physical")
    assert converted == text.replace("box", "physical\nbox")
    apart = [replace(entry, piece=None) for entry in document.entries]
    assert write_regions(apart, NOWHERE).endswith(text)


NUMBERS = st.floats(-500, 5000).map(lambda value: round(value, 4))
SIZES = st.floats(0.01, 900).map(lambda value: round(value, 4))
TURNS = st.floats(-400, 400).map(lambda value: round(value, 4))
POINTS = st.lists(st.tuples(NUMBERS, NUMBERS), min_size=3, max_size=9).map(tuple)
SHAPES = st.one_of(
    st.builds(Circle, NUMBERS, NUMBERS, SIZES),
    st.builds(Ellipse, NUMBERS, NUMBERS, SIZES, SIZES, TURNS),
    st.builds(Box, NUMBERS, NUMBERS, SIZES, SIZES, TURNS),
    st.builds(Vector, NUMBERS, NUMBERS, SIZES, TURNS),
    st.builds(Line, NUMBERS, NUMBERS, NUMBERS, NUMBERS),
    st.builds(Polygon, POINTS),
)
WORDS = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp"), exclude_characters="'"), max_size=12
)


@st.composite
def entries(draw: st.DrawFn) -> RegionEntry:
    names = st.sampled_from(["text", "color", "note"])
    words = st.one_of(WORDS, st.sampled_from(["red", "#ff0080", "two words"]))
    properties = draw(st.dictionaries(names, words.filter(lambda word: word.strip() == word != "")))
    properties |= {"color": "cyan"} if not properties.get("color", "x").isalnum() else {}
    tags = draw(st.lists(WORDS.filter(lambda word: "}" not in word and word), max_size=2))
    return RegionEntry(
        "drawn", draw(SHAPES), draw(st.booleans()), draw(st.booleans()), properties, tuple(tags),
        draw(st.sampled_from(["image", "physical", "detector", "fk5", "icrs", "galactic"])),
    )  # fmt: skip


FRAME = frame()


@settings(max_examples=30)
@given(st.lists(entries(), min_size=1, max_size=4), st.sampled_from([None, "fk5", "image"]))
def test_what_is_written_is_read_again(drawn: list[RegionEntry], system: str | None) -> None:
    document = parse_document(write_regions(drawn, FRAME, system=system), FRAME)
    assert len(document.entries) == len(drawn)
    for one, twin in zip(drawn, document.entries, strict=True):
        assert_alike(one.shape, twin.shape, places=1e-4, turns=1e-6, where=twin.raw)
        assert (one.include, one.background, one.tags) == (twin.include, twin.background, twin.tags)
        assert one.properties.items() <= {**twin.properties}.items()
        assert twin.system == (system or one.system)
    again = write_regions(document.entries, FRAME, document=document)
    assert again == document.text


@settings(max_examples=30)
@given(st.data())
def test_edits_of_a_document_are_read_again_and_the_rest_stays(data: st.DataObject) -> None:
    drawn = data.draw(st.lists(entries(), min_size=2, max_size=5))
    document = parse_document(write_regions(drawn, FRAME), FRAME)
    place = data.draw(st.integers(0, len(drawn) - 1))
    new = data.draw(entries())
    edited = list(document.entries)
    edited[place] = replace(new, piece=place)
    text = write_regions(edited, FRAME, document=document)
    twins = parse_document(text, FRAME).entries
    assert len(twins) == len(edited)
    for one, twin in zip(edited, twins, strict=True):
        assert_alike(one.shape, twin.shape, places=1e-4, turns=1e-6, where=twin.raw)
        assert (one.include, one.background, one.tags) == (twin.include, twin.background, twin.tags)
        if one.raw:
            assert one.raw == twin.raw
    back = list(twins)
    del back[place]
    shorter = write_regions(back, FRAME, document=parse_document(text, FRAME))
    assert [e.raw for e in parse_document(shorter, FRAME).entries] == [e.raw for e in back]
