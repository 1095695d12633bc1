"""The page of the report: pictures in the colours of the theme, tables, what is asked for."""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path

import pytest
from nightglass.core.mascara.browsing.compare_tables import ComparisonTable
from nightglass.core.mascara.report.pages import data_table, heading, page, picture
from nightglass.gui.night.report.comparison import ComparisonView
from nightglass.gui.night.report.dressing import content_of, dressed
from nightglass.gui.night.report.page import COMPARISON, REPORT, ReportPage
from nightglass.gui.theme import THEMES
from PyQt6.QtCore import QBuffer, QByteArray, QIODevice, Qt, QUrl
from PyQt6.QtGui import QColor, QImage
from PyQt6.QtTest import QTest

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
LEFT = Qt.MouseButton.LeftButton
WIDTH = 600
TABLES = (
    ComparisonTable("Camera LPN", ("", "monday (a)", "tuesday (b)", "Difference"),
                    (("Frames reduced", "60", "40", "−20"), ("Zero point", "17.0", "-", "-"))),
    ComparisonTable("Stars of tuesday against monday", ("V", "Stars"), (("all", "12"),), "A note."),
    ComparisonTable("Stars of friday against monday", (), (), "No light curves yet."),
)  # fmt: skip


def drawn():
    """A white picture of 400 x 200 with a blue stroke in the middle."""
    image = QImage(400, 200, QImage.Format.Format_RGB32)
    image.fill(QColor("#ffffff"))
    for x in range(400):
        for y in range(90, 110):
            image.setPixelColor(x, y, QColor("#0072b2"))
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    return bytes(data)


@pytest.fixture(scope="module")
def html(qapp):
    body = [heading("Sky & <stars>"), data_table(("Camera", "Frames"), [("LPN", "60")])]
    body += [picture(drawn(), "Sky cells"), *(heading(f"part {k}") for k in range(60))]
    return page("Night 20160130 LaPalma", body)


@pytest.fixture
def shown(on_screen, html):
    made = on_screen(ReportPage(), 640, 400)
    made.show_report(dressed(content_of(html), THEMES["dark"], made.picture_px, 1.0))
    return made


def told(signal):
    got = []
    signal.connect(lambda *args: got.append(args))
    return got


def test_pictures_are_taken_out_of_the_page_and_named(html):
    content = content_of(html)
    (image,) = content.pictures
    assert (image.width(), image.height()) == (400, 200)
    assert content.names == ("Sky cells",)
    assert "base64" not in content.body
    assert "<style>" not in content.body


def test_report_is_no_wider_than_the_window_and_sharp_on_dense_screens(html):
    report = dressed(content_of(html), THEMES["light"], 300, 2.0)
    (image,) = report.pictures.values()
    assert (image.width(), image.devicePixelRatio()) == (600, 2.0)
    assert 'width="300" height="150"' in report.html
    assert 'alt="Sky cells"' in report.html


def test_light_paper_stays_as_it_was_drawn(html):
    (image,) = dressed(content_of(html), THEMES["light"], WIDTH, 1.0).pictures.values()
    assert image.pixelColor(5, 5).name() == "#ffffff"
    assert image.pixelColor(5, 100).name() == "#0072b2"


def test_dark_paper_keeps_the_hues_and_red_knows_no_other_colour(html):
    (dark,) = dressed(content_of(html), THEMES["dark"], WIDTH, 1.0).pictures.values()
    assert dark.pixelColor(5, 5).lightness() < 40
    assert dark.pixelColor(5, 100).hue() == pytest.approx(QColor("#0072b2").hue(), abs=15)
    (red,) = dressed(content_of(html), THEMES["red"], WIDTH, 1.0).pictures.values()
    seen = {red.pixelColor(x, y).getRgb()[:3] for x in range(0, 400, 9) for y in range(200)}
    assert all(channels[0] >= max(channels[1:]) for channels in seen)
    assert max(channels[0] for channels in seen if channels[1] < 60) > 60


def test_browser_shows_text_and_picture_and_nothing_from_outside(shown):
    assert "Sky & <stars>" in shown.browser.toPlainText()
    assert "LPN" in shown.browser.toPlainText()
    image = shown.browser.grab().toImage()
    colours = {image.pixelColor(200, y).name() for y in range(image.height())}
    assert any(QColor(one).blue() > QColor(one).red() + 60 for one in colours)
    assert shown.browser.loadResource(2, QUrl("http://example.org/x.png")) is None


