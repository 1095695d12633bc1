"""The observer's hand on regions: draws, selects, moves, sizes and turns them in a frame view."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PyQt6.QtCore import QEvent, QObject, QPoint, QPointF, Qt, pyqtSignal
from PyQt6.QtGui import QKeyEvent

from ...core.regions.geometry.drawing import DRAWN_KINDS, entry_of
from ...core.regions.geometry.handles import with_vertex, without_vertex
from ...core.regions.marks import Text
from ...core.regions.shapes import Polygon
from ...core.session.region_deeds import delete
from ..frame.mouse import EmptyHand
from . import cursors
from .choosing import Choosing
from .draft import PolygonDraft
from .gestures import DrawGesture, Gesture, Press
from .grips import HIT_PX
from .layer import RegionLayer
from .pointing import Pointing

if TYPE_CHECKING:
    from PyQt6.QtGui import QCursor, QMouseEvent

    from ...core.session.region_history import RegionChange
    from ...core.session.regions import RegionList
    from ..frame.view import FrameView

SELECT = "select"
POLYGON = "polygon"
_CLOSING_KEYS = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter})
_LEFT, _RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton
_ENDING = (QEvent.Type.Hide, QEvent.Type.WindowDeactivate)


class RegionHand(QObject):
    """Edit a list of regions by mouse and keys in one view, and show them there.

    What a press does is decided by the tool and by what is under it; what it leaves alone goes to
    the habits of the view. `editRequested` names a region clicked twice, or a text just placed;
    `menuRequested` gives a place on the screen and the region there, 0 for none.

    Parameters
    ----------
    view : FrameView
    regions : RegionList
        May be shown by several hands.
    parent : QObject or None
    """

    toolChanged = pyqtSignal(str)
    editRequested = pyqtSignal(int)
    menuRequested = pyqtSignal(QPoint, int)

    def __init__(self, view: FrameView, regions: RegionList, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._view, self._regions = view, regions
        self.layer = RegionLayer()
        self._tool, self._stays, self._last_kind = SELECT, False, DRAWN_KINDS[0]
        self._pointing = Pointing(view, regions, self.layer)
        self._choosing = Choosing(regions, self.layer, self._pointing, self)
        self._draft = PolygonDraft(self.layer)
        self._gesture: Gesture | None = None
        self._is_held = False
        self._pressed: dict[Qt.MouseButton, Press] = {}
        self._hovered: QPointF | None = None
        view.add_overlay(self.layer)
        view.set_hand(self)
        view.installEventFilter(self)
        view.rolesChanged.connect(self.layer.set_roles)
        regions.changed.connect(self._on_regions_changed)
        regions.selection_changed.connect(self._show)
        regions.settled.connect(self._on_regions_settled)
        self._show()

    def close(self) -> None:
        """Let go of the view and of the regions."""
        self._let_go()
        self._regions.changed.disconnect(self._on_regions_changed)
        self._regions.selection_changed.disconnect(self._show)
        self._regions.settled.disconnect(self._on_regions_settled)
        self._view.removeEventFilter(self)
        self._view.rolesChanged.disconnect(self.layer.set_roles)
        self._view.set_hand(EmptyHand())
        self._view.remove_overlay(self.layer)

    def _cursor(self) -> QCursor:
        if self._tool != SELECT or self._hovered is None:
            return cursors.cross()
        return self._pointing.cursor_at(self._hovered)

    # The tool

    @property
    def tool(self) -> str:
        """The word "select", or the kind that the next press draws."""
        return self._tool

    @property
    def stays(self) -> bool:
        """Whether the tool is kept after drawing one region."""
        return self._stays

    def set_tool(self, kind: str, stays: bool = False) -> None:
        """Choose what a press does.

        Parameters
        ----------
        kind : str
            "select" or one of `DRAWN_KINDS`.
        stays : bool
            Keep drawing that kind, until another tool is chosen.

        Raises
        ------
        ValueError
            If it is neither.
        """
        if kind != SELECT and kind not in DRAWN_KINDS:
            raise ValueError(f"{kind} cannot be drawn")
        self._draft.give_up()
        self._stays = stays
        if kind != SELECT:
            self._last_kind = kind
        if kind != self._tool:
            self._tool = kind
            self._view.set_resting_cursor(self._cursor())
            self.toolChanged.emit(kind)

    # What keys and menus ask for

    def delete_selected(self) -> None:
        """Take away the corner under the pointer, else all that is selected."""
        if not self._regions.is_dragging and not self._delete_vertex():
            delete(self._regions)

    def cancel(self) -> bool:
        """Give up one thing, as Esc does: the drag, the drawing, the tool, then the selection.

        Returns
        -------
        bool
            False when there was nothing to give up.
        """
        if not self._has_to_cancel():
            return False
        if self._gesture is not None:
            gesture, self._gesture = self._gesture, None
            gesture.give_up()
        elif self._draft.is_begun:
            self._draft.give_up()
        elif self._tool != SELECT:
            self.set_tool(SELECT)
        else:
            self._regions.select(())
        return True

    def _has_to_cancel(self) -> bool:
        is_busy = self._gesture is not None or self._draft.is_begun
        return is_busy or self._tool != SELECT or bool(self._regions.selection)

    def _delete_vertex(self) -> bool:
        grip = self._pointing.grip_at(self._hovered)
        entry = self._regions.get(grip.ident) if grip is not None else None
        if grip is None or entry is None or grip.handle.kind != "vertex":
            return False
        assert isinstance(entry.shape, Polygon)  # nothing else has a vertex
        shape = without_vertex(entry.shape, grip.handle.index)
        self._reshape(grip.ident, shape, "Delete corner of polygon")
        return True

    def _reshape(self, ident: int, shape: Polygon, label: str) -> None:
        entry = replace(self._regions.entries[ident], shape=shape)
        self._regions.edit(label, {ident: entry}, source=self)

    # The mouse; called by the habits of the view

    def press(self, event: QMouseEvent, /) -> bool:
        """Begin what a press here means; True when it means something to regions."""
        if self._is_held and event.button() != _LEFT:
            return True
        self._let_go()
        self._pressed[event.button()] = Press(event.position())
        if event.button() != _LEFT or self._view.frame_shape is None:
            return False
        self._is_held = self._begin(event)
        return self._is_held

    def move(self, event: QMouseEvent, /) -> bool:
        """Follow the pointer, or show what a press would do."""
        self._hovered = event.position()
        for press in self._pressed.values():
            press.follow(event.position())
        if self._gesture is not None and self._pressed[_LEFT].has_moved:
            is_shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self._gesture.follow(self._pointing.place(event.position()), is_shift=is_shift)
        self._draft.follow(self._pointing.place(event.position()))
        if not self._pressed:
            self._view.set_resting_cursor(self._cursor())
        return self._is_held

    def release(self, event: QMouseEvent, /) -> bool:
        """Finish, or count a press that did not move as a click."""
        press = self._pressed.pop(event.button(), None)
        is_click = press is not None and not press.has_moved
        if event.button() == _RIGHT and is_click:
            self._ask_for_menu(event)
        if event.button() != _LEFT:
            return False
        if self._is_held:
            self._finish(is_click=is_click)
            return True
        if is_click:
            self._regions.select(())
        return False

    def double_click(self, event: QMouseEvent, /) -> bool:
        """Ask for the numbers of a region; close a polygon."""
        if event.button() != _LEFT or self._view.frame_shape is None:
            return False
        if self._draft.is_begun:
            self._add_polygon(self._draft.finish())
            return True
        if self._tool != SELECT:
            return self.press(event)
        ident = self.layer.region_at(event.position())
        if ident is not None:
            self.editRequested.emit(ident)
        return ident is not None

    def _begin(self, event: QMouseEvent) -> bool:
        position, keys = event.position(), event.modifiers()
        if self._tool != SELECT:
            return self._begin_drawing(self._tool, position)
        if keys & Qt.KeyboardModifier.ControlModifier:
            return self._insert_vertex(position) or self._begin_drawing(self._last_kind, position)
        is_shift = bool(keys & Qt.KeyboardModifier.ShiftModifier)
        self._gesture = self._choosing.gesture_at(position, is_shift=is_shift)
        return self._gesture is not None

    def _begin_drawing(self, kind: str, position: QPointF) -> bool:
        place = self._pointing.place(position)
        if kind == POLYGON:
            if self._tool != kind:
                self.set_tool(kind)
            self._add_polygon(self._draft.press(place, HIT_PX / self._pointing.scale))
        else:
            usual = self._pointing.usual_px()
            self._gesture = DrawGesture(self._regions, self, kind, place, usual)
        return True

    def _add_polygon(self, polygon: Polygon | None) -> None:
        if polygon is not None:
            self._regions.add([entry_of(POLYGON, polygon)], f"Draw {POLYGON}", source=self)
            self._end_drawing()

    def _insert_vertex(self, position: QPointF) -> bool:
        """Put a corner on the edge of a selected polygon; False away from all of them."""
        found = self._pointing.edge_at(position)
        if found is None:
            return False
        ident, polygon, edge = found
        shape = with_vertex(polygon, edge, *self._pointing.place(position))
        self._reshape(ident, shape, "Add corner to polygon")
        return True

    def _finish(self, *, is_click: bool) -> None:
        self._is_held = False
        gesture, self._gesture = self._gesture, None
        if gesture is None:
            return
        if is_click:
            gesture.click()
        else:
            gesture.finish()
        if isinstance(gesture, DrawGesture):
            self._end_drawing()
            self._ask_for_words(gesture.idents)

    def _end_drawing(self) -> None:
        if not self._stays:
            self.set_tool(SELECT)

    def _ask_for_words(self, idents: frozenset[int]) -> None:
        """A text that was just placed wants to say something."""
        for ident in idents:
            entry = self._regions.get(ident)
            if entry is not None and isinstance(entry.shape, Text):
                self.editRequested.emit(ident)

    def _ask_for_menu(self, event: QMouseEvent) -> None:
        ident = self.layer.region_at(event.position()) or 0
        if ident and ident not in self._regions.selection:
            self._regions.select({ident})
        self.menuRequested.emit(event.globalPosition().toPoint(), ident)

    # What happens meanwhile

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        """Take the keys that end a drag or a drawing; end it when the view goes."""
        if isinstance(event, QKeyEvent) and watched is self._view:
            return self._filter_key(event)
        if event is not None and event.type() in _ENDING:
            self._let_go()
        return False

    def _filter_key(self, event: QKeyEvent) -> bool:
        if not self._wants(Qt.Key(event.key())):
            return False
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
        elif event.type() == QEvent.Type.KeyPress:
            self._take_key(Qt.Key(event.key()))
        return True

    def _wants(self, key: Qt.Key) -> bool:
        if key == Qt.Key.Key_Escape:
            return self._has_to_cancel()
        return self._draft.is_begun and key in {*_CLOSING_KEYS, Qt.Key.Key_Backspace}

    def _take_key(self, key: Qt.Key) -> None:
        if key == Qt.Key.Key_Escape:
            self.cancel()
        elif key == Qt.Key.Key_Backspace:
            self._draft.step_back()
        else:
            self._add_polygon(self._draft.finish())

    def _let_go(self) -> None:
        """The pointer is lost: what was dragged stays where it is."""
        self._pressed.clear()
        if self._is_held:
            self._finish(is_click=False)

    def _on_regions_changed(self, change: RegionChange) -> None:
        self._show()
        if self._gesture is not None and change.removed & self._gesture.idents:
            self._gesture = None
            self._regions.commit()

    def _on_regions_settled(self) -> None:
        """Someone else ended the drag, for instance by undo."""
        has_ended = not self._regions.is_dragging
        if self._gesture is not None and self._gesture.has_begun and has_ended:
            self._gesture = None

    def _show(self) -> None:
        self.layer.show_entries(self._regions.entries, self._regions.selection)
