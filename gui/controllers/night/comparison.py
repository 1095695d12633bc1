"""Nights side by side, from what the desk remembers."""

from __future__ import annotations

from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject
from PyQt6.QtWidgets import QFileDialog

from ....core.mascara.browsing.compare_tables import tables_of, to_text
from ....core.workbench.night.remembered import look_at
from ...clipboard import put_on_clipboard
from ...night.report.comparison import ASK, WORKING

if TYPE_CHECKING:
    from ....core.engine.jobs import JobContext
    from ....core.errors import NightglassError
    from ....core.mascara.browsing.compare import NightComparison
    from ....core.workbench import Workbench
    from ....core.workbench.night.remembered import RememberedNight
    from ...main_window import MainWindow
    from ...night.report.comparison import ComparisonView

NO_OTHER = "No other night is remembered: choose the folder of one."


class ComparisonController(QObject):
    """Offers nights, compares those that are chosen.

    Parameters
    ----------
    workbench : Workbench
    window : MainWindow
    parent : QObject
    """

    def __init__(self, workbench: Workbench, window: MainWindow, parent: QObject) -> None:
        super().__init__(parent)
        self._bench, self._desk, self._window = workbench, workbench.night, window
        self._view: ComparisonView | None = None
        self._nights: list[tuple[Path, str]] = []
        self._comparison: NightComparison | None = None
        self._output: Path | None = None

    def join(self, view: ComparisonView) -> None:
        """Answer a view from now on."""
        self._view = view
        view.nightsChosen.connect(self._compare)
        view.folderWanted.connect(self._ask_for_folder)
        view.copyRequested.connect(self._copy)

    def offer(self) -> None:
        """Look which nights there are; what is compared already stays."""
        output = self._desk.output
        if output is None or self._view is None:
            return
        if output != self._output:
            self._output, self._comparison, self._nights = output, None, []
            self._view.set_nights((), ())
            self._view.show_message(ASK)
        paths = [Path(text) for text in self._bench.settings.recent_nights]
        others = [path for path in paths if path != output]
        self._desk.latest(
            "report-nights", lambda _: look_at(others), "Look at recent nights", self._on_listed
        )

    def _on_listed(self, nights: tuple[RememberedNight, ...]) -> None:
        view = self._view
        if view is None:
            return
        known = [
            (one.output, _name(one)) for one in nights if one.state not in {"missing", "empty"}
        ]
        listed = {path for path, _ in known}
        known += [(path, name) for path, name in self._nights if path not in listed]
        chosen = view.chosen
        self._nights = known
        view.set_nights(known, chosen)
        if not view.is_shown:
            view.show_message(ASK if known else NO_OTHER)

    def _ask_for_folder(self) -> None:
        start = self._desk.output or Path.cwd()
        name = QFileDialog.getExistingDirectory(
            self._window, "Compare with the night in a folder of products", str(start.parent)
        )
        if name:
            self.add(Path(name))

    def add(self, path: Path) -> None:
        """Compare with the night in a folder."""
        view = self._view
        if view is None:
            return
        if path not in {one for one, _ in self._nights}:
            self._nights.append((path, path.name))
        view.set_nights(self._nights, (path, *view.chosen[1:]))
        self._compare(view.chosen)

    def _compare(self, others: tuple[Path, ...]) -> None:
        output, view = self._desk.output, self._view
        if output is None or view is None:
            return
        if not others:
            self._comparison = None
            view.show_message(ASK)
            return

        def work(ctx: JobContext) -> NightComparison:
            from ....core.mascara.browsing.compare import compare_nights

            return compare_nights((output, *others), ctx)

        view.show_message(WORKING)
        self._desk.latest("compare", work, "Compare nights", self._on_compared, self._on_failed)

    def _on_compared(self, comparison: NightComparison) -> None:
        self._comparison = comparison
        if self._view is not None:
            self._view.show_tables(tables_of(comparison), len(comparison.letters))

    def _on_failed(self, error: NightglassError) -> None:
        self._comparison = None
        if self._view is not None:
            self._view.show_message(str(error))

    def _copy(self, what: str) -> None:
        comparison = self._comparison
        if comparison is None:
            return
        if what == "text":
            put_on_clipboard(to_text(comparison))
        else:
            paths = [quote(str(night.output)) for night in comparison.nights]
            put_on_clipboard(f"nightglass night compare {' '.join(paths)}")


def _name(night: RememberedNight) -> str:
    words = " ".join(filter(None, (night.night, night.site))) or night.output.name
    return f"{words} ({night.output.name})"
