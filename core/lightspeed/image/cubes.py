"""Cubes made of cubes: one file per bundle, or calibrated frames as one cube."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ...errors import NightglassError
from ...frames.positioned import Handle
from ..cube_header import CubeHeader, parse_name
from ..data_set import DataSet
from ..products import describe, require_free
from .fits_writer import image_header, require_folder, require_room, writing
from .rates import LEAST_FLAT_V1
from .wcs import add_frame_cards

if TYPE_CHECKING:
    from collections.abc import Iterator

    from astropy.io.fits import Header
    from numpy.typing import NDArray

    from ...engine.jobs import JobContext
    from ...frames.positioned import PathLike

    Numbers = NDArray[np.float64]


def split_cube(
    filename: PathLike, folder: PathLike, *, clobber: bool = False, ctx: JobContext | None = None
) -> tuple[Path, ...]:
    """Write each bundle of a cube as a cube of its own.

    Parameters
    ----------
    filename : path-like
        The cube; the others of its capture tell where its clock starts.
    folder : path-like
        Is made if it does not exist; other files in it stay.
    clobber : bool
        Whether files may be replaced.
    ctx : JobContext or None
        Told of the progress in bundles; checked.

    Returns
    -------
    tuple of Path
        ``OBJECT_cubeNNN_DATE_TIME_cubeMMM.fits`` for bundle MMM of cube NNN. Counts, names of
        units and the row of TIMESTAMPS are as they were. A reader counts from the first stamp
        of cube 1: GPSSTART is moved to the start of the first bundle, which changes it in
        other cubes than the first; the old one is kept as GPSORIG.

    Raises
    ------
    NightglassError
        If the cube cannot be read, or a file cannot be written.
    """
    path = Path(filename)
    source = DataSet.from_first(path)
    header = next((cube for cube in source.cubes if cube.path.samefile(path)), source.header)
    names = [_split_name(header, bundle) for bundle in range(header.bundles)]
    target = require_folder(Path(folder), names, clobber=clobber)
    require_room(target, header.size_bytes)
    splitter = _Splitter(header, _started(source, header))
    for bundle, name in enumerate(names):
        if ctx is not None:
            ctx.check()
        splitter.write(bundle, target / name)
        if ctx is not None:
            ctx.progress(bundle + 1, len(names), "Splitting")
    return tuple(target / name for name in names)


def _split_name(header: CubeHeader, bundle: int) -> str:
    name = parse_name(header.path)
    if name is None:
        return f"{header.path.stem}_cube{bundle + 1:03d}.fits"
    return f"{name.object_name}_cube{name.number:03d}_{name.start}_cube{bundle + 1:03d}.fits"


def _started(source: DataSet, header: CubeHeader) -> str | None:
    """Give the UTC of the first bundle's start, if GPS tells; None leaves the header as it is."""
    model = source.capture.time_model()
    clock_s = source.capture.stamps(header).clock_s
    if model.quality != "gps" or not np.isfinite(clock_s[0]) or clock_s[0] == model.origin_s:
        return None
    return model.start(float(clock_s[0])).iso(9)


class _Splitter:
    """The units of a cube, to be written once per bundle."""

    def __init__(self, header: CubeHeader, started: str | None) -> None:
        self._header = header
        self._handle = Handle(header.path)
        self._primary, self._image, self._table = _unit_headers(header)
        self._bundle_bytes = header.bundle_rows * header.columns * header.encoding.storage.itemsize
        if started is not None:
            self._primary["GPSORIG"] = self._primary.get("GPSSTART", "N/A")
            self._primary["GPSSTART"] = started
        if self._image["NAXIS"] == 3:
            self._image["NAXIS3"] = 1

    def write(self, bundle: int, path: Path) -> None:
        header, table = self._header, self._header.stamps
        pixels = self._read(header.data_offset + bundle * self._bundle_bytes, self._bundle_bytes)
        is_stamped = bundle < table.rows
        row = table.row.itemsize
        self._primary["CUBEIDX"] = bundle + 1
        self._table["NAXIS2"] = int(is_stamped)
        with writing(path) as writer:
            writer.header(self._primary)
            writer.header(self._image)
            writer.data(pixels)
            writer.end_data()
            writer.header(self._table)
            writer.data(self._read(table.offset + bundle * row, row) if is_stamped else b"")
            writer.end_data()

    def _read(self, place: int, size: int) -> bytes:
        buffer = bytearray(size)
        self._handle.read_into(place, memoryview(buffer))
        return bytes(buffer)


def _unit_headers(header: CubeHeader) -> tuple[Header, Header, Header]:
    """Headers of the primary unit, the frames and the stamps, as they stand in the file."""
    from astropy.io import fits

    try:
        with fits.open(header.path, memmap=True, do_not_scale_image_data=True) as units:
            by_place = {unit.fileinfo()["datLoc"]: unit.header.copy() for unit in units}
            primary = units[0].header.copy()
        image, table = by_place[header.data_offset], by_place[header.stamps.offset]
    except (fits.VerifyError, OSError, KeyError) as error:
        raise NightglassError(
            "Could not split the cube", f"{header.path.name} has cards that are no FITS.", "",
            header.path,
        ) from error  # fmt: skip
    for name in ("CHECKSUM", "DATASUM"):
        image.pop(name, None)
        table.pop(name, None)
    if header.stamps.rows and table.get("PCOUNT"):
        table["PCOUNT"] = 0
    return primary, image, table


