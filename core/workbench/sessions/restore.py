"""A session document becomes the state of the workbench again."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from ...errors import NightglassError
from ...session.document import TITLE, refused
from ...session.records import found, region_entry, view_values
from .state import CaptureState, Facts, Known

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from ...engine.jobs import Job
    from ...problems import ProblemList
    from ...regions.entries import RegionEntry
    from ...regions.text.document import RegionDocument
    from ...session.document import CaptureRecord, FileRecord, RegionRecord, SessionDocument
    from ..workbench import Workbench
    from .state import Measure

FITTING = frozenset({"frame", "live", "layout", "play_range"})
"""Fields of the view that say something about the capture shown alone."""


@dataclass(frozen=True, eq=False)
class Loaded:
    """A session that has been read, with what was found of its files.

    Attributes
    ----------
    document : SessionDocument
    captures : tuple of Path or None
        Where each capture is now.
    entries : tuple of RegionEntry
    region_document : RegionDocument or None
        The region file as it was read.
    region_path : Path or None
    follow : Path or None
    session : Path or None
        Of an autosave: the file of the session.
    measure : dict
        As in the document, with files where they are now.
    notes : tuple of NightglassError
        What is missing.
    """

    document: SessionDocument
    captures: tuple[Path | None, ...]
    entries: tuple[RegionEntry, ...]
    region_document: RegionDocument | None
    region_path: Path | None
    follow: Path | None
    session: Path | None
    measure: Measure
    notes: tuple[NightglassError, ...]


def loaded(document: SessionDocument, path: Path) -> Loaded:
    """Look for the files of a session; for a working thread.

    Parameters
    ----------
    document : SessionDocument
    path : Path
        Where it was read from.

    Raises
    ------
    NightglassError
        If a region is not understood.
    """
    folder = path.absolute().parent
    captures = tuple(found(record.file, folder) for record in document.captures)
    pairs = list(zip(document.captures, captures, strict=True))
    notes = [_note_on_missing(record) for record, place in pairs if place is None]
    notes += _note_on_ephemeris(document, folder)
    entries = _entries(document.regions, path)
    return Loaded(
        document,
        captures,
        entries,
        _region_document(document, entries, path),
        _place(document.region_path, folder),
        _place(document.follow, folder),
        _place(document.session, folder),
        _moved(document, folder),
        tuple(notes),
    )


def _place(record: FileRecord | None, folder: Path) -> Path | None:
    """Where a file is, or else where it was."""
    if record is None:
        return None
    return found(record, folder) or Path(record.absolute)


def _entries(records: Iterable[RegionRecord], path: Path) -> tuple[RegionEntry, ...]:
    entries = []
    for number, record in enumerate(records, 1):
        try:
            entries.append(region_entry(record))
        except ValidationError as error:
            raise refused(error, path, f"region {number}") from error
        except ValueError as error:
            text = f"{path}: region {number} is not understood ({error})."
            raise NightglassError(TITLE, text, "Correct it there.", path) from error
    return tuple(entries)


def _region_document(
    document: SessionDocument, entries: Sequence[RegionEntry], path: Path
) -> RegionDocument | None:
    record = document.region_file
    if record is None:
        return None
    from ...regions.text.document import RegionDocument

    by_piece = {entry.piece: entry for entry in entries}
    pieces: list[RegionEntry] = []
    for piece, kept in enumerate(record.regions):
        if kept is not None:
            pieces += _entries([kept], path)
        elif piece in by_piece:
            pieces.append(by_piece[piece])
        else:
            text = f"{path}: no region tells what region_file.regions.{piece} was."
            raise NightglassError(TITLE, text, "Open the region file itself.", path)
    place = _place(record.file, path.absolute().parent)
    return RegionDocument(record.text, tuple(pieces), place)


def _note_on_missing(record: CaptureRecord) -> NightglassError:
    return NightglassError(
        "A capture of the session is missing",
        f"{record.name} is no longer at {record.file.absolute}.",
        "Plug its disk in, or open it from where it is now; the rest of the session is open.",
        record.file.absolute,
    )


def _notes_on_changed(pairs: Sequence[tuple[CaptureRecord, CaptureState]]) -> list[NightglassError]:
    """What the observer should know about captures before believing that they are the same."""
    notes, known = [], Known()
    for record, state in pairs:
        before = Facts(record.files, record.size_bytes, record.modified_ns)
        now = known.facts(state.paths)
        if now == before:
            continue
        told = f"{record.name} had {before} and has {now} now"
        is_as_large = (before.files, before.size_bytes) == (now.files, now.size_bytes)
        notes.append(
            NightglassError(
                "A capture has changed since the session was saved",
                f"{told}, written at another time." if is_as_large else f"{told}.",
                "Check that the regions still lie where they should.",
                state.path,
            )
        )
    return notes


def _note_on_ephemeris(document: SessionDocument, folder: Path) -> list[NightglassError]:
    record = document.ephemeris
    if record is None or found(record.file, folder) is not None:
        return []
    kept = "Its text is kept in the session." if record.text else "Choose it anew."
    text = f"{record.file.absolute} is not there."
    return [NightglassError("The par file is missing", text, kept, record.file.absolute)]


def _moved(document: SessionDocument, folder: Path) -> Measure:
    """What was filled into the dialogs, with files where they are now."""
    records = [record.file for record in document.captures]
    if document.ephemeris is not None:
        records.append(document.ephemeris.file)
    places = {record.absolute: found(record, folder) for record in records}
    return {
        command: {option: str(places.get(text) or text) for option, text in values.items()}
        for command, values in document.measure.items()
    }


class Restoration:
    """Puts a session in the place of the present state; owner thread only.

    Captures open one after the other, in their order; `on_done` is called when all that can be
    opened are, and the view is as it was.
    """

    def __init__(self, bench: Workbench, loaded: Loaded, on_done: Callable[[], object]) -> None:
        self._bench = bench
        self._loaded = loaded
        self._on_done = on_done
        self._keys: dict[int, str] = {}
        self._jobs: list[Job[Any]] = []
        self._is_over = False

    def begin(self) -> None:
        """Empty the desk, put the regions there and open the captures."""
        bench = self._bench
        bench.following.stop()
        bench.desk.close_all()
        self._put_regions()
        for place, path in enumerate(self._loaded.captures):
            if path is not None:
                self._jobs.append(bench.desk.open([path], partial(self._keys.setdefault, place)))
        # The lane has one thread, so this comes after all of them, whether they opened or not.
        self._jobs.append(
            bench.engine.submit(
                lambda _: None, title="Restore the view", lane="frames", quiet=True,
                on_result=lambda _: self._finish(),
            )
        )  # fmt: skip

    def cancel(self) -> None:
        """Another session comes in its place."""
        self._is_over = True
        for job in self._jobs:
            job.cancel()

    def _put_regions(self) -> None:
        loaded, desk = self._loaded, self._bench.regions
        idents = desk.list.replace_all(loaded.entries, loaded.region_document, "Open session")
        desk.set_path(loaded.region_path)
        desk.list.forget_history()
        if loaded.document.regions_saved:
            desk.list.mark_saved()
        chosen = [place for place in loaded.document.selection if 0 <= place < len(idents)]
        desk.list.select(idents[place] for place in chosen)

    def _finish(self) -> None:
        if self._is_over:
            return
        self._is_over = True
        records, desk = self._loaded.document.captures, self._bench.desk
        opened = [(records[place], desk.require(key)) for place, key in self._keys.items()]
        for record, capture in opened:
            capture.frame_seen = max(0, record.frame)
        self._compare([(record, CaptureState.of(capture)) for record, capture in opened])
        self._put_view()
        self._follow()
        self._on_done()

    def _compare(self, pairs: Sequence[tuple[CaptureRecord, CaptureState]]) -> None:
        """Tell which captures are not as they were."""
        self._bench.engine.submit(
            lambda _: _notes_on_changed(pairs),
            title="Look at the files of the session",
            lane="watch",
            quiet=True,
            on_result=lambda notes: tell(notes, self._bench.problems),
        )

    def _put_view(self) -> None:
        record, bench = self._loaded.document.view, self._bench
        values = view_values(record)
        if values["colour_map"] not in _colour_maps():
            del values["colour_map"]
        fitting = {name: values.pop(name) for name in FITTING}
        shown = self._keys.get(-1 if record.capture is None else record.capture)
        if shown is None:
            values |= {"other": None, "layout": "single"}
        else:
            bench.show(shown)
            values |= self._fitted(fitting, shown)
        bench.session.change(**values)

    def _fitted(self, fitting: dict[str, Any], shown: str) -> dict[str, Any]:
        """What belongs to the capture shown, as far as it still reaches."""
        last = max(0, self._bench.desk.require(shown).captured - 1)
        other = self._loaded.document.view.other
        key = None if other is None else self._keys.get(other)
        span = fitting["play_range"]
        is_within = span is not None and 0 <= span[0] <= span[1] <= last
        return {
            "frame": min(max(0, fitting["frame"]), last),
            "other": key,
            "layout": "single" if key is None else fitting["layout"],
            "play_range": span if is_within else None,
        }

    def _follow(self) -> None:
        """Follow the folder again; the newest capture comes live, unless another was looked at."""
        folder, bench = self._loaded.follow, self._bench
        if folder is None:
            return
        view, was_live = bench.session.view, self._loaded.document.view.live
        bench.follow(folder)
        if was_live or view.capture is None:
            return

        def look_back(_: str) -> None:
            bench.following.started.disconnect(look_back)
            if view.capture in bench.desk.order:
                bench.show(str(view.capture))
                bench.transport.go_to(view.frame)

        bench.following.started.connect(look_back)


def tell(notes: Iterable[NightglassError], problems: ProblemList) -> None:
    """Put what the observer should know into the problem list."""
    for note in notes:
        problems.note("warning", note.title, note.text, note.hint, note.path)


def _colour_maps() -> Iterable[str]:
    from ...picture.colour import names

    return names()
