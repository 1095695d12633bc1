"""The list of stars: searched, filtered and ordered by hand."""

from __future__ import annotations

import math

import pytest
from nightglass.core.mascara.browsing.stars import StarFilter
from nightglass.gui.night.curves.star_columns import COLUMNS, PLACES
from nightglass.gui.night.curves.star_list import StarList
from nightglass.gui.theme import THEMES
from PyQt6.QtCore import QPoint, Qt
from PyQt6.QtTest import QTest

from .curves_made import found, made_stars

COUNT = 500


@pytest.fixture
def stars():
    return made_stars(COUNT)


@pytest.fixture
def shelf(on_screen, stars):
    """A list that is searched at once."""

    class Shelf(StarList):
        def set_roles(self, _):
            """It paints nothing by itself."""

    made = Shelf()
    made.stars = stars
    made.queries = []

    def look():
        made.queries.append(made.query)
        made.show_found(found(made.stars, made.query))

    made.queryChanged.connect(look)
    on_screen(made, 430, 400)
    look()
    return made


@pytest.fixture
def chosen(shelf):
    numbers = []
    shelf.starChosen.connect(numbers.append)
    return numbers


def listed(shelf):
    return [shelf.model.ascc(row) for row in range(shelf.model.rowCount())]


def text(shelf, row, key):
    return shelf.model.index(row, PLACES[key]).data()


def press(widget, *keys):
    for key in keys:
        QTest.keyClick(widget, key)


