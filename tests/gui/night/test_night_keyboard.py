"""A night by the keyboard alone: started, stopped, and a star's light curve found."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from nightglass.core.mascara.night.check import Finding
from nightglass.core.workbench.night.desk import NightDesk
from nightglass.core.workbench.night.preflight import Preflight
from nightglass.gui.controllers.night import start_dialog
from nightglass.gui.widgets.empty_state import EmptyState
from PyQt6.QtCore import Qt
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QCheckBox,
    QLineEdit,
    QMessageBox,
    QSpinBox,
    QWidget,
)

from ...core.mascara.browsing.made_stars import HD_189733, write_night
from ...core.mascara.watching.made_night import held, write_journal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from typing import Any

    from ..desktop import Desktop

# Menus and tool tips come up above the window, which the offscreen platform cannot do.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

ALT, CTRL_ALT = (
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier,
)
Key = Qt.Key
MOST_STEPS = 80
"""No walk by Tab is longer than this."""


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A night that is being reduced, with stars of its first batches."""
    folder = tmp_path_factory.mktemp("mascara") / "night"
    write_night(folder, "CE", stars=60, exposures=100, merged=False)
    write_journal(folder, "CE", 3, is_over=False, is_live=True)
    return folder


@pytest.fixture
def at_work(output: Path) -> Iterator[None]:
    """Its driver holds the folder."""
    with held(output):
        yield


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    """What the desk is told to start and to order, instead of doing it."""
    told: list[tuple[Any, ...]] = []
    for name in ("start", "order"):
        monkeypatch.setattr(
            NightDesk, name, lambda _, *args, _name=name: told.append((_name, *args))
        )
    return told


@pytest.fixture
def window(start: Callable[..., Desktop], output: Path) -> Desktop:
    desktop = start(night=output)
    desktop.wait(lambda: desktop.bench.night.snapshot is not None)
    desktop.wait(desktop.running.night.launch.panel.start.isVisible)
    desktop.wait(desktop.is_idle)
    come_back(desktop)
    return desktop


def come_back(desktop: Desktop) -> None:
    """As a window manager does at the start, and when a dialog is gone."""
    desktop.window.activateWindow()
    desktop.wait(lambda: QApplication.activeWindow() is desktop.window)


def front() -> QWidget:
    """Where the keyboard is."""
    focused = QApplication.focusWidget()
    assert focused is not None
    return focused


