"""Pixel properties as FITS files that the published versions of the library read as well.

The published readers go by position: HDU 1 is the bias, 2 the widths, and 3 either the
skewness (two axes, March 2026) or the telegraph parameters (three axes, from May 2026). What
is ours comes after those, and in names and cards that they do not look at.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np

from .... import __version__
from ...atomic import replacing
from ...errors import NightglassError, translate
from ...frames.encoding import Encoding
from ...frames.fits_blocks import BLOCK_BYTES, scan
from ...frames.positioned import Handle
from ...frames.raw_block import RawBlock
from ..camera import binning_of, mode_of, subarray_of
from ..card_text import write_lines
from .pixel_properties import PixelProperties
from .sources import Origin
from .telegraph import PARAMS, params_type

if TYPE_CHECKING:
    from collections.abc import Iterator

    from astropy.io.fits import Header
    from numpy.typing import NDArray

    from ...frames.cards import Cards
    from ...frames.fits_blocks import HduInfo
    from ...frames.positioned import PathLike
    from .telegraph import Params

    Numbers = NDArray[np.float64]

Layout = Literal["v1", "v3"]
# A whole sensor has 9.4 million pixels.
MOST_PIXELS = 1 << 28
_SOME_NUMBERS = 1 << 21
# Where the peaks are counted from: the published files say nothing and mean the offset.
_FROM_BIAS = "BIAS"
_READOUT_SPEED = {"ultra-quiet": 1.0, "standard": 2.0}


class _Plane(NamedTuple):
    name: str
    unit: str
    numbers: NDArray[Any]


def save_properties(
    properties: PixelProperties,
    filename: PathLike,
    *,
    clobber: bool = False,
    layout: Layout | None = None,
) -> Path:
    """Write pixel properties so that the file is whole or as it was before.

    See `PixelProperties.save`.
    """
    path = Path(filename)
    if path.exists() and not clobber:
        raise NightglassError(
            "The file exists",
            f"{path.name} is there already and was not touched.",
            "Choose another name, or allow it to be replaced with --clobber (clobber=True).",
            path,
        )
    try:
        with replacing(path) as temporary, temporary.open("wb") as file:
            for header, numbers in _units(properties, layout):
                file.write(header.tostring(padding=True).encode("ascii"))
                _write(file, numbers)
    except OSError as error:
        raise translate(error, path) from error
    return path


def _units(
    properties: PixelProperties, layout: Layout | None
) -> Iterator[tuple[Header, NDArray[Any]]]:
    """Headers and numbers of all units; astropy would hold a swapped copy of every number."""
    from astropy.io import fits

    primary = fits.PrimaryHDU().header
    primary["EXTEND"] = True
    _add_history(primary, properties)
    yield _marked(primary), np.empty(0)
    for name, unit, numbers in _planes(properties, layout):
        header = fits.ImageHDU(np.empty((1,) * numbers.ndim), name=name).header
        for axis, length in enumerate(reversed(numbers.shape), start=1):
            header[f"NAXIS{axis}"] = length
        header["BUNIT"] = (unit, "of the pixels")
        _add_camera(header, properties.origin)
        yield _marked(header), numbers


def _marked(header: Header) -> Header:
    # Text, not a logical: the published readers compare it with the letter.
    header["PIXPROP"] = ("T", "bias and noise of pixels")
    return header


def _write(file: IO[bytes], numbers: NDArray[Any]) -> None:
    """Write float64 in the order of the standard, some at a time, and fill the last block."""
    flat = numbers.reshape(-1)
    for first in range(0, flat.size, _SOME_NUMBERS):
        file.write(flat[first : first + _SOME_NUMBERS].astype(">f8").tobytes())
    file.write(bytes(-8 * flat.size % BLOCK_BYTES))


def _planes(properties: PixelProperties, layout: Layout | None) -> list[_Plane]:
    """Images in their published places, and after them what the layout has no place for."""
    extra = []
    if properties.params is not None:
        extra.append(_Plane("PARAMS", "electron", properties.params))
    if properties.skew is not None:
        extra.append(_Plane("SKEWS", "", properties.skew))
    if layout == "v1":
        extra.reverse()
    return [
        _Plane("BIAS", "electron", properties.bias),
        _Plane("WIDTHS", "electron", properties.widths),
        *extra,
    ]


def _add_camera(header: Header, origin: Origin) -> None:
    """Tell where the pixels lie, in the camera's own cards."""
    header["HIERARCH SUBARRAY MODE"] = "ON" if origin.subarray else "OFF"
    if origin.subarray:
        for name, pixels in origin.subarray._asdict().items():
            header[f"HIERARCH SUBARRAY {name.upper()}"] = float(pixels)
    header["BINNING"] = f"{origin.binning}X{origin.binning}"
    for card, value in (
        ("EXPOSURE TIME", origin.exposure_s),
        ("SENSOR TEMPERATURE", origin.temperature_c),
        ("READOUT SPEED", _READOUT_SPEED.get(origin.mode or "")),
        ("SENSOR MODE", "PHOTON NUMBER" if origin.mode == "photon-number" else None),
    ):
        if value is not None:
            header[f"HIERARCH {card}"] = value


