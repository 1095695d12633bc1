"""The MASCARA workspace: made when it is first wanted, its parts joined with the night's desk."""

from __future__ import annotations

from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast

from PyQt6.QtCore import QObject
from PyQt6.QtWidgets import QFileDialog, QWidget

from ....core.settings import save_settings
from ...night_rows import NIGHT_ROWS, PAGES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ....core.mascara.watching.snapshot import NightSnapshot
    from ....core.workbench import Workbench
    from ....core.workbench.night.desk import NightDesk
    from ...main_window import MainWindow
    from ...night.workspace import NightWorkspace
    from ...widgets.holder import Themed
    from ..commands import Command
    from .frames import FramesController
    from .launch import LaunchController
    from .watch import WatchController

MASCARA = "mascara"
MODULES = ("launch", "watch", *(name for name, _, _ in PAGES))


class PartController(Protocol):
    """What every controller of a part offers."""

    def show_snapshot(self, snapshot: NightSnapshot | None) -> None:
        """Show how the night stands."""

    def rows(self) -> dict[str, Command]:
        """The rows of the action table that it answers for."""

    def stop(self) -> None:
        """End what it does."""


class PageController(PartController, Protocol):
    """What a page's controller offers besides."""

    def make(self) -> QWidget:
        """Make the page."""


