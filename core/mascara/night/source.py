"""Where raw files come from: folders that are full or being filled, or a queue of names."""

from __future__ import annotations

import queue
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from ...errors import NightglassError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from ..raw.names import RawFile


class Source(Protocol):
    """What a driver reads from."""

    def files(self) -> list[RawFile]:
        """Every raw file known now."""
        ...

    @property
    def is_over(self) -> bool:
        """Whether no file can come any more."""
        ...

    def unreadable(self) -> dict[str, str]:
        """Files that are no raw frames: name to reason."""
        ...


@dataclass(frozen=True)
class CameraChoice:
    """Which cameras are reduced.

    Parameters
    ----------
    cameras : tuple of str
        Letters or ids; empty means all.
    station : str
        Code of their station; empty means any.
    """

    cameras: tuple[str, ...] = ()
    station: str = ""

    def among(self, files: list[RawFile]) -> list[RawFile]:
        """The files of these cameras."""
        ends = self.cameras or ("",)
        return [
            file
            for file in files
            if file.camera.endswith(ends) and file.camera.startswith(self.station)
        ]


class FolderSource:
    """Folders of raw frames.

    Parameters
    ----------
    folders : sequence of Path
    choice : CameraChoice
    idle_s : float or None
        Live: the night is over when nothing new came for so long. None: the folders are full.
    """

    def __init__(self, folders: Sequence[Path], choice: CameraChoice, idle_s: float | None) -> None:
        from ..raw.names import RawFolders

        self._folders = RawFolders(folders)
        self._choice = choice
        self._idle_s = idle_s
        self._files: list[RawFile] = []
        self._moved = time.monotonic()

    def files(self) -> list[RawFile]:
        """Look into the folders."""
        found = self._choice.among(self._folders.scan())
        if self._files and not found:
            raise NightglassError(
                "The raw frames are gone",
                "All of them were removed at once, or their disk was unplugged.",
                "Bring them back; what is reduced already stays reduced.",
            )
        if found != self._files:
            self._files, self._moved = found, time.monotonic()
        return self._files

    @property
    def is_over(self) -> bool:
        """Whether no file can come any more."""
        return self._idle_s is None or time.monotonic() - self._moved > self._idle_s

    def unreadable(self) -> dict[str, str]:
        """Files that are no raw frames: name to reason."""
        return self._folders.unreadable()


class QueueSource:
    """Names handed over by a camera process, as ``(tag, camera, filename)``.

    Parameters
    ----------
    names : queue
        `queue.Queue` or `multiprocessing.Queue`; None in it ends the night.
    folder : Path
        Where names without a folder are looked for.
    choice : CameraChoice
    """

    def __init__(
        self,
        names: queue.Queue[tuple[str, str, str] | None],
        folder: Path,
        choice: CameraChoice,
    ) -> None:
        from ..raw.names import RawFolders

        self._names = names
        self._folder = folder
        self._choice = choice
        self._known = RawFolders(())
        self._odd: dict[str, str] = {}
        self._is_over = False

    def files(self) -> list[RawFile]:
        """Take what is in the queue and look at every file again."""
        while not self._is_over and self._take_one():
            pass
        return self._choice.among(self._known.scan())

    def _take_one(self) -> bool:
        """Take one entry; whether there was one."""
        try:
            entry = self._names.get_nowait()
        except queue.Empty:
            return False
        except (EOFError, OSError, ValueError) as error:  # the camera process closed it
            self._odd["queue"] = f"it ended without an end mark ({error})"
            self._is_over = True
            return True
        if entry is None:
            self._is_over = True
        else:
            self._add(entry)
        return True

    def _add(self, entry: tuple[str, str, str]) -> None:
        try:
            tag, camera, name = entry
            self._known.add(self._folder / name, tag=str(tag), camera=str(camera))
        except (TypeError, ValueError):
            self._odd[repr(entry)[:80]] = "the queue should hold (tag, camera, filename)"

    @property
    def is_over(self) -> bool:
        """Whether the end mark came."""
        return self._is_over

    def unreadable(self) -> dict[str, str]:
        """Files that are no raw frames: name to reason."""
        return self._known.unreadable() | self._odd
