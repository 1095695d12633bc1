"""The bias, dark and flat in use, and what they do to each capture on display."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
from psygnal import Signal

from ..errors import NightglassError
from ..picture.counts import Correction

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

MasterKind = Literal["bias", "dark", "flat"]
KINDS: tuple[MasterKind, ...] = ("bias", "dark", "flat")


class Calibrations:
    """Keeps the masters and cuts them to whatever is shown; owner thread only.

    Parameters
    ----------
    engine : Engine
    desk : Desk
    problems : ProblemList
        Hears when a master does not fit.
    """

    changed = Signal()

    def __init__(self, engine: Engine, desk: Desk, problems: ProblemList) -> None:
        self._engine = engine
        self._desk = desk
        self._problems = problems
        self.masters: dict[MasterKind, Master] = {}
        self._cut: dict[tuple[str, frozenset[str]], Correction | None] = {}
        desk.closed.connect(lambda _: self._cut.clear())

    def load(self, kind: MasterKind, path: Path) -> None:
        """Use a saved master, or the capture `path` belongs to, as bias, dark or flat."""
        settings = self._desk.settings
        bias = self.masters.get("bias")

        def work(ctx: JobContext) -> Master:
            from ..lightspeed.calibration import load_master, make_master
            from ..lightspeed.cube import parse_name
            from ..lightspeed.open_capture import open_capture

            if path.is_file() and parse_name(path) is None:
                return _of_kind(kind, load_master(path))
            capture = open_capture(path)
            try:
                return make_master(kind, capture, ctx, bias=bias, adu_offset=settings.adu_offset)
            finally:
                capture.close()

        self._run(kind, work, f"Load the {kind}")

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
        self._run(kind, self._maker(kind, source, output), f"Make the {kind} of {source.name}")

    def _maker(
        self, kind: MasterKind, source: Capture, output: Path | None
    ) -> Callable[[JobContext], Master]:
        bias, offset = self.masters.get("bias"), self._desk.settings.adu_offset

        def work(ctx: JobContext) -> Master:
            from ..lightspeed.calibration import make_master, save_master

            master = make_master(kind, source, ctx, bias=bias, adu_offset=offset)
            return master if output is None else save_master(master, output)

        return work

    def _run(self, kind: MasterKind, work: Callable[[JobContext], Master], title: str) -> None:
        self._engine.submit(work, title=title, on_result=lambda master: self.use(kind, master))

    def use(self, kind: MasterKind, master: Master | None) -> None:
        """Use a master, or none."""
        if master is None:
            self.masters.pop(kind, None)
        else:
            self.masters[kind] = master
        self._cut.clear()
        self.changed.emit()

    def wanted(self, view: View) -> frozenset[str]:
        """Kinds that are there and switched on."""
        return frozenset(
            kind for kind in KINDS if kind in self.masters and getattr(view, f"use_{kind}")
        )

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


def _of_kind(kind: MasterKind, master: Master) -> Master:
    if master.kind != kind:
        raise NightglassError(
            f"Could not use the {kind}",
            f"This file holds a {master.kind}, not a {kind}.",
            f"Choose it as {master.kind}.",
            master.path,
        )
    return master


def _as_correction(made: Calibration, shape: tuple[int, int]) -> Correction | None:
    if made.pedestal is None:
        return None
    pedestal = np.broadcast_to(np.asarray(made.pedestal, np.float32), shape)
    multiply = None if made.response is None else (1 / made.response).astype(np.float32)
    return Correction(np.ascontiguousarray(pedestal), multiply)
