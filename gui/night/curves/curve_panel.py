"""The light curve of the chosen star: its name, choices, plot and legend."""

from __future__ import annotations

import math
from dataclasses import replace
from html import escape
from typing import TYPE_CHECKING

from PyQt6.QtCore import QPoint, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QImage, QPainter, QPixmap
from PyQt6.QtWidgets import QHBoxLayout, QLabel, QMenu, QToolButton, QVBoxLayout, QWidget

from ....core.mascara.browsing.values import apertures
from ....core.mascara.night.layout import unit_of
from ....core.timing.sidereal import BATCH
from ...theme import set_cue, spaced, worn
from ...widgets.elided_label import ElidedLabel
from ...widgets.parts import labelled_button
from ..cues import camera_cue, camera_glyph
from .content import aperture_name, content_of
from .curve_plot import CurvePlot
from .curve_view import NOTHING
from .curve_words import point_text, points_text, star_facts, star_name
from .period_bar import PeriodBar
from .plot_bar import PlotBar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PyQt6.QtGui import QResizeEvent

    from ....core.mascara.browsing.curve import Curve
    from ....core.mascara.browsing.period import FoundPeriod
    from ...theme import Roles
    from .choices import PlotChoices
    from .points import PointSet

CHOOSE = "Choose a star: click it in the list, or type its number and press Return."
NO_PERIOD = "Type a period, or press Find period."
NO_POINTS = {
    "fast": "No single exposure measured this star yet. If it is faint, look at 50 binned.",
    "slow": "No binned image measured this star yet.",
}
READING = "Reading…"
SPACE = "&nbsp;"
"""Where a line of the legend is not broken."""
LEAST_WIDTH, LEAST_HEIGHT, LOW_HEIGHT = 80, 50, 72
FACTS_WIDTH = 120