def click_heading(shelf, key):
    header = shelf.table.horizontalHeader()
    place = PLACES[key]
    x = header.sectionViewportPosition(place) + header.sectionSize(place) // 2
    QTest.mouseClick(
        header.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(x, header.height() // 2)
    )


def test_all_stars_are_listed_by_number_at_first(shelf):
    assert listed(shelf) == [1000 + 10 * k for k in range(COUNT)]
    assert shelf.summary.whole == f"{COUNT} stars"


def test_a_row_tells_what_is_known_and_a_dash_what_is_not(shelf, stars):
    assert text(shelf, 0, "hd") == "5"
    assert text(shelf, 0, "hip") == "–"
    assert text(shelf, 0, "vmag") == f"{stars.vmag[0]:.2f}"
    assert [text(shelf, row, "cameras") for row in range(3)] == ["N", "E", "NE"]
    assert text(shelf, 3, "flagged_percent") == "3.0"
    assert text(shelf, 4, "flagged_percent") == "–"
    assert text(shelf, 0, "scatter_mag") == f"{1000 * stars.scatter_mag[0]:.1f}"


def test_numbers_stand_on_the_right_and_words_on_the_left(shelf):
    for place, column in enumerate(COLUMNS):
        align = shelf.model.index(0, place).data(Qt.ItemDataRole.TextAlignmentRole)
        assert bool(align & Qt.AlignmentFlag.AlignRight.value) == column.is_number


def test_typing_a_number_leaves_the_stars_that_begin_so(shelf):
    QTest.keyClicks(shelf.search, "ASCC 12")
    assert listed(shelf) == list(range(1200, 1300, 10))
    assert shelf.summary.whole == f"10 of {COUNT} stars"


def test_the_only_star_found_is_chosen_without_a_further_key(shelf, chosen):
    QTest.keyClicks(shelf.search, "HD 504")
    assert chosen == [1000 + 10 * 499]


def test_return_chooses_the_first_of_several(shelf, chosen):
    QTest.keyClicks(shelf.search, "ASCC 12")
    assert chosen == []
    press(shelf.search, Qt.Key.Key_Return)
    assert chosen == [1200]


def test_arrows_in_the_search_line_walk_through_the_stars(shelf, chosen):
    QTest.keyClicks(shelf.search, "ASCC 12")
    press(shelf.search, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_PageDown)
    assert chosen[:3] == [1200, 1210, 1200]
    assert chosen[3] == 1290


def test_walking_ends_at_the_last_star(shelf, chosen):
    QTest.keyClicks(shelf.search, "ASCC 129")
    press(shelf.search, Qt.Key.Key_Down, Qt.Key.Key_Down)
    assert chosen == [1290]


def test_escape_empties_the_line(shelf):
    QTest.keyClicks(shelf.search, "ASCC 12")
    press(shelf.search, Qt.Key.Key_Escape)
    assert shelf.search.text() == ""
    assert len(listed(shelf)) == COUNT


def test_nonsense_is_answered_with_a_sentence_and_a_way_back(shelf):
    QTest.keyClicks(shelf.search, "hello")
    assert shelf.nothing.isVisible()
    assert "HD 189733" in shelf.nothing.text
    QTest.mouseClick(shelf.nothing.buttons["clear"], Qt.MouseButton.LeftButton)
    assert len(listed(shelf)) == COUNT
    assert shelf.table.isVisible()


def test_what_is_typed_into_the_table_is_searched(shelf):
    shelf.table.setFocus()
    QTest.keyClicks(shelf.table, "1")
    QTest.keyClicks(shelf.search, "2")
    assert shelf.search.text() == "12"
    assert shelf.search.hasFocus()


def test_down_in_the_table_chooses_the_next_star(shelf, chosen):
    shelf.table.setFocus()
    press(shelf.table, Qt.Key.Key_Home, Qt.Key.Key_Down, Qt.Key.Key_Down)
    assert chosen == [1000, 1010, 1020]


def test_coming_to_the_table_by_key_chooses_nothing_before_the_first_arrow(shelf, chosen):
    shelf.search.setFocus()
    press(shelf.search, Qt.Key.Key_Tab)
    press(shelf.fold, Qt.Key.Key_Tab)
    assert shelf.table.hasFocus()
    assert chosen == []
    press(shelf.table, Qt.Key.Key_Down)
    assert chosen == [1000]


def test_return_in_the_table_asks_for_the_plot(shelf, qtbot):
    with qtbot.waitSignal(shelf.curveWanted):
        press(shelf.table, Qt.Key.Key_Return)


def test_a_heading_sorts_up_down_and_not_at_all(shelf, stars):
    click_heading(shelf, "vmag")
    assert listed(shelf)[0] == 1010
    click_heading(shelf, "vmag")
    assert listed(shelf)[-1] == 1010
    click_heading(shelf, "vmag")
    assert listed(shelf)[:2] == [1000, 1010]
    assert [query.column for query in shelf.queries[-3:]] == ["vmag", "vmag", ""]


def test_stars_of_unknown_flags_come_last_both_ways(shelf):
    for _ in range(2):
        click_heading(shelf, "flagged_percent")
        last = text(shelf, COUNT - 1, "flagged_percent")
        assert last == "–"


def test_a_setter_tells_nothing(shelf, chosen):
    before = len(shelf.queries)
    shelf.choose(1200)
    assert chosen == []
    assert len(shelf.queries) == before


def test_the_chosen_star_stays_chosen_in_its_place_when_others_come(shelf, chosen):
    shelf.choose(3000)
    row = shelf.model.row_of(3000)
    offset = row - shelf.table.rowAt(0)
    shelf.stars = made_stars(COUNT + 300)
    shelf.show_found(found(shelf.stars, shelf.query))
    assert shelf.table.currentIndex().row() == shelf.model.row_of(3000)
    assert shelf.table.currentIndex().row() - shelf.table.rowAt(0) == offset
    assert chosen == []


def test_a_sort_brings_the_chosen_star_along(shelf, chosen):
    shelf.choose(1010)
    click_heading(shelf, "vmag")
    click_heading(shelf, "vmag")
    assert shelf.table.currentIndex().row() == COUNT - 1
    assert chosen == []


def test_a_chosen_star_that_a_filter_hides_comes_back_chosen(shelf, chosen):
    shelf.choose(1210)
    QTest.keyClicks(shelf.search, "ASCC 13")
    assert not shelf.table.selectionModel().hasSelection()
    shelf.search.clear()
    assert shelf.table.currentIndex().row() == 21
    assert chosen == []


def test_new_facts_of_the_same_stars_move_nothing(shelf):
    bar = shelf.table.verticalScrollBar()
    bar.setValue(200)
    shelf.show_found(found(made_stars(COUNT), shelf.query))
    assert bar.value() == 200


def test_filters_fold_away_and_are_not_forgotten(shelf):
    assert not shelf.filters.isVisible()
    QTest.mouseClick(shelf.fold, Qt.MouseButton.LeftButton)
    assert shelf.filters.isVisible()
    QTest.keyClicks(shelf.filters.faintest, "6")
    press(shelf.filters.faintest, Qt.Key.Key_Return)
    QTest.mouseClick(shelf.fold, Qt.MouseButton.LeftButton)
    assert not shelf.filters.isVisible()
    assert "●" in shelf.fold.text()
    assert 0 < len(listed(shelf)) < COUNT


def test_a_typed_brightness_filters_and_reset_takes_it_back(shelf, stars):
    shelf.fold.click()
    QTest.keyClicks(shelf.filters.brightest, "7.5")
    press(shelf.filters.brightest, Qt.Key.Key_Return)
    assert listed(shelf) == stars.ascc[stars.vmag >= 7.5].tolist()
    QTest.mouseClick(shelf.filters.reset, Qt.MouseButton.LeftButton)
    assert len(listed(shelf)) == COUNT
    assert shelf.query.filter == StarFilter()


def test_every_filter_gets_into_the_query(shelf):
    filters = shelf.filters
    filters.faintest.set_value(7.0)
    filters.points.set_value(50.0)
    filters.camera.setCurrentIndex(filters.camera.findData("LPE"))
    filters.flags.setCurrentIndex(filters.flags.findData("none"))
    assert shelf.query.filter == StarFilter(-math.inf, 7.0, "LPE", 50, "none")


def test_a_camera_that_is_chosen_stays_chosen_when_cameras_come(shelf):
    filters = shelf.filters
    filters.camera.setCurrentIndex(filters.camera.findData("LPE"))
    filters.set_cameras(("LPC", "LPE", "LPN"))
    assert filters.filter.camera == "LPE"


def test_a_narrow_list_shows_the_columns_that_matter_most(shelf):
    shelf.resize(250, 400)
    assert shelf.table.shown == ("ascc", "hd", "vmag")


def test_a_column_is_shown_and_hidden_by_its_menu(shelf):
    menu = shelf.table.column_menu()
    entry = next(one for one in menu.actions() if one.text().startswith("Type"))
    entry.trigger()
    assert "spectype" in shelf.table.shown
    usual = next(one for one in menu.actions() if one.text().startswith("Usual"))
    usual.trigger()
    assert "spectype" not in shelf.table.shown
    menu.close()


@pytest.mark.parametrize("theme", THEMES)
def test_the_widest_numbers_are_not_cut(shelf, theme, qapp):
    shelf.resize(520, 300)
    for key in shelf.table.shown:
        place, metrics = PLACES[key], shelf.table.fontMetrics()
        room = shelf.table.columnWidth(place)
        assert metrics.horizontalAdvance(COLUMNS[place].widest) + 14 <= room
