"""The fold, shown in its panel and changed by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PyQt6.QtCore import QObject

from ...core.errors import NightglassError
from ...core.lightspeed.fold.settings import LEAST_BINS, MOST_BINS
from ...core.workbench.fold.desk import NO_PAR
from ...core.workbench.fold.outputs import FoldOutputs
from ..clipboard import put_on_clipboard
from ..widgets.throttle import Throttle
from .fold_export import FoldExport

if TYPE_CHECKING:
    from collections.abc import Callable

    from psygnal import SignalInstance

    from ...core.lightspeed.fold.selfcheck import SelfCheck
    from ...core.timing.pulse.ranges import PhaseRange
    from ...core.workbench import Workbench
    from ..fold.panel import FoldPanel
    from ..main_window import MainWindow
    from .commands import Command

SHOW_MS = 33
MOST_PULL = 4.0
CHECK_HINT = (
    "Look whether the sky region holds a star or light of the pulsar itself, and at the read noise."
)


class FoldController(QObject):
    """Makes the panel when it is first seen, and joins it with the desk of the fold.

    Parameters
    ----------
    workbench : Workbench
    window : MainWindow
    """

    def __init__(self, workbench: Workbench, window: MainWindow) -> None:
        super().__init__(window)
        self._bench, self._window = workbench, window
        self._fold, self._outputs = workbench.fold, FoldOutputs(workbench)
        self.panel: FoldPanel | None = None
        self._missing = ""
        self._export = FoldExport(workbench, self._outputs, window, lambda: self.panel)
        self._show = Throttle(self._show_all, SHOW_MS, self)
        dock = window.docks["fold"]
        dock.visibilityChanged.connect(self.set_seen)
        self.set_seen(not window.fold.visibleRegion().isEmpty())

    def rows(self) -> dict[str, Command]:
        """The rows of the action table that this controller answers for."""
        return {
            "fold.more-bins": lambda _: self._scale_bins(2.0),
            "fold.fewer-bins": lambda _: self._scale_bins(0.5),
            "fold.reset": lambda _: self._fold.reset(),
            "fold.search": lambda _: self._act("measure.search"),
            "fold.export": lambda _: self._export.ask(),
            "fold.self-check": lambda _: self._outputs.self_check(self._show_check),
            "fold.copy-par": lambda _: self.copy_par(),
            "fold.copy-command": lambda _: self.copy_command(),
        }

    def stop(self) -> None:
        """Listen no more."""
        self._show.cancel()
        self._export.stop()
        for signal, slot in self._ties() if self.panel is not None else ():
            signal.disconnect(slot, missing_ok=True)

    def set_seen(self, is_seen: bool) -> None:
        """Fold while somebody looks."""
        if is_seen and self.panel is None:
            self._make_panel()
        self._fold.is_wanted = self._fold.is_wanted or is_seen

    def _make_panel(self) -> None:
        from ..fold.panel import FoldPanel

        self.panel = panel = FoldPanel()
        self._window.fold.hold(panel, panel)
        self._connect_panel(panel)
        for signal, slot in self._ties():
            signal.connect(slot)
        self._fold.shelf.refresh()
        self._show_all()

    def _ties(self) -> tuple[tuple[SignalInstance, Callable[..., object]], ...]:
        shelf, regions = self._fold.shelf, self._bench.regions.list
        return (
            (self._fold.changed, self._show.call),
            (shelf.listed, self._show_pars),
            (shelf.changed, self._show_pars),
            (regions.settled, self._show_regions),
            (regions.selection_changed, self._show_regions),
        )

    def _connect_panel(self, panel: FoldPanel) -> None:
        fold, shelf = self._fold, self._fold.shelf
        panel.settingsChanged.connect(lambda changes: self._try(fold.change, **changes))
        panel.binsChanged.connect(lambda bins: self._try(fold.change, n_bins=bins))
        panel.ridgeDragged.connect(self._drag)
        panel.ridgeReleased.connect(lambda: self._try(fold.settle))
        panel.rangeDragged.connect(self._set_range)
        panel.rangeReleased.connect(self._set_range)
        panel.rangeRemoved.connect(lambda which: self._set_range(which, None))
        panel.parChosen.connect(lambda path: shelf.choose([path]))
        panel.controls.par.list.aboutToShow.connect(shelf.prepare)
        panel.parAdded.connect(shelf.add)
        panel.parRemoved.connect(shelf.remove)
        panel.secondChosen.connect(lambda ident: setattr(fold, "second", ident))
        panel.resetRequested.connect(fold.reset)
        panel.actionRequested.connect(self._act)

    def _act(self, key: str) -> None:
        self._window.actions_set.action(key).trigger()

    # What is shown

    def _show_all(self) -> None:
        if self.panel is None:
            return
        fold = self._fold
        before, self._missing = self._missing, fold.missing or ""
        if self._missing == NO_PAR and before != NO_PAR:
            # Par files are put there while the telescope slews.
            fold.shelf.refresh()
        self.panel.set_settings(fold.settings, fold.f0_hz, fold.f1_hz_s)
        self.panel.show_result(fold.result, self._missing)

    def _show_pars(self) -> None:
        if self.panel is None:
            return
        shelf = self._fold.shelf
        chosen = shelf.chosen
        self.panel.set_ephemerides(
            shelf.listing.rows,
            shelf.listing.recent,
            [one.path for one in chosen],
            [one.ephemeris.psr for one in chosen],
            [" ".join(one.ephemeris.notices) for one in chosen],
        )
        if self._missing == NO_PAR and self.panel.offer.is_offering:
            shelf.prepare()
        self._show.call()

    def _show_regions(self, *_: object) -> None:
        if self.panel is None:
            return
        first = self._fold.sources[:1]
        others = [one for one in self._bench.light.targets if one not in first]
        self.panel.set_regions([(one.ident, one.name) for one in others], self._fold.second)

    # What the observer does

    def _drag(self, delta_f_hz: float, delta_f1_hz_s: float) -> None:
        if delta_f_hz == 0.0 and delta_f1_hz_s == 0.0:
            self._fold.forget_drag()
        else:
            self._fold.drag(delta_f_hz, delta_f1_hz_s)

    def _set_range(self, which: str, phases: PhaseRange | None) -> None:
        self._try(self._fold.change, **{which: phases})

    def _scale_bins(self, factor: float) -> None:
        wanted = round(self._fold.settings.n_bins * factor)
        self._fold.change(n_bins=min(MOST_BINS, max(LEAST_BINS, wanted)))

    def _try(self, deed: Callable[..., object], **changes: Any) -> None:
        """Do something; a value that makes no sense is told, and what was stays."""
        try:
            deed(**changes)
        except NightglassError as error:
            self._bench.problems.report(error)
            self._show_all()

    def _show_check(self, check: SelfCheck) -> None:
        """Say what came out of the known pulse."""
        is_well = abs(check.pull) < MOST_PULL
        title = "Self-check passed" if is_well else "Self-check failed"
        hint = "" if is_well else CHECK_HINT
        self._bench.problems.note("notice" if is_well else "warning", title, check.text, hint)

    def copy_par(self) -> None:
        """Copy the par file with F0, F1 and phase as they are now.

        Raises
        ------
        NightglassError
            If nothing is folded.
        """
        self._outputs.par_text(lambda text: self._copy(text, "The par file"))

    def copy_command(self) -> None:
        """Copy the command line that makes the same fold.

        Raises
        ------
        NightglassError
            If nothing is folded or the fold is not exact yet.
        """
        self._copy(self._outputs.command(), "The command")

    def _copy(self, text: str, what: str) -> None:
        put_on_clipboard(text)
        self._bench.problems.note("notice", "Copied", f"{what} is on the clipboard.")