def calibrated_cube(
    data_set: DataSet,
    filename: PathLike,
    *,
    clobber: bool = False,
    ctx: JobContext | None = None,
) -> Path:
    """Write all frames in electrons, divided by the flat if there is one, as one cube.

    Parameters
    ----------
    data_set : DataSet
        The frames.
    filename : path-like
        A FITS file: float32 frames in the primary unit, one plane each, and a table TIMESTAMPS
        with a row each. Only a few frames are in memory at a time.
    clobber : bool
        Whether a file of this name may be replaced.
    ctx : JobContext or None
        Told of the progress in frames; checked.

    Raises
    ------
    NightglassError
        If a frame cannot be read, or the disk has no room.
    Cancelled
        If the job was cancelled; nothing is left then.
    """
    path = require_free(Path(filename), clobber=clobber)
    shape = (data_set.num_frames(), *data_set.shape)
    require_room(path.absolute().parent, 4 * int(np.prod(shape, dtype=object)))
    header = image_header(shape, -32)
    add_frame_facts(header, data_set)
    saturated = np.zeros(shape[0], np.bool_)
    with writing(path) as writer:
        writer.header(header)
        for index, (frame, is_saturated) in enumerate(calibrated_frames(data_set, ctx)):
            writer.data(frame.astype(">f4"))
            saturated[index] = is_saturated
        writer.end_data()
        writer.unit(stamps_table(data_set, saturated))
    return path


def calibrated_frames(
    data_set: DataSet, ctx: JobContext | None = None, text: str = "Writing frames"
) -> Iterator[tuple[Numbers, bool]]:
    """Give the frames in use in electrons over the flat, and whether they are saturated."""
    from ..reduce.frames import electrons

    flat, total = data_set.flat(), data_set.num_frames()
    if flat is not None:
        flat = np.where(flat >= LEAST_FLAT_V1, flat, np.nan)
    frames = electrons(data_set.cubes, data_set.recipe())
    for index in range(total):
        if ctx is not None:
            ctx.check()
        frame, is_saturated = next(frames)
        yield frame if flat is None else frame / flat, is_saturated
        if ctx is not None:
            ctx.progress(index + 1, total, text)


def add_frame_facts(header: Header, data_set: DataSet) -> None:
    """Fill the header of calibrated frames, of which there is one in each plane."""
    describe(header, data_set, options={"allow_cr": data_set.recipe().cosmic is None})
    header["BUNIT"] = ("electron", "of each pixel and frame")
    header["FLATCORR"] = ("F" if data_set.flat() is None else "T", "divided by a flat")
    header["QECORR"] = ("F", "internal quantum efficiency undone")
    header["HIERARCH FRAMEBUNDLE MODE"] = "OFF"
    header["HIERARCH FRAMEBUNDLE NUMBER"] = 1.0
    add_frame_cards(header, data_set.options.bbox)


def stamps_table(data_set: DataSet, saturated: NDArray[np.bool_], part: slice = slice(None)) -> Any:
    """Give the table TIMESTAMPS of calibrated frames: one row for each frame.

    TIMESTAMP is the camera's clock at the start of the exposure; DAY (MJD) and SECONDS are the
    UTC of its middle, exact to the picosecond. `part` chooses frames; `saturated` is of those.
    """
    from astropy.io import fits

    clock, times = data_set.clock(), data_set.frame_times()
    count = data_set.num_frames()
    stamps = (clock.model.elapsed(clock.clock_s) + clock.model.origin_s)[:count]
    columns = [
        fits.Column("TIMESTAMP", "D", "s", array=stamps[part]),
        fits.Column("DAY", "K", "d", array=times.day[part]),
        fits.Column("SECONDS", "D", "s", array=times.seconds[part]),
        fits.Column("SATURATED", "L", array=saturated),
    ]
    counter = _counters(data_set)
    if counter is not None:
        columns.insert(1, fits.Column("FRAMESTAMP", "K", array=counter[:count][part]))
    table = fits.BinTableHDU.from_columns(columns, name="TIMESTAMPS")
    table.header["TIMESYS"] = ("UTC", "of DAY and SECONDS, middle of the exposure")
    table.header["TIMEQUAL"] = (times.quality, "where the zero point comes from")
    return table


def _counters(data_set: DataSet) -> NDArray[np.int64] | None:
    """Give the camera's counter of the bundle of every frame; None where a cube lacks it."""
    found = [data_set.capture.stamps(cube).counter for cube in data_set.cubes]
    known = [counter for counter in found if counter is not None]
    if len(known) < len(found):
        return None
    return np.repeat(np.concatenate(known), data_set.header.frames_per_bundle)
