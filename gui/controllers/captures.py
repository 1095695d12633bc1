"""Capture list, calibration panel, and the ways a capture gets onto the desk."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject
from PyQt6.QtWidgets import QFileDialog

from ...core.errors import NightglassError
from ...core.workbench.calibrations import KINDS
from ..capture_model import CaptureRow
from ..widgets.throttle import Throttle

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from PyQt6.QtWidgets import QWidget

    from ...core.session.view import Layout, View
    from ...core.workbench import Workbench
    from ...core.workbench.desk import OpenCapture
    from ...core.workbench.master_sources import MasterKind
    from ..calibration_dock import CalibrationPanel
    from ..captures import CapturePanel
    from ..frame.view import FrameView

FITS_FILES = "FITS images (*.fits *.fit *.fts *.fits.gz *.fits.fz);;All files (*)"
LIST_MS = 500
NOWHERE = Path()


class CaptureController(QObject):
    """Opens, follows, closes and lists captures; chooses and makes masters."""

    def __init__(
        self,
        workbench: Workbench,
        panel: CapturePanel,
        calibration: CalibrationPanel,
        view: FrameView,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._bench = workbench
        self._panel = panel
        self._calibration = calibration
        self._view = view
        self._window = window
        self._tell_list = Throttle(self._show_list, LIST_MS, self)
        self._connect_panels()
        self._connect_workbench()
        self._show_masters()

    def _connect_panels(self) -> None:
        self._panel.openRequested.connect(self._bench.show)
        self._panel.stopFollowRequested.connect(self._bench.following.stop)
        self._view.openRequested.connect(self.ask_to_open)
        self._view.followRequested.connect(self.ask_to_follow)
        calibration = self._calibration
        calibration.chooseRequested.connect(self._ask_for_master)
        calibration.makeRequested.connect(self._make_master)
        calibration.removeRequested.connect(lambda kind: self._bench.calibrations.use(kind, None))
        calibration.useChanged.connect(
            lambda kind, used: self._bench.session.change(**{f"use_{kind}": used})
        )

    def _connect_workbench(self) -> None:
        bench = self._bench
        for signal in (bench.desk.opened, bench.desk.closed, bench.desk.grown):
            signal.connect(self._on_desk_changed)
        bench.following.changed.connect(self._show_following)
        bench.calibrations.changed.connect(self._show_masters)
        bench.session.changed.connect(self._on_view_changed)

    # Opening

    def ask_to_open(self) -> None:
        """Choose cubes or images."""
        names, _ = QFileDialog.getOpenFileNames(
            self._window, "Open cubes or FITS images", self._data_folder(), FITS_FILES
        )
        if names:
            self.open(Path(name) for name in names)

    def ask_to_open_folder(self) -> None:
        """Choose a folder of captures."""
        name = QFileDialog.getExistingDirectory(
            self._window, "Open a folder of captures", self._data_folder()
        )
        if name:
            self.open([Path(name)])

    def ask_to_follow(self) -> None:
        """Choose the folder the camera writes to."""
        name = QFileDialog.getExistingDirectory(
            self._window, "Follow a folder", self._data_folder()
        )
        if name:
            self._bench.follow(Path(name))

    def open(self, paths: Iterable[Path], on_opened: Callable[[], object] | None = None) -> None:
        """Open these, and remember them once they are open; then call `on_opened`."""
        chosen = [Path(path).absolute() for path in paths]
        if chosen:
            self._bench.open(chosen, lambda: self._on_opened(chosen, on_opened))

    def _on_opened(self, paths: list[Path], on_opened: Callable[[], object] | None) -> None:
        self._remember(paths)
        if on_opened is not None:
            on_opened()

    def _remember(self, paths: list[Path]) -> None:
        settings = self._bench.settings
        names = [str(path) for path in paths]
        kept = [name for name in settings.recent if name not in names]
        recent = (names + kept)[: settings.max_recent]
        self._bench.use_settings(settings.changed(recent=recent))

    def close_shown(self) -> None:
        """Close the capture in the picture."""
        shown = self._bench.session.view.capture
        if shown is not None:
            self._bench.desk.close(shown)

    def cycle(self, step: int) -> None:
        """Show the next or the previous open capture."""
        keys, shown = self._bench.desk.order, self._bench.session.view.capture
        if shown in keys and len(keys) > 1:
            self._bench.show(keys[(keys.index(shown) + step) % len(keys)])

    def compare(self, layout: Layout) -> None:
        """Put another capture beside the one shown, or behind it to blink."""
        view = self._bench.session.view
        if layout in (view.layout, "single"):
            self._bench.session.change(layout="single", other=None)
            return
        others = [key for key in self._bench.desk.order if key != view.capture]
        if not others:
            raise NightglassError(
                "There is nothing to compare with",
                "Only one capture is open.",
                "Open a second one first.",
            )
        other = view.other if view.other in others else others[-1]
        self._bench.session.change(layout=layout, other=other)

    def _data_folder(self) -> str:
        return str(self._bench.settings.data_folder or "")

    # The list

    def _on_desk_changed(self, _: str) -> None:
        self._tell_list.call()

    def _on_view_changed(self, before: View, after: View) -> None:
        if before.capture != after.capture:
            self._panel.set_shown(after.capture)
            self._show_masters()
        elif any(getattr(before, f"use_{k}") != getattr(after, f"use_{k}") for k in KINDS):
            self._show_masters()

    def _show_list(self) -> None:
        self._panel.set_rows([_row(capture) for capture in self._bench.desk])
        self._panel.set_shown(self._bench.session.view.capture)
        self._calibration.set_captures(
            [(one.key, one.source.name) for one in self._bench.desk if one.lightspeed is not None]
        )

    def _show_following(self) -> None:
        following = self._bench.following
        folder = None if following.folder is None else str(following.folder)
        self._panel.set_following(folder, following.state)
        if folder is None:
            text = "No frame yet. Open a capture, or follow tonight’s folder."
        else:
            text = f"Following {folder}. The first frame appears by itself."
        self._view.set_empty_text(text)

    # Calibration

    def _ask_for_master(self, kind: MasterKind) -> None:
        name, _ = QFileDialog.getOpenFileName(
            self._window, f"Choose the {kind}: a master or any of its cubes",
            self._data_folder(), FITS_FILES,
        )  # fmt: skip
        if name:
            self._bench.calibrations.load(kind, Path(name))

    def _make_master(self, kind: MasterKind, key: str) -> None:
        """Make a master from an open capture, or from one that is chosen now."""
        capture = self._bench.desk.get(key)
        calibrations = self._bench.calibrations
        if capture is not None:
            output = self._place_of_master(kind, capture.source.name)
            if output is not NOWHERE:
                calibrations.make(kind, capture, output)
            return
        name, _ = QFileDialog.getOpenFileName(
            self._window, f"Make the {kind} from the capture of any of its cubes",
            self._data_folder(), FITS_FILES,
        )  # fmt: skip
        if name:
            output = self._place_of_master(kind, Path(name).name.partition("_cube")[0])
            if output is not NOWHERE:
                calibrations.load(kind, Path(name), output)

    def _place_of_master(self, kind: MasterKind, source: str) -> Path | None:
        """Where to keep a master: None for nowhere; NOWHERE when the observer thinks better."""
        if not self._calibration.keeps_file:
            return None
        folder = self._bench.settings.export_folder or self._bench.settings.data_folder
        name, _ = QFileDialog.getSaveFileName(
            self._window, f"Make the {kind} from {source}",
            str(Path(folder or ".") / f"{kind}_{source}.fits"), FITS_FILES,
        )  # fmt: skip
        return Path(name) if name else NOWHERE

    def _show_masters(self) -> None:
        view, calibrations = self._bench.session.view, self._bench.calibrations
        for kind in KINDS:
            master = calibrations.masters.get(kind)
            self._calibration.set_used(kind, getattr(view, f"use_{kind}"))
            if master is None:
                self._calibration.set_master(kind, None)
                continue
            mismatches = calibrations.mismatches(kind, view.capture)
            made = f"made from {master.sources[0]}" if master.sources else "made here"
            name = master.path.name if master.path is not None else made
            self._calibration.set_master(kind, name, mismatches, str(master.path or ""))


def _clock(stamp: str | None) -> str:
    """Local start of a file name, YYYYMMDD_HHMMSS, as people write it."""
    if stamp is None:
        return ""
    time = stamp.partition("_")[2]
    return f"{time[:2]}:{time[2:4]}:{time[4:6]}"


def _row(capture: OpenCapture) -> CaptureRow:
    source, known = capture.source, capture.lightspeed
    if known is None:
        folder, quality = str(source.path.parent), "none"
        return CaptureRow(
            capture.key, folder, source.name, "", 1, source.n_frames, source.shape, None, quality
        )
    problems = tuple(str(note) for note in known.left_out)
    if capture.lost:
        problems += (f"{capture.lost:,} frames are lost.",)
    return CaptureRow(
        capture.key,
        str(source.path.parent),
        known.object_name,
        _clock(known.header.start),
        len(known.cubes),
        known.n_frames,
        known.shape,
        known.exposure_s,
        known.time_quality,
        problems,
        capture.live,
    )
