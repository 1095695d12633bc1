"""The window: panels, their places between runs, themes, files dropped on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nightglass.core.settings import load_settings, settings_path
from nightglass.gui.arrangements import BEHIND
from nightglass.gui.specs import DOCKS
from nightglass.gui.theme import THEMES
from PyQt6.QtCore import QMimeData, QPoint, QRect, Qt
from PyQt6.QtGui import QColor, QDragEnterEvent
from PyQt6.QtWidgets import QApplication, QTabBar

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from .desktop import Desktop

NAMES = [name for name, *_ in DOCKS]


def shown(desktop: Desktop) -> set[str]:
    return {name for name, dock in desktop.window.docks.items() if not dock.isHidden()}


def stray_tabs(desktop: Desktop) -> list[str]:
    """Tab bars on the window that no group of shown panels has."""
    QApplication.processEvents()
    window = desktop.window
    groups = []
    for dock in window.docks.values():
        mates = [dock, *window.tabifiedDockWidgets(dock)]
        groups.append({mate.windowTitle() for mate in mates if not mate.isHidden()})
    bars = [bar for bar in window.findChildren(QTabBar) if bar.parent() is window]
    seen = [bar for bar in bars if bar.isVisible() and window.rect().intersects(bar.geometry())]
    texts = [frozenset(bar.tabText(place) for place in range(bar.count())) for bar in seen]
    wrong = [text for text in texts if set(text) not in groups or len(text) < 2]
    return [*map(str, wrong), *(str(text) for text in set(texts) if texts.count(text) > 1)]


def test_every_panel_is_closed_and_opened_by_its_key(desktop: Desktop) -> None:
    for name in NAMES:
        was_shown = name in shown(desktop)
        desktop.act(f"dock.{name}")
        assert (name in shown(desktop)) != was_shown
        assert desktop.is_checked(f"dock.{name}") != was_shown
        if was_shown:
            desktop.act(f"dock.{name}")
        assert desktop.is_in_front(name)
        assert stray_tabs(desktop) == []


def test_a_panel_closed_by_its_button_is_unchecked(desktop: Desktop) -> None:
    desktop.window.docks["readout"].close()
    assert not desktop.is_checked("dock.readout")


def test_only_the_picture_and_back(desktop: Desktop) -> None:
    desktop.act("dock.log")
    desktop.act("dock.captures")
    before = shown(desktop)
    desktop.act("view.picture-only")
    assert shown(desktop) == set()
    assert desktop.is_checked("view.picture-only")
    desktop.act("view.picture-only")
    assert shown(desktop) == before
    assert desktop.is_in_front("log")
    assert stray_tabs(desktop) == []


def test_the_first_arrangement_comes_back(desktop: Desktop) -> None:
    first = shown(desktop)
    for name in NAMES:
        desktop.act(f"dock.{name}")
    desktop.window.docks["readout"].show()
    desktop.window.docks["readout"].setFloating(True)
    desktop.act("window.reset")
    assert shown(desktop) == first == set(NAMES) - set(BEHIND["lightspeed"])
    assert not desktop.window.docks["readout"].isFloating()
    assert stray_tabs(desktop) == []


def test_panels_are_where_they_were_in_the_next_run(start: Callable[..., Desktop]) -> None:
    one = start()
    assert stray_tabs(one) == []
    one.act("dock.log")
    one.act("dock.stamps")
    one.act("dock.captures")
    one.window.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, one.window.docks["readout"])
    before = shown(one)
    one.window.close()
    other = start()
    assert shown(other) == before
    assert other.window.dockWidgetArea(other.window.docks["readout"]) == (
        Qt.DockWidgetArea.LeftDockWidgetArea
    )
    assert stray_tabs(other) == []
    assert other.is_checked("dock.log")
    assert not other.is_checked("dock.captures")


def test_a_run_that_ended_with_only_the_picture_leaves_the_panels(start) -> None:
    one = start()
    before = shown(one)
    one.act("view.picture-only")
    one.window.close()
    assert shown(start()) == before


def test_a_headless_check_leaves_no_trace(start: Callable[..., Desktop], night: Path) -> None:
    one = start(exit_after_s=600.0)
    one.open(night / "crab")
    one.act("dock.log")
    one.window.close()
    assert not settings_path().exists()


def test_what_cannot_be_restored_changes_nothing(start: Callable[..., Desktop]) -> None:
    settings_path().parent.mkdir(parents=True, exist_ok=True)
    settings_path().write_text('{"window_geometry": "%%%", "window_state": "bm8gc3RhdGU="}')
    desktop = start()
    assert shown(desktop) == set(NAMES) - set(BEHIND["lightspeed"])
    assert desktop.problems == ()


def test_the_keyboard_goes_round_the_panels(desktop: Desktop) -> None:
    desktop.look_at_picture()
    met = []
    for _ in range(8):
        desktop.act("window.next-panel")
        focused = QApplication.focusWidget()
        assert focused is not None
        met.append(next(
            (name for name, dock in desktop.window.docks.items() if dock.isAncestorOf(focused)),
            "picture",
        ))  # fmt: skip
    assert {"captures", "readout", "histogram", "picture"} <= set(met)
    desktop.act("window.previous-panel")


def test_a_theme_is_worn_at_once_and_kept(start: Callable[..., Desktop]) -> None:
    one = start()
    for theme in ("light", "dark", "red"):
        one.act(f"theme.{theme}")
        assert one.is_checked(f"theme.{theme}")
        wanted = THEMES[theme]
        corner = one.window.grab().toImage().pixelColor(2, one.window.height() - 2)
        assert corner.name() in {wanted.background.lower(), wanted.panel.lower()}
    one.window.close()
    assert start().is_checked("theme.red")


def test_a_theme_of_the_command_line_holds_for_this_run(start, problems) -> None:
    one = start(theme="light")
    assert one.is_checked("theme.light")
    assert one.running.shell._roles is THEMES["light"]
    one.window.close()
    assert load_settings(problems).theme == "dark"


def test_the_red_theme_has_no_other_light(start: Callable[..., Desktop], night: Path) -> None:
    """No pixel of the frame of the window may be brighter in green or blue than a dim red."""
    desktop = start(theme="red")
    desktop.open(night / "crab")
    for name in ("problems", "log", "radial"):
        desktop.act(f"dock.{name}")
    desktop.act("colour.red")
    image = desktop.window.grab().toImage()
    worst = max(
        max(image.pixelColor(x, y).green(), image.pixelColor(x, y).blue())
        for x in range(0, image.width(), 7)
        for y in range(0, image.height(), 7)
    )
    assert worst <= 96


def test_the_radial_profile_wears_another_theme(desktop: Desktop, night: Path) -> None:
    desktop.open(night / "crab")
    desktop.window.area.views[0].doubleClicked.emit(20.0, 20.0)
    desktop.wait(lambda: desktop.window.radial.widget is not None)
    plot = desktop.window.radial.widget
    for theme in ("light", "red"):
        desktop.act(f"theme.{theme}")
        assert plot._plot.backgroundBrush().color() == QColor(THEMES[theme].panel)


def test_files_dropped_are_opened_and_remembered(desktop: Desktop, night: Path) -> None:
    desktop.drop(night / "crab", night / "vela")
    desktop.wait(lambda: len(desktop.bench.desk) == 2)
    desktop.wait_for_picture()
    assert desktop.capture.source.object_name == "crab"
    assert desktop.bench.settings.recent == [str(night / "crab"), str(night / "vela")]


def test_text_dropped_is_not_accepted(desktop: Desktop) -> None:
    data = QMimeData()
    data.setText("crab")
    enter = QDragEnterEvent(
        QPoint(9, 9), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    enter.ignore()
    QApplication.sendEvent(desktop.window, enter)
    assert not enter.isAccepted()


def test_the_list_of_recent_captures_opens_them(start, night: Path) -> None:
    one = start()
    one.open(night / "crab")
    one.open(night / "vela")
    one.open(night / "crab")
    one.window.close()
    other = start()
    menu = other.window.actions_set._recent
    assert [entry.data() for entry in menu.actions()] == [
        str(night / "crab"), str(night / "vela"),
    ]  # fmt: skip
    menu.actions()[1].trigger()
    other.wait(lambda: other.capture is not None)
    assert other.capture.source.object_name == "vela"


def test_the_window_is_named_after_the_capture(crab: Desktop, night: Path) -> None:
    assert crab.window.windowTitle() == "crab_20251210_001500 – Nightglass"
    crab.open(night / "vela")
    assert crab.window.windowTitle() == "vela_20251210_011500 – Nightglass"
    crab.act("file.close")
    crab.act("file.close")
    assert crab.window.windowTitle() == "Nightglass"


def test_the_smallest_window_shows_every_panel_whole(crab: Desktop) -> None:
    crab.window.resize(1100, 700)
    crab.act("dock.problems")
    QApplication.processEvents()
    window = crab.window
    assert (window.width(), window.height()) == (1100, 700)
    needed = window.layout().minimumSize()
    assert needed.width() <= 1100
    assert needed.height() <= 700
    places = [dock.geometry() for name, dock in window.docks.items() if crab.is_in_front(name)]
    places.append(QRect(crab.area.mapTo(window, QPoint(0, 0)), crab.area.size()))
    for number, one in enumerate(places):
        assert not any(one.intersects(other) for other in places[number + 1 :])


def test_full_screen_and_back(desktop: Desktop) -> None:
    desktop.act("view.full-screen")
    assert desktop.window.isFullScreen()
    desktop.act("view.full-screen")
    assert not desktop.window.isFullScreen()
    desktop.act("view.full-screen")
    desktop.look_at_picture()
    desktop.press(Qt.Key.Key_Escape)
    assert not desktop.window.isFullScreen()
    assert not desktop.is_checked("view.full-screen")
