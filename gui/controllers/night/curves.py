"""The light curves of the night, joined with its desk."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject
from PyQt6.QtWidgets import QFileDialog

from ....core.errors import NightglassError
from ....core.mascara.browsing.search import StarSearch, measured_well
from ...clipboard import put_on_clipboard
from ...night.curves.curve_panel import CurvePanel
from ...night.curves.page import CurvesPage
from ...night.curves.query import FoundStars, StarQuery
from ...night.curves.star_list import StarList
from ..exports import save_picture

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PyQt6.QtWidgets import QWidget

    from ....core.engine.jobs import JobContext
    from ....core.mascara.browsing.curve import Curve
    from ....core.mascara.browsing.period import Method, PeriodSearch
    from ....core.mascara.browsing.stars import NightStars
    from ....core.mascara.watching.snapshot import NightSnapshot
    from ....core.workbench import Workbench
    from ...main_window import MainWindow
    from ..commands import Command

FILES = {
    "Comma-separated values (*.csv)": ".csv",
    "Table with units (*.ecsv)": ".ecsv",
    "FITS table (*.fits)": ".fits",
    "Picture of the plot (*.png)": ".png",
}
BRIGHTEST = "the brightest with points first"


class CurvesController(QObject):
    """Makes the page, has stars searched and light curves read.

    Parameters
    ----------
    workbench : Workbench
    window : MainWindow
    """

    def __init__(self, workbench: Workbench, window: MainWindow) -> None:
        super().__init__(window)
        self._bench, self._window, self._desk = workbench, window, workbench.night
        self.page: CurvesPage | None = None
        self._list: StarList | None = None
        self._panel: CurvePanel | None = None
        self._search: StarSearch | None = None
        self._newest: FoundStars | None = None
        self._curve_of: NightStars | None = None
        self._star: int | None = None

    def prepare(self) -> Iterator[None]:
        """Make list and plot, one after the other."""
        if self.page is None:
            self._list = StarList(self._window)
            yield
        if self.page is None:
            self._panel = CurvePanel(self._window)
            yield

    def make(self) -> QWidget:
        """Make the page, and read the stars from now on."""
        self.page = page = CurvesPage(self._list, self._panel)
        page.list.queryChanged.connect(self._find)
        page.list.starChosen.connect(self._desk.choose_star)
        page.panel.kindChanged.connect(self._read)
        page.panel.searchRequested.connect(self._find_period)
        page.panel.exportRequested.connect(self._export)
        page.panel.copyRequested.connect(self._copy)
        page.panel.frameChosen.connect(self._desk.choose_frame)
        page.panel.unitChosen.connect(self._desk.choose_unit)
        self._desk.watched.connect(self._on_watched)
        self._desk.stars_changed.connect(self._on_stars_changed)
        self._desk.star_chosen.connect(self._on_star_chosen)
        self._desk.use_stars()
        self._on_stars_changed(self._desk.stars)
        if self._desk.star is not None:
            self._on_star_chosen(self._desk.star)
        return page

    def show_snapshot(self, snapshot: NightSnapshot | None) -> None:  # noqa: ARG002 - as all pages
        """Catch up with the stars that came while the page was not seen."""
        self._begin()
        if self._star is not None and self._curve_of is not self._desk.stars:
            self._read()

    def rows(self) -> dict[str, Command]:
        """The rows of the action table that it answers for."""
        return {
            "night.find-star": lambda _: self._begin_search(),
            "night.export-curve": lambda _: self._export(),
        }

    def stop(self) -> None:
        """Listen no more."""
        self._list = self._panel = None
        for signal, slot in (
            (self._desk.watched, self._on_watched),
            (self._desk.stars_changed, self._on_stars_changed),
            (self._desk.star_chosen, self._on_star_chosen),
        ):
            signal.disconnect(slot, missing_ok=True)

    # Stars

    def _on_watched(self, _: Path | None) -> None:
        """Nothing of one night is shown of another."""
        if self.page is not None:
            self._star = self._curve_of = self._newest = self._search = None
            self.page.list.choose(None)
            self.page.panel.forget()
            self.page.show_stars(None)

    def _on_stars_changed(self, stars: NightStars | None) -> None:
        if self.page is None:
            return
        self.page.show_stars(stars)
        self._find()
        if self._star is not None and self.page.isVisible():
            self._read()

    def _find(self) -> None:
        """Have the stars searched; the newest query counts."""
        stars = self._desk.stars
        if self.page is None or stars is None or not len(stars):
            return
        query = self.page.list.query
        self._desk.latest(
            "star search", lambda _: self._found(stars, query), "Search the stars", self._on_found
        )

    def _found(self, stars: NightStars, query: StarQuery) -> FoundStars:
        """Search; one at a time, beside the window."""
        if self._search is None or self._search.stars is not stars:
            self._search = StarSearch(stars)
        search = self._search
        rows = search.find(query.text, query.filter)
        explanation = search.explanation
        if query.column:
            rows = search.order(rows, query.column, descending=query.is_descending)
        elif not query.text and len(rows):
            rows, explanation = search.brightest_first(rows), BRIGHTEST
        return FoundStars(query, stars, rows, explanation)

    def _on_found(self, found: FoundStars) -> None:
        if self.page is not None:
            self._newest = found
            self.page.list.show_found(found)
            self._begin()

    def _begin(self) -> None:
        """Before a star is chosen, the best of all shows what there is to see.

        Only while the page is in front: a star that is chosen brings it there.
        """
        page, found = self.page, self._newest
        if page is None or found is None or self._star is not None or not page.isVisible():
            return
        if found.query == StarQuery() and len(found.rows):
            best = found.rows[:1]
            if measured_well(found.stars)[best].all():
                self._desk.choose_star(int(found.stars.ascc[best[0]]))

    def _begin_search(self) -> None:
        """Bring the page forward and type."""
        self._window.actions_set.trigger("night.page.curves")
        if self.page is not None:
            self.page.list.search.begin()

    # The curve

    def _on_star_chosen(self, ascc: int) -> None:
        if self.page is not None and ascc != self._star:
            self._star = ascc
            self.page.list.choose(ascc)
            self._read()

    def _read(self) -> None:
        """Read the light curve of the star; only that of the newest wish arrives."""
        if self.page is not None and self._star is not None and self._desk.output is not None:
            self._curve_of = self._desk.stars
            kind = self.page.panel.choices.kind
            self._desk.curve(self._star, kind, self._on_curve, self._on_no_curve)

    def _on_curve(self, curve: Curve) -> None:
        if self.page is not None and curve.ascc == self._star:
            self.page.panel.show_curve(curve)

    def _on_no_curve(self, error: NightglassError) -> None:
        self._desk.problems.report(error)
        if self.page is not None:
            self.page.panel.plot.say(f"{error.title}.")

    def _find_period(self, method: Method) -> None:
        page, curve = self.page, self._shown()
        if page is None:
            return
        aperture = page.panel.choices.aperture
        page.panel.period.show_searching()

        def search(ctx: JobContext) -> tuple[int, PeriodSearch]:
            from ....core.mascara.browsing.period import find_periods

            place = -1 if aperture is None else aperture
            return curve.ascc, find_periods(curve, method, aperture=place, ctx=ctx)

        self._desk.latest(
            "period", search, f"Find the period of star {curve.ascc}", self._on_periods,
            lambda error: self._on_no_period(curve.ascc, error),
        )  # fmt: skip

    def _on_periods(self, told: tuple[int, PeriodSearch]) -> None:
        ascc, search = told
        if self.page is not None:
            words = "" if search.found else "No period stands out."
            self.page.panel.show_found(ascc, search.found, words)

    def _on_no_period(self, ascc: int, error: NightglassError) -> None:
        """It is said where it was asked for."""
        if self.page is not None:
            self.page.panel.show_found(ascc, (), error.text)

    # Files

    def _shown(self) -> Curve:
        """The curve on the screen.

        Raises
        ------
        NightglassError
            If there is none.
        """
        curve = None if self.page is None else self.page.panel.curve
        if curve is None:
            raise NightglassError(
                "No light curve is shown", "No star is chosen.",
                "Find one on the page of light curves first.",
            )  # fmt: skip
        return curve

    def _export(self) -> None:
        """Choose a name and write the curve, or a picture of it."""
        curve = self._shown()
        settings = self._bench.settings
        folder = settings.export_folder or settings.data_folder or Path.home()
        name, chosen = QFileDialog.getSaveFileName(
            self._window, "Export the light curve", str(folder / f"{_stem(curve)}.csv"),
            ";;".join(FILES),
        )  # fmt: skip
        if not name:
            return
        path = Path(name)
        if path.suffix.lower() not in FILES.values():
            path = path.with_name(path.name + FILES.get(chosen, ".csv"))
        self._write(curve, path)

    def _write(self, curve: Curve, path: Path) -> None:
        if self.page is None:
            return
        output = str(self._desk.output or "")
        image = self.page.panel.picture() if path.suffix.lower() == ".png" else None

        def write(_: JobContext) -> Path:
            from ....core.mascara.browsing.export import write_curve

            if image is None:
                # The dialog has asked whether a file may be replaced.
                return write_curve(curve, path, source=output, clobber=True)
            save_picture(image, path)
            return path

        self._desk.submit(write, f"Write {path.name}", self._on_written)

    def _on_written(self, path: Path) -> None:
        self._bench.problems.note("notice", "Saved", f"{path.name} is written.", "", path)

    def _copy(self) -> None:
        """Copy the command that writes the same curve."""
        curve = self._shown()
        words = ["nightglass", "night", "curve", str(self._desk.output), "ASCC", str(curve.ascc)]
        words += ["--slow"] * (curve.kind == "slow") + ["--output", f"{_stem(curve)}.csv"]
        put_on_clipboard(shlex.join(words))
        self._bench.problems.note(
            "notice", "Copied", "The command that writes this light curve is on the clipboard."
        )


def _stem(curve: Curve) -> str:
    """Name of a file, without its kind."""
    return f"ascc{curve.ascc}_{curve.kind}"