def press(key: Key | str, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    target = QApplication.focusWidget() or QApplication.activeWindow()
    assert target is not None
    if isinstance(key, str):
        QTest.keyClicks(target, key, modifiers)
    else:
        QTest.keyClick(target, key, modifiers)


def walk_to(is_there: Callable[[QWidget], bool]) -> QWidget:
    """Press Tab until the keyboard is where it shall be."""
    for _ in range(MOST_STEPS):
        if is_there(front()):
            return front()
        press(Key.Key_Tab)
    pytest.fail("Tab does not lead there")


def modal(desktop: Desktop, kind: type[QWidget]) -> Any:
    desktop.wait(lambda: isinstance(QApplication.activeWindow(), kind))
    return QApplication.activeWindow()


def labelled(text: str) -> Callable[[QWidget], bool]:
    return lambda one: isinstance(one, QAbstractButton) and one.text().replace("&", "") == text


def test_a_night_is_started_by_keys(
    window: Desktop, told: list[tuple[Any, ...]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw, proposed = tmp_path / "raw", tmp_path / "reduced"
    raw.mkdir()

    def look(request: Any, _: Any) -> Preflight:
        assert request.raw == (raw,)
        good = (Finding("good", "All is there."),)
        return Preflight(good, {"LPC": 2, "LPE": 2}, "20150218", "LaPalma", proposed, False)

    monkeypatch.setattr(start_dialog, "look_before", look)
    press(Key.Key_B, CTRL_ALT)
    dialog = modal(window, start_dialog.StartDialog)
    assert isinstance(front(), QLineEdit)
    assert not dialog.start_button.isEnabled()
    assert dialog.state.whole == "Choose a folder of raw frames."
    press(str(raw))
    window.wait(dialog.start_button.isEnabled)
    # What was found is offered: the first camera is left out, and the processes are one.
    press(Key.Key_C, ALT)
    assert isinstance(front(), QCheckBox)
    press(Key.Key_Space)
    press(Key.Key_P, ALT)
    assert isinstance(front(), QSpinBox)
    front().selectAll()
    press("1")
    window.wait(dialog.start_button.isEnabled)
    press(Key.Key_Return)
    ((what, request, _),) = told
    assert (what, request.raw, request.output) == ("start", (raw,), proposed)
    assert (request.cameras, request.workers) == (("LPE",), 1)
    assert not dialog.isVisible()


def test_while_something_is_missing_return_starts_nothing(
    window: Desktop, told: list[tuple[Any, ...]]
) -> None:
    press(Key.Key_B, CTRL_ALT)
    dialog = modal(window, start_dialog.StartDialog)
    press(Key.Key_Return)
    assert dialog.isVisible()
    press(Key.Key_Escape)
    assert not dialog.isVisible()
    assert told == []


@pytest.mark.usefixtures("at_work")
def test_the_reduction_is_stopped_by_keys_once_it_is_confirmed(
    window: Desktop, told: list[tuple[Any, ...]]
) -> None:
    panel = window.running.night.launch.panel
    window.wait(panel.stop.isEnabled)
    panel.start.setFocus()
    walk_to(labelled("Stop…"))
    press(Key.Key_Space)
    modal(window, QMessageBox)
    # Return is the safe answer.
    assert labelled("Cancel")(front())
    press(Key.Key_Return)
    come_back(window)
    assert told == []
    assert labelled("Stop…")(front())
    press(Key.Key_Space)
    modal(window, QMessageBox)
    press(Key.Key_S, ALT)
    window.wait(lambda: told)
    assert told == [("order", "stop")]


def test_a_light_curve_is_found_and_painted_by_keys(window: Desktop) -> None:
    press("/")
    pages = window.running.night.pages
    window.wait(lambda: pages["curves"].page is not None)
    page = pages["curves"].page
    window.wait(lambda: page.list.model.rowCount() > 0)
    window.wait(lambda: page.panel.curve is not None)
    first = page.panel.curve.ascc
    assert page.list.search.hasFocus()
    press("HD 189733")
    window.wait(lambda: page.panel.curve.ascc == HD_189733)
    assert first != HD_189733
    assert is_painted(page.panel.plot)
    # And the next one from there: the list without the text, Down, and Return goes to the plot.
    press(Key.Key_Escape)
    window.wait(lambda: page.list.model.rowCount() > 1)
    walk_to(lambda one: one is page.list.table)
    row = page.list.table.currentIndex().row()
    press(Key.Key_Down)
    window.wait(lambda: page.panel.curve.ascc == page.list.model.ascc(row + 1))
    press(Key.Key_Return)
    assert page.panel.plot.hasFocus()


def is_painted(plot: QWidget) -> bool:
    """Whether points in the colour of a camera are on the screen."""
    from nightglass.gui.night.cues import camera_cue
    from nightglass.gui.theme import THEMES

    picture = plot.grab().toImage()
    colours = {camera_cue(THEMES["dark"], camera).color for camera in ("LPC", "LPE")}
    found = (
        picture.pixelColor(x, y).name()
        for x in range(picture.width())
        for y in range(picture.height())
    )
    return sum(name in colours for name in found) > 50


@pytest.mark.parametrize(
    "page", ["plots", "sky", "curves", pytest.param("report", marks=pytest.mark.slow)]
)
def test_tab_reaches_every_control_and_shows_where_it_is(window: Desktop, page: str) -> None:
    window.act(f"night.page.{page}")
    workspace = window.running.night.workspace
    holder = workspace.pages[page]
    window.wait(lambda: holder.widget is not None and holder.widget.isVisible())
    window.wait(lambda: is_filled(holder.widget) and window.is_idle())
    come_back(window)
    workspace.tabs.tabBar().setFocus(Qt.FocusReason.TabFocusReason)
    seen, unmarked = walked()
    parts = (workspace, window.window.night_panel, window.window.messages)
    wanted = {one for part in parts for one in part.findChildren(QWidget) if is_control(one)}
    assert sorted(map(named, wanted - seen)) == []
    assert sorted(named(one) for one in unmarked & wanted) == []


def is_filled(page: QWidget) -> bool:
    """Whether the page shows the night, and not what it waits for."""
    return not any(empty.isVisible() for empty in page.findChildren(EmptyState))


def walked() -> tuple[set[QWidget], set[QWidget]]:
    """Widgets that Tab leads to until it is where it began, and those that look as before."""
    seen: set[QWidget] = set()
    unmarked: set[QWidget] = set()
    while (one := front()) not in seen:
        seen.add(one)
        with_keyboard = one.grab().toImage()
        press(Key.Key_Tab)
        if one.grab().toImage() == with_keyboard:
            unmarked.add(one)
    return seen, unmarked


def is_control(widget: QWidget) -> bool:
    """Whether the keyboard has something to do there."""
    can_tab = widget.focusPolicy().value & Qt.FocusPolicy.TabFocus.value
    is_there = widget.isVisible() and widget.isEnabled()
    return bool(can_tab) and is_there and widget.focusProxy() is None


def named(widget: QWidget) -> str:
    text = widget.text() if isinstance(widget, QAbstractButton) else ""
    return f"{type(widget).__name__} {widget.accessibleName() or text or widget.objectName()}"


def test_the_dialog_of_a_start_shows_where_the_keyboard_is(
    window: Desktop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = (Finding("good", "All is there."), Finding("notice", "Something is odd."))
    found = Preflight(good, {"LPC": 2}, "20150218", "LaPalma", tmp_path / "reduced", False)
    monkeypatch.setattr(start_dialog, "look_before", lambda *_: found)
    press(Key.Key_B, CTRL_ALT)
    dialog = modal(window, start_dialog.StartDialog)
    press(str(tmp_path))
    window.wait(dialog.start_button.isEnabled)
    dialog.form.raw.add_button.click()
    window.wait(dialog.start_button.isEnabled)
    seen, unmarked = walked()
    wanted = {one for one in dialog.findChildren(QWidget) if is_control(one)}
    assert sorted(map(named, wanted - seen)) == []
    assert sorted(map(named, unmarked & wanted)) == []
    press(Key.Key_Escape)
