"""Images of a camera in order of slot, one file each, as a source of frames."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ...errors import NightglassError
from ...frames.source import check_index, row_range
from ...frames.times import FrameTime, FrameTimes, normalised
from ...timing.sidereal import jd_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from ...frames.encoding import Encoding

_MJD_0 = 2400000.5
_DAY_S = 86400.0
_NOTE = (
    "The time is the Julian date of the header; of a frame that was not read yet, the middle of "
    "its slot."
)


@dataclass(frozen=True, order=True)
class SlotFile:
    """One image on the disk.

    Attributes
    ----------
    lstseq : int
        Its slot.
    path : Path
    """

    lstseq: int
    path: Path


class SlotFrames(ABC):
    """A `FrameSource` of images that lie in files of their own.

    Parameters
    ----------
    name : str
        For lists and titles.
    encoding : Encoding
        How `read_raw` gives its numbers.

    Attributes
    ----------
    files : tuple of SlotFile
        The images there are, in order of slot.
    generation : int
        Rises when an image comes between others or goes.
    """

    unit = "ADU"
    time_quality = "station"
    """The slots are those of the station's clock, which a server of time keeps."""

    def __init__(self, name: str, encoding: Encoding) -> None:
        self.name, self.encoding = name, encoding
        self.files: tuple[SlotFile, ...] = ()
        self.generation = 0
        self._path: Path | None = None
        self._shape: tuple[int, int] | None = None
        self._jd: dict[int, float] = {}
        self._kept: tuple[SlotFile, NDArray[Any]] | None = None
        self._lock, self._refreshing = threading.Lock(), threading.Lock()
        self._is_closed = False

    @abstractmethod
    def _listed(self) -> Sequence[SlotFile]:
        """The images on the disk, in order of slot."""

    @abstractmethod
    def _pixels(self, file: SlotFile) -> tuple[NDArray[Any], float | None]:
        """Stored numbers of an image, and JD (UTC) of its middle where the file tells."""

    # What there is

    @property
    def path(self) -> Path:
        """The image found first; its folder tells sources of one name apart.

        Raises
        ------
        NightglassError
            If there is none yet.
        """
        if self._path is None:
            raise _nothing(self.name)
        return self._path

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns.

        Raises
        ------
        NightglassError
            If there is no image yet.
        """
        if self._shape is None:
            raise _nothing(self.name)
        return self._shape

    @property
    def n_frames(self) -> int:
        """Images there are."""
        return len(self.files)

    def refresh(self) -> bool:
        """Look again what there is.

        Returns
        -------
        bool
            Whether anything is another.

        Raises
        ------
        NightglassError
            If the folder cannot be read.
        """
        with self._refreshing:
            return self._take(tuple(self._listed()))

    def _take(self, found: tuple[SlotFile, ...]) -> bool:
        before = self.files
        if found == before:
            return False
        if self._shape is None:
            self._measure(found)
        if self._shape is None:
            return False
        self.files = found
        self.generation += int(found[: len(before)] != before)
        return True

    def _measure(self, found: Sequence[SlotFile]) -> None:
        """Learn the size from the first image that can be read."""
        for file in found:
            try:
                pixels, _ = self._pixels(file)
            except NightglassError:
                continue
            self._shape, self._path = (pixels.shape[0], pixels.shape[1]), file.path
            return

    def index_of(self, lstseq: int) -> int:
        """Number of the image of a slot, or of the one nearest to it; 0 where there is none."""
        files = self.files
        right = bisect_left(files, lstseq, key=lambda file: file.lstseq)
        near = [number for number in (right - 1, right) if 0 <= number < len(files)]
        return min(near, key=lambda number: abs(files[number].lstseq - lstseq), default=0)

    def file(self, index: int) -> SlotFile:
        """Slot and file of an image."""
        files = self.files
        return files[check_index(index, len(files))]

    # Pixels

    def read_raw(
        self, index: int, rows: slice | None = None, into: NDArray[Any] | None = None
    ) -> NDArray[Any]:
        """Stored numbers of an image; see `FrameSource.read_raw`."""
        first, last = row_range(rows, self.shape[0])
        pixels = self._whole(self.file(index))[first:last]
        if into is None:
            return pixels
        if into.shape != pixels.shape or into.dtype != pixels.dtype:
            raise ValueError(f"the buffer must be {pixels.dtype} of shape {pixels.shape}")
        into[...] = pixels
        return into

    def read(self, index: int, rows: slice | None = None) -> NDArray[Any]:
        """Values of an image in a fresh native array."""
        return self.encoding.decode(self.read_raw(index, rows))

    def _whole(self, file: SlotFile) -> NDArray[Any]:
        """An image; the one read last is kept, because it is asked for piece by piece."""
        with self._lock:
            if self._is_closed:
                raise NightglassError("Closed", "These frames have been closed.", "Open again.")
            if self._kept is None or self._kept[0] != file:
                self._kept = file, self._checked(file)
            return self._kept[1]

    def _checked(self, file: SlotFile) -> NDArray[Any]:
        pixels, jd = self._pixels(file)
        if pixels.shape != self.shape:
            raise NightglassError(
                "The frame is of another size",
                f"{file.path.name} shows {pixels.shape[1]} x {pixels.shape[0]} pixels, the "
                f"others {self.shape[1]} x {self.shape[0]}.",
                "Choose another frame.",
                file.path,
            )
        if jd is not None:
            self._jd[file.lstseq] = jd
        pixels.flags.writeable = False
        return pixels

    # Times

    def frame_time(self, index: int) -> FrameTime:
        """Mid-exposure: that of the header once the frame was read, else the middle of its slot."""
        lstseq = self.file(index).lstseq
        jd = self._jd.get(lstseq)
        return _time_of(float(jd_of(lstseq + 0.5)) if jd is None else jd)

    def frame_times(self) -> FrameTimes:
        """Mid-exposure of all images."""
        files = self.files
        jd = np.asarray(jd_of(np.array([file.lstseq for file in files]) + 0.5))
        for number, file in enumerate(files):
            jd[number] = self._jd.get(file.lstseq, jd[number])
        days = np.floor(jd - _MJD_0)
        seconds = (jd - _MJD_0 - days) * _DAY_S
        return FrameTimes(days.astype(np.int64), seconds, "telescope", 0.0, _NOTE)

    def slot_of(self, index: int) -> int:
        """LST sequence number of a frame."""
        return self.file(index).lstseq

    def rest(self) -> None:
        """Let go of the image that is kept, until one is read again: nobody looks."""
        with self._lock:
            self._kept = None

    def close(self) -> None:
        """Let go of the image that is kept, for good."""
        with self._lock:
            self._is_closed, self._kept = True, None


def _time_of(jd: float) -> FrameTime:
    day = int(np.floor(jd - _MJD_0))
    return normalised(day, (jd - _MJD_0 - day) * _DAY_S)


def _nothing(name: str) -> NightglassError:
    return NightglassError(
        "No frame yet", f"There is none among the {name}.", "Wait for the first."
    )
