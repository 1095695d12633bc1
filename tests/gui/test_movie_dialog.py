"""What a movie needs to be told."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from nightglass.gui.movie_dialog import MovieDialog, MovieWish
from PyQt6.QtWidgets import QFileDialog

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


@pytest.fixture
def dialog(qtbot: QtBot) -> MovieDialog:
    made = MovieDialog(Path("/data/crab_frame1.mp4"), 1500)
    qtbot.addWidget(made)
    return made


def test_the_length_follows_speed_and_step(dialog: MovieDialog) -> None:
    assert dialog._length.text() == "1,500 frames, 60.0 s"
    dialog.fps.setValue(50)
    dialog.step.setValue(7)
    assert dialog._length.text() == "215 frames, 4.3 s"


@pytest.mark.parametrize(
    ("typed", "path"),
    [("/data/a.gif", "/data/a.gif"), ("/data/a.MP4", "/data/a.MP4"), ("/data/a", "/data/a.mp4"),
     ("/data/a.b", "/data/a.b.mp4")],
)  # fmt: skip
def test_a_name_without_an_ending_is_an_mp4(dialog: MovieDialog, typed: str, path: str) -> None:
    dialog.path.setText(typed)
    assert dialog.answer() == MovieWish(Path(path), 25.0, 1)


def test_a_name_can_be_looked_for(dialog: MovieDialog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: ("/else/b.gif", ""))
    dialog._browse()
    assert dialog.answer().path == Path("/else/b.gif")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: ("", ""))
    dialog._browse()
    assert dialog.answer().path == Path("/else/b.gif")


def test_the_step_is_said_in_words(dialog: MovieDialog) -> None:
    assert dialog.step.text() == "every frame"
    dialog.step.setValue(10)
    assert "10" in dialog.step.text()


def test_a_single_frame_makes_a_dialog_too(qtbot: QtBot) -> None:
    made = MovieDialog(Path("a.mp4"), 1)
    qtbot.addWidget(made)
    assert made._length.text().startswith("1 frame")
