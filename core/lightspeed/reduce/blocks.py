"""Windows of the frames of one cube, in the one form the kernels take.

Small windows are read by position into a buffer that is used again and again: that is faster than a
map of the file, whose pages cost a fault at their first touch. Large windows of finished files on
local disks are mapped, which saves a copy. A file that is cut short is an error in both cases.
"""

from __future__ import annotations

import mmap
import time
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ...errors import NightglassError
from ...frames.disks import is_local
from ...frames.positioned import Handle, incomplete
from ...frames.raw_block import SETTLED_S
from .views import Stored, frozen

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..cube_header import CubeHeader
    from .recipe import Recipe

_SIGN = 0x8000
_EIGHT = np.uint16(8)
# What a read of its own costs, as bytes that could have been copied meanwhile.
_READ_COST_BYTES = 2048
# From here on a map is faster than a copy.
_MAPPED_BYTES = 64 << 10


class Window(NamedTuple):
    """Rows and columns of the cropped frame, 0-based; `last_...` are not in it any more."""

    first_row: int
    last_row: int
    first_column: int
    last_column: int

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return self.last_row - self.first_row, self.last_column - self.first_column

    def of(self, image: NDArray[np.float64] | None) -> NDArray[np.float64] | None:
        """Part of an image of the cropped frame."""
        return None if image is None else image[self.slices]

    @property
    def slices(self) -> tuple[slice, slice]:
        """To cut it out of an image of the cropped frame."""
        return slice(self.first_row, self.last_row), slice(self.first_column, self.last_column)


def zero_of(header: CubeHeader) -> int:
    """Counts of the stored number 0, once signs are turned into an offset.

    Raises
    ------
    NightglassError
        If the cube does not hold whole counts of 8 or 16 bits.
    """
    encoding = header.encoding
    zero = int(encoding.bzero) if np.isfinite(encoding.bzero) else 0
    whole = encoding.bscale == 1.0 and encoding.bzero == zero and encoding.blank is None
    if not whole or encoding.dtype not in ("u1", ">i2"):
        raise NightglassError(
            "Unusual counts",
            f"{header.path.name} does not hold whole counts of 8 or 16 bits.",
            "Leave this cube out.",
            header.path,
        )
    return zero - (_SIGN if encoding.dtype == ">i2" else 0)


def saturation_code(header: CubeHeader, recipe: Recipe) -> int:
    """Smallest stored number that is saturated."""
    largest = 255 if header.encoding.dtype == "u1" else 0xFFFF
    return int(np.clip(recipe.saturation_adu - zero_of(header), 0, largest))


class Scratch:
    """What one thread uses again for one cube after another: memory, and the file last opened."""

    def __init__(self) -> None:
        self._numbers = np.zeros(0, np.uint16)
        self._handle: Handle | None = None
        self._pages: mmap.mmap | None = None
        self._may_map = False

    def numbers(self, count: int) -> NDArray[np.uint16]:
        """Memory for so many numbers; what was in it is lost."""
        if self._numbers.size < count:
            self._numbers = np.zeros(count, np.uint16)
        return self._numbers[:count]

    def handle(self, header: CubeHeader) -> Handle:
        """Open file of a cube.

        Raises
        ------
        NightglassError
            If it cannot be opened.
        """
        if self._handle is None or self._handle.path != header.path:
            self._handle, self._pages = Handle(header.path), None
            self._may_map = _may_be_mapped(header)
        return self._handle

    def may_map(self, header: CubeHeader) -> bool:
        """Whether the file is finished and lies on a local disk."""
        self.handle(header)
        return self._may_map

    def pages(self, header: CubeHeader) -> mmap.mmap:
        """Map of the file of a cube, whose size was checked before."""
        handle = self.handle(header)
        if self._pages is None:
            self._pages = mmap.mmap(handle.fileno(), 0, access=mmap.ACCESS_READ)
        return self._pages


