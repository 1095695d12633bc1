"""Saving, opening and recovering everything the observer has in front of them."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING

from psygnal import Signal

from ...errors import NightglassError
from ...session.document import read_session, session_name, with_suffix, write_session
from .autosaving import Autosaving
from .restore import Loaded, Restoration, loaded, tell
from .state import Known, State, document_of, state_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ...engine.jobs import Job
    from ...session.autosave import Recovery
    from ...session.document import CameraRecord, SessionDocument
    from ..workbench import Workbench
    from .autosaving import DocumentOf
    from .state import Measure

LOAD = "session"


class Sessions:
    """The session of one window; owner thread only.

    Parameters
    ----------
    bench : Workbench
    clock : callable
        Seconds since 1970.

    Attributes
    ----------
    path : Path or None
        File of the session; None until it is saved by hand.
    camera : CameraRecord or None
        Where the view looks. Listeners of `gathering` set it; after `restored` it is to be shown.
    measure : dict
        What is filled into the dialogs of the commands, in the same way.
    autosaving : Autosaving

    Signals: `changed` when the name is another, something is unsaved or saved, or `has_last` may
    differ; `gathering`; `restored`.
    """

    changed = Signal()
    gathering = Signal()
    restored = Signal()

    def __init__(self, bench: Workbench, *, clock: Callable[[], float] = time.time) -> None:
        self._bench = bench
        self._regions = bench.regions.list
        self._clock = clock
        self._known = Known()
        self._before: SessionDocument | None = None
        self._restoration: Restoration | None = None
        self.path: Path | None = None
        self.camera: CameraRecord | None = None
        self.measure: Measure = {}
        self.autosaving = Autosaving(
            bench.engine, bench.problems, self._state, self._document_maker, clock
        )
        self._regions.settled.connect(self.autosaving.edited)
        self._regions.history_changed.connect(self.changed)
        self.autosaving.changed.connect(self.changed)
        bench.desk.closed.connect(lambda _: self._known.forget())

    @property
    def name(self) -> str:
        """What the session is called, "" while it is not."""
        return "" if self.path is None else session_name(self.path)

    @property
    def has_unsaved_regions(self) -> bool:
        """Whether regions would be lost that are in no file yet."""
        return len(self._regions) > 0 and not self._regions.is_saved

    def title_part(self) -> str:
        """Name of the session for the title of the window, with a star for unsaved regions."""
        star = "" if self._regions.is_saved else "*"
        return f"{self.name}{star}"

    # By hand

    def new(self) -> None:
        """Close everything and forget the regions; unsaved ones are kept for `reopen_last`."""
        self._keep_unsaved()
        self._bench.engine.drop(LOAD)
        self._stop_restoring()
        self._bench.following.stop()
        self._bench.desk.close_all()
        self._regions.replace_all((), None, "New session")
        self._regions.forget_history()
        self._regions.mark_saved()
        self._bench.regions.set_path(None)
        self._become(None, None)

    def save(
        self, path: Path | None = None, on_done: Callable[[Path], object] | None = None
    ) -> Job[None]:
        """Write the session in the background.

        Parameters
        ----------
        path : Path or None
            None writes the file it belongs to; the ending of sessions is added where it lacks.
        on_done : callable or None
            Gets the path when the file is there.

        Raises
        ------
        NightglassError
            If it belongs to no file and none is named.
        """
        path = path or self.path
        if path is None:
            raise NightglassError("No file", "This session has no file yet.", "Name one.")
        place, state, now_s = with_suffix(path).absolute(), self._state(), self._clock()
        before = self._before

        def write(_: object) -> None:
            made = document_of(state, self._known, now_s, folder=place.parent)
            made = made.model_copy(update={"regions_saved": True})
            write_session(place, made if before is None else made.keeping(before))

        def take(_: None) -> None:
            self._become(place, before)
            # What was drawn meanwhile is not in the file.
            if tuple(self._regions.entries.values()) == state.entries:
                self._regions.mark_saved()
            if on_done is not None:
                on_done(place)

        return self._bench.engine.submit(
            write, title=f"Write {place.name}", lane="watch", on_result=take
        )

    def open(self, path: Path, on_done: Callable[[], object] | None = None) -> None:
        """Put a session in the place of the present state; unsaved regions are kept.

        What is missing or has changed is named in the problem list, and the rest opens.

        Parameters
        ----------
        path : Path
        on_done : callable or None
            Called when everything is as it was.
        """
        self._load(
            lambda: loaded(read_session(path), path),
            f"Open {path.name}",
            lambda read: self._restore(read, path.absolute(), on_done),
        )

    def close(self) -> None:
        """End the session, before the workbench is closed; unsaved regions are kept."""
        self._bench.engine.drop(LOAD)
        self._stop_restoring()
        self.autosaving.close(keeps=self.has_unsaved_regions)

    # By itself

    def start(self) -> None:
        """Save by itself from now on; `tick` is to be called about once a second."""
        self.autosaving.start()

    def tick(self) -> None:
        """Save when it is time."""
        self.autosaving.tick()

    # What was left behind

    def recoverable(self) -> tuple[Recovery, ...]:
        """States of windows that died, newest first; this window offers them from now on."""
        return self.autosaving.take(*self.autosaving.look())

    def find_recoverable(self, on_found: Callable[[tuple[Recovery, ...]], object]) -> None:
        """As `recoverable`, in the background."""
        self._bench.engine.submit(
            lambda _: self.autosaving.look(),
            title="Look for sessions left behind",
            lane="watch",
            quiet=True,
            on_result=lambda told: on_found(self.autosaving.take(*told)),
        )

    def restore(self, recovery: Recovery, on_done: Callable[[], object] | None = None) -> None:
        """Put the state of a window that died in the place of the present one."""
        self._load(
            lambda: loaded(recovery.document, recovery.path),
            "Restore the session",
            lambda read: self._restore(read, read.session, on_done, recovery),
        )

    def discard(self, recovery: Recovery) -> None:
        """Never offer it again; for two weeks `reopen_last` still finds it."""
        self.autosaving.discard(recovery)

    @property
    def has_last(self) -> bool:
        """Whether `reopen_last` has something, as far as is known."""
        return bool(self.autosaving.offered) or self.autosaving.kept is not None

    def reopen_last(self, on_done: Callable[[], object] | None = None) -> None:
        """Restore what was left last: by a window that died, or was closed with unsaved regions.

        Raises
        ------
        NightglassError
            If there is nothing.
        """
        if self.autosaving.offered:
            self.restore(self.autosaving.offered[0], on_done)
            return
        path = self.autosaving.kept
        if path is None:
            raise NightglassError(
                "No last session",
                "No regions were left unsaved in the last two weeks.",
                "Open a session that was saved.",
            )
        self._load(
            lambda: loaded(read_session(path), path),
            "Reopen the last session",
            lambda read: self._restore(read, read.session, on_done),
        )

    # How

    def _state(self) -> State:
        self.gathering.emit()
        return state_of(self._bench, self.camera, self.measure)

    def _document_maker(self) -> DocumentOf:
        """What makes autosaves of states of this moment."""
        return partial(_autosaved, self._known, self.path, self._before)

    def _load(
        self, read: Callable[[], Loaded], title: str, on_loaded: Callable[[Loaded], object]
    ) -> None:
        """Read in the background; what was asked for last is what opens."""
        self._bench.engine.latest(
            LOAD,
            lambda _: read(),
            title=title,
            lane="watch",
            on_result=on_loaded,
            policy="replace",
            quiet=False,
        )

    def _restore(
        self,
        read: Loaded,
        path: Path | None,
        on_done: Callable[[], object] | None,
        recovery: Recovery | None = None,
    ) -> None:
        self._keep_unsaved()
        self._stop_restoring()
        tell(read.notes, self._bench.problems)
        self._known.know(read.document.ephemeris)
        self.autosaving.is_paused = True

        def finish() -> None:
            self._stop_restoring()
            self.camera, self.measure = read.document.camera, read.measure
            self.restored.emit()
            self._become(path, read.document)
            self.autosaving.take_over(recovery)
            if on_done is not None:
                on_done()

        self._restoration = Restoration(self._bench, read, finish)
        self._restoration.begin()

    def _stop_restoring(self) -> None:
        self.autosaving.is_paused = False
        if self._restoration is not None:
            self._restoration.cancel()
            self._restoration = None

    def _become(self, path: Path | None, before: SessionDocument | None) -> None:
        self.path, self._before = path, before
        self.changed.emit()

    def _keep_unsaved(self) -> None:
        """Regions that are in no file yet outlive what comes in their place."""
        if self.has_unsaved_regions:
            self.autosaving.keep()


def _autosaved(
    known: Known,
    session: Path | None,
    before: SessionDocument | None,
    state: State,
    now_s: float,
) -> SessionDocument:
    made = document_of(state, known, now_s, session=session)
    return made if before is None else made.keeping(before)
