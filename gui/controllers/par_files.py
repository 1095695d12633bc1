"""Par files: chosen in a dialog, dropped on the window, shown as text."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject
from PyQt6.QtWidgets import QFileDialog

from ...core.errors import NightglassError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PyQt6.QtWidgets import QWidget

    from ...core.workbench.fold.shelf import EphemerisShelf
    from ..fold.pars.chooser import ParChooser
    from .commands import Command


class ParFilesController(QObject):
    """Joins the shelf of par files with its dialogs.

    Parameters
    ----------
    shelf : EphemerisShelf
    window : QWidget
        Dialogs stand over it.
    """

    def __init__(self, shelf: EphemerisShelf, window: QWidget) -> None:
        super().__init__(window)
        self._shelf = shelf
        self._window = window
        self._chooser: ParChooser | None = None
        shelf.listed.connect(self._show_listing)
        shelf.changed.connect(self._show_in_use)

    def stop(self) -> None:
        """Listen no more; before the shelf is closed."""
        self._shelf.listed.disconnect(self._show_listing, missing_ok=True)
        self._shelf.changed.disconnect(self._show_in_use, missing_ok=True)
        if self._chooser is not None:
            self._chooser.close()

    def rows(self) -> dict[str, Command]:
        """The rows of the action table that this controller answers for."""
        return {
            "fold.choose": lambda _: self.ask(),
            "fold.par-text": lambda _: self.show_text(),
        }

    def open(self, paths: Sequence[Path]) -> None:
        """Fold on these; what is dropped on the window and named on the command line."""
        if paths:
            self._shelf.choose(paths)

    def ask(self) -> None:
        """Let the observer choose; one dialog at a time."""
        if self._chooser is None:
            self._chooser = self._made_chooser()
        self._show_listing()
        self._show_in_use()
        self._chooser.show()
        self._chooser.activateWindow()
        self._shelf.refresh()
        self._shelf.prepare()

    def show_text(self) -> None:
        """Show the par file that is folded on, as it was read.

        Raises
        ------
        NightglassError
            If there is none.
        """
        from ..fold.pars.par_dialog import ParDialog

        if not self._shelf.chosen:
            raise NightglassError(
                "No par file is in use",
                "There is nothing to show yet.",
                "Choose a par file first.",
            )
        for one in self._shelf.chosen:
            place = "" if one.path is None else str(one.path)
            ParDialog(one.name, one.text, place, one.ephemeris.notices, self._window).show()

    def _made_chooser(self) -> ParChooser:
        from ..fold.pars.chooser import ParChooser

        chooser = ParChooser(self._window)
        chooser.chosen.connect(self._shelf.choose)
        chooser.folderRequested.connect(self._ask_for_folder)
        chooser.textRequested.connect(self._read)
        chooser.finished.connect(self._forget_chooser)
        return chooser

    def _forget_chooser(self, _: int) -> None:
        self._chooser = None

    def _ask_for_folder(self) -> None:
        before = str(self._shelf.folder or "")
        name = QFileDialog.getExistingDirectory(self._chooser, "Folder of par files", before)
        if name:
            self._shelf.look_in(Path(name))

    def _read(self, path: Path) -> None:
        self._shelf.read(path, lambda text: self._show_text_of(path, text))

    def _show_text_of(self, path: Path, text: str) -> None:
        if self._chooser is not None:
            self._chooser.set_text(path, text)

    def _show_listing(self) -> None:
        if self._chooser is not None:
            self._chooser.set_listing(self._shelf.listing)

    def _show_in_use(self) -> None:
        if self._chooser is not None:
            paths = [one.path for one in self._shelf.chosen if one.path is not None]
            self._chooser.set_in_use(paths)