class CurvePanel(QWidget):
    """Shows a curve as the observer chooses.

    Signals: `kindChanged` when points of another kind are wanted; `searchRequested` with a method
    for a period; `starStepped` with stars further down the list; `exportRequested`,
    `copyRequested`; `frameChosen` with a camera and a slot, `unitChosen` with the name of a unit.
    Setters emit nothing.
    """

    kindChanged = pyqtSignal()
    searchRequested = pyqtSignal(str)
    starStepped = pyqtSignal(int)
    exportRequested = pyqtSignal()
    copyRequested = pyqtSignal()
    frameChosen = pyqtSignal(str, int)
    unitChosen = pyqtSignal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._roles = worn()
        self.curve: Curve | None = None
        self._periods: dict[int, tuple[float, float]] = {}
        self.name, self.facts, self.points = ElidedLabel(), ElidedLabel(), ElidedLabel()
        self.bar, self.period, self.plot, self.legend = (
            PlotBar(),
            PeriodBar(),
            CurvePlot(),
            QLabel(),
        )
        self.fold = self._made_fold()
        self.menu = QMenu(self)
        self._lay_out()
        self._connect()
        self.period.hide()
        self.show_curve(None)

    def _made_fold(self) -> QToolButton:
        """What brings the choices up where there is room for them or the plot only."""
        button = labelled_button("Choices", "settings", "Choose what is plotted, and export it")
        button.setCheckable(True)
        button.toggled.connect(self._show_bar)
        button.hide()
        return button

    def _lay_out(self) -> None:
        for label in (self.facts, self.points):
            set_cue(label, "muted")
        self.legend.setTextFormat(Qt.TextFormat.RichText)
        self.legend.setWordWrap(True)
        self.name.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._title = QWidget()
        title = QHBoxLayout(self._title)
        title.setContentsMargins(0, 0, 0, 0)
        title.setSpacing(spaced(3))
        title.addWidget(self.name)
        title.addWidget(self.facts, 1)
        title.addWidget(self.points)
        title.addWidget(self.fold)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, spaced(1), 0, 0)
        column.setSpacing(spaced(1))
        for part in (self._title, self.bar, self.period):
            column.addWidget(part)
        column.addWidget(self.plot, 1)
        column.addWidget(self.legend)

    def _connect(self) -> None:
        self.bar.changed.connect(self._on_choices_changed)
        self.bar.exportRequested.connect(self.exportRequested)
        self.bar.copyRequested.connect(self.copyRequested)
        self.period.changed.connect(self._on_period_changed)
        self.period.searchRequested.connect(self.searchRequested)
        self.plot.pointedAt.connect(self._show_point)
        self.plot.starStepped.connect(self.starStepped)
        self.plot.menuRequested.connect(self._on_menu_requested)

    # What it is told

    @property
    def choices(self) -> PlotChoices:
        """What is plotted against what."""
        return self.bar.choices

    def set_choices(self, choices: PlotChoices) -> None:
        """Plot something else."""
        self.bar.set_choices(choices)
        self.period.set_period(choices.period_d, choices.epoch_jd)
        self.period.setVisible(choices.axis == "phase")
        self._show_content(is_other=True)

    def show_curve(self, curve: Curve | None) -> None:
        """Show the points of a star; a zoom made by hand stays while they become more."""
        before, self.curve = self.curve, curve
        is_other = before is None or curve is None or before.ascc != curve.ascc
        self.setEnabled(curve is not None)
        if curve is None:
            self.plot.show_content(NOTHING, has_bars=False, is_other=True)
            self.plot.say(CHOOSE)
            self.legend.setText("")
            for label in (self.name, self.facts, self.points):
                label.show_whole("")
            return
        if is_other:
            self._take_period(curve.ascc)
        self._show_words(curve)
        self._show_content(is_other=is_other)

    def forget(self) -> None:
        """Show no star, and know no period any more."""
        self._periods.clear()
        self.show_curve(None)

    def _take_period(self, ascc: int) -> None:
        """Each star has a period of its own."""
        period_d, epoch_jd = self._periods.get(ascc, (math.nan, math.nan))
        self.period.show_found(())
        self.period.set_period(period_d, epoch_jd)
        self.bar.set_choices(replace(self.choices, period_d=period_d, epoch_jd=epoch_jd))

    def show_found(self, ascc: int, found: Sequence[FoundPeriod], words: str = "") -> None:
        """Take the strongest period that was found for a star, and offer the others."""
        if self.curve is None or self.curve.ascc != ascc:
            return
        self.period.show_found(found, words)
        if found:
            self.period.set_period(found[0].period_d, found[0].epoch_jd)
            self._on_period_changed()

    def set_roles(self, roles: Roles) -> None:
        """Take the colours of a theme."""
        self._roles = roles
        self.plot.set_roles(roles)
        self._show_legend()

    def _show_words(self, curve: Curve) -> None:
        self.name.show_whole(star_name(curve))
        # Which star it is matters more than all that is told of it.
        self.name.setMinimumWidth(self.name.sizeHint().width())
        self.facts.show_whole(star_facts(curve))
        self.points.show_whole(points_text(curve))
        names = [aperture_name(curve, place) for place in range(apertures(curve))]
        self.bar.set_radii(names)

    def _show_content(self, *, is_other: bool = False) -> None:
        curve, choices = self.curve, self.choices
        if curve is None:
            return
        content = content_of(curve, choices)
        self.plot.show_content(content, has_bars=choices.has_bars, is_other=is_other)
        needs_period = choices.axis == "phase" and math.isnan(choices.period_d)
        words = NO_POINTS[choices.kind] if not len(curve) else NO_PERIOD if needs_period else ""
        self.plot.say(words)
        self._show_legend()
        self._show_point()

    def _show_legend(self) -> None:
        sets = self.plot.content.sets
        drawn = sorted((one for one in sets if len(one.x) and not one.is_binned), key=_by_camera)
        parts = [self._named(one) for one in drawn]
        muted = f'<span style="color:{self._roles.muted}">%s</span>'
        parts += [muted % f"large:{SPACE}median"] * any(one.is_binned for one in sets)
        parts += [muted % f"⊗{SPACE}flagged"] * any(one.is_flagged.any() for one in sets)
        self.legend.setText(f"{SPACE}{SPACE} ".join(parts) or SPACE)

    def _named(self, one: PointSet) -> str:
        colour = camera_cue(self._roles, one.camera).color
        glyph = f'<span style="color:{colour}">{camera_glyph(one.camera)}</span>'
        front = min(other.rank for other in self.plot.content.sets if not other.is_binned)
        sized = glyph if one.rank == front else f"<small>{glyph}</small>"
        return f"{sized}{SPACE}{escape(one.name).replace(' ', SPACE)}"

    def _show_point(self) -> None:
        pointed, curve = self.plot.pointed, self.curve
        if pointed is None or curve is None:
            self.plot.set_caption("")
        else:
            self.plot.set_caption(point_text(curve, self.plot.content, pointed))

    def picture(self) -> QImage:
        """Name, plot and legend as they are on the screen, without the choices."""
        parts = (self._title, self.plot, self.legend)
        height = sum(part.height() for part in parts) + (len(parts) + 1) * spaced(1)
        ratio = self.devicePixelRatioF()
        made = QPixmap(round((self.width() + 2 * spaced(1)) * ratio), round(height * ratio))
        made.setDevicePixelRatio(ratio)
        made.fill(QColor(self._roles.panel))
        painter, top = QPainter(made), spaced(1)
        for part in parts:
            painter.drawPixmap(spaced(1), top, part.grab())
            top += part.height() + spaced(1)
        painter.end()
        return made.toImage()

    # What the observer does

    def _on_choices_changed(self) -> None:
        choices = self.choices
        self.period.setVisible(choices.axis == "phase")
        if self.curve is not None and choices.kind != self.curve.kind:
            self.plot.say(READING)
            self.kindChanged.emit()
        self._show_content()

    def _on_period_changed(self) -> None:
        period_d, epoch_jd = self.period.period_d, self.period.epoch_jd
        if self.curve is not None:
            self._periods[self.curve.ascc] = period_d, epoch_jd
        self.bar.set_choices(replace(self.choices, period_d=period_d, epoch_jd=epoch_jd))
        self._show_content()

    def _on_menu_requested(self, place: QPoint) -> None:
        self.fill_menu()
        self.menu.popup(place)

    def fill_menu(self) -> None:
        """Offer what can be done with the point that is marked, and with the plot."""
        self.menu.clear()
        pointed, curve = self.plot.pointed, self.curve
        if pointed is not None and curve is not None and pointed[0].place[pointed[1]] >= 0:
            slot = int(curve.points["lstseq"][pointed[0].place[pointed[1]]])
            self._offer_frame(pointed[0].camera, slot)
        self._offer("Show all of the curve", self.plot.fit)
        self._offer("Export…", self.exportRequested.emit)
        self._offer("Copy the command line", self.copyRequested.emit)

    def _offer_frame(self, camera: str, slot: int) -> None:
        batch = slot // BATCH
        unit = unit_of(camera, batch)
        self._offer(f"{camera}: show frame {slot}", lambda: self.frameChosen.emit(camera, slot))
        self._offer(f"{camera}: choose batch {batch}", lambda: self.unitChosen.emit(unit))
        self.menu.addSeparator()

    def _offer(self, text: str, function: Callable[[], object]) -> None:
        entry = self.menu.addAction(text)
        if entry is not None:
            entry.triggered.connect(function)

    # Its size

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """In a low panel the plot has the room of the choices until they are wanted."""
        super().resizeEvent(event)
        self.fold.setVisible(self.height() < spaced(LOW_HEIGHT))
        self.facts.setVisible(self.width() >= spaced(FACTS_WIDTH))
        self._show_bar()

    def _show_bar(self, *_: object) -> None:
        self.bar.setVisible(self.fold.isHidden() or self.fold.isChecked())

    def sizeHint(self) -> QSize:
        """Most of the page."""
        return QSize(spaced(180), spaced(100))

    def minimumSizeHint(self) -> QSize:
        """A plot that shows whether a star varies."""
        return QSize(spaced(LEAST_WIDTH), spaced(LEAST_HEIGHT))


def _by_camera(one: PointSet) -> tuple[str, int]:
    return one.camera, one.rank
