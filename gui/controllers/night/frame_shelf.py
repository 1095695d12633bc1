"""Frames of the cameras of a night, laid on the program's desk as captures."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ....core.mascara.field.frames import BinnedFrames, CameraFrames

if TYPE_CHECKING:
    from ....core.mascara.field.slots import SlotFrames
    from ....core.mascara.watching.snapshot import NightSnapshot
    from ....core.workbench import Workbench

Choice = tuple[str, bool]
"""Camera, and whether its binned images are meant."""


class FrameShelf:
    """Keeps one source for each camera and kind of the night watched; owner thread only.

    Parameters
    ----------
    workbench : Workbench
    """

    def __init__(self, workbench: Workbench) -> None:
        self._bench = workbench
        self._sources: dict[Choice, SlotFrames] = {}
        self._keys: dict[str, Choice] = {}
        workbench.desk.closed.connect(self._on_closed)

    def close(self) -> None:
        """Listen no more."""
        self._bench.desk.closed.disconnect(self._on_closed, missing_ok=True)

    def source(self, snapshot: NightSnapshot, choice: Choice) -> SlotFrames:
        """The source of a camera, made now unless it is there; nothing is read."""
        if choice not in self._sources:
            self._sources[choice] = _made(snapshot, *choice)
        return self._sources[choice]

    def lay(self, choice: Choice, source: SlotFrames) -> str | None:
        """Put what was read on the desk.

        Returns
        -------
        str or None
            Key of the capture; None where there is no frame or another night is watched now.
        """
        if self._sources.get(choice) is not source or not source.n_frames:
            return None
        known = next((key for key, one in self._keys.items() if one == choice), None)
        if known is None:
            known = self._bench.desk.put(source, live=True, is_lasting=False).key
            self._keys[known] = choice
        for one in self._sources.values():
            if one is not source:
                one.rest()
        self._bench.desk.grown.emit(known)
        return known

    def choice_of(self, key: str | None) -> Choice | None:
        """What a capture on the desk is; None when it is not of this night."""
        capture = self._bench.desk.get(key)
        if capture is None:
            return None
        found = self._sources.items()
        return next((choice for choice, one in found if one is capture.source), None)

    def source_of(self, key: str | None) -> SlotFrames | None:
        """The frames of a capture on the desk."""
        choice = self.choice_of(key)
        return None if choice is None else self._sources.get(choice)

    def forget(self) -> None:
        """Take everything off the desk: another night is watched."""
        for key in tuple(self._keys):
            self._bench.desk.close(key)
        self._sources.clear()

    def _on_closed(self, key: str) -> None:
        choice = self._keys.pop(key, None)
        if choice is not None:
            self._sources.pop(choice, None)


def cameras_of(snapshot: NightSnapshot) -> tuple[str, ...]:
    """Ids of the cameras of a night."""
    known = {one.camera for one in snapshot.status.cameras} | set(snapshot.grid)
    return tuple(sorted(known))


def raw_folders(snapshot: NightSnapshot) -> tuple[Path, ...]:
    """Where the raw frames of a night are."""
    return tuple(Path(folder) for folder in snapshot.request.get("raw", ()))


def _made(snapshot: NightSnapshot, camera: str, is_binned: bool) -> SlotFrames:
    if is_binned:
        return BinnedFrames(snapshot.output, snapshot.status.night, camera)
    return CameraFrames(raw_folders(snapshot), camera)
