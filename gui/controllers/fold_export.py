"""The fold written to files: what the dialog asks for, one thing after the other."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject

from ...core.errors import NightglassError
from ..fold.export.export_form import ExportSubject, told
from ..theme import worn

if TYPE_CHECKING:
    from collections.abc import Callable

    from ...core.engine.jobs import Job
    from ...core.lightspeed.fold.files.products import ToaOptions
    from ...core.workbench import Workbench
    from ...core.workbench.fold.outputs import FoldOutputs
    from ..fold.export.export_dialog import ExportDialog
    from ..fold.export.export_form import ExportItem, ExportWish
    from ..fold.panel import FoldPanel
    from ..main_window import MainWindow


class FoldExport(QObject):
    """Opens the dialog and writes what it asks for.

    Parameters
    ----------
    workbench : Workbench
    outputs : FoldOutputs
    window : MainWindow
    panel : callable
        Gives the panel whose plots are written.
    """

    def __init__(
        self,
        workbench: Workbench,
        outputs: FoldOutputs,
        window: MainWindow,
        panel: Callable[[], FoldPanel | None],
    ) -> None:
        super().__init__(window)
        self._bench, self._outputs, self._window, self._panel = workbench, outputs, window, panel
        self._dialog: ExportDialog | None = None
        self._job: Job[tuple[Path, ...]] | None = None
        self._left: list[ExportItem] = []
        self._written: list[Path] = []
        self._failures: list[str] = []
        self._wish: ExportWish | None = None

    def stop(self) -> None:
        """Write no more."""
        self._stop_writing()
        if self._dialog is not None:
            self._dialog.close()

    def ask(self) -> None:
        """Open the dialog on the fold of now.

        Raises
        ------
        NightglassError
            If nothing is folded.
        """
        subject = self._subject()
        if self._dialog is None:
            from ..fold.export.export_dialog import ExportDialog

            self._dialog = ExportDialog(self._window)
            self._dialog.exportRequested.connect(self._begin)
            self._dialog.stopRequested.connect(self._stop_writing)
        self._dialog.show_subject(subject)
        self._dialog.show()
        self._dialog.activateWindow()

    def _subject(self) -> ExportSubject:
        result = self._outputs.folding()[1]
        first = result.folds[0]
        edges_s = first.raster.edges_s
        folder = self._bench.settings.export_folder or Path.home()
        return ExportSubject(
            result.capture, first.psr, folder, len(edges_s) - 1, float(edges_s[1] - edges_s[0]),
            self._place(),
        )  # fmt: skip

    def _place(self) -> str:
        from ...core.lightspeed.fold.files.toa_places import GEOCENTRE, place_near

        place = place_near(self._bench.fold.shelf.site)
        return "" if place is GEOCENTRE else f"{place.site.name} ({place.code})"

    def _begin(self, wish: ExportWish) -> None:
        self._wish, self._left = wish, list(wish.items)
        self._written, self._failures = [], []
        self._go_on()

    def _go_on(self) -> None:
        """Write the next thing, or tell that all is done."""
        self._job = None
        if self._dialog is None or self._wish is None:
            return
        if not self._left:
            self._dialog.show_outcome(self._written, self._failures)
            return
        item = self._left.pop(0)
        self._dialog.show_running(f"Writing {item.path.name}…")
        try:
            self._write(item, self._wish)
        except NightglassError as error:
            self._take_failure(error)

    def _write(self, item: ExportItem, wish: ExportWish) -> None:
        if item.kind == "plot":
            self._write_plot(item.path, wish)
            return
        self._job = self._outputs.write(
            item.kind, item.path, self._take, on_error=self._take_failure,
            toas=self._toas(wish), clobber=wish.may_replace,
        )  # fmt: skip

    def _toas(self, wish: ExportWish) -> ToaOptions:
        from ...core.lightspeed.fold.files.products import ToaOptions
        from ...core.lightspeed.fold.files.toa_places import GEOCENTRE, place_near

        site = self._bench.fold.shelf.site
        return ToaOptions(wish.toa_rows, GEOCENTRE if wish.is_geocentric else place_near(site))

    def _write_plot(self, path: Path, wish: ExportWish) -> None:
        from ..fold.export.plot_export import export_plots

        panel, result = self._panel(), self._outputs.folding()[1]
        if panel is None:
            raise NightglassError("No plot", "The panel of the fold is not shown.", "Open it.")
        plots = [panel.profile, panel.raster, panel.growth]
        made = export_plots(
            plots, path, result, worn=worn(), is_white=wish.is_white, clobber=wish.may_replace
        )
        self._take((made,))

    def _take(self, paths: tuple[Path, ...]) -> None:
        self._written += paths
        self._go_on()

    def _take_failure(self, error: NightglassError) -> None:
        self._failures.append(told(error))
        self._go_on()

    def _stop_writing(self) -> None:
        if self._job is not None:
            self._job.cancel()
        self._left = []
        if self._dialog is not None and self._job is not None:
            self._dialog.show_outcome(self._written, [*self._failures, "Stopped."])
        self._job = None
