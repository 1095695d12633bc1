"""The MASCARA workspace: made when it is first wanted, its parts joined with the night's desk."""

from __future__ import annotations

from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast, runtime_checkable

from PyQt6.QtCore import QObject
from PyQt6.QtWidgets import QFileDialog, QWidget

from ....core.settings import save_settings
from ...night_rows import NIGHT_ROWS, PAGES
from ..slices import Slices

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

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


@runtime_checkable
class SlicedController(Protocol):
    """What the controller of a page offers that takes long to make."""

    def prepare(self) -> Iterator[None]:
        """Make parts of the page, one in a step; `make` takes those that are there."""


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
        self._made_parts: list[PartController] = []
        self._slices: Slices | None = None
        self._is_made = False
        self._seen: set[str] = set()
        self._table: dict[str, Command] = {
            "night.open": lambda _: self._ask_for_folder(),
            "night.leave": lambda _: self.desk.leave(),
            "night.overview": self._show_overview,
        }
        window.workspaceChanged.connect(self._on_workspace_changed)

    @property
    def desk(self) -> NightDesk:
        """The desk of the night."""
        return self._bench.night

    def rows(self) -> dict[str, Command]:
        """The rows of the action table; most are answered by parts that are made when needed."""
        rows: dict[str, Command] = {spec.key: partial(self._run, spec.key) for spec in NIGHT_ROWS}
        for name, _, _ in PAGES:
            rows[f"night.page.{name}"] = partial(self._on_page_wanted, name)
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
            self.show_page("curves")
            self.desk.choose_star(star)

    def show_page(self, name: str) -> None:
        """Bring a page of the workspace forward."""
        self._window.show_workspace(MASCARA)
        # Who asks a second time wants it now.
        is_begun = self.workspace is not None
        workspace = self._made() if is_begun else self._begun()
        workspace.show_page(name)

    def offer(self) -> None:
        """Offer a night that runs or is not finished, where there is one."""
        if self._bench.settings.recent_nights and self.desk.output is None:
            self._made()
            self.launch.offer()

    def stop(self) -> None:
        """End what the parts do; before the workbench is closed."""
        if self._slices is not None:
            self._slices.stop()
        for part in self._parts():
            part.stop()

    # The parts

    def _parts(self) -> Sequence[PartController]:
        return tuple(self._made_parts)

    def _made(self) -> NightWorkspace:
        """The workspace with all its parts, made now as far as they are not there."""
        workspace = self._begun()
        if self._slices is not None and not self._is_made:
            self._slices.finish()
        return workspace

    def _begun(self) -> NightWorkspace:
        """The workspace; its parts come one after another, for all of them are a long wait."""
        if self.workspace is None:
            from ...night.workspace import NightWorkspace

            self.workspace = workspace = NightWorkspace()
            workspace.actionRequested.connect(self._window.actions_set.trigger)
            workspace.pageShown.connect(self._on_page_shown)
            workspace.show_night(self.desk.output is not None)
            self._window.actions_set.set_checked("night.overview")
            self._window.night.hold(workspace, workspace)
            self._slices = Slices(self._make(workspace), self)
        return self.workspace

    def _make(self, workspace: NightWorkspace) -> Iterator[None]:
        """Make the parts and put them in place."""
        self._make_launch()
        yield
        self._make_watch(workspace)
        yield
        self._make_pages()
        self._connect_desk()
        yield
        yield from self._prepared(workspace.page)
        self._is_made = True
        self._on_watched(self.desk.output)
        self._on_page_shown(workspace.page)
        self._slices = Slices(self._prepare_pages(), self)

    def _make_launch(self) -> None:
        from .launch import LaunchController

        self.launch = LaunchController(self._bench, self._window)
        self._made_parts.append(self.launch)
        panel = self.launch.make()
        self._window.night_panel.hold(panel, cast("Themed", panel))

    def _make_watch(self, workspace: NightWorkspace) -> None:
        from .watch import WatchController

        self.watch = watch = WatchController(self._bench, self._window)
        self._made_parts.append(watch)
        watch.set_low(workspace.is_low)
        workspace.lowChanged.connect(watch.set_low)
        workspace.add_above(watch.make_alarms())
        workspace.add_above(watch.make_tiles())
        workspace.add_above(watch.make_grid(), 1)
        messages = watch.make_messages()
        self._window.messages.hold(messages, cast("Themed", messages))

    def _make_pages(self) -> None:
        from .curves import CurvesController
        from .frames import FramesController
        from .plots import PlotsController
        from .report import ReportController
        from .sky import SkyController

        bench, window = self._bench, self._window
        self.frames = FramesController(bench, window)
        self.pages = {
            "plots": PlotsController(bench, window),
            "frames": self.frames,
            "sky": SkyController(bench, window),
            "curves": CurvesController(bench, window),
            "report": ReportController(bench, window),
        }
        self._made_parts.extend(self.pages.values())
        for part in self._made_parts:
            self._table.update(part.rows())

    def _prepared(self, name: str) -> Iterator[None]:
        """Have a page make what takes long."""
        page = self.pages[name]
        if name not in self._seen and isinstance(page, SlicedController):
            yield from page.prepare()

    def _prepare_pages(self) -> Iterator[None]:
        """Before somebody waits for them."""
        for name in self.pages:
            yield from self._prepared(name)

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
            self._begun()
            self._on_page_shown("")

    def _on_page_wanted(self, name: str, _: bool) -> None:
        self.show_page(name)

    def _on_page_shown(self, _: str) -> None:
        if self.workspace is None or not self._is_made or self._window.workspace != MASCARA:
            return
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
        self._window.show_guest("readout", "messages", is_lent)

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
        if workspace is None or not self._is_made or self._window.workspace != MASCARA:
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
