"""The panel of messages."""

from __future__ import annotations

from dataclasses import replace

import pytest
from nightglass.core.mascara.report.log_file import LogLine
from nightglass.core.mascara.report.messages import MessageGroup
from nightglass.gui.night.watch.members import MOST_LINES, MemberList
from nightglass.gui.night.watch.message_list import MessageFilter, MessageList
from nightglass.gui.night.watch.message_model import WHERE
from nightglass.gui.night.watch.messages import NO_NIGHT, NONE_YET, MessagesPanel
from nightglass.gui.theme import THEMES
from PyQt6.QtCore import QPoint, Qt
from PyQt6.QtGui import QGuiApplication
from PyQt6.QtTest import QTest

from ...core.mascara.watching.made_night import made_snapshot
from .watch_made import lines

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture(scope="module")
def night(tmp_path_factory):
    """Eight batches of three cameras, one failed, one not whole, and a mail that was not sent."""
    return made_snapshot(tmp_path_factory.mktemp("messages"), cameras="NSC", batches=8)


@pytest.fixture
def panel(on_screen, night):
    made = on_screen(MessagesPanel(), 300, 500)
    made.show_snapshot(night)
    return made


def texts(panel):
    return [panel.model.group(row).text for row in range(panel.model.rowCount())]


def with_records(night, **records):
    """Some records are others; a name is a unit with its dash left out."""
    new = {name.replace("_", "-"): record for name, record in records.items()}
    return replace(night, records={**night.records, **new})


def warned(night, unit, *warnings):
    return {**night.records[unit], "warnings": list(warnings)}


def place_of(panel, row):
    return panel.table.visualRect(panel.model.index(row, 1)).center()


def test_panel_says_why_it_is_empty(on_screen, night):
    panel = on_screen(MessagesPanel(), 300, 400)
    panel.show_snapshot(None)
    assert panel.empty.text == NO_NIGHT
    status = replace(night.status, messages=())
    panel.show_snapshot(replace(night, records={}, status=status))
    assert panel.empty.isVisible()
    assert panel.empty.text == NONE_YET


def test_messages_are_those_of_the_status(panel, night):
    shown = [panel.model.group(row) for row in range(panel.model.rowCount())]
    assert {(one.level, one.times, frozenset(one.where)) for one in shown} == {
        (one.level, one.times, frozenset(one.where)) for one in night.status.messages
    }


def test_errors_come_first(panel):
    assert panel.model.group(0).level == "ERROR"


def test_filter_by_camera_level_and_text(panel):
    everything = len(texts(panel))
    panel.bar.camera.setCurrentIndex(panel.bar.camera.findData("LPC"))
    assert 0 < len(texts(panel)) < everything
    panel.bar.level.setCurrentIndex(panel.bar.level.findData("ERROR"))
    assert len(texts(panel)) == 1
    QTest.keyClicks(panel.bar.search, "no such word")
    assert panel.nothing.isVisible()
    QTest.mouseClick(panel.nothing.buttons["all"], LEFT)
    assert len(texts(panel)) == everything


def test_text_is_looked_for_in_message_and_unit(panel):
    QTest.keyClicks(panel.bar.search, "RECOGNISED")
    assert len(texts(panel)) == 1
    panel.bar.search.clear()
    QTest.keyClicks(panel.bar.search, "lpn-")
    assert all(any("LPN" in unit for unit in panel.model.group(row).where)
               for row in range(panel.model.rowCount()))  # fmt: skip


def test_each_of_a_kind_is_listed_with_its_time_and_unit(panel):
    QTest.keyClicks(panel.bar.search, "recognised")
    QTest.mouseClick(panel.table.viewport(), LEFT, pos=place_of(panel, 0))
    group = panel.model.group(0)
    assert len(lines(panel.members)) == group.times
    for unit, text in zip(group.where, lines(panel.members), strict=True):
        assert f"{unit}: Stars were not recognised on" in text
        assert text[2] == ":"


def test_return_and_a_line_of_the_details_show_the_batch(panel):
    chosen = []
    panel.unitChosen.connect(chosen.append)
    panel.table.selectRow(0)
    panel.table.setFocus()
    QTest.keyClick(panel.table, Qt.Key.Key_Return)
    view = panel.members.view
    view.setCurrentRow(0)
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_Return)
    assert chosen == [panel.model.group(0).where[0]] * 2


def test_choice_stays_while_messages_come(panel, night):
    row = next(k for k, text in enumerate(texts(panel)) if "bright" in text)
    panel.table.selectRow(row)
    unit = "LPC-00304594"
    more = {f"LPC_0030459{k}": warned(night, f"LPC-0030459{k}", "A new kind of trouble")
            for k in (4, 5, 6)}  # fmt: skip
    panel.show_snapshot(with_records(night, **more))
    chosen = panel.table.selectionModel().selectedRows()
    assert [panel.model.group(index.row()).text for index in chosen] == [
        texts(panel)[chosen[0].row()]
    ]
    assert "bright" in panel.model.group(chosen[0].row()).text
    assert unit in next(
        panel.model.group(k).where for k, text in enumerate(texts(panel)) if "new kind" in text
    )


