"""Master darks, biases and flats from sequences of calibration frames.

A pixel of a master is the mean of its counts without outliers: counts further from their median
than five times their noise, which is taken from the median distance (1.4826 of it is the standard
deviation of normal noise) and is at least one count. One cosmic ray in a sequence of ten would
widen a standard deviation so much that it hides itself. The published programs average all.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ...errors import NightglassError
from ..raw.frame import FrameHeader, check_counts, overscan_level, read_frame
from ..raw.header import header_of
from ..raw.raw_bytes import RawBytes, shape_of
from .master import MasterFrame, read_master, write_master

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    Announce = Callable[[str], object]

__all__ = ["MasterFrame", "make_master", "read_master", "write_master"]

CLIP = 5.0
_SIGMA_OF_DISTANCE = 1.4826
_ROWS = 128
# While flats are averaged they are whole numbers of 16 bits: this much for a response of 1, above a
# pedestal that keeps noise below zero. Responses up to 3.9 fit.
_FLAT_UNIT = 16384.0
_FLAT_ZERO = 1024.0
_SAME_EXPOSURE_S = 0.05
_SAME_TEMPERATURE_C = 1.0


@dataclass(frozen=True)
class _Frame:
    """A calibration frame that can be used, and what its counts become before they are averaged."""

    path: Path
    header: FrameHeader
    shape: tuple[int, int]
    offset: float = 0.0
    scale: float = 1.0


def make_master(
    kind: str,
    files: Sequence[Path],
    min_frames: int,
    announce: Announce,
) -> MasterFrame:
    """Average a sequence of calibration frames.

    Frames that cannot be read are left out, and so are those that are not like the others in
    size, exposure time (0.05 s) or temperature (1 C). Of every flat the median of its overscan is
    taken off, and it is divided by its mean over the active window. The frames are read in bands
    of rows: 50 full frames need 250 MB.

    Parameters
    ----------
    kind : {"dark", "bias", "flat"}
    files : sequence of Path
        In order of time.
    min_frames : int
        Fewest that must be left.
    announce : callable
        Told the name of a file before it is read.

    Returns
    -------
    MasterFrame
        Frames left out are in its `failed`.

    Raises
    ------
    NightglassError
        If fewer frames are left.
    """
    failed: dict[str, str] = {}
    while True:
        usable = [path for path in files if path.name not in failed]
        frames = _alike(
            [f for path in usable if (f := _opened(kind, path, failed, announce))], failed
        )
        if len(frames) < min_frames:
            raise _too_few(kind, len(frames), min_frames, failed)
        try:
            image, rejected = _combined(frames, announce)
        except NightglassError as error:
            # What was whole a moment ago may be cut or its packed data damaged: without it again.
            failed[_name_of(error)] = error.text
            continue
        return _master(kind, image, rejected, frames, failed)


def _name_of(error: NightglassError) -> str:
    if error.path is None:
        raise error
    return Path(error.path).name


def _too_few(kind: str, left: int, min_frames: int, failed: dict[str, str]) -> NightglassError:
    because = f" The first of the others: {next(iter(failed.values()))}" if failed else ""
    return NightglassError(
        f"No master {kind} could be made",
        f"{left} usable frames are fewer than {min_frames}.{because}",
        "Take another sequence.",
    )


def _opened(kind: str, path: Path, failed: dict[str, str], announce: Announce) -> _Frame | None:
    """A frame of which header and length are good; else None, with the reason in `failed`."""
    announce(path.name)
    try:
        raw = RawBytes(path)
        cards = raw.header()
        header = header_of(cards, path)
        check_counts(cards, path)
        shape = shape_of(cards) or (0, 0)
        return _Frame(path, header, shape, *_flattening(path) if kind == "flat" else ())
    except NightglassError as error:
        failed[path.name] = error.text
        return None


def _flattening(path: Path) -> tuple[float, float]:
    """What to take off a flat, and what to multiply it by then."""
    raw = read_frame(path)
    dark = overscan_level(raw)
    light = float(raw.counts[raw.header.active].mean()) - dark
    if not light > 0.0:
        raise NightglassError("A flat without light", f"{path.name} shows no light.", path=path)
    return dark, _FLAT_UNIT / light


def _alike(frames: list[_Frame], failed: dict[str, str]) -> list[_Frame]:
    """Frames like the one in the middle in size, exposure and temperature."""
    if not frames:
        return []
    windows = [(frame.shape, frame.header.active) for frame in frames]
    usual = max(windows, key=windows.count)
    exposure_s = _middle([frame.header.exptime_s for frame in frames])
    ccdtemp_c = _middle([frame.header.ccdtemp_c for frame in frames])
    for frame, window in zip(frames, windows, strict=True):
        header, name = frame.header, frame.path.name
        if window != usual:
            failed[name] = f"{name} has another size or window than the others."
        elif abs(header.exptime_s - exposure_s) > _SAME_EXPOSURE_S:
            failed[name] = (
                f"{name} was exposed {header.exptime_s:g} s, the others {exposure_s:g} s."
            )
        elif abs(header.ccdtemp_c - ccdtemp_c) > _SAME_TEMPERATURE_C:
            failed[name] = (
                f"{name} was taken at {header.ccdtemp_c:.1f} C, the others at {ccdtemp_c:.1f} C."
            )
    return [frame for frame in frames if frame.path.name not in failed]


def _middle(values: list[float]) -> float:
    """The value in the middle; one that occurs, not a mean of two. NaN counts as the largest."""
    return float(np.sort(values)[(len(values) - 1) // 2])


def _combined(frames: list[_Frame], announce: Announce) -> tuple[NDArray[np.float32], int]:
    """The mean without outliers, and how many counts were left out."""
    rows, columns = frames[0].shape
    streams = [RawBytes(frame.path) for frame in frames]
    for stream in streams:
        stream.header()
    image = np.empty((rows, columns), np.float32)
    block = np.empty((len(frames), _ROWS * columns), np.uint16)
    rejected = 0
    for first in range(0, rows, _ROWS):
        band = image[first : first + _ROWS].reshape(-1)
        if band.size < block.shape[1]:
            block = np.empty((len(frames), band.size), np.uint16)
        for frame, stream, counts in zip(frames, streams, block, strict=True):
            announce(frame.path.name)
            _read_band(frame, stream, counts)
        rejected += _average(block, band)
    return image, rejected


def _read_band(frame: _Frame, stream: RawBytes, counts: NDArray[np.uint16]) -> None:
    from ..raw.frame_kernels import make_native
    from .master_kernels import rescale

    stream.fill(counts.data.cast("B"))
    make_native(counts)
    if frame.scale != 1.0:
        rescale(counts, frame.offset - _FLAT_ZERO / frame.scale, frame.scale)


def _average(block: NDArray[np.uint16], out: NDArray[np.float32]) -> int:
    """Average the first axis without outliers; gives how many counts those are."""
    from ...picture.stack_kernels import median_counts
    from .master_kernels import mean_near, twice_the_distance

    middle, reach, distances = np.empty_like(out), np.empty_like(out), np.empty_like(block)
    median_counts(block, 1.0, 0.0, middle)
    twice_the_distance(block, middle, distances)
    median_counts(distances, 0.5 * _SIGMA_OF_DISTANCE * CLIP, 0.0, reach)
    np.maximum(reach, np.float32(CLIP), out=reach)
    return int(mean_near(block, middle, reach, out))


def _master(
    kind: str,
    image: NDArray[np.float32],
    rejected: int,
    frames: list[_Frame],
    failed: dict[str, str],
) -> MasterFrame:
    headers = [frame.header for frame in frames]
    first = headers[0]
    level, overscan = _levels(image, first)
    if kind == "flat":
        image -= np.float32(_FLAT_ZERO)
        image /= np.float32(_FLAT_UNIT)
        light = float(np.mean([_FLAT_UNIT / frame.scale for frame in frames]))
        level = light + float(np.mean([frame.offset for frame in frames]))
    else:
        light = level - overscan
    return MasterFrame(
        kind=kind,
        image=image,
        frames=len(frames),
        lstseq=first.lstseq,
        exptime_s=float(np.mean([header.exptime_s for header in headers])),
        ccdtemp_c=float(np.mean([header.ccdtemp_c for header in headers])),
        x0=first.x0,
        y0=first.y0,
        nx=first.nx,
        ny=first.ny,
        rejected=rejected,
        level_adu=level,
        light_adu=light,
        site=first.site,
        camera=first.camera,
        failed=failed,
    )


def _levels(image: NDArray[np.float32], header: FrameHeader) -> tuple[float, float]:
    """Medians of the active window and of what is around it; the latter NaN without overscan."""
    outside = np.ones(image.shape, bool)
    outside[header.active] = False
    around = image[outside]
    return float(np.median(image[header.active])), float(
        np.median(around)
    ) if around.size else np.nan