def _add_history(header: Header, properties: PixelProperties) -> None:
    origin = properties.origin
    header["PROGRAM"] = f"nightglass {__version__}"
    header["DATE"] = (datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S"), "UTC, of this file")
    header["NFRAMES"] = (origin.frames, "frames used")
    if origin.adu_per_electron is not None:
        header["GAIN"] = (origin.adu_per_electron, "counts per electron")
    if properties.params is not None:
        header["PEAKZERO"] = (_zero_of(properties), "what the peaks are counted from")
    for letters, lines in (("INP", origin.sources), ("NOTE", properties.notices)):
        write_lines(header, letters, lines[:9999])


def _zero_of(properties: PixelProperties) -> str:
    return _FROM_BIAS if properties.peaks_from_bias else "OFFSET"


def load_properties(filename: PathLike, compat: str = "") -> PixelProperties:
    """Read a file of ours or of a published version; see `PixelProperties.load`."""
    handle = Handle(filename)
    hdus = scan(handle)
    path = handle.path
    _check(path, hdus)
    bias, widths = (_read(handle, hdu) for hdu in hdus[1:3])
    skew, params, notices = _noise(handle, hdus, bias.shape)
    counted_from_bias = (hdus[0].cards.text("PEAKZERO") or "").upper() == _FROM_BIAS
    if params is not None and not counted_from_bias and compat != "v3":
        params[:, :, 1] -= bias
        notices.append(
            f"The peaks in {path.name} are counted from the detector offset; the bias was taken "
            "off them, as it is off the frames."
        )
        counted_from_bias = True
    return PixelProperties(
        bias, widths, skew, params=params, origin=_origin(path, hdus), notices=tuple(notices),
        compat=compat, peaks_from_bias=counted_from_bias,
    )  # fmt: skip


def is_properties_file(filename: PathLike) -> bool:
    """Whether a FITS file says that it holds pixel properties.

    Raises
    ------
    NightglassError
        If it cannot be read.
    """
    return _is_marked(scan(Handle(filename)))


def _is_marked(hdus: list[HduInfo]) -> bool:
    """The published versions look into different units and know the text only."""
    return any(hdu.cards.get("PIXPROP") in ("T", True) for hdu in hdus[:2])


def _check(path: Path, hdus: list[HduInfo]) -> None:
    if not _is_marked(hdus):
        raise _not_properties(path, "says nowhere that it holds the bias and noise of pixels")
    images = [hdu.axes for hdu in hdus[1:3] if hdu.kind == "image"]
    if len(images) < 2:
        raise _not_properties(path, "lacks the images of bias and widths")
    if len(images[0]) != 2 or not 0 < int(np.prod(images[0], dtype=object)) <= MOST_PIXELS:
        raise _not_properties(path, "has a bias that is no image")
    if images[1] != images[0]:
        raise _not_properties(path, "has widths of another shape than its bias")


def _not_properties(path: Path, why: str) -> NightglassError:
    return NightglassError(
        "No pixel properties",
        f"{path.name} {why}.",
        "Make one with `nightglass bias` from a capture of bias frames.",
        path,
    )


def _noise(
    handle: Handle, hdus: list[HduInfo], shape: tuple[int, ...]
) -> tuple[Numbers | None, Params | None, list[str]]:
    """Skewness and telegraph parameters, wherever they stand; the axes decide what is what."""
    skew = params = None
    notices: list[str] = []
    if _is_later_version(hdus):
        later = (
            f"{handle.path.name} is of a later version of the published library: its bias and "
            "widths are used, its model of the noise and its mask are not."
        )
        return None, None, [later]
    for hdu in hdus[3:]:
        if hdu.kind != "image":
            continue
        if hdu.axes == shape and skew is None and hdu.name in ("", "SKEWS"):
            skew = _read(handle, hdu)
        elif hdu.axes == (*shape, PARAMS) and params is None:
            params = _read(handle, hdu, params_type(int(np.prod(shape))))
        else:
            axes = " x ".join(map(str, hdu.axes)) or "no pixels"
            notices.append(f"Extension {hdu.index} of {handle.path.name} ({axes}) is not used.")
    return skew, params, notices


def _is_later_version(hdus: list[HduInfo]) -> bool:
    """Whether the fourth version wrote it: other parameters, or a mask of bytes after them."""
    if any(hdu.name == "MASK" for hdu in hdus[3:]):
        return True
    if len(hdus) > 4 and hdus[4].cards.integer("BITPIX") == 8:
        return True
    return len(hdus) > 3 and len(hdus[3].axes) == 3 and hdus[3].axes[2] != PARAMS


def _read(handle: Handle, hdu: HduInfo, kind: type[np.floating[Any]] = np.float64) -> NDArray[Any]:
    """All numbers of a unit; the last axes lie side by side for the reader."""
    encoding = Encoding.from_cards(hdu.cards)
    rows, columns = hdu.axes[0], int(np.prod(hdu.axes[1:]))
    block = RawBlock(handle, hdu.data_offset, encoding.dtype, (1, rows, columns), mapping=False)
    numbers = np.empty((rows, columns), kind)
    step = max(1, _SOME_NUMBERS // columns)
    for first in range(0, rows, step):
        last = min(first + step, rows)
        numbers[first:last] = encoding.decode(block.rows(0, first, last))
    return numbers.reshape(hdu.axes)


def _origin(path: Path, hdus: list[HduInfo]) -> Origin:
    cards, primary = hdus[1].cards, hdus[0].cards
    return Origin(
        subarray=subarray_of(cards),
        binning=binning_of(cards),
        mode=mode_of(cards),
        temperature_c=cards.number("SENSOR TEMPERATURE"),
        exposure_s=cards.number("EXPOSURE TIME"),
        adu_per_electron=primary.number("GAIN"),
        frames=primary.integer("NFRAMES") or 0,
        sources=_lines(primary, "INP"),
        path=path,
    )


def _lines(cards: Cards, letters: str) -> tuple[str, ...]:
    names: list[Any] = sorted(
        name for name in cards if name.startswith(letters) and name[len(letters) :].isdigit()
    )
    return tuple(cards.text(name) or "" for name in names)
