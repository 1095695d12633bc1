"""Par files through their dialogs: chosen, read, looked for in another folder, shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from nightglass.core.errors import NightglassError
from nightglass.core.workbench.fold.shelf import EphemerisShelf
from nightglass.gui.controllers.par_files import ParFilesController
from nightglass.gui.fold.pars.chooser import ParChooser
from nightglass.gui.fold.pars.par_dialog import ParDialog
from PyQt6.QtCore import QCoreApplication, QEvent, Qt
from PyQt6.QtWidgets import QFileDialog, QWidget

from ...core.timing.conftest import HEAD

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from nightglass.core.workbench import Workbench
    from pytestqt.qtbot import QtBot

CRAB = HEAD + "F0 29.946\n"
VELA = HEAD.replace("TEST", "Vela") + "F0 11.19\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "pars"
    place.mkdir()
    (place / "crab.par").write_text(CRAB, encoding="utf-8")
    (place / "vela.par").write_text(VELA, encoding="utf-8")
    return place


@pytest.fixture
def shelf(bench: Workbench) -> Iterator[EphemerisShelf]:
    made = EphemerisShelf(
        bench.engine, bench.desk, bench.session, bench.problems, bench.use_settings
    )
    yield made
    made.close()


@pytest.fixture
def pars(shelf: EphemerisShelf, qtbot: QtBot) -> Iterator[ParFilesController]:
    window = QWidget()
    qtbot.addWidget(window)
    made = ParFilesController(shelf, window)
    yield made
    made.stop()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def chooser_of(pars: ParFilesController) -> ParChooser:
    (found,) = [one for one in pars._window.findChildren(ParChooser) if one.isVisible()]
    return found


def test_the_chooser_lists_the_folder_and_what_is_chosen_is_folded_on(
    pars: ParFilesController, shelf: EphemerisShelf, folder: Path, qtbot: QtBot
) -> None:
    shelf.look_in(folder)
    pars.rows()["fold.choose"](True)
    chooser = chooser_of(pars)
    assert chooser.text.toPlainText() == CRAB
    qtbot.keyClick(chooser.search, Qt.Key.Key_Down)
    assert chooser.text.toPlainText() == VELA
    qtbot.keyClick(chooser.search, Qt.Key.Key_Return)
    assert [one.path for one in shelf.chosen] == [folder / "vela.par"]


def test_another_folder_is_looked_into(
    pars: ParFilesController,
    shelf: EphemerisShelf,
    folder: Path,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pars.ask()
    chooser = chooser_of(pars)
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: "")
    qtbot.mouseClick(chooser.folder_button, Qt.MouseButton.LeftButton)
    assert shelf.folder is None
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(folder))
    qtbot.mouseClick(chooser.folder_button, Qt.MouseButton.LeftButton)
    assert shelf.folder == folder
    assert [row.name for row in chooser.table.pars.rows] == ["crab.par", "vela.par"]


def test_there_is_one_chooser_at_a_time_and_a_new_one_after_it(pars: ParFilesController) -> None:
    pars.ask()
    first = chooser_of(pars)
    pars.ask()
    assert chooser_of(pars) is first
    first.close()
    pars.ask()
    assert chooser_of(pars) is not first


def test_dropped_par_files_are_folded_on(
    pars: ParFilesController, shelf: EphemerisShelf, folder: Path
) -> None:
    pars.open([folder / "vela.par", folder / "crab.par"])
    assert [one.name for one in shelf.chosen] == ["vela.par", "crab.par"]
    pars.open([])
    assert len(shelf.chosen) == 2


def test_the_par_files_in_use_are_shown_as_text(
    pars: ParFilesController, shelf: EphemerisShelf, folder: Path
) -> None:
    with pytest.raises(NightglassError, match="No par file"):
        pars.rows()["fold.par-text"](True)
    pars.open([folder / "crab.par"])
    pars.show_text()
    (shown,) = pars._window.findChildren(ParDialog)
    assert shown.view.toPlainText() == CRAB
    assert shown.place.whole == str(folder / "crab.par")
    shown.close()


def test_a_stopped_controller_closes_its_chooser_and_hears_nothing(
    pars: ParFilesController, shelf: EphemerisShelf, folder: Path
) -> None:
    pars.ask()
    chooser = chooser_of(pars)
    pars.stop()
    assert not chooser.isVisible()
    shelf.look_in(folder)
    assert chooser.table.pars.rows == ()
