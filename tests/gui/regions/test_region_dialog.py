"""Properties of one region: numbers in any system, look, faults, following."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pytest
from nightglass.core.regions.entries import RegionEntry
from nightglass.core.regions.marks import Text, Vector
from nightglass.core.regions.shapes import Annulus, Circle, Polygon
from nightglass.gui.regions.dialog import RegionDialog
from nightglass.gui.regions.line_words import LineWords, taken_apart
from PyQt6.QtCore import Qt
from PyQt6.QtGui import QGuiApplication
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QPushButton

RETURN = Qt.Key.Key_Return


class FlatSky:
    """An arc second a pixel; right ascension grows to the left; (10, 20) degrees at (99, 99)."""

    scale_arcsec = 1.0
    frame = "fk5"

    def pixel(self, ra_deg: float, dec_deg: float) -> tuple[float, float]:
        return 99.0 - (ra_deg - 10.0) * 3600.0, 99.0 + (dec_deg - 20.0) * 3600.0

    def sky(self, column: float, row: float) -> tuple[float, float]:
        return 10.0 - (column - 99.0) / 3600.0, 20.0 + (row - 99.0) / 3600.0


@pytest.fixture
def ask(bench, qtbot):
    """Open the properties of a region; what is applied goes into the list."""

    def ask(entry: RegionEntry) -> SimpleNamespace:
        regions = bench.regions.list
        (ident,) = regions.add([entry], "Draw")
        dialog = RegionDialog(ident, entry, bench.regions)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
        qtbot.addWidget(dialog)
        applied = []

        def apply(number: int, wanted: RegionEntry) -> None:
            applied.append(wanted)
            regions.edit("Change", {number: wanted})
            dialog.accept_edits(wanted)

        dialog.applied.connect(apply)
        with qtbot.waitExposed(dialog):
            dialog.show()
        return SimpleNamespace(dialog=dialog, applied=applied, ident=ident, regions=regions)

    return ask


def typed(field, text: str) -> None:
    """Type over what is there, without Return."""
    field.selectAll()
    QTest.keyClicks(field, text)


CIRCLE = RegionEntry("circle", Circle(30.25, 40.0, 5.0), properties={"text": "Crab"})


@pytest.mark.parametrize(
    ("line", "system", "labels"),
    [
        ("circle(1,2,3)", "image", ("x", "y", "Radius")),
        ("-circle(1,2,3) # text={(}", "image", ("x", "y", "Radius")),
        ("circle(1,2,3)", "fk5", ("RA", "Dec", "Radius")),
        ("annulus(1,2,3,4)", "image", ("x", "y", "Inner radius", "Outer radius")),
        ("annulus(1,2,3,4,5)", "image", ("x", "y", "Radius 1", "Radius 2", "Radius 3")),
        ("ellipse(1,2,3,4,5)", "image", ("x", "y", "Half axis a", "Half axis b", "Angle °")),
        ("box(1,2,3,4,5)", "galactic", ("l", "b", "Width", "Height", "Angle °")),
        ("line(1,2,3,4) # line=0 0", "image", ("x 1", "y 1", "x 2", "y 2")),
        ("# vector(1,2,3,4)", "image", ("x", "y", "Length", "Angle °")),
        ("# text(1,2) text={a}", "image", ("x", "y")),
        (
            "box(1,2,3,4,5,6,7)",
            "image",
            (
                *("x", "y", "Inner width", "Inner height"),
                *("Outer width", "Outer height", "Angle °"),
            ),
        ),
    ],
)
def test_every_number_has_a_name(line, system, labels):
    found = taken_apart(f"# Region file format: DS9 version 4.1\n{system}\n{line}\n")
    assert found is not None
    assert found.labels(system) == labels


def test_a_text_without_numbers_has_no_fields():
    assert taken_apart("image\n") is None
    assert LineWords("# ", "text", ("1", "2")).statement(("3", "4")) == "# text(3,4)"


def test_it_shows_the_region_and_its_line(ask):
    dialog = ask(CIRCLE).dialog
    assert dialog.windowTitle() == "Properties: Crab"
    assert dialog.place.words() == ("30.25", "40", "5")
    assert dialog.statement.text().startswith("circle(30.25,40,5)")
    assert "text={Crab}" in dialog.statement.text()


def test_return_applies_all_that_was_typed_as_one_step(ask):
    asked = ask(CIRCLE)
    dialog = asked.dialog
    typed(dialog.place.fields[0], "31.5")
    typed(dialog.look.name, "pulsar")
    QTest.keyClick(dialog.place.fields[2], RETURN)
    entry = asked.regions.get(asked.ident)
    assert entry.shape == Circle(31.5, 40.0, 5.0)
    assert entry.text == "pulsar"
    assert asked.regions.undo_count == 2
    QTest.keyClick(dialog.place.fields[2], RETURN)
    assert len(asked.applied) == 1


def test_apply_without_a_change_is_no_step(ask, qtbot):
    asked = ask(
        replace(CIRCLE, tags=("comparison", "a", "lock=3"), properties={"font": "times 12"})
    )
    button = asked.dialog.buttons.button(asked.dialog.buttons.StandardButton.Apply)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert asked.applied == []


@pytest.mark.parametrize(
    ("place", "text", "sentence"),
    [
        (0, "3o.2", "'3o.2' is not a number"),
        (2, "-4", "'-4' is a negative length"),
        (1, "", "y is empty"),
    ],
)
def test_wrong_input_is_marked_and_changes_nothing(ask, place, text, sentence):
    asked = ask(CIRCLE)
    field = asked.dialog.place.fields[place]
    field.clear()
    QTest.keyClicks(field, text)
    QTest.keyClick(field, RETURN)
    assert asked.applied == []
    assert sentence in asked.dialog.place.fault.text()
    assert asked.dialog.place.fault.isVisible()
    if text:
        assert field.property("cue") == "bad"
    typed(field, "7")
    assert not asked.dialog.place.fault.isVisible()
    assert not field.property("cue")


def test_a_colour_that_is_none_is_refused(ask):
    asked = ask(CIRCLE)
    edit = asked.dialog.look.colour.lineEdit()
    typed(edit, "mauvish")
    QTest.keyClick(edit, RETURN)
    assert asked.applied == []
    assert "'mauvish' is no colour" in asked.dialog.place.fault.text()
    typed(edit, "#ff8800")
    QTest.keyClick(edit, RETURN)
    assert asked.applied[0].properties["color"] == "#ff8800"


@pytest.mark.parametrize(
    ("tags", "text"),
    [
        (("pair 1", "m13, east"), 'pair 1, "m13, east"'),
        (('12" finder',), '"12"" finder"'),
        ((), ""),
    ],
)
def test_tags_with_commas_and_quotes_stay_whole(ask, tags, text):
    asked = ask(replace(CIRCLE, tags=tags))
    field = asked.dialog.look.tags
    assert field.text() == text
    assert not asked.dialog.look.is_edited
    typed(field, f"{text}, new" if text else "new")
    QTest.keyClick(field, RETURN)
    assert asked.applied[0].tags == (*tags, "new")


def test_an_open_quote_in_the_tags_is_no_trouble(ask):
    asked = ask(CIRCLE)
    typed(asked.dialog.look.tags, 'a, "b, c')
    QTest.keyClick(asked.dialog.look.tags, RETURN)
    assert asked.applied[0].tags == ("a", "b, c")


def test_look_and_meaning_are_properties_and_tags_of_ds9(ask):
    asked = ask(CIRCLE)
    look = asked.dialog.look
    look.colour.setCurrentText("red")
    look.width_px.setValue(3)
    look.font_points.setValue(14)
    look.dash.click()
    look.is_included.click()
    look.meaning.setCurrentText("sky background")
    look.comparison.click()
    look.lock.click()
    look.shift_px.setValue(7.5)
    typed(look.tags, "a, b")
    QTest.keyClick(look.tags, RETURN)
    (entry,) = asked.applied
    wanted = {
        "text": "Crab", "color": "red", "width": "3", "font": "helvetica 14 normal roman",
        "dash": "1",
    }  # fmt: skip
    assert entry.properties == wanted
    assert entry.tags == ("a", "b", "comparison", "lock=7.5")
    assert (entry.include, entry.background) == (False, True)
    assert entry.shape == CIRCLE.shape


def test_it_follows_the_region_and_keeps_what_was_typed(ask):
    asked = ask(CIRCLE)
    dialog, regions = asked.dialog, asked.regions
    typed(dialog.place.fields[2], "9")
    typed(dialog.look.name, "mine")
    regions.edit("Move", {asked.ident: replace(CIRCLE, shape=Circle(50.0, 60.0, 5.0))})
    dialog.set_entry(regions.get(asked.ident))
    assert dialog.place.words() == ("50", "60", "9")
    assert dialog.look.name.text() == "mine"
    assert dialog.statement.text().startswith("circle(50,60,5)")
    regions.undo()
    dialog.set_entry(regions.get(asked.ident))
    assert dialog.place.words() == ("30.25", "40", "9")


def test_it_closes_when_the_region_is_gone(ask):
    dialog = ask(CIRCLE).dialog
    dialog.set_entry(None)
    assert not dialog.isVisible()


def test_another_system_has_other_numbers_of_the_same_place(ask, bench, monkeypatch):
    surroundings = replace(bench.regions.surroundings(), corner=(100, 200))
    monkeypatch.setattr(bench.regions, "surroundings", lambda: surroundings)
    asked = ask(CIRCLE)
    asked.dialog.place.systemChosen.emit("detector")
    assert asked.dialog.place.words() == ("130.25", "240", "5")
    typed(asked.dialog.place.fields[0], "131.25")
    QTest.keyClick(asked.dialog.place.fields[0], RETURN)
    assert asked.applied[0].shape == Circle(31.25, 40.0, 5.0)


def test_the_sky_can_be_chosen_only_where_it_is_known(ask, bench, monkeypatch):
    def choices(dialog: RegionDialog) -> list[str]:
        box = dialog.place.system
        flags = (box.model().item(i).isEnabled() for i in range(box.count()))
        return [box.itemText(i) for i, is_on in enumerate(flags) if is_on]

    assert choices(ask(CIRCLE).dialog) == ["image", "physical", "detector"]
    surroundings = replace(bench.regions.surroundings(), sky=FlatSky())
    monkeypatch.setattr(bench.regions, "surroundings", lambda: surroundings)
    assert "fk5" in choices(ask(CIRCLE).dialog)


def test_sexagesimal_places_on_the_sky_are_understood(ask, bench, monkeypatch):
    surroundings = replace(bench.regions.surroundings(), sky=FlatSky())
    monkeypatch.setattr(bench.regions, "surroundings", lambda: surroundings)
    asked = ask(RegionEntry("circle", Circle(90.0, 80.0, 5.0)))
    fields = asked.dialog.place
    fields.systemChosen.emit("fk5")
    assert fields.labels == ("RA", "Dec", "Radius")
    typed(fields.fields[0], "00:40:00")
    typed(fields.fields[1], "20:00:10")
    typed(fields.fields[2], '4"')
    QTest.keyClick(fields.fields[2], RETURN)
    shape = asked.applied[0].shape
    assert (shape.x, shape.y, shape.r) == pytest.approx((100.0, 110.0, 4.0), abs=1e-6)


@pytest.mark.parametrize(
    ("entry", "place", "wanted"),
    [
        (RegionEntry("polygon", Polygon(((1.0, 1.0), (5.0, 1.0), (5.0, 5.0)))), 1,
         Polygon(((1.0, 2.0), (5.0, 1.0), (5.0, 5.0)))),
        (RegionEntry("vector", Vector(1.0, 1.0, 4.0, 30.0)), 2, Vector(1.0, 1.0, 2.0, 30.0)),
        (RegionEntry("text", Text(1.0, 1.0), properties={"text": "a"}), 0, Text(2.0, 1.0)),
        (RegionEntry("annulus", Annulus(1.0, 1.0, 1.0, 6.0)), 2, Annulus(1.0, 1.0, 2.0, 6.0)),
    ],
)  # fmt: skip
def test_every_kind_can_be_typed(ask, entry, place, wanted):
    asked = ask(entry)
    typed(asked.dialog.place.fields[place], "2")
    QTest.keyClick(asked.dialog.place.fields[place], RETURN)
    assert asked.applied[0].shape == wanted


def test_a_kind_that_is_only_kept_has_a_name_and_no_numbers(ask):
    asked = ask(RegionEntry("panda", None, raw="panda(1,2,0,90,1,5,6,1)"))
    assert asked.dialog.place.fields == []
    assert asked.dialog.place.note.isVisible()
    assert "panda(" in asked.dialog.statement.text()


def test_the_line_can_be_copied(ask):
    dialog = ask(CIRCLE).dialog
    (copy,) = (one for one in dialog.findChildren(QPushButton) if one.text() == "Copy")
    copy.click()
    assert QGuiApplication.clipboard().text() == dialog.statement.text()
