"""Dialogs that run commands: filled in from the window, run behind it, their results shown."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, QUrl
from PyQt6.QtGui import QDesktopServices

from ...core.problems import Problem
from ...core.workbench.products import Products
from ..products.form import INPUT, OUTPUT
from ..theme import worn

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ...core.engine.jobs import Job, JobContext
    from ...core.errors import NightglassError
    from ...core.settings import Settings
    from ...core.workbench import Workbench
    from ...core.workbench.products import Outcome, Product
    from ..main_window import MainWindow
    from ..products.dialog import ProductDialog
    from ..products.form import Form
    from ..products.result import ResultView
    from .commands import Command

COMMANDS = ("image", "onoff", "lc", "photo", "fft", "search", "events")
OPEN = ("open", "Open", "Show the product")
NUMBERS = ("numbers", "Numbers", "Show what was measured")
FOLDER = ("folder", "Show folder", "Show where the product lies")
SITE = "--observatory"
GAIN = "--gain"
REGIONS = ("--roi", "--src")


class ProductsController(QObject):
    """Opens dialogs, runs what they ask for, and shows what came out."""

    def __init__(self, workbench: Workbench, window: MainWindow) -> None:
        super().__init__(window)
        self._bench = workbench
        self._window = window
        self._products = Products(workbench.engine, workbench.problems)
        self._dialogs: dict[str, ProductDialog] = {}
        self._given: dict[str, dict[str, str]] = {}
        self._jobs: dict[str, Job[Product]] = {}
        self._results: list[ResultView] = []
        self._last: Product | None = None
        workbench.settings_changed.connect(self._on_settings_changed)
        workbench.regions.list.settled.connect(self._on_regions_settled)
        self._show_whether_results()

    def stop(self) -> None:
        """Close the windows of this one."""
        self._bench.regions.list.settled.disconnect(self._on_regions_settled)
        for widget in (*self._dialogs.values(), *self._results):
            widget.close()

    def rows(self) -> dict[str, Command]:
        """The rows of the action table that this controller answers for."""
        rows: dict[str, Command] = {
            f"measure.{key}": lambda _, key=key: self.open(key)  # type: ignore[misc]
            for key in COMMANDS
        }
        rows["measure.result"] = lambda _: self._show_last()
        return rows

    def open(self, key: str) -> ProductDialog:
        """Bring up the dialog of a command, filled in from the window."""
        if key not in self._dialogs:
            self._dialogs[key] = self._made_dialog(key)
        dialog = self._dialogs[key]
        if not dialog.isVisible():
            self._fill(dialog)
        dialog.show()
        dialog.raise_()
        dialog.activateWindow()
        return dialog

    def _made_dialog(self, key: str) -> ProductDialog:
        from ..products.dialog import ProductDialog
        from ..products.forms import FORMS

        dialog = ProductDialog(FORMS[key], self._window)
        dialog.runRequested.connect(partial(self._run, key))
        dialog.stopRequested.connect(partial(self._stop, key))
        dialog.resetRequested.connect(partial(self._fill, dialog))
        dialog.edited.connect(partial(self._on_edited, dialog))
        dialog.lookRequested.connect(lambda paths: self._products.look(paths, dialog.set_seen, key))
        self._enter(dialog)
        dialog.look_again()
        return dialog

    # Filling in

    def values(self) -> dict[str, dict[str, str]]:
        """What the observer has filled in: texts by option, by command."""
        filled = {
            key: {field.option: dialog.editor(field.option).text()
                  for field in dialog.form.fields if dialog.is_touched(field.option)}
            for key, dialog in self._dialogs.items()
        }  # fmt: skip
        return {key: texts for key, texts in {**self._given, **filled}.items() if texts}

    def take_values(self, values: Mapping[str, Mapping[str, str]]) -> None:
        """Fill in what `values` gave; the rest comes from the window again."""
        self._given = {key: dict(texts) for key, texts in values.items()}
        for dialog in self._dialogs.values():
            dialog.forget()
            self._enter(dialog)
            self._fill(dialog)

    def _enter(self, dialog: ProductDialog) -> None:
        """Fill in what was given, as if the observer did."""
        for option, text in self._given.pop(dialog.form.key, {}).items():
            if option in dialog.lines.editors:
                dialog.editor(option).show_text(text)
                dialog.lines.edited.emit(option)

    def _fill(self, dialog: ProductDialog) -> None:
        form = dialog.form
        values = {**form.defaults(), **self._masters(form)}
        values[INPUT] = self._input()
        values[OUTPUT] = str(self._folder() / self._output_name(form, values[INPUT]))
        empties: dict[str, str] = {}
        choices: dict[str, tuple[tuple[str, str], ...]] = {}
        if any(field.option == SITE for field in form.fields):
            values[SITE], choices[SITE] = self._site()
        values[GAIN], empties[GAIN] = self._gain()
        dialog.prefill(values, empties, choices)
        self._fill_regions(dialog)

    def _fill_regions(self, dialog: ProductDialog) -> None:
        """Measure the regions on the picture, unless the observer named a file."""
        regions = self._bench.regions
        lines = [field.option for field in dialog.form.fields if field.option in REGIONS]
        if lines and any(entry.has_pixels for entry in regions.list.entries.values()):
            regions.give_file(partial(self._take_regions, dialog, lines[0]))

    def _take_regions(self, dialog: ProductDialog, option: str, path: Path) -> None:
        if not dialog.is_touched(option):
            dialog.editor(option).show_text(str(path))
            dialog.look_again()

    def _on_regions_settled(self) -> None:
        for dialog in self._dialogs.values():
            if dialog.isVisible():
                self._fill_regions(dialog)

    def _on_edited(self, dialog: ProductDialog, option: str) -> None:
        """Name the output after the input, unless the observer has named it."""
        if option == INPUT and not dialog.is_touched(OUTPUT):
            path = dialog.editor(INPUT).text()
            name = self._output_name(dialog.form, path)
            dialog.editor(OUTPUT).show_text(str(self._folder() / name))

    def _input(self) -> str:
        capture = self._bench.capture
        known = None if capture is None else capture.lightspeed
        return "" if known is None else str(known.path)

    def _folder(self) -> Path:
        settings = self._bench.settings
        return Path(settings.export_folder or settings.data_folder or Path.cwd())

    def _output_name(self, form: Form, path: str) -> str:
        return f"{_capture_name(path)}_{form.key}.fits"

    def _masters(self, form: Form) -> dict[str, str]:
        """The masters in use, as a command takes them."""
        given = self._bench.calibrations.given_in_use(self._bench.session.view)
        options = {field.option for field in form.fields}
        return {f"--{kind}": str(path) for kind, path in given.items() if f"--{kind}" in options}

    def _site(self) -> tuple[str, tuple[tuple[str, str], ...]]:
        from ...core.timing.sites import site_names

        settings = self._bench.settings
        names = dict.fromkeys((settings.site, *site_names(settings.sites)))
        return settings.site, tuple((name, name) for name in names)

    def _gain(self) -> tuple[str, str]:
        """The gain to be given, and what holds without one."""
        from ...core.lightspeed.calibration import CountScale

        capture = self._bench.capture
        known = None if capture is None else capture.lightspeed
        scale = CountScale.of(None if known is None else known.header, self._bench.settings)
        told = f"{scale.adu_per_electron:g}"
        return ("", f"header’s: {told}") if scale.from_header else (told, "the header’s")

    # Running

    def _run(self, key: str, words: Sequence[str]) -> None:
        dialog = self._dialogs[key]
        output = Path(dialog.editor(OUTPUT).text()).name
        job = self._products.run(
            words,
            _execute,
            title=f"{dialog.form.title}: {output}",
            on_done=partial(self._on_done, key),
            on_failed=partial(self._on_failed, key),
        )
        if not job.state.is_finished:
            self._jobs[key] = job
            dialog.show_running(True, f"Running: {output}")
            job.token.on_cancel(partial(self._on_stopped, key))

    def _stop(self, key: str) -> None:
        if key in self._jobs:
            self._jobs[key].cancel()

    def _end(self, key: str, told: str, cue: str) -> None:
        self._jobs.pop(key, None)
        self._dialogs[key].show_running(False, told, cue)
        self._dialogs[key].look_again()

    def _on_stopped(self, key: str) -> None:
        self._end(key, "Stopped.", "muted")

    def _on_failed(self, key: str, error: NightglassError) -> None:
        self._end(key, " ".join(part for part in (error.text or error.title, error.hint) if part),
                  "bad")  # fmt: skip

    def _on_done(self, key: str, product: Product) -> None:
        name = "" if product.path is None else product.path.name
        self._end(key, f"✓ {name} is written.", "good")
        self._last = product
        self._show_whether_results()
        choices = (OPEN, NUMBERS, FOLDER) if _is_image(product) else (OPEN, FOLDER)
        told = _told(self._dialogs[key].form, product)
        self._window.toasts.show_choices(told, choices, partial(self._use, product))

    # Results

    def _use(self, product: Product, choice: str) -> None:
        if choice == "folder":
            self._show_folder(product)
        elif choice == "open" and _is_image(product) and product.path is not None:
            self._bench.open([product.path])
        else:
            self.show_result(product)

    def show_result(self, product: Product) -> ResultView:
        """Open the curve and the numbers of a product."""
        from ..products.forms import FORMS
        from ..products.result import ResultView

        view = ResultView(product, FORMS[product.words[0]].title, self._window)
        view.folderRequested.connect(self._show_folder)
        view.finished.connect(self._on_result_closed)
        self._results.append(view)
        view.show()
        return view

    def _on_result_closed(self, _: int) -> None:
        self._results = [view for view in self._results if view is not self.sender()]

    def _show_last(self) -> None:
        if self._last is not None:
            self.show_result(self._last)

    def _show_folder(self, product: Product) -> None:
        if product.path is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(product.path.absolute().parent)))

    def _show_whether_results(self) -> None:
        self._window.actions_set.action("measure.result").setEnabled(self._last is not None)

    def _on_settings_changed(self, _: Settings) -> None:
        for view in self._results:
            view.set_roles(worn())


def _execute(words: Sequence[str], ctx: JobContext) -> Outcome:
    from ...core.cli import science

    return science.execute(words, ctx)


def _capture_name(path: str) -> str:
    """Object and start of the capture that a cube belongs to; of another file its own name."""
    from ...core.lightspeed.cube import parse_name

    if not path:
        return "capture"
    found = parse_name(Path(path))
    if found is None:
        return Path(path).name.partition(".")[0] or "capture"
    return f"{found.object_name}_{found.start}"


def _is_image(product: Product) -> bool:
    from ..products.forms import FORMS

    return FORMS[product.words[0]].product == "image"


def _told(form: Form, product: Product) -> Problem:
    now = datetime.now(UTC)
    name = form.title if product.path is None else product.path.name
    count = len(product.notices)
    hint = "" if not count else product.notices[0]
    if count > 1:
        hint += f" And {count - 1} more to note: see its numbers."
    return Problem(now, now, "notice", f"{form.title} is ready", f"{name} is written.", hint)
