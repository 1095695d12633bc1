"""FITS files too large for memory, written from front to back."""

from __future__ import annotations

import io
import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np

from ...atomic import replacing
from ...errors import NightglassError, translate
from ..products import require_parent

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from astropy.io.fits import Header
    from numpy.typing import NDArray

BLOCK = 2880
_SPARE_BYTES = 1 << 20


class FitsWriter:
    """Writes units one after the other.

    Parameters
    ----------
    file : binary file
        Open for writing, at its start.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._data_bytes = 0

    def header(self, header: Header) -> None:
        """Begin a unit; the one before has to be closed by `end_data`."""
        self._file.write(header.tostring(padding=True).encode("ascii", "replace"))
        self._data_bytes = 0

    def data(self, values: NDArray[Any] | bytes) -> None:
        """Add data as they go into the file, high byte first."""
        content = values if isinstance(values, bytes) else np.ascontiguousarray(values).tobytes()
        self._file.write(content)
        self._data_bytes += len(content)

    def end_data(self) -> None:
        """Fill the last block of the unit."""
        self._file.write(bytes(-self._data_bytes % BLOCK))

    def unit(self, unit: Any) -> None:
        """Write a whole extension made by astropy."""
        from astropy.io import fits

        buffer = io.BytesIO()
        fits.HDUList([fits.PrimaryHDU(), unit]).writeto(buffer)
        self._file.write(buffer.getvalue()[BLOCK:])


@contextmanager
def writing(path: Path) -> Iterator[FitsWriter]:
    """Give a writer of a file that takes its name when the block ends well.

    Raises
    ------
    NightglassError
        If the folder cannot be written or the disk is full; nothing is left then.
    """
    try:
        with replacing(path) as temporary, temporary.open("wb") as file:
            yield FitsWriter(file)
    except OSError as error:
        raise translate(error, path) from error


def require_room(folder: Path, size_bytes: int) -> None:
    """Check before a long job that its result fits on the disk.

    Raises
    ------
    NightglassError
        If it does not.
    """
    free = shutil.disk_usage(folder).free
    if free < size_bytes + _SPARE_BYTES:
        raise NightglassError(
            "The disk is too full",
            f"The result needs {size_bytes / 1e9:.1f} GB, and {folder} has {free / 1e9:.1f} GB.",
            "Free some space, use fewer frames, or choose another disk.",
            folder,
        )


def require_folder(folder: Path, names: Sequence[str], *, clobber: bool) -> Path:
    """Make a folder for results, in which nothing is replaced unless allowed.

    Whatever else it holds stays.

    Raises
    ------
    NightglassError
        If it is a file, cannot be made, or one of the names is taken.
    """
    if folder.exists() and not folder.is_dir():
        raise NightglassError(
            "Could not write the results", f"{folder} is a file.", "Name a folder.", folder
        )
    require_parent(folder)
    taken = [name for name in names if (folder / name).exists()]
    if taken and not clobber:
        raise NightglassError(
            "Files are there already",
            f"{folder} holds {taken[0]}" + (f" and {len(taken) - 1} more" * (len(taken) > 1)) + ".",
            "Choose another folder, or add --clobber to replace them.",
            folder,
        )
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise translate(error, folder) from error
    return folder


def image_header(shape: Sequence[int], bitpix: int, extension: str = "") -> Header:
    """Give the first cards of an image unit: a primary one, or the extension of a name."""
    from astropy.io import fits

    header = fits.Header()
    if extension:
        header["XTENSION"] = ("IMAGE", "image extension")
    else:
        header["SIMPLE"] = (True, "FITS standard")
    header["BITPIX"] = bitpix
    header["NAXIS"] = len(shape)
    for axis, size in enumerate(reversed(shape), start=1):
        header[f"NAXIS{axis}"] = size
    if extension:
        header["PCOUNT"], header["GCOUNT"] = 0, 1
        header["EXTNAME"] = extension
    else:
        header["EXTEND"] = True
    return header
