"""The bias, dark and flat in use, and what they do to each capture on display."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from psygnal import Signal

from ..errors import NightglassError
from ..picture.counts import Correction
from .master_sources import MasterKind, Sourced, made_from, made_of_capture

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ..engine.engine import Engine
    from ..engine.jobs import JobContext
    from ..lightspeed.calibration import Calibration
    from ..lightspeed.capture import Capture
    from ..lightspeed.masters import Master
    from ..problems import ProblemList
    from ..session.view import View
    from .desk import Desk, OpenCapture

KINDS: tuple[MasterKind, ...] = ("bias", "dark", "flat")


class Calibrations:
    """Keeps the masters and cuts them to whatever is shown; owner thread only.

    Parameters
    ----------
    engine : Engine
    desk : Desk
    problems : ProblemList
        Hears when a master does not fit.

    Attributes
    ----------
    masters : dict
        What is in use, by kind.
    given : dict
        The file that stands for a master on a command line, by kind: what it was made of, or the
        pixel properties it was taken from.
    """

    changed = Signal()

    def __init__(self, engine: Engine, desk: Desk, problems: ProblemList) -> None:
        self._engine = engine
        self._desk = desk
        self._problems = problems
        self.masters: dict[MasterKind, Master] = {}
        self.given: dict[MasterKind, Path] = {}
        self._cut: dict[tuple[str, frozenset[str]], Correction | None] = {}
        desk.closed.connect(lambda _: self._cut.clear())

    def load(self, kind: MasterKind, path: Path, output: Path | None = None) -> None:
        """Use a file made before, or the capture `path` belongs to, as bias, dark or flat.

        Parameters
        ----------
        kind : {"bias", "dark", "flat"}
        path : Path
            A saved master, pixel properties (as a bias), or any cube of a capture.
        output : Path or None
            Where to keep the master of a capture.
        """
        settings, bias = self._desk.settings, self.masters.get("bias")
        self._run(
            kind,
            lambda ctx: made_from(kind, path, ctx, bias=bias, settings=settings, output=output),
            f"Load the {kind}" if output is None else f"Make the {kind} of {path.name}",
        )

    def make(self, kind: MasterKind, capture: OpenCapture, output: Path | None = None) -> None:
        """Make a master from an open capture; keep it in `output` when given."""
        source = capture.lightspeed
        if source is None:
            raise NightglassError(
                f"Could not make the {kind}",
                f"{capture.source.name} is not a LightSpeed capture.",
                "Choose a capture of the camera.",
                capture.source.path,
            )
        settings, bias = self._desk.settings, self.masters.get("bias")
        self._run(
            kind,
            lambda ctx: made_of_capture(
                kind, source, ctx, bias=bias, settings=settings, output=output
            ),
            f"Make the {kind} of {source.name}",
        )

    def _run(self, kind: MasterKind, work: Callable[[JobContext], Sourced], title: str) -> None:
        self._engine.submit(
            work, title=title, on_result=lambda made: self.use(kind, made.master, made.given)
        )

    def use(self, kind: MasterKind, master: Master | None, given: Path | None = None) -> None:
        """Use a master, or none.

        Parameters
        ----------
        kind : {"bias", "dark", "flat"}
        master : Master or None
        given : Path or None
            The file that stands for it on a command line, where there is one.
        """
        self.masters.pop(kind, None)
        self.given.pop(kind, None)
        if master is not None:
            self.masters[kind] = master
        if given is not None:
            self.given[kind] = given
        self._cut.clear()
        self.changed.emit()

    def wanted(self, view: View) -> frozenset[str]:
        """Kinds that are there and switched on."""
        return frozenset(
            kind for kind in KINDS if kind in self.masters and getattr(view, f"use_{kind}")
        )

    def given_in_use(self, view: View) -> dict[MasterKind, Path]:
        """Files that stand on a command line for the masters that are switched on."""
        wanted = self.wanted(view)
        return {kind: path for kind, path in self.given.items() if kind in wanted}

    def mismatches(self, kind: MasterKind, key: str | None) -> tuple[str, ...]:
        """What differs between a master and the frames of a capture, in sentences."""
        from ..lightspeed.masters import trim_to

        capture, master = self._desk.get(key), self.masters.get(kind)
        source = None if capture is None else capture.lightspeed
        if source is None or master is None:
            return ()
        try:
            return trim_to(master, source.header)[1]
        except NightglassError as error:
            return (error.text,)

    def correction(self, key: str | None, view: View) -> Correction | None:
        """What the masters do to the picture of a capture; None when nothing."""
        capture, kinds = self._desk.get(key), self.wanted(view)
        source = None if capture is None else capture.lightspeed
        if key is None or source is None or not kinds:
            return None
        if (key, kinds) not in self._cut:
            self._cut[key, kinds] = self._fit(source, kinds)
        return self._cut[key, kinds]

    def _fit(self, source: Capture, kinds: frozenset[str]) -> Correction | None:
        from ..lightspeed.calibration import Calibration

        chosen = {kind: master for kind, master in self.masters.items() if kind in kinds}
        try:
            made = Calibration.for_frames(
                source.header, **chosen, adu_offset=self._desk.settings.adu_offset
            )
        except NightglassError as error:
            self._problems.report(error)
            return None
        return _as_correction(made, source.shape)


def _as_correction(made: Calibration, shape: tuple[int, int]) -> Correction | None:
    if made.pedestal is None:
        return None
    pedestal = np.broadcast_to(np.asarray(made.pedestal, np.float32), shape)
    multiply = None if made.response is None else (1 / made.response).astype(np.float32)
    return Correction(np.ascontiguousarray(pedestal), multiply)
