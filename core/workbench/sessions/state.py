"""The state of the workbench at one moment, and the session document that it makes."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from ...session.document import (
    CameraRecord,
    CaptureRecord,
    EphemerisRecord,
    FileRecord,
    RegionFileRecord,
    RegionRecord,
    SessionDocument,
)
from ...session.records import file_record, region_record, view_record
from ...wording import counted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ...lightspeed.cube import CubeHeader
    from ...regions.entries import RegionEntry
    from ...regions.text.document import RegionDocument
    from ...session.view import View
    from ..desk import OpenCapture
    from ..workbench import Workbench

PAR_OPTION = "--eph"
PAR_BYTES = 1 << 20

Measure = dict[str, dict[str, str]]


@dataclass(frozen=True)
class CaptureState:
    """An open capture; `cubes` is empty for another image."""

    key: str
    name: str
    path: Path
    cubes: tuple[CubeHeader, ...]
    frame: int

    @classmethod
    def of(cls, capture: OpenCapture) -> CaptureState:
        """The state of a capture on the desk."""
        known, source = capture.lightspeed, capture.source
        cubes = () if known is None else known.cubes
        return cls(capture.key, source.name, source.path, cubes, capture.frame_seen)

    @property
    def paths(self) -> tuple[Path, ...]:
        """All of its files that are in use."""
        return tuple(cube.path for cube in self.cubes) or (self.path,)


@dataclass(frozen=True)
class Facts:
    """Number of files, their bytes, and the newest time in ns; files that are gone count 0."""

    files: int
    size_bytes: int
    modified_ns: int

    def __str__(self) -> str:
        return f"{counted(self.files, 'file')} of {self.size_bytes:,} bytes"


@dataclass(frozen=True)
class State:
    """Everything a session holds; two are equal when nothing has happened in between."""

    captures: tuple[CaptureState, ...]
    follow: Path | None
    view: View
    camera: CameraRecord | None
    entries: tuple[RegionEntry, ...]
    selection: tuple[int, ...]
    are_regions_saved: bool
    region_path: Path | None
    document: RegionDocument | None
    measure: Measure

    @property
    def is_empty(self) -> bool:
        """Whether nobody would miss it."""
        return not (self.captures or self.entries or self.follow)


def state_of(bench: Workbench, camera: CameraRecord | None, measure: Measure) -> State:
    """Gather the state; quick, for the owner thread."""
    regions = bench.regions.list
    chosen = regions.selection
    return State(
        tuple(_capture_state(bench, capture) for capture in bench.desk if capture.is_lasting),
        bench.following.folder,
        bench.session.view,
        camera,
        tuple(regions.entries.values()),
        tuple(place for place, ident in enumerate(regions.entries) if ident in chosen),
        regions.is_saved,
        bench.regions.path,
        regions.document,
        {command: dict(values) for command, values in measure.items()},
    )


def _capture_state(bench: Workbench, capture: OpenCapture) -> CaptureState:
    made, view = CaptureState.of(capture), bench.session.view
    return replace(made, frame=view.frame) if view.capture == capture.key else made


class Known:
    """What needs to be found out once for a session; safe from every thread.

    A file is looked at once: what counts is how it was when its frames were first seen.
    """

    def __init__(self) -> None:
        self._facts: dict[Path, tuple[int, int]] = {}
        self._texts: dict[str, str] = {}
        self._records: dict[int, tuple[RegionEntry, RegionRecord]] = {}

    def records(self, entries: Sequence[RegionEntry]) -> tuple[RegionRecord, ...]:
        """Regions as they are written; those that were asked for last time are made once."""
        before = self._records
        made = {}
        for entry in entries:
            known = before.get(id(entry))
            is_known = known is not None and known[0] is entry
            made[id(entry)] = known if known and is_known else (entry, region_record(entry))
        self._records = made
        return tuple(made[id(entry)][1] for entry in entries)

    def forget(self) -> None:
        """Look at every file anew."""
        self._facts.clear()

    def facts(self, paths: Sequence[Path]) -> Facts:
        """Number, size and time of some files."""
        told = [self._told(path) for path in paths]
        return Facts(len(told), sum(size for size, _ in told), max(time for _, time in told))

    def _told(self, path: Path) -> tuple[int, int]:
        if path not in self._facts:
            with suppress(OSError):
                told = path.stat()
                self._facts[path] = told.st_size, told.st_mtime_ns
        return self._facts.get(path, (0, 0))

    def know(self, ephemeris: EphemerisRecord | None) -> None:
        """Remember the text of a par file that may be gone."""
        if ephemeris is not None and ephemeris.text is not None:
            self._texts[ephemeris.file.absolute] = ephemeris.text

    def text(self, path: str) -> str | None:
        """Text of a par file, or the one it had."""
        # What was typed need not be a path that any file could have.
        with suppress(OSError, ValueError), Path(path).open("rb") as file:
            self._texts[path] = file.read(PAR_BYTES).decode("utf-8", "replace")
        return self._texts.get(path)


def document_of(
    state: State,
    known: Known,
    now_s: float,
    *,
    folder: Path | None = None,
    session: Path | None = None,
) -> SessionDocument:
    """Make the document of a state; looks at files, for a working thread.

    Parameters
    ----------
    state : State
    known : Known
    now_s : float
        Seconds since 1970.
    folder : Path or None
        Where the session will lie; None for an autosave, which has no place of its own.
    session : Path or None
        For an autosave: the file of the session.
    """

    def record(path: Path | None) -> FileRecord | None:
        return None if path is None else file_record(path, folder)

    return SessionDocument(
        saved_at=datetime.fromtimestamp(now_s, UTC),
        session=record(session),
        captures=tuple(_capture_record(one, known, folder) for one in state.captures),
        follow=record(state.follow),
        view=view_record(state.view, [one.key for one in state.captures]),
        camera=state.camera,
        regions=known.records(state.entries),
        selection=state.selection,
        regions_saved=state.are_regions_saved,
        region_path=record(state.region_path),
        region_file=_region_file(state, folder),
        ephemeris=_ephemeris(state.measure, known, folder),
        measure=state.measure,
    )


def _capture_record(state: CaptureState, known: Known, folder: Path | None) -> CaptureRecord:
    facts = known.facts(state.paths)
    return CaptureRecord(
        name=state.name,
        file=file_record(state.path, folder),
        files=facts.files,
        size_bytes=facts.size_bytes,
        modified_ns=facts.modified_ns,
        frame=state.frame,
    )


def _region_file(state: State, folder: Path | None) -> RegionFileRecord | None:
    document = state.document
    if document is None:
        return None
    present = {entry.piece: entry for entry in state.entries}
    return RegionFileRecord(
        text=document.text,
        file=None if document.path is None else file_record(document.path, folder),
        regions=tuple(
            None if present.get(piece) == entry else region_record(entry)
            for piece, entry in enumerate(document.entries)
        ),
    )


def par_file(measure: Mapping[str, Mapping[str, str]]) -> str:
    """The par file filled in last into any of the dialogs; "" for none."""
    given = [values[PAR_OPTION] for values in measure.values() if values.get(PAR_OPTION)]
    return given[-1] if given else ""


def _ephemeris(measure: Measure, known: Known, folder: Path | None) -> EphemerisRecord | None:
    path = par_file(measure)
    if not path:
        return None
    return EphemerisRecord(file=file_record(Path(path).expanduser(), folder), text=known.text(path))
