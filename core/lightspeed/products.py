"""Files that commands leave behind: whole or absent, never over another, telling their origin."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ... import __version__
from ..atomic import replacing
from ..errors import NightglassError, translate
from ..frames.times import DAY_S
from .card_text import ascii_text, write_lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from astropy.io.fits import Header
    from numpy.typing import NDArray

    from .data_set import DataSet

# Cards of the camera that describe its own file and not the product.
_STRUCTURE = frozenset(
    {
        "SIMPLE", "EXTEND", "XTENSION", "BITPIX", "NAXIS", "NAXIS1", "NAXIS2", "NAXIS3", "PCOUNT",
        "GCOUNT", "BSCALE", "BZERO", "EXTNAME", "EXTVER", "CHECKSUM", "DATASUM", "CONTINUE",
    }
)  # fmt: skip
_LETTERS = {"i": "K", "f": "D", "b": "L"}
_MOST_INPUTS = 999
_CARD_TEXT = 66


def require_free(path: str | Path, *, clobber: bool) -> Path:
    """Check that a product may be written before anything is computed.

    Raises
    ------
    NightglassError
        If the file exists and may not be replaced, is no ordinary file, or its folder does not
        exist.
    """
    path = Path(path)
    if path.is_dir():
        raise NightglassError(
            "Could not write the result", f"{path} is a folder.", "Name a file in it.", path
        )
    if path.exists() and not path.is_file():
        # A rename would put a file in the place of a device such as /dev/null.
        raise NightglassError(
            "Could not write the result", f"{path} is a device or a pipe, not a file.",
            "Name a file.", path,
        )  # fmt: skip
    if path.exists() and not clobber:
        raise NightglassError(
            "The file is there already",
            f"{path} exists and is not replaced.",
            "Choose another name, or add --clobber to replace it.",
            path,
        )
    require_parent(path)
    return path


def require_parent(path: Path) -> None:
    """Check that the folder in which something is to be made is there.

    Raises
    ------
    NightglassError
        If it does not exist, or is a file.
    """
    parent = path.absolute().parent
    if parent.is_dir():
        return
    what = "is a file, not a folder" if parent.exists() else "does not exist"
    raise NightglassError(
        "Could not write the result",
        f"{parent}, where {path.name} should go, {what}.",
        "Make the folder first, or choose another.",
        path,
    )


def require_spared(path: str | Path, files: Iterable[str | Path]) -> None:
    """Check that a product would not take the place of a file it is made from.

    Raises
    ------
    NightglassError
        If it is one of the files, under whatever name.
    """
    path = Path(path)
    if path.exists() and any(Path(file).exists() and path.samefile(file) for file in files):
        raise NightglassError(
            "Could not write the result",
            f"{path} is read as an input.",
            "Choose another name: inputs are never replaced, with --clobber neither.",
            path,
        )


@contextmanager
def new_file(path: str | Path, *, clobber: bool) -> Iterator[Path]:
    """Give a temporary name that becomes the file when the block ends well.

    Raises
    ------
    NightglassError
        If it exists and `clobber` is not set, or cannot be written; nothing is left then.
    """
    final = require_free(path, clobber=clobber)
    try:
        with replacing(final) as temporary:
            yield temporary
    except OSError as error:
        raise translate(error, final) from error


def write_fits(hdus: Sequence[Any], path: str | Path, *, clobber: bool = False) -> Path:
    """Write FITS units as one file.

    Parameters
    ----------
    hdus : sequence of astropy HDUs
        The first one a primary.
    path : path-like
        Its name.
    clobber : bool
        Whether a file of this name may be replaced.

    Raises
    ------
    NightglassError
        If it exists, the folder cannot be written or the disk is full; nothing is left then.
    """
    from astropy.io import fits

    with new_file(path, clobber=clobber) as temporary:
        fits.HDUList(list(hdus)).writeto(temporary, overwrite=True)
    return Path(path)


def column_format(values: NDArray[Any]) -> str:
    """FITS format of a column; texts have the length of the longest."""
    if values.dtype.kind == "U":
        return f"{max(values.dtype.itemsize // 4, 1)}A"
    return _LETTERS[values.dtype.kind]


def describe(
    header: Header,
    data_set: DataSet,
    *,
    options: Mapping[str, object],
    notes: Sequence[str] = (),
) -> None:
    """Write where a product comes from into its header.

    The camera's cards keep the camera's names, so that tools for captures understand them.

    Parameters
    ----------
    header : astropy Header
        Filled in place.
    data_set : DataSet
        What it was made of.
    options : mapping of str to object
        Names and values of the options in force; None is left out.
    notes : sequence of str
        What did not match or was assumed; those of the data set are added.
    """
    _copy_camera_cards(header, data_set)
    _tell_times(header, data_set)
    _tell_counts(header, data_set)
    for name, value in options.items():
        if value is not None and not isinstance(value, list | tuple | dict):
            header[f"HIERARCH OPTION {name.upper().replace('_', ' ')}"] = _plain(value)
    _tell_inputs(header, data_set)
    write_lines(header, "NOTE", dict.fromkeys([*data_set.notices, *notes]))
    header["CREATOR"] = f"nightglass {__version__}"
    header["DATE"] = (datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S"), "UTC, of this file")


def _copy_camera_cards(header: Header, data_set: DataSet) -> None:
    first = data_set.header
    for name in ("OBJECT", "GPSSTART"):
        told = first.primary.text(name)
        if told is not None:
            header[name] = ascii_text(told)
    for name, value in first.cards.items():
        if name in _STRUCTURE or value is None:
            continue
        key = name if len(name) <= 8 and " " not in name else f"HIERARCH {name}"
        header[key] = ascii_text(value) if isinstance(value, str) else value


def _tell_times(header: Header, data_set: DataSet) -> None:
    times = data_set.frame_times()
    header["TIMESYS"] = ("UTC", "time scale")
    header["TREFPOS"] = ("TOPOCENTER", "times are those at the telescope")
    header["TIMEQUAL"] = (times.quality, "where the zero point of the times comes from")
    header["TIMECONS"] = (times.constant_s, "[s] start of exposure to time given")
    if times.quality == "none" or not times.known:
        return
    known = times.seconds == times.seconds
    first, last = int(known.argmax()), len(known) - 1 - int(known[::-1].argmax())
    header["DATE-OBS"] = (times.iso(first, 9), "UTC, middle of the first exposure")
    header["DATE-END"] = (times.iso(last, 9), "UTC, middle of the last exposure")
    header["MJD-OBS"] = (times[first].day + times[first].seconds / DAY_S, "DATE-OBS as MJD")
    header["MJD-END"] = (times[last].day + times[last].seconds / DAY_S, "DATE-END as MJD")


def _tell_counts(header: Header, data_set: DataSet) -> None:
    header["NFRAMES"] = (data_set.num_frames(), "frames used")
    balance = data_set.capture.accounting()
    header["NLOST"] = (balance.lost, "frames of the capture that are not there")
    header["GAIN"] = (data_set.adu_per_electron, "[adu/electron] gain in use")
    header["GAINSRC"] = (data_set.gain_source, "where the gain comes from")
    header["OFFSET"] = (data_set.recipe(corrected=False).offset_adu, "[adu] counts without light")
    header["COMPAT"] = (data_set.conventions.name or "none", "published conventions followed")


def _tell_inputs(header: Header, data_set: DataSet) -> None:
    names = [cube.path.name for cube in data_set.cubes]
    header["NINPUTS"] = (len(names), "cubes used")
    write_lines(header, "INP", dict.fromkeys(names[:_MOST_INPUTS]))
    if len(names) > _MOST_INPUTS:
        write_lines(header, "INPL", names[-1:])


def _plain(value: object) -> str | int | float | bool:
    if isinstance(value, bool | int | float):
        return value
    # A HIERARCH card cannot go on in a second one: the end of a long path tells most.
    return ascii_text(str(value))[-_CARD_TEXT + 30 :]
