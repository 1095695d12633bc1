"""What each row of the action table does, and which rows are checked."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from PyQt6.QtCore import QObject
from PyQt6.QtWidgets import QInputDialog

from ...core.errors import NightglassError
from ...core.picture.limits import Limits
from ...core.picture.stack import MOST_FRAMES
from ...core.picture.stretch import STRETCHES, Stretch
from ...core.session.region_deeds import push
from ...core.session.view import Stack, StackMethod, View

if TYPE_CHECKING:
    from ...core.workbench import Workbench
    from ...core.workbench.playback import EndRule
    from ..actions import ActionSet
    from ..frame.tiles import FrameArea
    from ..main_window import MainWindow
    from ..playback_bar import PlaybackBar
    from .captures import CaptureController
    from .exports import ExportController
    from .frames import FrameController
    from .radial import RadialController

Command = Callable[[bool], Any]
FAST_STEP = 100
ZOOM_STEP = 2.0
FAR_PX = 10
DEFAULT_DEPTH = 10
DIRECTIONS = {"left": (-1, 0), "right": (1, 0), "up": (0, 1), "down": (0, -1)}
ENDINGS: tuple[EndRule, ...] = ("stop", "loop", "bounce")

_KINDS = ("bias", "dark", "flat")
CHECKED = attrgetter(
    "stretch", "limits", "limits_locked", "colour_map", "inverted", "stack", "reference",
    "show_saturation", "layout", "use_bias", "use_dark", "use_flat",
)  # fmt: skip
METHODS: tuple[StackMethod, ...] = ("mean", "sum", "median", "max", "std")

_log = logging.getLogger(__name__)


class Commands(QObject):
    """Runs actions by key and shows in the menus what the session holds."""

    def __init__(
        self,
        workbench: Workbench,
        actions: ActionSet,
        area: FrameArea,
        bar: PlaybackBar,
        controllers: tuple[CaptureController, ExportController, FrameController, RadialController],
        window: MainWindow,
    ) -> None:
        super().__init__(window)
        self._bench = workbench
        self._actions = actions
        self._area = area
        self._bar = bar
        self._captures, self._exports, self._frames, self._radial = controllers
        self._window = window
        self._depth = DEFAULT_DEPTH
        self._table: dict[str, Command] = {
            **self._file_rows(),
            **self._time_rows(),
            **self._stack_rows(),
            **self._view_rows(),
            **self._look_rows(),
            **self._tool_rows(),
        }
        actions.triggered.connect(self.run)
        workbench.session.changed.connect(self._on_view_changed)
        self._show_checks(workbench.session.view)

    def add(self, rows: dict[str, Command]) -> None:
        """Take the rows that somebody else answers for."""
        self._table.update(rows)

    def divert(self, is_diverted: Callable[[], bool], rows: dict[str, Command]) -> None:
        """Let somebody else answer for rows while something holds."""
        for key, command in rows.items():
            self._table[key] = _either(is_diverted, command, self._table[key])

    @property
    def keys(self) -> frozenset[str]:
        """Keys of the actions that do something."""
        return frozenset(self._table)

    def run(self, key: str, checked: bool = False) -> None:
        """Do what the action of that key stands for; trouble goes to the problem list."""
        try:
            self._table[key](checked)
        except NightglassError as error:
            self._bench.problems.report(error)
        self._show_checks(self._bench.session.view)

    # Rows

    def _file_rows(self) -> dict[str, Command]:
        captures, exports = self._captures, self._exports
        return {
            "file.open": lambda _: captures.ask_to_open(),
            "file.open-folder": lambda _: captures.ask_to_open_folder(),
            "file.follow": lambda _: captures.ask_to_follow(),
            "file.close": lambda _: captures.close_shown(),
            "file.save-view": lambda _: exports.ask_to_save(),
            "file.export-movie": lambda _: exports.ask_for_movie(),
            "edit.copy-image": lambda _: exports.copy(),
            "capture.next": lambda _: self._next_capture(1),
            "capture.previous": lambda _: self._next_capture(-1),
            "view.tile": lambda _: captures.compare("tile"),
            "view.blink": lambda _: captures.compare("blink"),
            "view.lock": self._lock_views,
        }

    def _time_rows(self) -> dict[str, Command]:
        transport, bar = self._bench.transport, self._bar
        rows: dict[str, Command] = {
            "frame.play": lambda _: transport.toggle(),
            "frame.play-backward": lambda _: self._toggle_backward(),
            "frame.next": lambda _: transport.step(1),
            "frame.previous": lambda _: transport.step(-1),
            "frame.forward": lambda _: transport.step(FAST_STEP),
            "frame.back": lambda _: transport.step(-FAST_STEP),
            "frame.first": lambda _: transport.go_to_first(),
            "frame.last": lambda _: transport.go_to_last(),
            "frame.live": lambda on: transport.go_live() if on else transport.pause(),
            "frame.go-to": lambda _: bar.edit_frame(),
            "frame.go-to-utc": lambda _: bar.edit_utc(),
            "frame.slower": lambda _: bar.speed_box.step(-1),
            "frame.faster": lambda _: bar.speed_box.step(1),
            "range.in": lambda _: self._mark_range(first=True),
            "range.out": lambda _: self._mark_range(first=False),
            "range.clear": lambda _: transport.set_range(None, None),
        }
        for rule in ENDINGS:
            rows[f"ending.{rule}"] = _call(transport.set_end_rule, rule)
        return rows

    def _stack_rows(self) -> dict[str, Command]:
        session, pictures = self._bench.session, self._bench.pictures
        rows: dict[str, Command] = {
            "stack.none": lambda _: session.change(stack=Stack()),
            "stack.depth": lambda _: self._ask_for_depth(),
            "difference.set": lambda _: pictures.take_reference(),
            "difference.show": self._show_difference,
        }
        for method in METHODS:
            rows[f"stack.{method}"] = _call(self._stack, method)
        for kind in _KINDS:
            rows[f"calibration.{kind}"] = self._switch(f"use_{kind}")
        return rows

    def _view_rows(self) -> dict[str, Command]:
        view = self._area.views[0]
        rows: dict[str, Command] = {
            "zoom.in": lambda _: self._area.active_view.zoom_by(ZOOM_STEP),
            "zoom.out": lambda _: self._area.active_view.zoom_by(1 / ZOOM_STEP),
            "zoom.fit": lambda _: self._area.active_view.fit(),
            "view.magnifier": view.show_magnifier,
            "view.panner": view.show_panner,
            "view.saturation": self._switch("show_saturation"),
            "view.flip-x": lambda on: self._flip(flip_x=on),
            "view.flip-y": lambda on: self._flip(flip_y=on),
            "mouse.crosshair": lambda _: self._point("crosshair"),
            "mouse.pan": lambda _: self._point("pan"),
        }
        for n in range(1, 10):
            rows[f"zoom.{n}"] = _call(self._zoom, float(n))
        for n in (2, 4, 8):
            rows[f"zoom.1-{n}"] = _call(self._zoom, 1.0 / n)
        for name, (x, y) in DIRECTIONS.items():
            rows[f"pan.{name}"] = _call(self._pan, x, y)
            rows[f"cursor.{name}"] = _call(self._nudge, x, y)
        return rows

    def _look_rows(self) -> dict[str, Command]:
        session = self._bench.session
        rows: dict[str, Command] = {
            "limits.manual": lambda _: self._type_limits(),
            "scale.auto": lambda _: self._bench.pictures.find_limits_again(),
            "scale.lock": self._switch("limits_locked"),
            "scale.reset": lambda _: session.change(
                stretch=Stretch(), limits=Limits(), limits_locked=False
            ),
            "colouring.invert": self._switch("inverted"),
            "colouring.reset": lambda _: session.change(contrast=1.0, bias=0.5),
        }
        for kind in STRETCHES:
            rows[f"stretch.{kind}"] = _call(self._frames.choose_stretch, kind)
        for action in self._actions.group("limits").actions():
            mode, percent = limits_of(action.objectName())
            if mode != "manual":
                rows[action.objectName()] = _call(self._frames.choose_limits, mode, percent)
        for action in self._actions.group("colour").actions():
            name = action.objectName().partition(".")[2]
            rows[action.objectName()] = _call(self._wear, name)
        return rows

    def _tool_rows(self) -> dict[str, Command]:
        return {
            "tool.radial-profile": lambda _: self._radial.measure(
                self._frames.pointed, self._frames.slot
            ),
            "help.simulate": lambda _: self._bench.demonstrate(),
            "tool.freeze": lambda on: setattr(self._frames, "is_frozen", on),
            "tool.print": lambda _: _log.info("%s", self._frames.sentence()),
            "edit.copy-pixel": lambda _: self._frames.copy_python(),
        }

    # Rows that need more than a line

    def _next_capture(self, step: int) -> None:
        if self._area.mode == "single":
            self._captures.cycle(step)
        else:
            self._area.activate_next()

    def _toggle_backward(self) -> None:
        transport = self._bench.transport
        if transport.playback.playing:
            transport.pause()
        else:
            transport.play(backward=True)

    def _mark_range(self, *, first: bool) -> None:
        view = self._bench.session.view
        start, end = view.play_range or (None, None)
        if first:
            start = view.frame
        else:
            end = view.frame
        self._bench.transport.set_range(start, end)

    def _ask_for_depth(self) -> None:
        depth, is_given = QInputDialog.getInt(
            self._window, "Frames in the stack", "How many frames are stacked:",
            self._depth, 2, MOST_FRAMES,
        )  # fmt: skip
        if is_given:
            self.set_depth(depth)

    def set_depth(self, depth: int) -> None:
        """Stack so many frames."""
        self._depth = depth
        stack = self._bench.session.view.stack
        if stack.frames > 1:
            self._bench.session.change(stack=replace(stack, frames=depth))

    def _show_difference(self, is_on: bool) -> None:
        if is_on:
            self._bench.pictures.take_reference_unless_kept()
        else:
            self._bench.session.change(reference=None)

    def _lock_views(self, is_locked: bool) -> None:
        self._area.set_lock(is_locked)
        self._bench.pictures.set_scale_lock(is_locked)

    def _flip(self, *, flip_x: bool | None = None, flip_y: bool | None = None) -> None:
        view = self._area.active_view
        camera = view.camera
        view.flip(
            camera.flip_x if flip_x is None else flip_x,
            camera.flip_y if flip_y is None else flip_y,
        )

    def _point(self, mode: Any) -> None:
        for view in self._area.views:
            view.set_pointer_mode(mode)

    def _switch(self, name: str) -> Command:
        """Set a field of the view to the state of the action."""
        return lambda on: self._bench.session.change(**{name: on})

    def _stack(self, method: StackMethod) -> None:
        self._bench.session.change(stack=Stack(self._depth, method))

    def _wear(self, colour_map: str) -> None:
        self._bench.session.change(colour_map=colour_map)

    def _zoom(self, zoom: float) -> None:
        self._area.active_view.set_zoom(zoom)

    def _pan(self, x: int, y: int) -> None:
        """Move the selected regions ten pixels, or the view by a screen."""
        if not push(self._bench.regions.list, FAR_PX * x, FAR_PX * y):
            self._area.active_view.pan_screen(x, y)

    def _nudge(self, x: int, y: int) -> None:
        """Move the selected regions one pixel, or the crosshair."""
        if not push(self._bench.regions.list, x, y):
            self._area.active_view.nudge_cursor(x, y)

    def _type_limits(self) -> None:
        self._frames.choose_limits("manual")
        self._window.show_dock("histogram", True)
        self._window.cuts.edit_limits()

    # What the menus show

    def _on_view_changed(self, before: View, after: View) -> None:
        if CHECKED(before) != CHECKED(after):
            self._show_checks(after)

    def _show_checks(self, view: View) -> None:
        """Check exactly the rows that hold; an action toggles by itself, so always set it."""
        playback = self._bench.transport.playback
        stack = view.stack.method if view.stack.frames > 1 else "none"
        chosen = {
            f"stretch.{view.stretch.kind}",
            limits_key(view.limits),
            f"colour.{view.colour_map}",
            f"stack.{stack}",
            f"ending.{playback.end_rule}",
            f"mouse.{'pan' if self._area.views[0].pointer_mode == 'pan' else 'crosshair'}",
        }
        checks = {
            "scale.lock": view.limits_locked,
            "colouring.invert": view.inverted,
            "difference.show": view.reference is not None,
            "view.saturation": view.show_saturation,
            "view.tile": view.layout == "tile",
            "view.blink": view.layout == "blink",
            "view.lock": self._area.is_locked,
            **{f"calibration.{kind}": getattr(view, f"use_{kind}") for kind in _KINDS},
            **dict.fromkeys(chosen & {spec.key for spec in self._actions.specs}, True),
        }
        for key, checked in checks.items():
            if self._actions.action(key).isChecked() != checked:
                self._actions.set_checked(key, checked)


def _call(function: Callable[..., Any], *arguments: Any) -> Command:
    """A command that calls a function with fixed arguments."""
    return lambda _: function(*arguments)


def _either(is_first: Callable[[], bool], first: Command, second: Command) -> Command:
    """One command or the other, as it is when it is given."""

    def run(on: bool) -> object:
        return first(on) if is_first() else second(on)

    return run


def limits_of(key: str) -> tuple[str, float]:
    """Mode and percentage of an action such as ``limits.99.5``."""
    name = key.partition(".")[2]
    return ("percentile", float(name)) if name[0].isdigit() else (name, 0.0)


def limits_key(limits: Limits) -> str:
    """The action that stands for these limits."""
    if limits.mode != "percentile":
        return f"limits.{limits.mode}"
    return f"limits.{limits.percent:g}"
