"""Region files, tables of regions and the clipboard: what asks for a name."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, Qt
from PyQt6.QtWidgets import QFileDialog

from ...core.errors import NightglassError
from ...core.session.region_deeds import delete
from ...core.workbench.regions.table import Origin, WholeCapture, region_rows, write_region_table
from ..clipboard import put_on_clipboard, text_on_clipboard

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Literal

    from PyQt6.QtWidgets import QWidget

    from ...core.workbench import Workbench

    Form = tuple[str | None, Literal["ds9", "ciao"]]

REGION_FILES = "Region files (*.reg);;All files (*)"
KEPT_FORM = "DS9 regions, each in its own system (*.reg)"
PIXEL_FORMS: dict[str, Form] = {
    KEPT_FORM: (None, "ds9"),
    "DS9 regions, image pixels (*.reg)": ("image", "ds9"),
    "DS9 regions, physical pixels (*.reg)": ("physical", "ds9"),
    "CIAO regions, physical pixels (*.reg)": ("physical", "ciao"),
}
SKY_FORMS: dict[str, Form] = {
    "DS9 regions, FK5 (*.reg)": ("fk5", "ds9"),
    "DS9 regions, ICRS (*.reg)": ("icrs", "ds9"),
    "DS9 regions, galactic (*.reg)": ("galactic", "ds9"),
}
TABLE_FORMS = {
    "Comma-separated values (*.csv)": "csv",
    "Enhanced CSV with units (*.ecsv)": "ecsv",
}


class RegionFiles(QObject):
    """Opens, saves, exports, copies and pastes regions."""

    def __init__(self, workbench: Workbench, window: QWidget) -> None:
        super().__init__(window)
        self._bench = workbench
        self._window = window

    # Region files

    def ask_to_open(self) -> None:
        """Choose region files; the first takes the place of the regions there are."""
        dialog = QFileDialog(self._window, "Open regions", str(self._folder()), REGION_FILES)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.filesSelected.connect(self._open_chosen)
        _show(dialog)

    def _open_chosen(self, names: Sequence[str]) -> None:
        for place, name in enumerate(names):
            self._bench.regions.load(Path(name), add=place > 0, on_done=self._tell_read(Path(name)))

    def open_paths(self, paths: Sequence[Path]) -> None:
        """Add the regions of files that were dropped."""
        for path in paths:
            self._bench.regions.load(path, add=True, on_done=self._tell_read(path))

    def _tell_read(self, path: Path) -> Callable[[int], object]:
        def tell(count: int) -> None:
            if not count:
                self._bench.problems.note(
                    "notice", "No region", f"{path.name} has no region.", "", path
                )

        return tell

    def save(self) -> None:
        """Write the regions to their file, or ask for one."""
        path = self._bench.regions.path
        if path is None:
            self.ask_to_save()
        else:
            self._bench.regions.save(on_done=self._tell_saved)

    def ask_to_save(self) -> None:
        """Choose a name, a format and a coordinate system; a file there is replaced if allowed."""
        is_on_sky = self._bench.regions.surroundings().sky is not None
        forms = PIXEL_FORMS | (SKY_FORMS if is_on_sky else {})
        path = self._bench.regions.path or self._folder() / f"{self._stem()}.reg"
        dialog = _saving(self._window, "Save regions", path, list(forms))
        dialog.setDefaultSuffix("reg")
        dialog.fileSelected.connect(
            lambda name: self._save_as(Path(name), forms[dialog.selectedNameFilter()])
        )
        _show(dialog)

    def _save_as(self, path: Path, form: Form) -> None:
        system, style = form
        try:
            self._bench.regions.save(path, system=system, style=style, on_done=self._tell_saved)
        except NightglassError as error:
            self._bench.problems.report(error)

    def _tell_saved(self, path: Path) -> None:
        self._bench.problems.note("notice", "Saved", f"{path.name} is written.", "", path)

    # The table

    def ask_to_export(self) -> None:
        """Choose a name and write the numbers of all regions."""
        path = self._folder() / f"{self._stem()}_regions.csv"
        dialog = _saving(self._window, "Export the region table", path, list(TABLE_FORMS))
        dialog.setDefaultSuffix("csv")
        dialog.filterSelected.connect(lambda chosen: _rename(dialog, TABLE_FORMS[chosen]))
        dialog.fileSelected.connect(lambda name: self.export(Path(name)))
        _show(dialog)

    def export(self, path: Path) -> None:
        """Write the numbers of all regions as CSV or ECSV."""
        bench = self._bench
        entries = dict(bench.regions.list.entries)
        rows = region_rows(entries, dict(bench.numbers.statistics), self.whole_capture())
        origin = self._origin()
        bench.engine.submit(
            lambda _: write_region_table(path, rows, origin),
            title=f"Write {path.name}",
            lane="watch",
            on_result=self._tell_saved,
        )

    def whole_capture(self) -> Mapping[int, WholeCapture]:
        """Numbers of the light curves of the capture shown, by region."""
        capture = self._bench.capture
        curves = () if capture is None else self._bench.light.curves(capture.key)
        return {curve.ident: WholeCapture.of(curve) for curve in curves}

    def _origin(self) -> Origin:
        bench, capture = self._bench, self._bench.capture
        frame, path = bench.numbers.frame, bench.regions.path
        time = None
        if capture is not None and frame is not None:
            time = capture.source.frame_time(frame)
        return Origin(
            "" if capture is None else capture.source.name,
            frame,
            "" if time is None else time.iso(),
            "" if path is None else path.name,
        )

    # The clipboard

    def copy(self) -> bool:
        """Copy the selected regions as DS9 text; tells whether there are any."""
        chosen = self._bench.regions.list.selection
        if chosen:
            put_on_clipboard(self._bench.regions.text(chosen))
        return bool(chosen)

    def cut(self) -> None:
        """Copy the selected regions and take them away."""
        if self.copy():
            delete(self._bench.regions.list, "Cut")

    def paste(self) -> None:
        """Add the regions on the clipboard and select them.

        Raises
        ------
        NightglassError
            If there is none.
        """
        self._bench.regions.paste(text_on_clipboard())

    def _folder(self) -> Path:
        path, settings = self._bench.regions.path, self._bench.settings
        own = None if path is None else path.parent
        return own or settings.export_folder or settings.data_folder or Path.cwd()

    def _stem(self) -> str:
        capture = self._bench.capture
        return "regions" if capture is None else capture.source.name


def _saving(window: QWidget, title: str, path: Path, forms: Sequence[str]) -> QFileDialog:
    """A dialog for a new name that asks before another file is replaced."""
    dialog = QFileDialog(window, title, str(path.parent))
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setNameFilters(forms)
    dialog.selectFile(path.name)
    return dialog


def _rename(dialog: QFileDialog, suffix: str) -> None:
    """Let the name that stands in the field end as the format says that was chosen."""
    dialog.setDefaultSuffix(suffix)
    for name in dialog.selectedFiles()[:1]:
        dialog.selectFile(Path(name).with_suffix(f".{suffix}").name)


def _show(dialog: QFileDialog) -> None:
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()
