"""Any FITS image with two or three axes as a series of frames."""

from __future__ import annotations

import threading
import weakref
from typing import TYPE_CHECKING, Any

import numpy as np

from ..errors import NightglassError, translate
from .cards import Cards
from .encoding import Encoding
from .fits_blocks import HduInfo, damaged, scan
from .positioned import Handle, PathLike
from .raw_block import RawBlock
from .source import FrameSource, check_index, row_range
from .times import FrameTime, FrameTimes, normalised, parse_iso, unknown_times

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray


class FitsImageSource:
    """The first image with pixels in a FITS file, a `FrameSource`.

    Plain images are mapped or read by position, tile-compressed ones (RICE and others) are
    decompressed by astropy one plane at a time.

    Parameters
    ----------
    path : path-like
        The file.
    mapping : bool or None
        As for `RawBlock`.

    Raises
    ------
    NightglassError
        If the file cannot be read, is not whole, is not FITS, or holds no such image.
    """

    def __init__(self, path: PathLike, mapping: bool | None = None) -> None:
        handle = Handle(path)
        hdus = scan(handle)
        hdu = _first_image(handle.path, hdus)
        self.path = handle.path
        self.cards = hdu.cards
        self.primary = hdus[0].cards
        self.n_frames, rows, columns = _planes(handle.path, hdu)
        self.shape = (rows, columns)
        self._pixels: RawBlock | _CompressedPlanes
        if hdu.kind == "image":
            self.encoding = Encoding.from_cards(hdu.cards)
            shape = (self.n_frames, rows, columns)
            self._pixels = RawBlock(handle, hdu.data_offset, self.encoding.dtype, shape, mapping)
        else:
            self._pixels = _CompressedPlanes(handle.path, hdu.index)
            self.encoding = self._pixels.encoding

    @property
    def name(self) -> str:
        """File name."""
        return self.path.name

    @property
    def generation(self) -> int:
        """Always 0: such a file is taken as finished."""
        return 0

    @property
    def object_name(self) -> str | None:
        """OBJECT of the image, else of the primary header."""
        return self.cards.text("OBJECT") or self.primary.text("OBJECT")

    @property
    def unit(self) -> str:
        """BUNIT; "" where none is told."""
        return self.cards.text("BUNIT") or ""

    @property
    def exposure_s(self) -> float | None:
        """EXPTIME or EXPOSURE in seconds."""
        return self._number("EXPTIME", "EXPOSURE")

    def read_raw(
        self, index: int, rows: slice | None = None, into: NDArray[Any] | None = None
    ) -> NDArray[Any]:
        """Stored numbers of a frame; see `FrameSource.read_raw`."""
        check_index(index, self.n_frames)
        first, last = row_range(rows, self.shape[0])
        return self._pixels.rows(index, first, last, into)

    def read(self, index: int, rows: slice | None = None) -> NDArray[Any]:
        """Values of a frame in a fresh native array."""
        return self.encoding.decode(self.read_raw(index, rows))

    def start_time(self) -> FrameTime | None:
        """Start of the exposure from DATE-OBS (with TIME-OBS if it is only a date)."""
        text = self._text("DATE-OBS")
        if text is None:
            return None
        if "T" not in text and (clock := self._text("TIME-OBS")):
            text = f"{text}T{clock}"
        try:
            return parse_iso(text)
        except ValueError:
            return None

    def frame_time(self, index: int) -> FrameTime | None:
        """Middle of the exposure, known for single images with DATE-OBS."""
        check_index(index, self.n_frames)
        start = self.start_time()
        if start is None or self.n_frames != 1:
            return None
        return normalised(start.day, start.seconds + (self.exposure_s or 0.0) / 2)

    def frame_times(self) -> FrameTimes:
        """Middles of the exposures; those of a cube are unknown."""
        middle = self.frame_time(0) if self.n_frames == 1 else None
        if middle is None:
            return unknown_times(self.n_frames)
        return FrameTimes(
            np.array([middle.day], np.int64),
            np.array([middle.seconds]),
            "telescope",
            (self.exposure_s or 0.0) / 2,
            "The time is DATE-OBS of the header plus half the exposure.",
        )

    def close(self) -> None:
        """Let go of the file."""
        self._pixels.close()

    def _text(self, keyword: str) -> str | None:
        return self.cards.text(keyword) or self.primary.text(keyword)

    def _number(self, *keywords: str) -> float | None:
        numbers = (
            cards.number(keyword) for cards in (self.cards, self.primary) for keyword in keywords
        )
        return next((number for number in numbers if number is not None), None)


