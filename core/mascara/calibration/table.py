"""The look-up table of a camera's master darks: a text file, one path a line, newest first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...atomic import write_text
from ...errors import NightglassError, translate

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MOST_LINES = 5


class DarkTable:
    """Master darks that were found good, kept in ``darktable<camera>.dat``.

    Darks in the folder of the table are written without it, so that the folder can be moved.

    Parameters
    ----------
    folder : Path
        Where the table is.
    camera : str
        Camera id such as ``LPC``.
    """

    def __init__(self, folder: Path, camera: str) -> None:
        self._folder = folder
        self.path = folder / f"darktable{camera}.dat"

    def current(self) -> Path | None:
        """The newest dark whose file is there; None if there is none."""
        return next(self._present(), None)

    def entries(self) -> Iterator[tuple[Path, int]]:
        """Every dark whose file is there and readable, newest first, with its slot.

        Yields
        ------
        path : Path
        lstseq : int
            Slot of the first frame that went in.
        """
        from ..raw.raw_bytes import RawBytes

        for path in self._present():
            try:
                slot = RawBytes(path).header().integer("LSTSEQ")
            except NightglassError:
                continue  # a damaged dark is as good as none; the one before it serves
            if slot is not None:
                yield path, slot

    def add(self, path: Path) -> None:
        """Make a dark the current one; the oldest of more than five lines is dropped.

        Raises
        ------
        NightglassError
            If the table cannot be written.
        """
        line = self._line(path)
        lines = [line, *(other for other in self._lines() if other != line)]
        try:
            write_text(self.path, "".join(f"{one}\n" for one in lines[:MOST_LINES]))
        except OSError as error:
            raise translate(error, self.path) from error

    def _line(self, path: Path) -> str:
        whole = path.absolute()
        folder = self._folder.absolute()
        return str(whole.relative_to(folder)) if whole.is_relative_to(folder) else str(whole)

    def _lines(self) -> list[str]:
        try:
            text = self.path.read_text(encoding="utf-8", errors="surrogateescape")
        except FileNotFoundError:
            return []
        except OSError as error:
            raise translate(error, self.path) from error
        return [line.strip() for line in text.splitlines() if line.strip()]

    def _present(self) -> Iterator[Path]:
        paths = (self._folder / line for line in self._lines())
        return (path for path in paths if path.is_file())
