"""The frame view, its corners, the histogram and the readout, kept in step with the session."""

from __future__ import annotations

from dataclasses import replace
from operator import attrgetter
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject

from ...core.workbench.desk import COUNTS
from ...core.workbench.readings import Readings
from ..frame.readout_text import one_based, value_text
from ..widgets.throttle import Throttle

if TYPE_CHECKING:
    from ...core.picture.limits import Mode
    from ...core.picture.stretch import Kind
    from ...core.session.view import View
    from ...core.workbench import Workbench
    from ...core.workbench.desk import OpenCapture
    from ...core.workbench.painter import FrameResult
    from ..frame.cuts import HistogramPanel
    from ..frame.readout import ReadoutPanel
    from ..frame.tiles import FrameArea
    from ..frame.view import FrameView

READOUT_MS = 33
HISTOGRAM_MS = 100
SLOTS = ("main", "other")
LOOK = attrgetter(
    "colour_map", "inverted", "contrast", "bias", "stretch", "limits", "limits_locked",
    "show_saturation", "layout",
)  # fmt: skip


class FrameController(QObject):
    """Carries pictures to the views and the observer's hand to the session."""

    def __init__(
        self,
        workbench: Workbench,
        area: FrameArea,
        readout: ReadoutPanel,
        cuts: HistogramPanel,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._bench = workbench
        self._area = area
        self._readout = readout
        self._cuts = cuts
        self._readings = Readings(workbench)
        self._pointed: tuple[float, float] | None = None
        self._stand_in = ""
        self._frames_shown: dict[FrameView, int] = {}
        self.is_frozen = False
        self._tell_readout = Throttle(self._show_readout, READOUT_MS, self)
        self._tell_cuts = Throttle(self._show_cuts, HISTOGRAM_MS, self)
        workbench.pictures.ready.connect(self._on_picture_ready)
        workbench.session.changed.connect(self._on_view_changed)
        workbench.settings_changed.connect(self._tell_readout.call)
        self._connect_views()
        self._connect_cuts()
        self._show_looks(workbench.session.view)

    def _connect_views(self) -> None:
        pictures = self._bench.pictures
        main, other = self._area.views
        main.viewportChanged.connect(lambda seen: pictures.look("main", seen))
        other.viewportChanged.connect(lambda seen: pictures.look("other", seen))
        main.magnifierRequested.connect(lambda seen: pictures.look("magnifier", seen))
        main.pannerRequested.connect(lambda seen: pictures.look("panner", seen))
        for view in self._area.views:
            view.cursorMoved.connect(self._on_cursor_moved)
        self._area.contrastChanged.connect(self._on_contrast_changed)
        self._area.activeChanged.connect(lambda _: self._tell_readout.call())

    def _connect_cuts(self) -> None:
        change = self._bench.session.change
        cuts = self._cuts
        cuts.stretchChanged.connect(self.choose_stretch)
        cuts.limitsModeChanged.connect(self.choose_limits)
        cuts.limitsChanged.connect(self._on_limits_dragged)
        cuts.lockChanged.connect(lambda locked: change(limits_locked=locked))
        cuts.colourMapChanged.connect(lambda name: change(colour_map=name))
        cuts.invertedChanged.connect(lambda inverted: change(inverted=inverted))
        cuts.contrastChanged.connect(self._on_contrast_changed)

    # The observer's hand

    def choose_limits(self, mode: Mode, percent: float = 0.0) -> None:
        """Find the limits another way; "manual" starts from those shown."""
        view, main = self._bench.session.view, self._bench.pictures.shown.get("main")
        wanted = replace(view.limits, mode=mode, percent=percent or view.limits.percent)
        if mode == "manual" and main is not None:
            wanted = replace(wanted, low=main.picture.low, high=main.picture.high)
        self._bench.session.change(limits=wanted)

    def choose_stretch(self, kind: Kind) -> None:
        """Spread the counts over the colours another way."""
        session = self._bench.session
        session.change(stretch=replace(session.view.stretch, kind=kind))

    def _on_limits_dragged(self, low: float, high: float) -> None:
        session = self._bench.session
        session.change(limits=replace(session.view.limits, mode="manual", low=low, high=high))

    def _on_contrast_changed(self, contrast: float, bias: float) -> None:
        self._bench.session.change(contrast=contrast, bias=bias)

    def _on_cursor_moved(self, x: float | None, y: float | None) -> None:
        if self.is_frozen:
            return
        self._pointed = None if x is None or y is None else (x, y)
        self._tell_readout.call()

    @property
    def slot(self) -> str:
        """Slot of the picture that keys act on."""
        return SLOTS[self._area.active]

    @property
    def pointed(self) -> tuple[float, float] | None:
        """Image position the readout speaks of."""
        return self._pointed or self._area.active_view.marker

    def sentence(self) -> str:
        """The pixel pointed at, in words."""
        reading = self._readings.at(self.slot, self.pointed)
        if reading.place[0] is None or reading.place[1] is None:
            return "The pointer is not on a frame."
        x, y = (one_based(coordinate) for coordinate in reading.place)
        value = (
            "no value" if reading.adu is None else f"{value_text(reading.adu, 2)} {reading.unit}"
        )
        if reading.label is not None:
            return f"x {x}  y {y}  {value}  {reading.label.caption}"
        number = 0 if reading.frame is None else reading.frame + 1
        return f"x {x}  y {y}  {value}  frame {number}  {reading.utc or ''}".rstrip()

    def copy_python(self) -> None:
        """Copy the pixel pointed at, counted from 0."""
        self._show_readout()
        self._readout.copy_python()

    # What the workbench tells

    def _on_picture_ready(self, slot: str, result: FrameResult) -> None:
        if slot in SLOTS:
            self._show_picture(self._area.views[SLOTS.index(slot)], result)
        elif slot == "magnifier":
            self._area.views[0].set_magnifier_picture(result.picture)
        else:
            self._area.views[0].set_panner_picture(result.picture)
        if slot == "main":
            self._name_stand_in(result)
            self._tell_cuts.call()
            self._tell_readout.call()

    def _show_picture(self, view: FrameView, result: FrameResult) -> None:
        if result.stand_in is None:
            self._frames_shown[view] = result.frame
        # What stands in for a frame is not one more that was painted.
        view.set_picture(result.picture, self._frames_shown.get(view))

    def _name_stand_in(self, result: FrameResult) -> None:
        name = "" if result.stand_in is None else result.stand_in.label.title
        if name != self._stand_in:
            self._stand_in = name
            self._show_titles(self._bench.session.view)

    def _on_view_changed(self, before: View, after: View) -> None:
        if before.capture != after.capture:
            self._on_capture_changed(after)
        if before.other != after.other:
            self._show_other(after)
        if LOOK(before) != LOOK(after):
            self._show_looks(after)

    def _on_capture_changed(self, view: View) -> None:
        capture = self._bench.desk.get(view.capture)
        main = self._area.views[0]
        main.set_frame_shape(None if capture is None else capture.source.shape)
        if not _is_on_frame(main.marker, capture):
            main.clear_marker()
        if capture is None:
            main.set_picture(None)
            self._readout.clear()
        self._show_titles(view)

    def _show_other(self, view: View) -> None:
        capture = self._bench.desk.get(view.other)
        other = self._area.views[1]
        other.set_frame_shape(None if capture is None else capture.source.shape)
        if capture is None:
            other.set_picture(None)
        self._show_titles(view)

    def _show_titles(self, view: View) -> None:
        """Names matter where two captures are on the screen, or no frame of the one."""
        for frame_view, key in zip(self._area.views, (view.capture, view.other), strict=True):
            capture = self._bench.desk.get(key)
            named = capture is not None and view.layout != "single"
            frame_view.set_title(capture.source.name if capture and named else "")
        if self._stand_in:
            self._area.views[0].set_title(self._stand_in)

    def _show_looks(self, view: View) -> None:
        colours = (view.colour_map, view.inverted, view.contrast, view.bias)
        self._area.set_colours(*colours)
        self._cuts.set_colours(*colours)
        self._cuts.set_stretch(view.stretch.kind)
        self._cuts.set_limits_mode(view.limits.mode, view.limits.percent)
        self._cuts.set_lock(view.limits_locked)
        for frame_view in self._area.views:
            frame_view.show_saturation(view.show_saturation)
        if view.layout != self._area.mode:
            self._area.set_mode(view.layout)
            self._show_titles(view)

    def _show_cuts(self) -> None:
        result = self._bench.pictures.shown.get("main")
        if result is not None and self._cuts.isVisible():
            picture, capture = result.picture, self._bench.desk.get(result.capture)
            unit = COUNTS if capture is None else capture.unit
            self._cuts.set_unit(unit if result.stand_in is None else result.stand_in.label.unit)
            self._cuts.set_picture_facts(picture.histogram, picture.low, picture.high)

    def _show_readout(self) -> None:
        reading = self._readings.at(self.slot, self.pointed)
        panel = self._readout
        panel.set_position(*reading.place)
        panel.set_detector(*reading.detector)
        panel.set_value(reading.adu, reading.electrons, reading.unit)
        panel.set_sky(*reading.sky)
        if reading.label is not None:
            panel.set_image(reading.frame or 0, reading.label)
            return
        panel.set_frame(reading.frame, reading.slot)
        panel.set_time(reading.utc, reading.time_quality)


def _is_on_frame(place: tuple[float, float] | None, capture: OpenCapture | None) -> bool:
    if place is None or capture is None:
        return False
    rows, columns = capture.source.shape
    return -0.5 <= place[0] < columns - 0.5 and -0.5 <= place[1] < rows - 0.5
