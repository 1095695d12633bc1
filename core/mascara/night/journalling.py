"""Writing a journal on a disk that may be full for a while, or gone."""

from __future__ import annotations

import errno
import logging
import os
import shutil
import time
from typing import TYPE_CHECKING

from ...engine.journal import Journal
from ...errors import NightglassError, translate

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ...engine.journal import Record
    from .layout import NightLayout

PATIENCE_S = 20.0
"""An offline run gives a disk so long to recover; a live one waits as long as it takes."""

_PROBE_EVERY_S = 1.0
_PROBE = ".room-for-more"
_ROOM_BYTES = 100_000_000
"""What a unit may want to write; with less, its failure is laid to the disk."""
_FULL = ("disk is full", "No space left", "errno = 28")
"""How libraries tell of a full disk once their errors have become words."""

_log = logging.getLogger(__name__)


class PatientJournal:
    """Writes records in order; those that cannot be written wait until they can.

    Parameters
    ----------
    layout : NightLayout
    heard : callable
        Told each record once it is in the journal.
    is_patient : bool
        Whether to wait for ever (live), or for `PATIENCE_S`.

    Raises
    ------
    OSError
        If the journal cannot be opened.
    """

    def __init__(
        self, layout: NightLayout, heard: Callable[[Record], None], *, is_patient: bool
    ) -> None:
        self._folder = layout.output
        self._heard = heard
        self._is_patient = is_patient
        self._waiting: list[Record] = []
        self._trouble_since: float | None = None
        self._probed = float("-inf")
        self._needed_bytes = 0
        self.journal = Journal(layout.journal)
        (self._folder / _PROBE).unlink(missing_ok=True)

    @property
    def is_in_trouble(self) -> bool:
        """Whether nothing can be written for now: no unit should start."""
        return self._trouble_since is not None

    def write(self, record: Record) -> None:
        """Journal a record; while the disk is full it waits its turn.

        Raises
        ------
        NightglassError
            When the disk was full for too long.
        """
        self._waiting.append(record)
        try:
            self._write_waiting()
        except OSError as error:
            self._in_trouble(error)

    def note(self, record: Record) -> None:
        """Journal what may be lost: not forced to the disk, and left out while that is full."""
        if self.is_in_trouble:
            return
        try:
            self.journal.append(record, settled=False)
        except OSError as error:
            self._in_trouble(error)
        else:
            self._heard(record)

    def check(self) -> None:
        """Notice a folder that went away, and a disk that is well again.

        Raises
        ------
        NightglassError
            If the folder is gone, or the disk was full for too long.
        """
        try:
            is_in_place = self.journal.is_in_place()
        except OSError as error:
            return self._in_trouble(error)
        if not is_in_place:
            raise NightglassError(
                "The output folder is gone",
                f"{self._folder} was removed or replaced, or its disk unplugged.",
                "Bring it back, then go on with 'nightglass night reduce ... --resume'.",
                self._folder,
            )
        if self.is_in_trouble and time.monotonic() - self._probed > _PROBE_EVERY_S:
            self.is_well()
        return None

    def is_well(self) -> bool:
        """Whether the folder can be written now; writes what waits.

        Raises
        ------
        NightglassError
            When the disk was full for too long.
        """
        self._probed = time.monotonic()
        try:
            if _free_bytes(self._folder) < self._needed_bytes:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            _probe(self._folder)
            self._write_waiting()
        except OSError as error:
            self._in_trouble(error)
            return False
        self._trouble_since = None
        self._needed_bytes = 0
        return True

    def is_to_blame(self, error: NightglassError) -> bool:
        """Whether a unit failed for want of room: no other one starts until there is more.

        Raises
        ------
        NightglassError
            When the disk was full for too long.
        """
        if not self.is_well():
            return True
        free = _free_bytes(self._folder)
        is_said = any(words in str(error) for words in _FULL)
        if not is_said and free >= _ROOM_BYTES:
            return False
        self._needed_bytes = _ROOM_BYTES + (free if is_said else 0)
        self._in_trouble(OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)))
        return True

    def close(self) -> None:
        """Let go of the file.

        Notes
        -----
        What still waits is lost; its units are made again by the next run.
        """
        self.journal.close()

    def _write_waiting(self) -> None:
        while self._waiting:
            self.journal.append(self._waiting[0])
            self._heard(self._waiting.pop(0))

    def _in_trouble(self, error: OSError) -> None:
        told = translate(error, self._folder)
        now = time.monotonic()
        if self._trouble_since is None:
            self._trouble_since = now
            _log.error("%s", told)
        if not self._is_patient and now - self._trouble_since > PATIENCE_S:
            raise told


def _free_bytes(folder: Path) -> int:
    return shutil.disk_usage(folder).free


def _probe(folder: Path, needed_bytes: int = 1 << 20) -> None:
    """Raise the OSError that a writer would meet."""
    probe = folder / _PROBE
    try:
        probe.write_bytes(bytes(needed_bytes))
    finally:
        probe.unlink(missing_ok=True)
