"""Thumbnails of chosen stars, read again with each batch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject

from ....core.errors import NightglassError
from ....core.mascara.field.reader import FieldReader
from ....core.mascara.field.thumbnails import thumbnails_of

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping, Sequence
    from pathlib import Path

    from ....core.mascara.field.thumbnails import Thumbnail
    from ....core.mascara.watching.snapshot import NightSnapshot
    from ....core.workbench.night.desk import NightDesk
    from ...night.frames.thumb_strip import ThumbStrip

Named = tuple[tuple["Thumbnail", ...], dict[int, str]]


class FrameThumbs(QObject):
    """Keeps the strip of thumbnails up to date.

    Parameters
    ----------
    desk : NightDesk
    strip : ThumbStrip
    parent : QObject
    """

    def __init__(self, desk: NightDesk, strip: ThumbStrip, parent: QObject) -> None:
        super().__init__(parent)
        self._desk, self._strip = desk, strip
        self._seen: Hashable = None

    def look(self, snapshot: NightSnapshot, camera: str) -> None:
        """Read them in the background where there is a batch or a merge more."""
        targets = snapshot.settings.get("targets") or {}
        newest = snapshot.last.get(camera) or {}
        seen = snapshot.output, camera, newest.get("unit"), newest.get("at")
        if seen == self._seen:
            return
        self._seen = seen
        output, night = snapshot.output, snapshot.status.night
        self._desk.latest(
            "thumbnails", lambda _: _read(output, night, camera, targets),
            f"Read thumbnails of {camera}", self._show,
        )  # fmt: skip

    def forget(self) -> None:
        """Show none: another night is watched."""
        self._seen = None
        self._strip.set_thumbnails(())

    def _show(self, found: Named) -> None:
        self._strip.set_thumbnails(*found)


def _read(output: Path, night: str, camera: str, targets: Mapping[str, Sequence[int]]) -> Named:
    """Thumbnails, and what their stars are called where that is known."""
    found = thumbnails_of(output, night, camera, targets)
    if not found:
        return (), {}
    try:
        return found, FieldReader(output).names([one.ascc for one in found])
    except NightglassError:
        return found, {}
