"""When the session is saved by itself, and what becomes of the states of windows that died."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from psygnal import Signal

from ...errors import NightglassError, translate
from ...session import autosave

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ...engine.engine import Engine
    from ...problems import ProblemList
    from ...session.autosave import Recovery
    from ...session.document import SessionDocument
    from .state import State

    DocumentOf = Callable[[State, float], SessionDocument]

EDIT_S = 1.0
"""Edits are saved at most so often."""
MINUTE_S = 50.0
"""Everything else; with what a write takes, no state on disk is older than a minute."""
UNSAVED = "The session is not saved by itself"


class Autosaving:
    """Saves the state of one window and finds those of others; owner thread only.

    Nothing is written before `start`, and then whoever runs the program calls `tick` about once
    a second.

    Parameters
    ----------
    engine : Engine
    problems : ProblemList
    state : callable
        Gathers the present state.
    document_maker : callable
        Gives a function that makes a document of a state and the time in seconds since 1970, on
        a working thread.
    clock : callable
        Seconds since 1970.

    Signals: `saved` with the file when a state is on the disk, `changed` when there is more or
    less that could be restored.
    """

    saved = Signal(object)
    changed = Signal()

    def __init__(
        self,
        engine: Engine,
        problems: ProblemList,
        state: Callable[[], State],
        document_maker: Callable[[], DocumentOf],
        clock: Callable[[], float],
    ) -> None:
        self._engine = engine
        self._problems = problems
        self._state = state
        self._document_maker = document_maker
        self._clock = clock
        self._auto: autosave.Autosave | None = None
        self._written: State | None = None
        self._written_s = -math.inf
        self._has_edits = False
        self._restored: list[Recovery] = []
        self._offered: list[Recovery] = []
        self._kept: Path | None = None
        self.is_paused = False

    @property
    def offered(self) -> tuple[Recovery, ...]:
        """States of windows that died, newest first, held by this one."""
        return tuple(self._offered)

    @property
    def kept(self) -> Path | None:
        """The state kept last, of a window that was closed."""
        return self._kept

    def start(self) -> None:
        """Save from now on; trouble with that goes to the problem list."""
        try:
            self._auto = autosave.Autosave(autosave.sessions_dir(), self._clock())
        except OSError as error:
            self._tell(translate(error))

    def edited(self) -> None:
        """Something was done that must not get lost."""
        self._has_edits = True
        self.tick()

    def tick(self) -> None:
        """Save when it is time."""
        since_s = self._clock() - self._written_s
        # A clock that was set back must not stop it.
        if not 0 <= since_s < (EDIT_S if self._has_edits else MINUTE_S):
            self.save()

    def save(self) -> None:
        """Save in the background, unless nothing has happened since."""
        if self._auto is None or self.is_paused:
            return
        self._has_edits, self._written_s = False, self._clock()
        state = self._state()
        if state == self._written or (self._written is None and state.is_empty):
            return
        self._written = state
        auto, make, now_s = self._auto, self._document_maker(), self._written_s

        def write(_: object) -> Path:
            auto.write(make(state, now_s))
            return auto.path

        self._engine.latest(
            "autosave",
            write,
            title="Save the session",
            lane="watch",
            on_result=self._on_saved,
            on_error=self._on_failed,
        )

    def close(self, *, keeps: bool) -> None:
        """End in good order; the last state is removed, or kept."""
        for recovery in self._offered:
            recovery.leave()
        self._offered = []
        auto, self._auto = self._auto, None
        if auto is None:
            return
        self._engine.drop("autosave")
        try:
            if keeps:
                auto.write(self._document_maker()(self._state(), self._clock()))
            auto.close(keeps=keeps)
        except (NightglassError, OSError) as error:
            self._problems.report(error)

    def keep(self) -> None:
        """Keep the present state as that of a window that was closed."""
        if self._auto is None:
            return
        state, make, now_s = self._state(), self._document_maker(), self._clock()

        def write(_: object) -> Path | None:
            return autosave.keep(autosave.sessions_dir(), make(state, now_s), now_s)

        self._engine.submit(
            write, title="Keep the regions", lane="watch", quiet=True, on_result=self._take_kept
        )

    # States of windows that died

    def look(self) -> tuple[tuple[Recovery, ...], list[NightglassError], Path | None]:
        """Hold the states of windows that died, and find the one kept last; on any thread."""
        try:
            folder, now_s = autosave.sessions_dir(), self._clock()
            autosave.tidy(folder, now_s)
            return *autosave.abandoned(folder, now_s), autosave.last_kept(folder)
        except OSError as error:
            return (), [translate(error)], None

    def take(
        self, found: tuple[Recovery, ...], refused: list[NightglassError], kept: Path | None
    ) -> tuple[Recovery, ...]:
        """Offer what `look` has found, newest first."""
        for error in refused:
            title = "A session left behind could not be read"
            self._problems.note("warning", title, error.text, error.hint, error.path)
        self._offered += found
        self._offered.sort(key=lambda recovery: recovery.saved_at, reverse=True)
        self._take_kept(kept or self._kept)
        return self.offered

    def take_over(self, recovery: Recovery | None) -> None:
        """Save what was restored as the state of this window, then remove the one before."""
        if recovery is not None:
            self._restored.append(recovery)
        self._written = None
        self.save()

    def discard(self, recovery: Recovery) -> None:
        """Never offer it again; it is kept as that of a window that was closed."""
        if recovery in self._offered:
            self._offered.remove(recovery)
            self._take_kept(recovery.put_away(keeps=True))

    def _on_saved(self, path: Path) -> None:
        for recovery in self._restored:
            if recovery in self._offered:
                self._offered.remove(recovery)
                recovery.put_away(keeps=False)
        self._restored = []
        self.changed.emit()
        self.saved.emit(path)

    def _on_failed(self, error: NightglassError) -> None:
        """Say so, and try again in a minute or at the next edit."""
        self._written = None
        self._tell(error)

    def _take_kept(self, path: Path | None) -> None:
        self._kept = path or self._kept
        self.changed.emit()

    def _tell(self, error: NightglassError) -> None:
        hint = f"Save it by hand. {error.hint}".rstrip()
        self._problems.note("warning", UNSAVED, error.text, hint, error.path)