class NightController(QObject):
    """Joins window and desk of the night.

    Parameters
    ----------
    workbench : Workbench
    window : MainWindow
    remembers : bool
        Whether the settings are saved when another night is watched: after a power cut the next
        start offers it.
    """

    def __init__(self, workbench: Workbench, window: MainWindow, *, remembers: bool) -> None:
        super().__init__(window)
        self._bench, self._window, self._remembers = workbench, window, remembers
        self.workspace: NightWorkspace | None = None
        self.launch: LaunchController
        self.watch: WatchController
        self.frames: FramesController
        self.pages: dict[str, PageController] = {}
        self._seen: set[str] = set()
        self._table: dict[str, Command] = {}
        window.workspaceChanged.connect(self._on_workspace_changed)

    @property
    def desk(self) -> NightDesk:
        """The desk of the night."""
        return self._bench.night

    def rows(self) -> dict[str, Command]:
        """The rows of the action table; most are answered by parts that are made when needed."""
        rows: dict[str, Command] = {spec.key: partial(self._run, spec.key) for spec in NIGHT_ROWS}
        for name in ("lightspeed", MASCARA):
            rows[f"workspace.{name}"] = partial(self._change_workspace, name)
        return rows

    def prepare(self) -> None:
        """Load the modules of the workspace before somebody waits for them."""
        self._bench.engine.submit(
            lambda _: _import_parts(), title="Load the night", lane="watch", quiet=True
        )

    def open(self, output: Path, page: str = "", star: int | None = None) -> None:
        """Watch a night in its workspace."""
        self._window.show_workspace(MASCARA)
        self.desk.watch(output)
        if page:
            self.show_page(page)
        if star is not None:
            self.desk.choose_star(star)

    def show_page(self, name: str) -> None:
        """Bring a page of the workspace forward."""
        self._window.show_workspace(MASCARA)
        self._made().show_page(name)

    def offer(self) -> None:
        """Offer a night that runs or is not finished, where there is one."""
        if self._bench.settings.recent_nights and self.desk.output is None:
            self._made()
            self.launch.offer()

    def stop(self) -> None:
        """End what the parts do; before the workbench is closed."""
        for part in self._parts():
            part.stop()

    # The parts

    def _parts(self) -> Sequence[PartController]:
        if self.workspace is None:
            return ()
        return (self.launch, self.watch, *self.pages.values())

    def _made(self) -> NightWorkspace:
        """The workspace, made now unless it is there."""
        if self.workspace is not None:
            return self.workspace
        from ...night.workspace import NightWorkspace

        self.workspace = workspace = NightWorkspace()
        workspace.actionRequested.connect(self._window.actions_set.trigger)
        workspace.pageShown.connect(self._on_page_shown)
        self._window.actions_set.set_checked("night.overview")
        self._make_parts()
        self._put_in_place(workspace)
        self._connect_desk()
        self._on_watched(self.desk.output)
        return workspace

    def _make_parts(self) -> None:
        from .curves import CurvesController
        from .frames import FramesController
        from .launch import LaunchController
        from .plots import PlotsController
        from .report import ReportController
        from .sky import SkyController
        from .watch import WatchController

        bench, window = self._bench, self._window
        self.launch, self.watch = LaunchController(bench, window), WatchController(bench, window)
        self.frames = FramesController(bench, window)
        self.pages = {
            "plots": PlotsController(bench, window),
            "frames": self.frames,
            "sky": SkyController(bench, window),
            "curves": CurvesController(bench, window),
            "report": ReportController(bench, window),
        }
        for part in self._parts():
            self._table.update(part.rows())
        self._table |= {
            "night.open": lambda _: self._ask_for_folder(),
            "night.leave": lambda _: self.desk.leave(),
            "night.overview": self._show_overview,
            **{f"night.page.{name}": partial(self._on_page_wanted, name) for name in self.pages},
        }

    def _put_in_place(self, workspace: NightWorkspace) -> None:
        window, watch = self._window, self.watch
        workspace.add_above(watch.make_alarms())
        workspace.add_above(watch.make_tiles())
        workspace.add_above(watch.make_grid(), 1)
        for holder, widget in (
            (window.night, workspace),
            (window.night_panel, self.launch.make()),
            (window.messages, watch.make_messages()),
        ):
            holder.hold(widget, cast("Themed", widget))

    def _connect_desk(self) -> None:
        desk = self.desk
        desk.watched.connect(self._on_watched)
        desk.changed.connect(self._on_changed)
        desk.star_chosen.connect(self._on_star_chosen)
        desk.frame_chosen.connect(self._on_frame_chosen)
        desk.binned_chosen.connect(self._on_frame_chosen)

    # What happens

    def _run(self, key: str, is_on: bool) -> None:
        self._window.show_workspace(MASCARA)
        self._made()
        self._table[key](is_on)

    def _change_workspace(self, name: str, _: bool) -> None:
        self._window.show_workspace(name)

    def _on_workspace_changed(self, name: str) -> None:
        if name == MASCARA:
            self._show_page(self._made())

    def _on_page_wanted(self, name: str, _: bool) -> None:
        self.show_page(name)

    def _on_page_shown(self, _: str) -> None:
        if self.workspace is not None and self._window.workspace == MASCARA:
            self._show_page(self.workspace)

    def _show_page(self, workspace: NightWorkspace) -> None:
        """Make the page in front unless it is there, and show it the night."""
        name = workspace.page
        if name not in self._seen:
            self._seen.add(name)
            workspace.hold(name, self.pages[name].make())
        self._lend_area(name)
        self._on_changed(self.desk.snapshot)

    def _lend_area(self, page: str) -> None:
        """The frame view is on the page of frames, and at home else."""
        is_lent = page == "frames"
        if is_lent:
            self.frames.take_area(self._window.area)
        else:
            self._window.take_area_back()
        self._window.show_dock("readout", is_lent)

    def _on_watched(self, output: Path | None) -> None:
        if self.workspace is not None:
            self.workspace.show_night(output is not None)
        if output is not None and self._remembers:
            settings = self._bench.settings
            self._bench.engine.submit(
                lambda _: save_settings(settings), title="Save the settings", quiet=True
            )

    def _on_changed(self, snapshot: NightSnapshot | None) -> None:
        workspace = self.workspace
        if workspace is None or self._window.workspace != MASCARA:
            return
        self.launch.show_snapshot(snapshot)
        self.watch.show_snapshot(snapshot)
        if workspace.page in self._seen:
            self.pages[workspace.page].show_snapshot(snapshot)

    def _on_star_chosen(self, _: int) -> None:
        self.show_page("curves")

    def _on_frame_chosen(self, *_: object) -> None:
        self.show_page("frames")

    def _show_overview(self, is_shown: bool) -> None:
        self._made().show_overview(is_shown)

    def _ask_for_folder(self) -> None:
        start = self.desk.output or self._bench.settings.data_folder or Path.cwd()
        name = QFileDialog.getExistingDirectory(
            self._window, "Watch the night in a folder of products", str(start)
        )
        if name:
            self.open(Path(name))


def _import_parts() -> None:
    import_module("....core.mascara.watching.watcher", __package__)
    for name in MODULES:
        import_module(f".{name}", __package__)
