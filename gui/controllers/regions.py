"""Regions by menu, key and table, kept in step with the list of the session."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, QPoint
from PyQt6.QtWidgets import QApplication, QInputDialog, QMenu

from ...core.regions.geometry.drawing import name_of
from ...core.session import region_deeds as deeds
from ...core.session.region_marks import plain_tags
from ...core.workbench.regions.snap import snap_selected
from ..action_spec import plain
from ..clipboard import put_on_clipboard
from ..region_rows import COLOURS, NEEDS_REGIONS, NEEDS_SELECTION, TOOLS
from ..widgets.beside import place_beside
from ..widgets.throttle import Throttle
from .region_files import RegionFiles

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from ...core.regions.entries import RegionEntry
    from ...core.session.region_history import RegionChange
    from ...core.session.view import View
    from ...core.workbench import Workbench
    from ..drawing.hands import RegionHands
    from ..main_window import MainWindow
    from ..regions.dialog import RegionDialog
    from .commands import Command

    Deed = Callable[[], object]

TABLE_MS = 33
CAPTURE_MS = 250
FINE_STEP_PX = 0.1
MOST_DIALOGS = 5
DIRECTIONS = {"left": (-1, 0), "right": (1, 0), "up": (0, 1), "down": (0, -1)}

CONTEXT = (
    "region.properties", "|",
    "region.include", "region.exclude", "region.source", "region.background", "|",
    "@colour", "region.group", "region.ungroup", "|",
    "region.sky-annulus", "region.comparison", "region.lock", "region.snap", "|",
    "region.front", "region.back", "|",
    "edit.cut", "edit.copy", "edit.duplicate", "edit.delete",
)  # fmt: skip
"""Menu of a region: action keys, "|" for a line, "@colour" for the colours."""


class RegionsController(QObject):
    """Carries the observer's wishes to the region list, and the list to panel and menus."""

    def __init__(self, workbench: Workbench, window: MainWindow, hands: RegionHands) -> None:
        super().__init__(window)
        self._bench = workbench
        self._window = window
        self._hands = hands
        self._regions = workbench.regions.list
        self._panel = window.regions
        self.files = RegionFiles(workbench, window)
        self._touched: set[int] = set()
        self._is_restacked = True
        self.dialogs: dict[int, RegionDialog] = {}
        self._refresh = Throttle(self._show_table, TABLE_MS, self)
        self._refresh_capture = Throttle(self._show_capture, CAPTURE_MS, self)
        self._connect_core()
        self._connect_panel()
        self._show_actions()
        self._show_history()
        self._show_tool(hands.tool)
        self._show_scales()

    def _connect_core(self) -> None:
        regions, bench = self._regions, self._bench
        regions.changed.connect(self._on_regions_changed)
        regions.selection_changed.connect(self._on_selection_changed)
        regions.history_changed.connect(self._show_history)
        bench.numbers.changed.connect(self._on_numbers_changed)
        bench.light.changed.connect(self._on_light_changed)
        bench.session.changed.connect(self._on_view_changed)
        bench.settings_changed.connect(self._show_scales)
        bench.places.found.connect(self._show_scales)

    def _connect_panel(self) -> None:
        panel, regions = self._panel, self._regions
        panel.selectionChosen.connect(regions.select)
        panel.nameEdited.connect(partial(deeds.rename, regions))
        panel.placeEdited.connect(lambda i, x, y: deeds.put_at(regions, {i: (x, y)}))
        panel.propertiesRequested.connect(self.edit)
        panel.menuRequested.connect(self.show_menu)
        panel.actionRequested.connect(self._window.actions_set.trigger)
        panel.topicChanged.connect(lambda _: self._refresh_capture.call())
        self._window.docks["regions"].visibilityChanged.connect(self._on_seen)
        self._hands.toolChanged.connect(self._show_tool)
        self._hands.editRequested.connect(self.edit)
        self._hands.menuRequested.connect(self.show_menu)

    def stop(self) -> None:
        """Show nothing new any more."""
        self._refresh.cancel()
        self._refresh_capture.cancel()
        for dialog in tuple(self.dialogs.values()):
            dialog.close()

    def open_paths(self, paths: Sequence[Path]) -> None:
        """Add the regions of files that were dropped."""
        self.files.open_paths(paths)

    def rows(self) -> dict[str, Command]:
        """The rows of the action table that this controller answers for."""
        rows = {
            **self._edit_rows(),
            **self._file_rows(),
            **self._mark_rows(),
            **self._choice_rows(),
        }
        return {key: self._made_row(key, do) for key, do in rows.items()}

    def _edit_rows(self) -> dict[str, Deed]:
        regions, files = self._regions, self.files
        return {
            "edit.undo": regions.undo,
            "edit.redo": regions.redo,
            "edit.cut": files.cut,
            "edit.copy": self._copy,
            "edit.paste": files.paste,
            "edit.duplicate": partial(deeds.duplicate, regions),
            "edit.delete": self._delete,
            "edit.select-all": lambda: regions.select(regions.entries),
            "edit.select-none": lambda: regions.select(()),
            "edit.select-others": partial(deeds.select_others, regions),
        }

    def _file_rows(self) -> dict[str, Deed]:
        files = self.files
        return {
            "region.open": files.ask_to_open,
            "region.save": files.save,
            "region.save-as": files.ask_to_save,
            "region.export": files.ask_to_export,
            "region.copy-table": lambda: put_on_clipboard(self._panel.table.text()),
        }

    def _mark_rows(self) -> dict[str, Deed]:
        regions = self._regions
        return {
            "region.properties": self._edit_selected,
            "region.group": self._ask_for_tag,
            "region.ungroup": partial(deeds.ungroup, regions),
            "region.include": partial(deeds.include, regions, True),
            "region.exclude": partial(deeds.include, regions, False),
            "region.source": partial(deeds.mark_background, regions, False),
            "region.background": partial(deeds.mark_background, regions, True),
            "region.sky-annulus": partial(deeds.ring_with_sky, regions),
            "region.comparison": partial(deeds.compare, regions),
            "region.lock": partial(deeds.lock, regions),
            "region.snap": partial(snap_selected, self._bench),
            "region.front": partial(deeds.bring_to_front, regions),
            "region.back": partial(deeds.send_to_back, regions),
        }

    def _choice_rows(self) -> dict[str, Deed]:
        regions, rows = self._regions, dict[str, "Deed"]()
        for name in COLOURS:
            rows[f"region.colour.{name}"] = partial(deeds.colour, regions, name)
        for name, *_ in TOOLS:
            rows[f"region.tool.{name}"] = partial(self._take_tool, name)
        for name, (x, y) in DIRECTIONS.items():
            step = FINE_STEP_PX * x, FINE_STEP_PX * y
            rows[f"region.nudge-{name}"] = partial(deeds.push, regions, *step)
        return rows

    def _made_row(self, key: str, do: Deed) -> Command:
        """A row without a state; in the middle of a drag it waits for its end, or takes it back."""

        def run(_: bool) -> None:
            if key == "edit.undo" or not self._regions.is_dragging:
                do()

        return run

    # The observer's wishes

    def _copy(self) -> None:
        if not self.files.copy():
            self._window.actions_set.action("edit.copy-image").trigger()

    def _delete(self) -> None:
        """A key pressed in another list is not meant for the regions."""
        focused = QApplication.focusWidget()
        places = (self._window.area, self._panel)
        docks = (dock for dock in self._window.docks.values() if dock.widget() is not self._panel)
        is_elsewhere = focused is not None and any(dock.isAncestorOf(focused) for dock in docks)
        if not is_elsewhere or any(place.isAncestorOf(focused) for place in places):
            self._hands.delete_selected()

    def _take_tool(self, name: str) -> None:
        self._hands.set_tool(name.replace("-", " "))
        self._window.area.setFocus()

    def _ask_for_tag(self) -> None:
        tags = {tag for entry in self._regions.entries.values() for tag in plain_tags(entry)}
        dialog = QInputDialog(self._window)
        dialog.setWindowTitle("Group")
        dialog.setLabelText("Tag of the selected regions; sky and source with one tag are a pair:")
        dialog.setComboBoxEditable(True)
        names = sorted(tags) or ["group 1"]
        dialog.setComboBoxItems(names)
        dialog.setTextValue(names[0])
        dialog.textValueSelected.connect(partial(deeds.group, self._regions))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _edit_selected(self) -> None:
        for ident in list(self._regions.chosen())[:MOST_DIALOGS]:
            self.edit(ident)

    def edit(self, ident: int) -> None:
        """Open the properties of a region, or bring them to the front."""
        from ..regions.dialog import RegionDialog

        entry = self._regions.get(ident)
        if entry is None:
            return
        if ident not in self.dialogs:
            dialog = RegionDialog(ident, entry, self._bench.regions, self._window)
            dialog.applied.connect(self._apply)
            dialog.finished.connect(lambda _: self.dialogs.pop(ident, None))
            self.dialogs[ident] = dialog
            self._place(dialog)
        self.dialogs[ident].show()
        self.dialogs[ident].activateWindow()

    def _place(self, dialog: RegionDialog) -> None:
        """Let the region be seen while its numbers are changed."""
        around, screen = self._hands.rect_of(dialog.ident), self._window.screen()
        if around is not None and screen is not None:
            dialog.move(place_beside(around, dialog.sizeHint(), screen.availableGeometry()))

    def _apply(self, ident: int, entry: RegionEntry) -> None:
        self._regions.edit(f"Change {name_of(entry)}", {ident: entry})
        self.dialogs[ident].accept_edits(entry)

    def context_menu(self) -> QMenu:
        """Menu of the selected regions."""
        actions, menu = self._window.actions_set, QMenu(self._window)
        for key in CONTEXT:
            if key == "|":
                menu.addSeparator()
            elif key == "@colour":
                colours = QMenu("Colour", menu)
                colours.addActions([actions.action(f"region.colour.{name}") for name in COLOURS])
                menu.addMenu(colours)
            else:
                menu.addAction(actions.action(key))
        menu.aboutToHide.connect(menu.deleteLater)
        return menu

    def show_menu(self, place: QPoint, ident: int = 0) -> None:
        """Open the menu of the selected regions; 0 where the press hit none."""
        if ident or self._regions.selection:
            self.context_menu().popup(place)

    # What the core tells

    def _on_regions_changed(self, change: RegionChange) -> None:
        self._touched |= change.changed
        is_same = change.changed and not (change.added or change.removed)
        self._is_restacked |= not is_same
        if change.added or change.removed:
            self._show_actions()
        # The numbers come a moment later and are shown at once, with the place they are of.
        self._refresh.call_later()

    def _on_numbers_changed(self) -> None:
        if self._touched or self._is_restacked:
            self._refresh.call_now()
        else:
            self._refresh.call()

    def _on_selection_changed(self) -> None:
        self._show_actions()
        self._refresh.call()

    def _on_light_changed(self, _: str) -> None:
        self._refresh_capture.call()

    def _on_view_changed(self, before: View, after: View) -> None:
        if before.capture != after.capture:
            self._refresh_capture.call()
        if (before.capture, before.other) != (after.capture, after.other):
            self._show_scales()

    def _show_scales(self, *_: object) -> None:
        """Rulers tell arcseconds where the sky over the frame is known."""
        desk, places, view = self._bench.desk, self._bench.places, self._bench.session.view
        skies = (places.of(desk.get(key)).sky for key in (view.capture, view.other))
        self._hands.set_scales_arcsec([None if sky is None else sky.scale_arcsec for sky in skies])

    def _on_seen(self, is_seen: bool) -> None:
        if is_seen:
            self._refresh.call()
            self._refresh_capture.call()

    def _show_table(self) -> None:
        entries = self._regions.entries
        if self._panel.isVisible():
            if self._is_restacked:
                self._panel.set_regions(entries)
            else:
                self._panel.change_regions({i: entries[i] for i in self._touched if i in entries})
            self._is_restacked = False
            self._touched.clear()
            self._panel.model.set_frame_numbers(self._bench.numbers.statistics)
            self._panel.set_selection(self._regions.selection)
        for ident, dialog in tuple(self.dialogs.items()):
            dialog.set_entry(entries.get(ident))

    def _show_capture(self) -> None:
        if self._panel.isVisible() and self._panel.topic == "capture":
            self._panel.model.set_capture_numbers(self.files.whole_capture())

    def _show_actions(self) -> None:
        actions = self._window.actions_set
        for keys, is_on in (
            (NEEDS_SELECTION, bool(self._regions.selection)),
            (NEEDS_REGIONS, bool(len(self._regions))),
        ):
            for key in keys:
                actions.action(key).setEnabled(is_on)

    def _show_history(self) -> None:
        for key, label in (
            ("edit.undo", self._regions.undo_label),
            ("edit.redo", self._regions.redo_label),
        ):
            action = self._window.actions_set.action(key)
            spec_text = "&Undo" if key == "edit.undo" else "&Redo"
            said = (label or "").replace("&", "&&")
            action.setText(f"{spec_text} {said}".strip())
            action.setIconText(plain(spec_text))
            action.setEnabled(label is not None)
            keys = " or ".join(self._window.actions_set.keys_of(key))
            action.setToolTip(f"{plain(spec_text)}: {label or 'nothing'} ({keys})")

    def _show_tool(self, name: str) -> None:
        key = f"region.tool.{name.replace(' ', '-')}"
        self._window.actions_set.set_checked(key)
