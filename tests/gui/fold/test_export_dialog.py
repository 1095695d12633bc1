"""The export dialog, by itself and by key."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from nightglass.core.errors import NightglassError
from nightglass.gui.fold.export.export_dialog import GEOCENTRE, ExportDialog
from nightglass.gui.fold.export.export_form import (
    LINES,
    ExportItem,
    ExportSubject,
    ExportWish,
    told,
)
from PyQt6.QtCore import Qt
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QFileDialog

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

FOLDER = Path("/data/tonight")
NEAR = "Las Campanas Observatory (lco)"
SUBJECT = ExportSubject("crab 2025/12", "J0534+2200", FOLDER, 210, 0.25, NEAR)


@pytest.fixture
def shown(qtbot: QtBot) -> Callable[..., ExportDialog]:
    def show(subject: ExportSubject = SUBJECT) -> ExportDialog:
        dialog = ExportDialog()
        qtbot.addWidget(dialog)
        dialog.show_subject(subject)
        with qtbot.waitExposed(dialog):
            dialog.show()
        dialog.activateWindow()
        qtbot.waitUntil(dialog.isActiveWindow)
        return dialog

    return show


def typed(line, text: str) -> None:
    line.selectAll()
    QTest.keyClicks(line, text) if text else QTest.keyClick(line, Qt.Key.Key_Delete)


def press(dialog: ExportDialog, key: Qt.Key, qtbot: QtBot) -> None:
    """Press Alt and a letter; the box that it is for turns over a moment later."""
    boxes = [*(row.wanted for row in dialog.rows.values()), dialog.may_replace]
    before = [box.isChecked() for box in boxes]
    QTest.keyClick(dialog, key, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: [box.isChecked() for box in boxes] != before)


def choose(box, text: str) -> None:
    box.setFocus()
    box.setCurrentText(text)
    box.activated.emit(box.currentIndex())


def test_names_come_from_capture_and_pulsar(shown) -> None:
    dialog = shown()
    names = [row.name.text() for row in dialog.rows.values()]
    assert names == [
        "crab_2025_12_J0534+2200_profile.fits", "crab_2025_12_J0534+2200_raster.fits",
        "crab_2025_12_J0534+2200_toas.tim", "crab_2025_12_J0534+2200_phases.fits",
        "crab_2025_12_J0534+2200_fold.pdf",
    ]  # fmt: skip
    assert dialog.wish() == ExportWish((ExportItem("profile", FOLDER / names[0]),))


def test_everything_goes_by_key(shown, qtbot: QtBot) -> None:
    dialog = shown()
    assert dialog.focusWidget() is dialog.rows["profile"].wanted
    for key in (Qt.Key.Key_F, Qt.Key.Key_R, Qt.Key.Key_T, Qt.Key.Key_H, Qt.Key.Key_P, Qt.Key.Key_N):
        press(dialog, key, qtbot)
    with qtbot.waitSignal(dialog.exportRequested) as got:
        QTest.keyClick(dialog, Qt.Key.Key_Return)
    (wish,) = got.args
    assert [item.kind for item in wish.items] == ["raster", "toas", "phases", "plot"]
    assert wish.may_replace
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_tab_goes_from_top_to_bottom(shown) -> None:
    dialog = shown()
    for row in dialog.rows.values():
        row.wanted.setChecked(True)
    dialog.folder.setFocus()
    seen = []
    for _ in range(20):
        widget = dialog.focusWidget()
        seen.append(widget.mapTo(dialog, widget.rect().center()).y())
        QTest.keyClick(widget, Qt.Key.Key_Tab)
        if dialog.focusWidget() is dialog.folder:
            break
    assert len(seen) > 15
    # Widgets beside one another are not all of one height.
    assert all(after > before - 5 for before, after in pairwise(seen))


def test_the_name_ends_as_the_kind_of_file_does(shown) -> None:
    dialog = shown()
    row = dialog.rows["profile"]
    choose(row.formats, "PRESTO (.bestprof)")
    assert row.file_name == "crab_2025_12_J0534+2200_profile.bestprof"
    typed(row.name, "mine.csv")
    assert row.formats.currentText() == "CSV (.csv)"
    assert row.file_name == "mine.csv"
    typed(row.name, "mine.v2")
    assert row.file_name == "mine.v2.csv"


def test_a_name_once_given_stays_and_others_follow_the_capture(shown) -> None:
    dialog = shown()
    typed(dialog.rows["profile"].name, "mine.fits")
    dialog.show_subject(replace(SUBJECT, capture="vela"))
    assert dialog.rows["profile"].file_name == "mine.fits"
    assert dialog.rows["raster"].name.text() == "vela_J0534+2200_raster.fits"


def test_a_folder_once_given_stays(shown, monkeypatch) -> None:
    dialog = shown()
    dialog.show_subject(replace(SUBJECT, folder=Path("/data/other")))
    assert dialog.folder.text() == "/data/other"
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: "/mine")
    QTest.mouseClick(dialog.choose_button, Qt.MouseButton.LeftButton)
    dialog.show_subject(replace(SUBJECT, capture="vela"))
    assert dialog.wish().items[0].path.parent == Path("/mine")


def test_times_of_arrival_for_some_rows_at_a_place(shown, qtbot: QtBot) -> None:
    dialog = shown()
    assert not dialog.each.isEnabled()
    press(dialog, Qt.Key.Key_T, qtbot)
    assert dialog.each.text() == "one of all light"
    assert dialog.wish().toa_rows is None
    dialog.each.setValue(40)
    assert dialog.each.text() == "one for each 40 rows"
    assert dialog.span.text() == "= 10.0 s"
    dialog.place.setCurrentText(GEOCENTRE)
    wish = dialog.wish()
    assert (wish.toa_rows, wish.is_geocentric) == (40, True)
    dialog.show_subject(replace(SUBJECT, rows=20))
    assert dialog.wish().toa_rows == 20
    assert dialog.wish().is_geocentric
    dialog.show_subject(replace(SUBJECT, place=""))
    assert dialog.place.count() == 1


def test_the_plot_is_white_unless_told(shown, qtbot: QtBot) -> None:
    dialog = shown()
    press(dialog, Qt.Key.Key_P, qtbot)
    assert dialog.wish().is_white
    choose(dialog.paper, "in the colours of the window")
    assert not dialog.wish().is_white


def test_what_cannot_be_had_says_why(shown) -> None:
    dialog = shown(replace(SUBJECT, missing=(("toas", "No pulse is seen."),)))
    row = dialog.rows["toas"]
    assert not row.wanted.isEnabled()
    assert row.wanted.toolTip() == "No pulse is seen."
    row.wanted.setChecked(True)
    assert not row.is_wanted
    dialog.show_subject(SUBJECT)
    assert row.is_wanted


def test_what_is_missing_is_told(shown, qtbot: QtBot) -> None:
    dialog = shown()
    assert dialog.state.text() == "Ready to write."
    press(dialog, Qt.Key.Key_F, qtbot)
    assert dialog.state.text() == "Choose what to write."
    assert not dialog.write_button.isEnabled()
    press(dialog, Qt.Key.Key_F, qtbot)
    typed(dialog.rows["profile"].name, "")
    assert dialog.state.text() == "Name every file."
    press(dialog, Qt.Key.Key_R, qtbot)
    for kind in ("profile", "raster"):
        typed(dialog.rows[kind].name, "a.fits")
    assert dialog.state.text() == "Two files have the same name."
    typed(dialog.folder, "")
    assert dialog.state.text() == "Name the folder the files go to."


def test_it_tells_what_was_written_and_what_not(shown, qtbot: QtBot) -> None:
    dialog = shown()
    before = dialog.height()
    dialog.show_running()
    assert dialog.write_button.text() == "&Stop"
    dialog.show_outcome([FOLDER / "a.fits"], ["b.tim is there already."] * 8)
    assert dialog.state.text() == "1 file written to /data/tonight: a.fits"
    assert dialog.state.property("cue") == "good"
    assert dialog.trouble.text().startswith("▲ b.tim is there already.\n▲ ")
    assert dialog.height() > before
    dialog.show_subject(replace(SUBJECT, rows=300))
    assert dialog.state.text().startswith("1 file")
    press(dialog, Qt.Key.Key_R, qtbot)
    assert dialog.state.text() == "Ready to write."
    assert dialog.trouble.text() == ""


def test_writing_can_be_stopped(shown, qtbot: QtBot) -> None:
    dialog = shown()
    dialog.show_running("Writing phases…")
    assert dialog.state.text() == "Writing phases…"
    with qtbot.waitSignal(dialog.stopRequested):
        QTest.mouseClick(dialog.write_button, Qt.MouseButton.LeftButton)
    dialog.show_outcome((), ["Stopped."])
    assert dialog.write_button.text() == "&Write"


def test_it_fits_the_smallest_window(shown) -> None:
    dialog = shown()
    assert dialog.width() <= 1100
    assert dialog.height() <= 700
    assert not dialog.isModal()


def test_failures_speak_of_the_box_not_of_an_option() -> None:
    error = NightglassError(
        "The file is there already", "/a exists.",
        "Choose another name, or add --clobber to replace it.",
    )  # fmt: skip
    assert "--" not in told(error)
    assert "tick 'Replace files of these names'" in told(error)


def test_every_kind_of_file_is_one_that_is_written() -> None:
    from nightglass.core.lightspeed.fold.files.bestprof import BESTPROF_SUFFIX
    from nightglass.core.lightspeed.fold.files.phase_sinks import SUFFIXES
    from nightglass.core.lightspeed.fold.files.tables import TABLE_SUFFIXES
    from nightglass.core.lightspeed.fold.files.toas import TIM_SUFFIX
    from nightglass.gui.fold.export.plot_export import PLOT_SUFFIXES

    written = {
        "profile": (*TABLE_SUFFIXES, BESTPROF_SUFFIX), "raster": TABLE_SUFFIXES,
        "toas": (TIM_SUFFIX,), "phases": SUFFIXES, "plot": PLOT_SUFFIXES,
    }  # fmt: skip
    for line in LINES:
        assert set(line.suffixes) <= set(written[line.kind])
