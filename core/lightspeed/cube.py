"""One cube file of the LightSpeed camera: its stamps and its frames."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from ..errors import NightglassError
from ..frames.positioned import Handle, IncompleteFileError
from ..frames.raw_block import RawBlock
from ..frames.source import check_index, row_range
from .camera import Subarray
from .cube_header import CubeHeader, CubeName, NotACubeError, parse_name, read_cube_header

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = [
    "Cube",
    "CubeHeader",
    "CubeName",
    "IncompleteFileError",
    "NotACubeError",
    "Stamps",
    "Subarray",
    "parse_name",
    "read_cube_header",
]

# No camera clock runs for 30,000 years: such a stamp is damaged, and would upset arithmetic.
_LONGEST_CLOCK_S = 1e12


class Stamps(NamedTuple):
    """One entry per bundle.

    Attributes
    ----------
    clock_s : ndarray of float64, shape (bundles,)
        TIMESTAMP, camera clock in seconds; NaN where the table has no number.
    counter : ndarray of int64, shape (bundles,), or None
        FRAMESTAMP, running number of the camera; None when the table lacks it.
    """

    clock_s: NDArray[np.float64]
    counter: NDArray[np.int64] | None


class Cube:
    """The frames and stamps of one cube file.

    Parameters
    ----------
    header : CubeHeader
        From `read_cube_header`.
    mapping : bool or None
        False for a file that may still change (live, rewritten); None maps the file when it
        lies on a local disk and nobody has written to it lately; True maps it in any case.

    Raises
    ------
    NightglassError
        If the file cannot be opened.
    """

    def __init__(self, header: CubeHeader, mapping: bool | None = None) -> None:
        self.header = header
        self._handle: Handle | None = Handle(header.path)
        shape = (header.bundles, header.bundle_rows, header.columns)
        self._block = RawBlock(
            self._handle, header.data_offset, header.encoding.dtype, shape, mapping
        )

    @property
    def n_frames(self) -> int:
        """Frames in the file."""
        return self.header.n_frames

    @property
    def mapped(self) -> bool:
        """Whether frames are views of the mapped file at present."""
        return self._block.mapped

    def raw(
        self, index: int, rows: slice | None = None, into: NDArray[Any] | None = None
    ) -> NDArray[Any]:
        """Stored counts of frame `index` of this cube, shape (rows, columns).

        See `FrameSource.read_raw` for the parameters, what is returned and what is raised.
        """
        header = self.header
        check_index(index, header.n_frames)
        bundle, place = divmod(index, header.frames_per_bundle)
        first, last = row_range(rows, header.rows)
        top = place * header.rows
        return self._block.rows(bundle, top + first, top + last, into)

    def timestamps(self) -> Stamps:
        """Read the TIMESTAMPS table.

        Raises
        ------
        NightglassError
            If the file was cut short meanwhile, or the disk fails.
        """
        if self._handle is None:
            raise NightglassError("Closed", "This cube has been closed.", "Open it again.")
        table = self.header.stamps
        rows = np.empty(min(table.rows, self.header.bundles), table.row)
        if len(rows):
            self._handle.read_into(table.offset, rows.view(np.uint8).data)
        return _stamps(rows, self.header.bundles)

    def close(self) -> None:
        """Let go of the file; views handed out stay valid."""
        self._handle = None
        self._block.close()


def _stamps(rows: NDArray[Any], bundles: int) -> Stamps:
    """Native stamps of `bundles` bundles from the table rows there are."""
    clock_s = np.full(bundles, np.nan)
    clock_s[: len(rows)] = rows["TIMESTAMP"]
    clock_s[~(np.abs(clock_s) < _LONGEST_CLOCK_S)] = np.nan
    names = rows.dtype.names or ()
    if "FRAMESTAMP" not in names or len(rows) < bundles:
        return Stamps(clock_s, None)
    return Stamps(clock_s, rows["FRAMESTAMP"].astype(np.int64))