def open_source(path: PathLike) -> FrameSource:
    """Open any FITS image.

    Raises
    ------
    NightglassError
        With the reason in plain words.
    """
    return FitsImageSource(path)


def _axes(hdu: HduInfo) -> tuple[int, ...]:
    """Lengths of the image's axes, slowest first, without leading ones of length 1."""
    prefix = "ZNAXIS" if hdu.kind == "compressed image" else "NAXIS"
    count = hdu.cards.integer(prefix) or 0
    axes = [hdu.cards.integer(f"{prefix}{axis}") or 0 for axis in range(count, 0, -1)]
    while len(axes) > 2 and axes[0] == 1:
        axes.pop(0)
    return tuple(axes)


def _first_image(path: Path, hdus: list[HduInfo]) -> HduInfo:
    images = [hdu for hdu in hdus if hdu.kind in ("image", "compressed image") and _axes(hdu)]
    for hdu in images:
        if len(_axes(hdu)) in (2, 3) and 0 not in _axes(hdu):
            return hdu
    what = f"an image with {len(_axes(images[0]))} axes or no pixels" if images else "no image"
    raise NightglassError(
        "No image to show",
        f"{path.name} holds {what}.",
        "Choose a FITS file with an image of two or three axes.",
        path,
    )


def _planes(path: Path, hdu: HduInfo) -> tuple[int, int, int]:
    """Frames, rows and columns."""
    axes = _axes(hdu)
    if min(axes) < 0:
        raise damaged(path, "has an image with a negative length")
    frames, rows, columns = (1, *axes)[-3:]
    return frames, rows, columns


class _CompressedPlanes:
    """Planes of a tile-compressed image, the last one kept decompressed."""

    def __init__(self, path: Path, index: int) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._plane: tuple[int, NDArray[Any]] | None = None
        self._hdus, self._hdu = self._open(index)
        self.encoding = self._encoding()

    def _open(self, index: int) -> tuple[Any, Any]:
        from astropy.io import fits

        try:
            # Mapping would bring the danger of a truncated file back.
            hdus = fits.open(self._path, memmap=False, do_not_scale_image_data=True)
            weakref.finalize(self, hdus.close)
            return hdus, hdus[index]
        except Exception as error:
            raise _cannot_decompress(self._path, error) from error

    def _encoding(self) -> Encoding:
        """Storage type of the decompressed numbers, with the scaling left to do."""
        dtype = self._take(0).dtype.newbyteorder(">").str.replace("|", "")
        told = Encoding.from_cards(self._cards())
        return Encoding(dtype, told.bscale, told.bzero, told.blank if dtype[-2] != "f" else None)

    def _cards(self) -> Cards:
        text: str = self._hdu.header.tostring(endcard=False, padding=False)
        return Cards(text.encode("latin-1", "replace"))

    def rows(
        self, plane: int, first: int, last: int, into: NDArray[Any] | None = None
    ) -> NDArray[Any]:
        """Rows of one plane, as `RawBlock.rows` gives them."""
        wanted = self._take(plane)[first:last]
        if into is None:
            return wanted.astype(self.encoding.storage)
        if into.shape != wanted.shape or into.dtype != self.encoding.storage:
            raise ValueError(f"the buffer must be {self.encoding.dtype} of shape {wanted.shape}")
        into[...] = wanted
        return into

    def _take(self, plane: int) -> NDArray[Any]:
        with self._lock:
            if self._hdu is None:
                raise NightglassError("Closed", "These frames have been closed.", "Open again.")
            if self._plane is None or self._plane[0] != plane:
                self._plane = plane, self._decompress(plane)
            return self._plane[1]

    def _decompress(self, plane: int) -> NDArray[Any]:
        leading = len(self._hdu.shape) - 2
        where = (0,) * (leading - 1) + (plane,) if leading else ()
        try:
            pixels: NDArray[Any] = np.asarray(self._hdu.section[(*where, slice(None), slice(None))])
        except Exception as error:
            raise _cannot_decompress(self._path, error) from error
        return pixels

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._hdus.close()
            self._hdu = self._plane = None


def _cannot_decompress(path: Path, error: Exception) -> NightglassError:
    if isinstance(error, OSError) and error.errno:
        return translate(error, path)
    return damaged(path, f"cannot be decompressed ({type(error).__name__})")
