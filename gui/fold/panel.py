"""The panel of the fold: profile, raster, growth, settings and numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QSize, Qt, pyqtSignal
from PyQt6.QtWidgets import QApplication, QStackedLayout, QWidget

from ..theme import worn
from ..widgets.empty_state import EmptyState
from ..widgets.throttle import Throttle
from .content import FoldContent
from .pars.par_offer import ParOffer
from .profile_plot import MOST_CURVES
from .shown import badge_of, curves_of, fold_name, fold_note
from .wording import figures_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from ...core.lightspeed.fold.result import FoldResult
    from ...core.lightspeed.fold.settings import FoldSettings
    from ...core.workbench.fold.listing import ParRow
    from ..theme import Roles

OPEN = (("file.open", "Open…"), ("file.follow", "Follow folder…"))
EMPTY: dict[str, tuple[str, tuple[tuple[str, str], ...]]] = {
    "no capture": ("The pulse of an open capture is folded here.", OPEN),
    "no times": ("These images have no times: a LightSpeed capture can be folded.", OPEN),
    "no region": (
        "Draw a circle round the star whose light is to be folded.",
        (("region.tool.circle", "Draw circle"), ("region.open", "Open region file…")),
    ),
    "loading": ("The par file is being loaded…", ()),
    "waiting": ("The first frames are being folded…", ()),
}  # fmt: skip
PASSING = frozenset({"loading", "waiting"})
"""While this is missing, what is shown already may stay."""
MOST_NOTED = 2
WORDS_MS = 150
SMALLEST, USUAL = QSize(360, 170), QSize(1200, 260)


class FoldPanel(QWidget):
    """Shows a fold and tells what the observer does to it.

    Signals: `settingsChanged` with the fields of `FoldSettings` that are others; `binsChanged`;
    `ridgeDragged` with the changes of frequency (Hz) and of its derivative (Hz/s) at the start of
    the capture since the hand took hold, zeros when it takes back, and `ridgeReleased`;
    `rangeDragged` and `rangeReleased` with "on" or "off" and a PhaseRange, `rangeRemoved` with
    "on" or "off"; `parChosen`, `parAdded` and `parRemoved` with a path; `secondChosen` with the
    number of a region or None; `normalisedToggled`; `resetRequested`; `actionRequested` with the
    key of an action. Setters emit nothing.
    """

    settingsChanged = pyqtSignal(dict)
    binsChanged = pyqtSignal(int)
    ridgeDragged = pyqtSignal(float, float)
    ridgeReleased = pyqtSignal()
    rangeDragged = pyqtSignal(str, object)
    rangeReleased = pyqtSignal(str, object)
    rangeRemoved = pyqtSignal(str)
    parChosen = pyqtSignal(object)
    parAdded = pyqtSignal(object)
    parRemoved = pyqtSignal(object)
    secondChosen = pyqtSignal(object)
    normalisedToggled = pyqtSignal(bool)
    resetRequested = pyqtSignal()
    actionRequested = pyqtSignal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._roles = worn()
        self._result: FoldResult | None = None
        # Else a wide arrangement would keep the panel from being made narrow.
        self.setMinimumSize(SMALLEST)
        self.content = content = FoldContent()
        self.profile, self.raster, self.growth = content.profile, content.raster, content.growth
        self.controls, self.legend = content.controls, content.legend
        self.numbers, self.notices = content.numbers, content.notices
        self.empty = {why: EmptyState(*words) for why, words in EMPTY.items()}
        self.offer = self.empty["no par file"] = ParOffer()
        self._words = Throttle(self._show_words, WORDS_MS, self)
        self._stack = QStackedLayout(self)
        for page in (content, *self.empty.values()):
            self._stack.addWidget(page)
        self._connect()
        self.show_result(None, "no capture")

    def _connect(self) -> None:
        for sender, receiver in (
            (self.profile.rangeDragged, self.rangeDragged),
            (self.profile.rangeReleased, self.rangeReleased),
            (self.profile.rangeRemoved, self.rangeRemoved),
            (self.raster.ridgeDragged, self.ridgeDragged),
            (self.raster.ridgeReleased, self.ridgeReleased),
            (self.controls.settingsChanged, self.settingsChanged),
            (self.controls.binsChanged, self.binsChanged),
            (self.controls.secondChosen, self.secondChosen),
            (self.controls.normalisedToggled, self.normalisedToggled),
            (self.controls.par.parChosen, self.parChosen),
            (self.offer.parChosen, self.parChosen),
            (self.controls.par.parAdded, self.parAdded),
            (self.controls.par.parRemoved, self.parRemoved),
            (self.controls.par.actionRequested, self.actionRequested),
            *((empty.chosen, self.actionRequested) for empty in self.empty.values()),
        ):
            sender.connect(receiver)
        self.legend.actionRequested.connect(self._on_action_requested)
        self.legend.topicChosen.connect(self._show_curves)
        self.controls.normalisedToggled.connect(self._show_curves)
        self.controls.rangeEdited.connect(self._on_range_edited)

    # What it is told

    def show_result(self, result: FoldResult | None, missing: str = "") -> None:
        """Show a fold, or what is missing for one.

        Parameters
        ----------
        result : FoldResult or None
        missing : str
            One of the words of `EMPTY`, or a sentence.
        """
        if result is None or not result.folds:
            self._show_missing(missing or "waiting")
            return
        is_other = self._result is None or _mark(result) != _mark(self._result)
        self._result = result
        if is_other:
            self.raster.forget()
        first = result.folds[0]
        self._show_profiles(result)
        self.profile.set_caption(result.time_note)
        self.raster.show_raster(first.raster, result.span_s, fold_name(first, result))
        self.legend.show_badge(*badge_of(result))
        # Nobody reads numbers that change with every move of a hand, and words take longer to
        # paint than plots.
        is_passing = result.is_preview or result.is_linear
        (self._words.call if is_passing else self._words.call_now)()
        self._show_content()

    def _show_words(self) -> None:
        """Show what the newest result says beside profile and raster."""
        result = self._result
        if result is None:
            return
        self.growth.show_growths([fold.growth for fold in result.folds[:MOST_CURVES]])
        self._show_names()
        self.numbers.show_figures(figures_of(result))
        self.notices.show_notices(result.notices)
        self.controls.set_span(result.span_s)

    def _show_content(self) -> None:
        """Leave the keyboard with the profile, where no key changes the fold by mistake."""
        before, focused = self._stack.currentWidget(), QApplication.focusWidget()
        was_here = before is not None and (focused is before or before.isAncestorOf(focused))
        self._stack.setCurrentWidget(self.content)
        if was_here and before is not self.content:
            self.profile.setFocus()

    def set_settings(self, settings: FoldSettings, f0_hz: float, f1_hz_s: float) -> None:
        """Show settings, with F0 and F1 in force (not-a-number without a par file)."""
        self.controls.set_settings(settings, f0_hz, f1_hz_s)
        self.profile.set_ranges(settings.on, settings.off)

    def set_ephemerides(
        self,
        rows: Sequence[ParRow],
        recent: Sequence[ParRow],
        chosen: Sequence[Path | None],
        names: Sequence[str],
        notes: Sequence[str] = (),
    ) -> None:
        """Offer par files; see `ParButton.set_pars`."""
        self.controls.par.set_pars(rows, recent, chosen, names, notes)
        self.offer.set_rows(rows, recent)

    def set_regions(self, regions: Sequence[tuple[int, str]], second: int | None) -> None:
        """Offer regions, each a number and a name, to be folded beside the first."""
        self.controls.set_regions(regions, second)

    def set_roles(self, roles: Roles) -> None:
        """Take the colours of a theme."""
        self._roles = roles
        for plot in (self.profile, self.raster, self.growth):
            plot.set_roles(roles)
        self._show_names()

    def _show_missing(self, missing: str) -> None:
        if missing in PASSING and self._result is not None:
            self.legend.show_badge("folding", "What is shown is of before the change")
            return
        self._result = None
        if missing not in self.empty:
            self.empty[missing] = made = EmptyState(missing)
            self._stack.addWidget(made)
        self._stack.setCurrentWidget(self.empty[missing])

    def _show_curves(self, *_: object) -> None:
        result = self._result
        if result is not None:
            self._show_profiles(result)
            self._show_names()

    def _show_profiles(self, result: FoldResult) -> None:
        self.legend.set_count(len(result.folds))
        shown = curves_of(result.folds, self.legend.topic, self.controls.is_normalised)
        self.profile.show_curves(*shown)

    def _show_names(self) -> None:
        if self._result is None:
            return
        folds = self._result.folds
        is_crowded = len(folds) > MOST_NOTED
        names = [(fold_name(fold, self._result), fold_note(fold, is_crowded)) for fold in folds]
        self.legend.names.set_names(names, self._roles)

    # What the observer does

    def _on_action_requested(self, key: str) -> None:
        if key == "fold.reset":
            self.resetRequested.emit()
        else:
            self.actionRequested.emit(key)

    def _on_range_edited(self, which: str, phases: object) -> None:
        if phases is None:
            self.rangeRemoved.emit(which)
        else:
            self.rangeReleased.emit(which, phases)

    # Its size

    def sizeHint(self) -> QSize:
        """Flat and wide."""
        return USUAL


def _mark(result: FoldResult) -> tuple[object, ...]:
    """What the place of the ridge depends on."""
    first = result.folds[0]
    return result.path, first.ident, first.psr, result.settings.phase_offset
