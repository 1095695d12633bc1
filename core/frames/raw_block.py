"""Uncompressed planes of pixels in a file, mapped into memory or read piece by piece."""

from __future__ import annotations

import mmap
import time
from typing import TYPE_CHECKING, Any

import numpy as np

from ..errors import NightglassError
from .disks import is_local

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .positioned import Handle

# A file nobody has written to for so long counts as finished.
SETTLED_S = 5.0


class RawBlock:
    """`planes` images of `rows` x `columns` numbers that lie one after another in a file.

    Finished files on local disks are mapped into memory. All others are read by position:
    touching a page of a mapped file that its writer has truncated kills the process.

    Parameters
    ----------
    handle : Handle
        The open file.
    offset : int
        First byte of the first plane.
    dtype : str
        numpy name of the stored numbers.
    shape : tuple of int
        Planes, rows and columns.
    mapping : bool or None
        True and False force the way of reading; None maps once the file is local and settled.
    """

    def __init__(
        self,
        handle: Handle,
        offset: int,
        dtype: str,
        shape: tuple[int, int, int],
        mapping: bool | None = None,
    ) -> None:
        self.shape = shape
        self._dtype = np.dtype(dtype)
        self._offset = offset
        self._handle: Handle | None = handle
        self._end = offset + int(np.prod(shape, dtype=object)) * self._dtype.itemsize
        self._may_map = is_local(handle.path) if mapping is None else mapping
        self._at_once = mapping is True
        self._view: NDArray[Any] | None = None

    @property
    def mapped(self) -> bool:
        """Whether the file is mapped at present."""
        return self._view is not None

    def rows(
        self, plane: int, first: int, last: int, into: NDArray[Any] | None = None
    ) -> NDArray[Any]:
        """Rows `first` to `last` - 1 of one plane, in the storage type.

        Returns
        -------
        ndarray, shape (last - first, columns)
            A read-only view of the mapped file; else `into` or a fresh array.

        Raises
        ------
        NightglassError
            If the source was closed, the file was cut short, or the disk fails.
        ValueError
            If `into` does not fit.
        """
        handle = self._open_handle()
        view = self._mapped_view(handle)
        if view is not None:
            return view[plane, first:last]
        return self._read_rows(handle, plane, first, last, into)

    def close(self) -> None:
        """Let go of the file; views handed out stay valid."""
        self._handle = None
        self._view = None

    def _open_handle(self) -> Handle:
        if self._handle is None:
            raise NightglassError("Closed", "These frames have been closed.", "Open them again.")
        return self._handle

    def _mapped_view(self, handle: Handle) -> NDArray[Any] | None:
        """The mapped planes, if mapping is safe at this moment."""
        if not self._may_map:
            return None
        status = handle.status()
        if status.st_size < self._end:
            # Its writer is back: never trust this file with a map again.
            self._may_map, self._view = False, None
            return None
        view = self._view
        if view is None and (self._at_once or time.time() - status.st_mtime > SETTLED_S):
            view = self._view = self._map(handle)
        return view

    def _map(self, handle: Handle) -> NDArray[Any] | None:
        try:
            pages = mmap.mmap(handle.fileno(), self._end, access=mmap.ACCESS_READ)
        except (OSError, ValueError):
            self._may_map = False
            return None
        count = int(np.prod(self.shape))
        return np.frombuffer(pages, self._dtype, count, self._offset).reshape(self.shape)

    def _read_rows(
        self, handle: Handle, plane: int, first: int, last: int, into: NDArray[Any] | None
    ) -> NDArray[Any]:
        _, rows, columns = self.shape
        wanted = (last - first, columns)
        if into is None:
            into = np.empty(wanted, self._dtype)
        elif into.shape != wanted or into.dtype != self._dtype or not into.flags.c_contiguous:
            raise ValueError(f"the buffer must be contiguous {self._dtype.str} of shape {wanted}")
        start = self._offset + (plane * rows + first) * columns * self._dtype.itemsize
        if into.size:
            handle.read_into(start, into.reshape(-1).view(np.uint8).data)
        return into