def test_what_is_read_stays_where_it_is_when_the_report_is_made_anew(shown, html):
    bar = shown.browser.verticalScrollBar()
    bar.setValue(bar.maximum() // 2)
    before = bar.value()
    shown.show_report(dressed(content_of(html), THEMES["dark"], shown.picture_px, 1.0))
    assert bar.value() == pytest.approx(before, abs=20)


def test_pictures_of_another_width_are_asked_for_once_the_hand_rests(shown, qtbot):
    with qtbot.waitSignal(shown.dressRequested, timeout=3000):
        shown.resize(800, 400)
    assert shown.picture_px > 700


def test_theme_asks_for_other_colours(shown):
    asked = told(shown.dressRequested)
    shown.set_roles(THEMES["red"])
    shown.set_roles(THEMES["red"])
    assert len(asked) == 1


def test_buttons_ask_for_actions_and_the_tabs_change_what_is_seen(shown):
    actions, renewed, tabs = (
        told(one) for one in (shown.actionRequested, shown.renewRequested, shown.tabShown)
    )
    for button in (*shown.buttons.values(), shown.renew):
        QTest.mouseClick(button, LEFT)
    assert actions == [("night.report",), ("night.mail",)]
    assert len(renewed) == 1
    QTest.keyClick(shown.tabs, Qt.Key.Key_Right)
    assert tabs == [(COMPARISON,)]
    assert shown.comparison.isVisible()
    shown.show_message("Trouble.")
    assert shown.comparison.isVisible()
    shown.show_tab(REPORT)
    assert shown.message.isVisible()
    assert shown.message.text == "Trouble."


@pytest.fixture
def view(on_screen):
    made = ComparisonView()
    made.set_roles = lambda _: None
    made = on_screen(made, 1000, 400)
    made.set_nights([(Path("/a"), "monday"), (Path("/b"), "tuesday")], ())
    return made


def test_nights_are_chosen_by_key_and_told_once_each(view):
    chosen = told(view.nightsChosen)
    assert not view.third.isEnabled()
    view.second.setFocus()
    QTest.keyClick(view.second, Qt.Key.Key_Down)
    assert chosen[-1] == ((Path("/a"),),)
    assert view.third.isEnabled()
    view.third.setFocus()
    QTest.keyClick(view.third, Qt.Key.Key_Down)
    assert chosen[-1] == ((Path("/a"),),)
    QTest.keyClick(view.third, Qt.Key.Key_Down)
    assert chosen[-1] == ((Path("/a"), Path("/b")),)


def test_offered_anew_the_chosen_nights_stay(view):
    asked = told(view.nightsChosen)
    view.set_nights([(Path("/c"), "friday"), (Path("/b"), "tuesday")], (Path("/b"),))
    assert view.chosen == (Path("/b"),)
    assert asked == []


def test_tables_stand_side_by_side_with_their_titles_across(view):
    view.show_tables(TABLES, 1)
    cameras, stars = view.cameras.tables, view.stars.tables
    assert cameras.text(0, 0) == "Camera LPN"
    assert view.cameras.columnSpan(0, 0) == 4
    assert cameras.text(1, 3) == "−20"
    assert cameras.headerData(1, Qt.Orientation.Horizontal) == "monday\n(a)"
    assert [stars.text(row, 0) for row in range(stars.rowCount())] == [
        "Stars of tuesday against monday", "all", "Stars of friday against monday",
        "No light curves yet.",
    ]  # fmt: skip
    assert view.note.text() == "A note."
    assert view.is_shown


def test_copies_are_offered_once_there_is_something(view):
    copied = told(view.copyRequested)
    assert not view.copy.isEnabled()
    view.show_tables(TABLES, 1)
    assert view.copy.isEnabled()
    for action in view.copy.menu().actions():
        action.trigger()
    assert copied == [("text",), ("command",)]


def test_numbers_are_right_aligned_and_names_left(view):
    view.show_tables(TABLES, 1)
    model = view.cameras.tables
    role = Qt.ItemDataRole.TextAlignmentRole
    assert model.data(model.index(1, 1), role) & Qt.AlignmentFlag.AlignRight
    assert model.data(model.index(1, 0), role) & Qt.AlignmentFlag.AlignLeft


def test_picture_of_the_report_survives_its_bytes():
    """The page names its pictures by data alone; nothing of it is fetched."""
    content = content_of(f"<body>{picture(drawn(), 'x')}</body>")
    assert b64encode(drawn()).decode() not in content.body
    assert not content.pictures[0].isNull()
