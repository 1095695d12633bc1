"""What everything that shows or measures frames may ask of where they come from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from ..errors import NightglassError

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from .encoding import Encoding
    from .times import FrameTime, FrameTimes


@runtime_checkable
class FrameSource(Protocol):
    """Frames of one size, by number from 0, readable from any thread.

    `generation` changes when frames already numbered may show something else: a cube was rewritten,
    dropped, or put in between. New frames at the end only raise `n_frames`.
    """

    @property
    def name(self) -> str:
        """Short name for tabs and lists."""

    @property
    def path(self) -> Path:
        """File or folder the frames come from."""

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns of one frame."""

    @property
    def encoding(self) -> Encoding:
        """How `read_raw` gives its numbers."""

    @property
    def n_frames(self) -> int:
        """Frames there are now."""

    @property
    def generation(self) -> int:
        """Version of the frames already numbered."""

    def read_raw(
        self, index: int, rows: slice | None = None, into: NDArray[Any] | None = None
    ) -> NDArray[Any]:
        """Stored numbers of a frame, or of some neighbouring rows of it.

        Parameters
        ----------
        index : int
            Frame number from 0.
        rows : slice or None
            Rows wanted, step 1; None for all.
        into : ndarray or None
            Buffer of the right shape and storage type to use where a copy is needed.

        Returns
        -------
        ndarray, shape (rows, columns)
            In the storage type: a read-only view of the mapped file, `into`, or a fresh array.

        Raises
        ------
        IndexError
            If there is no such frame.
        NightglassError
            If the file cannot be read, with the reason in plain words.
        """

    def read(self, index: int, rows: slice | None = None) -> NDArray[Any]:
        """Values of a frame in a fresh native array (uint16, uint8, float32 or float64)."""

    def frame_time(self, index: int) -> FrameTime | None:
        """Mid-exposure UTC of a frame, None when it is not known."""

    def frame_times(self) -> FrameTimes:
        """Mid-exposure UTC of all frames."""

    def close(self) -> None:
        """Let go of the files; reading afterwards raises `NightglassError`."""


def row_range(rows: slice | None, count: int) -> tuple[int, int]:
    """First row and the one after the last of a slice over `count` rows.

    Raises
    ------
    ValueError
        If the slice skips rows.
    """
    if rows is None:
        return 0, count
    first, last, step = rows.indices(count)
    if step != 1:
        raise ValueError("rows must be neighbours: a slice with step 1")
    return first, max(first, last)


class NoSuchFrameError(NightglassError, IndexError):
    """A frame was asked for that is not there, or no more: cubes can be deleted at any moment."""


def check_index(index: int, count: int) -> int:
    """Frame number as given, if there is such a frame.

    Raises
    ------
    NoSuchFrameError
        If it is negative or too large.
    """
    if not 0 <= index < count:
        raise NoSuchFrameError(
            "No such frame",
            f"There is no frame {index + 1}: there are {count} now.",
            "Choose another one; if its cube was deleted, it comes back with the cube.",
        )
    return index
