"""Regions of the session: opened, saved, copied and pasted."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Literal

from psygnal import Signal

from ...errors import NightglassError
from ...paths import state_dir
from ...session.regions import RegionList

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from ...engine.engine import Engine
    from ...engine.jobs import Job
    from ...regions.entries import RegionEntry
    from ...regions.systems import Surroundings
    from ...regions.text.document import RegionDocument
    from ...session.view import Session
    from ..desk import Desk
    from ..places import Places

Style = Literal["ds9", "ciao"]


class RegionDesk:
    """The regions on the picture and the file they belong to; owner thread only.

    Regions are kept in image pixels and stay where they are when another capture is shown.

    Parameters
    ----------
    engine : Engine
    session : Session
    desk : Desk
    places : Places

    Attributes
    ----------
    list : RegionList
    path : Path or None
        The file that `save` writes when no other is named.
    """

    path_changed = Signal()

    def __init__(self, engine: Engine, session: Session, desk: Desk, places: Places) -> None:
        self._engine = engine
        self._session = session
        self._desk = desk
        self._places = places
        self.list = RegionList()
        self.path: Path | None = None

    def surroundings(self) -> Surroundings:
        """How the frames of the capture shown lie on sensor and sky."""
        return self._places.of(self._desk.get(self._session.view.capture))

    def load(
        self, path: Path, *, add: bool = False, on_done: Callable[[int], object] | None = None
    ) -> Job[RegionDocument]:
        """Read a region file in the place of the regions there are, as one step to undo.

        Parameters
        ----------
        path : Path
        add : bool
            Put its regions beside those there are.
        on_done : callable or None
            Gets the number of regions read.
        """
        from ...regions.text.document import read_document

        surroundings = self.surroundings()

        def take(document: RegionDocument) -> None:
            self._take(document, add=add)
            if on_done is not None:
                on_done(len(document.entries))

        return self._engine.submit(
            lambda _: read_document(path, surroundings),
            title=f"Read {path.name}",
            lane="watch",
            on_result=take,
        )

    def _take(self, document: RegionDocument, *, add: bool) -> None:
        name = document.path.name if document.path else "text"
        if not (add and len(self.list)):
            self.list.replace_all(document.entries, document, f"Open {name}")
            self.set_path(document.path)
            self.list.mark_saved()
        elif self.list.document is None:
            # The drawn ones join the file, of which nothing is lost then.
            drawn = tuple(self.list.entries.values())
            self.list.replace_all((*drawn, *document.entries), document, f"Add {name}")
        else:
            self.list.add([entry.detached() for entry in document.entries], f"Add {name}")

    def set_path(self, path: Path | None) -> None:
        """Name the file the regions belong to."""
        self.path = path
        self.path_changed.emit()

    def save(
        self,
        path: Path | None = None,
        *,
        system: str | None = None,
        style: Style = "ds9",
        on_done: Callable[[Path], object] | None = None,
    ) -> Job[Path]:
        """Write all regions.

        Parameters
        ----------
        path : Path or None
            None writes the file they belong to.
        system : str or None
            Coordinate system of all regions; None keeps each in its own, and every byte of what
            was not changed.
        style : {"ds9", "ciao"}
        on_done : callable or None
            Gets the path when the file is there.

        Raises
        ------
        NightglassError
            If they belong to no file and none is named, or one cannot be said in that system.
        """
        from ...regions.text.document import save_text

        path = path or self.path
        if path is None:
            raise NightglassError("No file", "These regions have no file yet.", "Name one.")
        text = self._written(list(self.list.entries.values()), system, style, keeps=True)
        self.list.mark_saved()
        if system is None and style == "ds9":
            self.set_path(path)

        def write(_: object) -> Path:
            save_text(path, text)
            return path

        return self._engine.submit(
            write, title=f"Write {path.name}", lane="watch", on_result=on_done
        )

    def give_file(self, take: Callable[[Path], object]) -> None:
        """Have a file of the regions of now, which nobody changes, for a command to read.

        Parameters
        ----------
        take : callable
            Gets the file they belong to if nothing differs from it, else one of their own in
            image pixels, named after its content.
        """
        from ...regions.text.document import save_text

        if self.path is not None and self.list.is_saved and self.path.exists():
            take(self.path)
            return
        text = self.text()
        name = hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:12]

        def write(_: object) -> Path:
            folder = state_dir() / "regions"
            folder.mkdir(parents=True, exist_ok=True)
            save_text(folder / f"{name}.reg", text)
            return folder / f"{name}.reg"

        self._engine.submit(
            write, title="Write the regions for a command", lane="watch", quiet=True, on_result=take
        )

    def text(self, idents: Iterable[int] | None = None, system: str | None = "image") -> str:
        """Regions as DS9 text.

        Parameters
        ----------
        idents : iterable of int or None
            None for all.
        system : str or None
            None keeps each in its own.

        Raises
        ------
        NightglassError
            If one cannot be said in that system.
        """
        wanted = None if idents is None else frozenset(idents)
        entries = [entry for i, entry in self.list.entries.items() if wanted is None or i in wanted]
        return self._written(entries, system, "ds9", keeps=False)

    def paste(self, text: str) -> tuple[int, ...]:
        """Add the regions of a text and select them; gives their numbers.

        Raises
        ------
        NightglassError
            If there is no region in it.
        """
        return self.list.add([entry.detached() for entry in self.parsed(text)], "Paste")

    def parsed(self, text: str) -> Sequence[RegionEntry]:
        """Regions of a text, on the capture shown.

        Raises
        ------
        NightglassError
            If there is none.
        """
        from ...regions.text.document import parse_document

        entries = parse_document(text, self.surroundings()).entries
        if not any(entry.shape is not None for entry in entries):
            raise NightglassError(
                "No region", "The text holds no region.", "Copy regions here or in DS9 first."
            )
        return entries

    def _written(
        self, entries: Sequence[RegionEntry], system: str | None, style: Style, *, keeps: bool
    ) -> str:
        from ...regions.text.writer import write_regions

        document = self.list.document if keeps and system is None and style == "ds9" else None
        if document is None:
            entries = [entry.detached() for entry in entries]
        return write_regions(
            entries, self.surroundings(), document=document, system=system, style=style
        )
