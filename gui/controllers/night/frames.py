"""The page of frames, joined with the night's desk and with the frame view of the program."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject

from ....core.mascara.night.layout import batch_of_unit, camera_of_unit
from ....core.timing.sidereal import BATCH
from ...night.frames.page import WAITING, FramesPage
from ...widgets.throttle import Throttle
from .frame_overlay import FrameOverlay
from .frame_shelf import FrameShelf, cameras_of, raw_folders
from .frame_thumbs import FrameThumbs

if TYPE_CHECKING:
    from pathlib import Path

    from PyQt6.QtWidgets import QWidget

    from ....core.errors import NightglassError
    from ....core.mascara.field.slots import SlotFrames
    from ....core.mascara.watching.snapshot import NightSnapshot
    from ....core.session.view import View
    from ....core.workbench import Workbench
    from ....core.workbench.painter import FrameResult
    from ...frame.tiles import FrameArea
    from ...main_window import MainWindow
    from ..commands import Command
    from .frame_shelf import Choice

LOOK_MS = 1000
NO_NIGHT = "No night is watched."


class FramesController(QObject):
    """Shows raw frames and binned images of a camera.

    Parameters
    ----------
    workbench : Workbench
    window : MainWindow
    """

    def __init__(self, workbench: Workbench, window: MainWindow) -> None:
        super().__init__(window)
        self._bench, self._window = workbench, window
        self._desk = workbench.night
        self.shelf = FrameShelf(workbench)
        self.page: FramesPage | None = None
        self.overlay: FrameOverlay | None = None
        self.thumbs: FrameThumbs | None = None
        self._area: FrameArea | None = None
        self._snapshot: NightSnapshot | None = None
        self._camera, self._is_binned = "", False
        self._slot: int | None = None
        self._is_wanted = True
        self._capture_before: str | None = None
        self._look = Throttle(self._look_now, LOOK_MS, self)
        self._desk.watched.connect(self._on_watched)
        self._desk.frame_chosen.connect(self._on_frame_chosen)
        self._desk.binned_chosen.connect(self._on_binned_chosen)
        workbench.session.changed.connect(self._on_view_changed)
        workbench.pictures.ready.connect(self._on_picture_ready)
        window.workspaceChanged.connect(self._on_workspace_changed)

    def make(self) -> QWidget:
        """Make the page."""
        self.page = page = FramesPage()
        row = page.row
        row.cameraChosen.connect(self._on_camera_chosen)
        row.kindChosen.connect(self._on_kind_chosen)
        row.slotRequested.connect(self._go_to)
        row.stepRequested.connect(self._bench.transport.step)
        row.newestToggled.connect(self._on_newest_toggled)
        row.markRequested.connect(self._mark)
        page.thumbs.starChosen.connect(self._desk.choose_star)
        self.overlay = FrameOverlay(self._bench, self.shelf, page, self)
        self.thumbs = FrameThumbs(self._desk, page.thumbs, self)
        self.show_snapshot(self._snapshot)
        return page

    def take_area(self, area: FrameArea) -> None:
        """Show the frame view of the program on the page, with a frame of the night."""
        if self.page is None:
            return
        self._area = area
        self.page.take(area)
        if self.overlay is not None:
            self.overlay.attach(area)
        shown = self._bench.session.view.capture
        if self.shelf.choice_of(shown) is None:
            self._capture_before = shown
            self._is_wanted = True
        self._look.call()

    def show_snapshot(self, snapshot: NightSnapshot | None) -> None:
        """Offer its cameras, and look for frames that are new."""
        self._snapshot = snapshot
        page = self.page
        if page is None:
            return
        cameras = () if snapshot is None else cameras_of(snapshot)
        if self._camera not in cameras and cameras:
            self._camera = cameras[0]
        page.row.set_cameras(cameras, self._camera)
        page.row.set_kind("binned" if self._is_binned else "raw")
        if self.overlay is not None:
            self.overlay.show_snapshot(snapshot)
        self._look.call()

    def rows(self) -> dict[str, Command]:
        """It answers for no action: those of the frame view are there."""
        return {}

    def stop(self) -> None:
        """Listen no more."""
        self._look.cancel()
        self.shelf.close()
        for signal, slot in (
            (self._desk.watched, self._on_watched),
            (self._desk.frame_chosen, self._on_frame_chosen),
            (self._desk.binned_chosen, self._on_binned_chosen),
            (self._bench.session.changed, self._on_view_changed),
            (self._bench.pictures.ready, self._on_picture_ready),
        ):
            signal.disconnect(slot, missing_ok=True)

    # Looking for frames

    @property
    def is_seen(self) -> bool:
        """Whether the page has the frame view and is in front."""
        return self.page is not None and self.page.has_area and self.page.isVisible()

    def _look_now(self) -> None:
        """Read in the background which frames there are, while somebody looks."""
        snapshot = self._snapshot
        if snapshot is None or not self._camera or not self.is_seen:
            return
        choice = (self._camera, self._is_binned)
        source = self.shelf.source(snapshot, choice)

        def look(_: object) -> SlotFrames:
            source.refresh()
            return source

        self._desk.latest(
            "frames", look, f"Look for frames of {self._camera}",
            lambda found: self._take(choice, found), self._refuse,
        )  # fmt: skip
        if self.thumbs is not None:
            self.thumbs.look(snapshot, self._camera)

    def _take(self, choice: Choice, source: SlotFrames) -> None:
        if self.page is None or choice != (self._camera, self._is_binned) or not self.is_seen:
            return
        key = self.shelf.lay(choice, source)
        if key is None:
            self.page.set_empty(self._missing())
            return
        self.page.set_empty(None)
        is_other = key != self._bench.session.view.capture
        if is_other and not self._is_wanted:
            return  # the observer looks at something else meanwhile
        if is_other:
            self._bench.show(key)
        self._keep_place(source, is_other or self._is_wanted)
        self._is_wanted = False
        self._show_frame()

    def _keep_place(self, source: SlotFrames, is_new: bool) -> None:
        """Stay at the slot that was asked for, also when frames came in before it."""
        transport, view = self._bench.transport, self._bench.session.view
        if self._slot is None:
            if is_new:
                transport.go_live()
            return
        frame = source.index_of(self._slot)
        if frame != view.frame and (is_new or not transport.playback.playing):
            transport.go_to(frame)

    def _missing(self) -> str:
        """Why nothing is shown."""
        if self._is_binned:
            return f"The first binned image of {self._camera} appears with its first batch."
        folders = () if self._snapshot is None else raw_folders(self._snapshot)
        names = ", ".join(str(folder) for folder in folders) or "its raw folder"
        return f"There is no whole frame of {self._camera} in {names} yet."

    def _refuse(self, error: NightglassError) -> None:
        if self.page is None:
            return
        if self.shelf.choice_of(self._bench.session.view.capture) is None:
            self.page.set_empty(f"{error.text} {error.hint}".strip())
        else:
            self.page.row.set_note(f"⚠ {error.text}", "warn")

    # What is shown

    def _on_view_changed(self, before: View, after: View) -> None:
        changed = (before.capture, before.frame, before.live) != (
            after.capture, after.frame, after.live,
        )  # fmt: skip
        source = self.shelf.source_of(after.capture)
        if not changed:
            return
        if source is None:
            self._leave_to(after.capture if before.capture != after.capture else None)
            return
        if not self._is_wanted:
            is_there = after.frame < source.n_frames
            self._slot = source.file(after.frame).lstseq if is_there and not after.live else None
        self._show_frame()

    def _on_picture_ready(self, slot: str, _: FrameResult) -> None:
        """The header of the frame is known now, and its stars can be laid over it."""
        if slot == "main" and self.is_seen:
            self._show_frame()

    def _leave_to(self, capture: str | None) -> None:
        """Let the observer look at a capture of his own until a frame is asked for again."""
        if capture is not None and self.is_seen and self.page is not None:
            self._is_wanted = False
            self.page.set_empty(None)
        self._show_frame()

    def _show_frame(self) -> None:
        """Say which frame is on the screen, and lay over it what is known of it."""
        page, view = self.page, self._bench.session.view
        if page is None or self.overlay is None:
            return
        source = self.shelf.source_of(view.capture)
        if source is None or view.frame >= source.n_frames:
            page.row.set_frame(None, None, None)
            page.row.set_note("")
        else:
            file = source.file(view.frame)
            utc = source.frame_time(view.frame).iso(1).replace("T", " ")
            place = f"no. {file.lstseq % BATCH}"
            page.row.set_frame(file.lstseq, place, f"{utc} UTC")
            page.row.set_newest(view.live)
            page.row.set_note(file.path.name)
        self.overlay.look()

    # What the observer does

    def _on_camera_chosen(self, camera: str) -> None:
        if camera and camera != self._camera:
            self._want(camera, self._is_binned, self._slot)

    def _on_kind_chosen(self, kind: str) -> None:
        is_binned = kind == "binned"
        if is_binned != self._is_binned:
            self._want(self._camera, is_binned, self._slot)

    def _on_newest_toggled(self, is_newest: bool) -> None:
        if is_newest:
            self._bench.transport.go_live()
        else:
            self._bench.transport.pause()

    def _go_to(self, lstseq: int) -> None:
        source = self.shelf.source_of(self._bench.session.view.capture)
        if source is not None:
            self._bench.transport.go_to(source.index_of(lstseq))
            self._show_frame()

    def _want(self, camera: str, is_binned: bool, slot: int | None) -> None:
        """Show another camera, kind or slot as soon as its frames are known."""
        self._camera, self._is_binned, self._slot = camera, is_binned, slot
        self._is_wanted = True
        if self.page is not None:
            self.page.row.set_kind("binned" if is_binned else "raw")
            self.page.row.set_cameras(
                () if self._snapshot is None else cameras_of(self._snapshot), camera
            )
        self._look.call_now()

    def _mark(self, is_bad: bool) -> None:
        view = self._bench.session.view
        source = self.shelf.source_of(view.capture)
        if source is not None and not self._is_binned:
            self._desk.mark(source.file(view.frame).path.name, is_bad=is_bad)

    # What others tell

    def _on_frame_chosen(self, camera: str, lstseq: int) -> None:
        self._want(camera, False, lstseq or None)

    def _on_binned_chosen(self, unit: str) -> None:
        batch = batch_of_unit(unit)
        if batch is not None:
            self._want(camera_of_unit(unit), True, batch * BATCH + BATCH // 2)

    def _on_watched(self, output: Path | None) -> None:
        self.shelf.forget()
        self._snapshot, self._slot, self._is_wanted = None, None, True
        if self.thumbs is not None:
            self.thumbs.forget()
        if self.page is not None:
            self.page.set_empty(NO_NIGHT if output is None else WAITING)
            self.show_snapshot(None)

    def _on_workspace_changed(self, name: str) -> None:
        """At LightSpeed the capture of before is shown again."""
        before = self._capture_before
        is_ours = self.shelf.choice_of(self._bench.session.view.capture) is not None
        if name == "lightspeed" and is_ours and self._bench.desk.get(before) is not None:
            assert before is not None
            self._bench.show(before)