class FrameWindows:
    """The same window of every frame of one cube; to be used by one thread.

    Parameters
    ----------
    header : CubeHeader
        Of the cube.
    recipe : Recipe
        Whose box is cut out.
    window : Window
        Wanted part of the cropped frame.
    slots : int
        Windows in memory at once.
    scratch : Scratch
        Of the thread; one set of windows at a time may use it.
    mapping : bool or None
        True maps the file, False reads it, None takes the faster way that is safe.

    Raises
    ------
    NightglassError
        If the file cannot be opened or holds something else than counts.
    """

    def __init__(
        self,
        header: CubeHeader,
        recipe: Recipe,
        window: Window,
        slots: int,
        scratch: Scratch,
        mapping: bool | None = None,
    ) -> None:
        self.header = header
        self._handle = scratch.handle(header)
        self._slots = slots
        self._item = header.encoding.storage.itemsize
        left, bottom = (recipe.box.left, recipe.box.bottom) if recipe.box else (0, 0)
        self._first_row = bottom + window.first_row
        first = left + window.first_column
        rows, columns = window.shape
        large = rows * header.columns * self._item >= _MAPPED_BYTES
        may_map = large and scratch.may_map(header) if mapping is None else mapping
        self._mapped = may_map and self._item == 2
        narrow = columns * self._item + _READ_COST_BYTES < header.columns * self._item
        self._first_column = first if narrow and not self._mapped else 0
        self._skip = first - self._first_column
        stride = columns if narrow and not self._mapped else header.columns
        self._size = rows * stride
        self._buffer = scratch.numbers(0 if self._mapped else slots * self._size)
        self._bytes = self._raw_buffer()
        self._loaded = range(0)
        flip = np.uint16(_SIGN if self._item == 2 else 0)
        flat = self._map(scratch) if self._mapped else frozen(self._buffer)
        self.stored = Stored(flat, stride, rows, columns, flip, zero_of(header))

    def _raw_buffer(self) -> NDArray[np.uint8]:
        """Where the file's bytes go: numbers of 16 bits need no other place."""
        if self._item == 2:
            return self._buffer.view(np.uint8)
        return np.zeros(self._slots * self._size, np.uint8)

    def load(self, first: int, last: int) -> NDArray[np.int64]:
        """Have the windows of frames `first` to `last` - 1 at hand; at most `slots`.

        Returns
        -------
        ndarray of int64, shape (last - first,)
            Where each starts in `stored.flat`.

        Raises
        ------
        NightglassError
            If the file was cut short or the disk fails.
        """
        frames = np.arange(first, last)
        if self._mapped:
            self._check_size()
            place = self._places(frames) - self.header.data_offset
            return place // self._item + self._skip
        new = np.arange(max(first, self._loaded.stop), last)
        self._read(new, new % self._slots * self._size)
        self._loaded = range(first, last)
        starts: NDArray[np.int64] = frames % self._slots * self._size + self._skip
        return starts

    def _places(self, frames: NDArray[np.int64]) -> NDArray[np.int64]:
        """First byte of each window in the file."""
        header = self.header
        bundle, place = np.divmod(frames, header.frames_per_bundle)
        row = bundle * header.bundle_rows + place * header.rows + self._first_row
        pixel = row * header.columns + self._first_column
        places: NDArray[np.int64] = header.data_offset + pixel * self._item
        return places

    def _read(self, frames: NDArray[np.int64], starts: NDArray[np.int64]) -> None:
        from . import block_kernels

        places = self._places(frames)
        row_bytes = self.header.columns * self._item
        width = self.stored.stride * self._item
        pieces = (self.stored.rows, width, row_bytes)
        if width == row_bytes:
            pieces = (1, self._size * self._item, 0)
        targets = starts * self._item
        done = 0
        while done < len(frames):
            done += int(
                block_kernels.read_windows(
                    self._handle.fileno(), places[done:], targets[done:], *pieces, self._bytes
                )
            )
            if done < len(frames):
                self._read_patiently(int(places[done]), int(targets[done]), pieces)
                done += 1
        if self._item == 1:
            for start in starts:
                piece = slice(int(start), int(start) + self._size)
                self._buffer[piece] = self._bytes[piece].astype(np.uint16) << _EIGHT

    def _read_patiently(self, place: int, target: int, pieces: tuple[int, int, int]) -> None:
        """Read one window in a way that tells what is wrong."""
        count, size, step = pieces
        for piece in range(count):
            begin = target + piece * size
            buffer = self._bytes[begin : begin + size]
            self._handle.read_into(place + piece * step, buffer.data)

    def _check_size(self) -> None:
        """Make sure that no page of the map lies beyond the end of the file."""
        header = self.header
        pixels = header.bundles * header.bundle_rows * header.columns
        end = header.data_offset + pixels * self._item
        have = self._handle.status().st_size
        if have < end:
            raise incomplete(header.path, have, end)

    def _map(self, scratch: Scratch) -> NDArray[np.uint16]:
        self._check_size()
        header = self.header
        pixels = header.bundles * header.bundle_rows * header.columns
        return frozen(np.frombuffer(scratch.pages(header), np.uint16, pixels, header.data_offset))


def _may_be_mapped(header: CubeHeader) -> bool:
    """Whether nobody has written to the file lately and it lies on a local disk."""
    age_s = time.time() - 1e-9 * header.modified_ns
    return age_s > SETTLED_S and is_local(header.path)
