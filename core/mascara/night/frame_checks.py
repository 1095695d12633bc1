"""Whether a raw frame may be used with the others of its batch, from its header alone."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from typing import TYPE_CHECKING

from ...errors import NightglassError
from ...timing.sidereal import sequence
from ...timing.stations import find_station

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from ..calibration.master import MasterFrame
    from ..raw.header import FrameHeader

_CLOCK_SLOTS = 3

Window = tuple[int, int, int, int]


def window_of(header: FrameHeader | MasterFrame) -> Window:
    """Active columns and rows, and the first of them."""
    return header.nx, header.ny, header.x0, header.y0


def usual_window(paths: Iterable[Path]) -> Window | None:
    """The active window that most frames have; None when no header can be read."""
    from ..raw.header import read_header

    windows: Counter[Window] = Counter()
    for path in paths:
        with suppress(NightglassError):
            windows[window_of(read_header(path))] += 1
    return max(windows, key=lambda window: (windows[window], window), default=None)


def check_frame(header: FrameHeader, path: Path, camera: str, window: Window) -> None:
    """Refuse a frame with a wrong clock, of another station or of another size.

    Parameters
    ----------
    header : FrameHeader
    path : Path
    camera : str
        Camera id.
    window : tuple of int
        As most frames of the batch have it.

    Raises
    ------
    NightglassError
    """
    _check_clock(header, path)
    _check_site(header, path, camera)
    if window_of(header) != window:
        raise NightglassError(
            "The frame has the wrong size",
            f"{path.name} has an active window of {_in_words(window_of(header))}, most others "
            f"{_in_words(window)}.",
            path=path,
        )


def _in_words(window: Window) -> str:
    nx, ny, x0, y0 = window
    return f"{nx} x {ny} pixels from column {x0} and row {y0}"


def _check_clock(header: FrameHeader, path: Path) -> None:
    expected = float(sequence(header.jd))
    if abs(header.lstseq + 0.5 - expected) > _CLOCK_SLOTS:
        raise NightglassError(
            "The clock of the camera is wrong",
            f"{path.name} says slot {header.lstseq}, but its time belongs to slot {int(expected)}.",
            path=path,
        )


def _check_site(header: FrameHeader, path: Path, camera: str) -> None:
    """Refuse a frame of another station; one that names none is taken at its camera's word."""
    station = find_station(camera)
    if not header.site or header.site == station.name:
        return
    with suppress(NightglassError):
        if find_station(header.site) == station:
            return
    raise NightglassError(
        "The frame is from another site",
        f"{path.name} says {header.site}, but {camera} stands at {station.name}.",
        path=path,
    )
