"""Cubes in which a star stands still: every frame measured, and moved by whole pixels."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from ...errors import NightglassError
from ...regions.shapes import Circle
from ..region import apertures
from .cubes import add_frame_facts, calibrated_frames, stamps_table
from .fits_writer import image_header, require_folder, require_room, writing
from .psf import StarFit, fit_star

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from ...engine.jobs import JobContext
    from ...frames.positioned import PathLike
    from ..cube_header import CubeHeader
    from ..data_set import DataSet

    Numbers = NDArray[np.float64]

# A fit counts if its height is so many standard deviations, a centroid if its light is.
_LEAST_SIGNIFICANCE = 5.0
_LEAST_PIXELS = 5


class Track(NamedTuple):
    """A star in one frame: 1-based centre, widths in pixels, angle, slope; NaN if not known."""

    x: float
    y: float
    major_px: float = math.nan
    minor_px: float = math.nan
    angle_deg: float = math.nan
    slope: float = math.nan

    @property
    def is_found(self) -> bool:
        """Whether there is a place."""
        return math.isfinite(self.x)


NOT_FOUND = Track(math.nan, math.nan)


@dataclass(frozen=True)
class Shifted:
    """What was written.

    Attributes
    ----------
    paths : tuple of Path
        One file per cube.
    frames, found : int
        Frames, and those in which the star was found.
    largest_px : int
        Longest shift along one axis.
    """

    paths: tuple[Path, ...]
    frames: int
    found: int
    largest_px: int


def shifted_cubes(
    data_set: DataSet,
    roi: PathLike,
    folder: PathLike,
    *,
    shift: bool = True,
    clobber: bool = False,
    ctx: JobContext | None = None,
) -> Shifted:
    """Write every cube in electrons with the star of a region at the centre of the region.

    Parameters
    ----------
    data_set : DataSet
        The frames.
    roi : path-like
        A region file with a circle around the star.
    folder : path-like
        Gets a file of the same name for each cube; other files in it stay.
    shift : bool
        False measures the star only and leaves the pixels where they are.
    clobber : bool
        Whether files may be replaced; never those that are read.
    ctx : JobContext or None
        Told of the progress in frames; checked.

    Returns
    -------
    Shifted
        Each file holds DATA_CUBE (float32, one plane a frame; pixels that moved in are NaN),
        TIMESTAMPS and PSF with the columns ``X Y MAJOR MINOR THETA ALPHA`` (place in the plane
        as written, full widths at half maximum, angle, Moffat slope) and the shift ``DX DY``.
        The circle follows the star, which may move by half its radius from one frame to the
        next. A frame too faint for a fit has a centroid, one without a star is shifted like the
        one before it.

    Raises
    ------
    NightglassError
        If there is no circle, a frame cannot be read, or a file cannot be written.
    """
    circle = _circle(roi, data_set)
    cubes = _frames_of_cubes(data_set)
    names = [cube.path.name for cube, _ in cubes]
    target = _target(Path(folder), data_set, names, clobber=clobber)
    require_room(target, 4 * data_set.num_frames() * int(np.prod(data_set.shape)))
    follower = _Follower(circle, shift=shift)
    frames = calibrated_frames(data_set, ctx, "Following the star")
    paths = tuple(
        _write(data_set, frames, part, follower, target / cube.path.name) for cube, part in cubes
    )
    if not follower.found:
        data_set.notice("The star was found in no frame, and none was shifted.")
    elif follower.found < follower.frames:
        data_set.notice(
            f"The star was not found in {follower.frames - follower.found:,} of "
            f"{follower.frames:,} frames; they were shifted like the frame before."
        )
    return Shifted(paths, follower.frames, follower.found, follower.largest_px)


def _circle(roi: PathLike, data_set: DataSet) -> Circle:
    """Read the circle in the coordinates of the cropped frame."""
    shape = apertures(roi, data_set).sources[0].entry.shape
    if not isinstance(shape, Circle):
        raise NightglassError(
            "No circle", f"The first region of {roi} is no circle.", "Draw one around a star.", roi
        )
    box, base = data_set.options.bbox, data_set.conventions.region_base
    if box is None or not data_set.conventions.is_native:
        return replace(shape, x=shape.x + 1 - base, y=shape.y + 1 - base)
    return replace(shape, x=shape.x - box.left, y=shape.y - box.bottom)


def _frames_of_cubes(data_set: DataSet) -> list[tuple[CubeHeader, slice]]:
    """Give each cube with the frames in use that are its own."""
    found, first, total = [], 0, data_set.num_frames()
    for cube in data_set.cubes:
        last = min(first + cube.n_frames, total)
        if last > first:
            found.append((cube, slice(first, last)))
        first = last
    return found


def _target(folder: Path, data_set: DataSet, names: list[str], *, clobber: bool) -> Path:
    for cube in data_set.cubes:
        if folder.is_dir() and folder.samefile(cube.path.absolute().parent):
            raise NightglassError(
                "Could not write the results", f"{folder} holds the cubes that are read.",
                "Name another folder.", folder,
            )  # fmt: skip
    return require_folder(folder, names, clobber=clobber)


def _write(
    data_set: DataSet,
    frames: Iterator[tuple[Numbers, bool]],
    part: slice,
    follower: _Follower,
    path: Path,
) -> Path:
    from astropy.io import fits

    count = part.stop - part.start
    primary = fits.PrimaryHDU().header
    header = image_header((count, *data_set.shape), -32, "DATA_CUBE")
    add_frame_facts(header, data_set)
    header["SHIFTED"] = ("T" if follower.shift else "F", "frames moved by whole pixels")
    for name in ("OBJECT", "GPSSTART"):
        if name in header:
            primary[name] = header[name]
    saturated, rows = np.zeros(count, np.bool_), np.zeros((count, 8))
    with writing(path) as writer:
        writer.header(primary)
        writer.header(header)
        for index in range(count):
            frame, saturated[index] = next(frames)
            moved, rows[index] = follower.follow(frame)
            writer.data(moved.astype(">f4"))
        writer.end_data()
        writer.unit(stamps_table(data_set, saturated, part))
        writer.unit(_psf_table(rows))
    return path


def _psf_table(rows: Numbers) -> Any:
    from astropy.io import fits

    names = ("X", "Y", "MAJOR", "MINOR", "THETA", "ALPHA", "DX", "DY")
    units = ("pixel", "pixel", "pixel", "pixel", "deg", "", "pixel", "pixel")
    columns = [
        fits.Column(name, "D", unit or None, array=column)
        for name, unit, column in zip(names, units, rows.T, strict=True)
    ]
    table = fits.BinTableHDU.from_columns(columns, name="PSF")
    table.header["COMMENT"] = "X, Y: 1-based place of the star in the plane as written."
    table.header["COMMENT"] = "MAJOR, MINOR: full widths at half maximum; NaN: a centroid only."
    table.header["COMMENT"] = "DX, DY: what was added to the columns and rows of the frame."
    return table


class _Follower:
    """Follows a star from frame to frame."""

    def __init__(self, circle: Circle, *, shift: bool) -> None:
        self._goal, self._place, self.shift = circle, (circle.x, circle.y), shift
        self._last = (0, 0)
        self.frames = self.found = self.largest_px = 0

    def follow(self, frame: Numbers) -> tuple[Numbers, Numbers]:
        """Give the frame moved, and its row of the table."""
        track = locate(frame, *self._place, self._goal.r)
        self.frames += 1
        if track.is_found:
            self.found += 1
            self._place = track.x, track.y
            self._last = round(self._goal.x - track.x), round(self._goal.y - track.y)
        across, up = self._last if self.shift else (0, 0)
        self.largest_px = max(self.largest_px, abs(across), abs(up))
        row = np.array([track.x + across, track.y + up, *track[2:], across, up])
        return moved(frame, across, up), row


def locate(frame: Numbers, x: float, y: float, radius: float) -> Track:
    """Find a star near a place: by a Moffat profile, else by its centroid, else not at all.

    Parameters
    ----------
    frame : ndarray, shape (rows, columns)
        Electrons.
    x, y, radius : float
        Circle to look in, 1-based.
    """
    left, bottom = max(math.floor(x - radius) - 1, 0), max(math.floor(y - radius) - 1, 0)
    part = frame[bottom : math.ceil(y + radius), left : math.ceil(x + radius)]
    if not part.size:
        return NOT_FOUND
    near = Track(x - left, y - bottom)
    ys, xs = np.mgrid[1 : part.shape[0] + 1, 1 : part.shape[1] + 1]
    mask = np.hypot(xs - near.x, ys - near.y) < radius
    found = _centroid(part, np.hypot(xs - near.x, ys - near.y), radius)
    if not found.is_found:
        return NOT_FOUND
    try:
        fit = fit_star(part, mask)
    except NightglassError:
        fit = None
    if fit is not None and _is_credible(fit, near, radius):
        found = Track(fit.x, fit.y, fit.major_px, fit.minor_px, fit.angle_deg, fit.slope)
    return found._replace(x=found.x + left, y=found.y + bottom)


def _is_credible(fit: StarFit, near: Track, radius: float) -> bool:
    inside = math.hypot(fit.x - near.x, fit.y - near.y) < radius
    high = fit.amplitude > _LEAST_SIGNIFICANCE * fit.errors["amplitude"] > 0.0
    return inside and high and fit.minor_px > 0.5 and fit.major_px < 2.0 * radius


def _centroid(part: Numbers, distance: Numbers, radius: float) -> Track:
    """Centre of the light in the inner half of the region over the level of the outer one."""
    known = np.isfinite(part)
    inner = known & (distance < radius / 2.0)
    outer = known & (distance >= radius / 2.0) & (distance < radius)
    near, far = np.count_nonzero(inner), np.count_nonzero(outer)
    if near < _LEAST_PIXELS or far < _LEAST_PIXELS:
        return NOT_FOUND
    light = np.where(inner, part - part[outer].mean(), 0.0)
    total = float(light[inner].sum())
    variance = float(part[outer].var()) * (near + near**2 / far) + max(total, 0.0)
    if not total > _LEAST_SIGNIFICANCE * math.sqrt(variance):
        return NOT_FOUND
    rows, columns = (1.0 + index.astype(np.float64) for index in np.nonzero(inner))
    x, y = ((light[inner] * at).sum() / total for at in (columns, rows))
    inside = math.hypot(x - columns.mean(), y - rows.mean()) < radius
    return Track(float(x), float(y)) if inside else NOT_FOUND


def moved(frame: Numbers, across: int, up: int) -> Numbers:
    """Move a frame by whole pixels, to higher columns and rows if positive; NaN moves in."""
    if not (across or up):
        return frame
    made = np.full(frame.shape, np.nan)
    rows, columns = frame.shape
    if abs(across) >= columns or abs(up) >= rows:
        return made
    to = slice(max(up, 0), rows + min(up, 0)), slice(max(across, 0), columns + min(across, 0))
    source = (
        slice(max(-up, 0), rows + min(-up, 0)),
        slice(max(-across, 0), columns + min(-across, 0)),
    )
    made[to] = frame[source]
    return made