def test_details_grow_with_their_message(panel, night):
    row = next(k for k, text in enumerate(texts(panel)) if "bright" in text)
    panel.table.selectRow(row)
    before = len(lines(panel.members))
    panel.show_snapshot(
        with_records(
            night, LPC_00304599=warned(night, "LPC-00304599", "The image has bright parts")
        )
    )
    assert len(lines(panel.members)) == before + 1


def test_records_that_are_the_same_are_not_read_again(night):
    messages = MessageList()
    assert messages.take(night)
    assert not messages.take(night)
    assert messages.take(None)
    assert messages.chosen(MessageFilter()) == []


def test_what_no_unit_said_is_listed_too(panel):
    assert any("mail server" in text for text in texts(panel))
    panel.bar.camera.setCurrentIndex(1)
    assert not any("mail server" in text for text in texts(panel))


def test_messages_of_a_camera_can_be_asked_for(panel):
    panel.show_camera("LPS")
    assert panel.bar.filter == MessageFilter("LPS")
    panel.show_camera("LPX")
    assert panel.bar.filter == MessageFilter()


def test_log_of_a_unit_takes_the_place_of_the_details(panel, night):
    log = [LogLine("2016-01-30T21:04:11.123", "LPC", "reduction.batch", "INFO", "done: 50")]
    panel.table.selectRow(0)
    panel.show_log("LPC-00304594", log)
    assert panel.members.heading.whole == "Log of LPC-00304594: 1 line"
    assert lines(panel.members) == ("21:04:11 INFO done: 50",)
    panel.show_snapshot(with_records(night, LPC_00304599=warned(night, "LPC-00304599", "More")))
    assert lines(panel.members) == ("21:04:11 INFO done: 50",)
    panel.table.selectRow(0)
    assert panel.members.heading.whole.startswith("1 message: ")


def test_all_can_be_copied(panel):
    QTest.mouseClick(panel.bar.copy, LEFT)
    copied = QGuiApplication.clipboard().text().splitlines()
    assert len(copied) == len(texts(panel))
    assert copied[0].startswith("ERROR\t1\t")


@pytest.mark.parametrize("width", [220, 300, 700])
def test_sentences_are_whole_at_any_width(panel, qtbot, width):
    panel.resize(width, 500)
    qtbot.waitUntil(lambda: all(is_whole(panel, row) for row in range(panel.model.rowCount())))
    assert panel.table.isColumnHidden(WHERE) == (width < 700)


def is_whole(panel, row):
    """Whether there is room for all lines of a sentence within the padding of its cell."""
    room = panel.table.visualRect(panel.model.index(row, 1)).adjusted(8, 0, -8, 0)
    flags = int(Qt.TextFlag.TextWordWrap)
    endless = room.adjusted(0, 0, 0, 999)
    wanted = panel.table.fontMetrics().boundingRect(endless, flags, texts(panel)[row])
    return room.height() >= wanted.height()


def test_long_list_is_cut_and_says_so(on_screen, qtbot):
    members = MemberList()
    qtbot.addWidget(members)
    members.show_lines(
        "one kind", "9 messages", [("LPC-1", str(k)) for k in range(MOST_LINES + 12)]
    )
    assert len(lines(members)) == MOST_LINES + 1
    assert lines(members)[-1] == "and 12 more lines"


def test_lines_can_be_copied(panel):
    panel.table.selectRow(0)
    panel.members.view.selectAll()
    QTest.keyClick(panel.members.view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "\n".join(lines(panel.members))


def test_members_keep_their_scroll_while_they_grow(on_screen, qtbot):
    members = MemberList()
    qtbot.addWidget(members)
    members.resize(200, 100)
    members.show()
    members.show_lines("one kind", "40 messages", [("LPC-1", str(k)) for k in range(40)])
    bar = members.view.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 50)
    bar.setValue(50)
    members.show_lines("one kind", "50 messages", [("LPC-1", str(k)) for k in range(50)])
    qtbot.waitUntil(lambda: bar.maximum() > 400)
    assert bar.value() == 50
    members.show_lines("another kind", "60 messages", [("LPC-1", str(k)) for k in range(60)])
    assert bar.value() == 0


@pytest.mark.parametrize("theme", THEMES)
def test_messages_paint_in_every_theme(panel, theme):
    panel.set_roles(THEMES[theme])
    assert isinstance(panel.model.group(0), MessageGroup)
    assert panel.childAt(QPoint(150, 80)) is not None
