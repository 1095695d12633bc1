"""Open the capture of a cube, a folder, or a list of files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..errors import NightglassError
from .capture import Capture
from .cube import CubeHeader, NotACubeError, read_cube_header
from .discovery import CaptureFiles, the_only_capture
from .membership import choose_members

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..frames.fits_image import FitsImageSource
    from ..frames.positioned import PathLike
    from .times import ConstantTerm


def open_capture(
    source: CaptureFiles | PathLike | Iterable[PathLike],
    *,
    live: bool = False,
    constant: ConstantTerm | None = None,
    mapping: bool | None = None,
) -> Capture:
    """Open the capture of a cube, a folder, or a list of files.

    Parameters
    ----------
    source : CaptureFiles, path-like or iterable of path-like
        What to open; a folder must hold one capture only.
    live, constant, mapping
        As for `Capture`.

    Raises
    ------
    NightglassError
        If there is no capture, several, or not one readable cube in it.
    """
    files = source if isinstance(source, CaptureFiles) else the_only_capture(source)
    paths = [path for _, path in files.cubes]
    return capture_of(paths, live=live, constant=constant, mapping=mapping)


def open_frames(path: PathLike) -> Capture | FitsImageSource:
    """Open the capture of a cube or a folder, or a FITS image that is none.

    Raises
    ------
    NightglassError
        If it is neither, or cannot be read.
    """
    from ..frames.fits_image import FitsImageSource

    try:
        return open_capture(path)
    except NotACubeError:
        return FitsImageSource(path)


def capture_of(
    paths: Iterable[PathLike],
    *,
    live: bool = False,
    constant: ConstantTerm | None = None,
    mapping: bool | None = None,
) -> Capture:
    """Make a capture of these files and no others.

    Parameters
    ----------
    paths : iterable of path-like
        Cubes in any order; what cannot be used is left out and kept with the reason.
    live, constant, mapping
        As for `Capture`.

    Raises
    ------
    NightglassError
        If there is not one readable cube among them.
    """
    headers: list[CubeHeader] = []
    left_out: list[NightglassError] = []
    for path in paths:
        try:
            headers.append(read_cube_header(path))
        except NightglassError as error:
            left_out.append(error)
    members, strangers = choose_members(headers)
    if not members:
        raise (
            left_out[0]
            if left_out
            else NightglassError("No files", "No cube was named.", "Name the files of one capture.")
        )
    return Capture(
        members,
        live=live,
        constant=constant,
        left_out=(*left_out, *strangers),
        mapping=mapping,
    )
