"""The frames of a batch one by one, and what is wrong with those that cannot be used."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...errors import NightglassError
from ...timing.sidereal import SOLAR_SLOT_S
from .frame_checks import check_frame, usual_window, window_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import numpy as np
    from numpy.typing import NDArray

    from ...engine import JobContext
    from ..raw.frame import FrameHeader, FrameStatistics, RawFrame
    from .batch_request import BatchRequest, Stopwatch
    from .frame_checks import Window


@dataclass(frozen=True, eq=False)
class Exposure:
    """A frame ready to be measured.

    Parameters
    ----------
    name : str
        Of its file.
    header : FrameHeader
    statistics : FrameStatistics
        Of the raw counts.
    image : ndarray of float32, shape (ny, nx)
        Active window, dark taken off, ADU.
    """

    name: str
    header: FrameHeader
    statistics: FrameStatistics
    image: NDArray[np.float32]


class Exposures:
    """Reads the frames of a batch; those that cannot be used are remembered with the reason.

    Parameters
    ----------
    job : BatchRequest
    ctx : JobContext
        Told the name of each file before it is read: what kills the process is known by it.
    watch : Stopwatch
    """

    def __init__(self, job: BatchRequest, ctx: JobContext, watch: Stopwatch) -> None:
        self._job = job
        self._ctx = ctx
        self._watch = watch
        self._files = [Path(name) for name in job.files if Path(name).name not in job.suspects]
        self._window = usual_window(self._files)
        self.failed = dict(job.suspects)
        self.warnings: list[str] = []
        with watch("calibration"):
            self.calibration = Calibration.of(job, self._window)
        self.warnings += self.calibration.warnings

    def __iter__(self) -> Iterator[Exposure]:
        """Every usable frame, in order of time."""
        for path in self._files:
            exposure = self._read(path)
            if exposure is not None:
                yield exposure

    def from_the_middle(self) -> Iterator[Exposure]:
        """Usable frames: the middle of the batch, its quarters, then what is nearest to it.

        A cloud that covers the middle one covers its neighbours as well.
        """
        last = len(self._files) - 1
        first = dict.fromkeys((last // 2, last // 4, last - last // 4))
        others = sorted(range(last + 1), key=lambda place: (abs(place - last / 2), place))
        for place in dict.fromkeys((*first, *others)):
            exposure = self._read(self._files[place]) if last >= 0 else None
            if exposure is not None:
                yield exposure

    def _read(self, path: Path) -> Exposure | None:
        if path.name in self.failed:
            return None
        self._ctx.check()
        self._ctx.publish(path.name)
        try:
            with self._watch("read"):
                return self._exposure(path)
        except NightglassError as error:
            check_all_there([path])
            self.failed[path.name] = f"{error.title}: {error.text}"
            return None

    def _exposure(self, path: Path) -> Exposure:
        from ..raw.frame import read_frame, statistics

        raw = read_frame(path)
        assert self._window is not None  # some header could be read: this one
        check_frame(raw.header, path, self._job.camera, self._window)
        return Exposure(path.name, raw.header, statistics(raw), self.calibration.applied(raw))


def check_all_there(paths: Iterable[Path]) -> None:
    """Refuse a unit whose raw files went away meanwhile, so that it is made when they are back.

    Raises
    ------
    NightglassError
        If one is missing; one that is there and damaged is another matter.
    """
    for path in paths:
        if not path.exists():
            raise NightglassError(
                "A raw frame is gone",
                f"{path.name} was removed, or its disk unplugged, before it was reduced.",
                path=path,
            )


@dataclass(frozen=True, eq=False)
class Calibration:
    """Master dark and bad pixels in force for a batch.

    Parameters
    ----------
    dark : MasterFrame or None
        None: the overscan is taken off instead.
    bad : ndarray of bool or None
        Pixels of the raw frame that are replaced.
    warnings : tuple of str
    name : str
        File of the dark.
    """

    dark: Any
    bad: NDArray[np.bool_] | None
    warnings: tuple[str, ...] = ()
    name: str = ""

    @classmethod
    def of(cls, job: BatchRequest, window: Window | None = None) -> Calibration:
        """Read the masters that the request names; of no use for frames of another window."""
        from ..calibration.bad_pixels import bad_pixels
        from ..calibration.masters import read_master

        if job.dark is None:
            return cls(None, None, ("There is no valid dark: the overscan was taken off instead",))
        dark = read_master(Path(job.dark))
        if window not in {None, window_of(dark)}:
            return cls(None, None, ("The dark is of another size: the overscan was taken off",))
        flat = read_master(Path(job.flat)) if job.flat else None
        flat_fits = flat is not None and window_of(flat) == window_of(dark)
        warnings = () if flat is None or flat_fits else ("The flat is of another size: not used",)
        bad = None
        if job.rules.reject_bad_pixels:
            bad = bad_pixels(dark, flat if flat_fits else None)
        return cls(dark, bad, warnings, Path(job.dark).name)

    @property
    def dark_slot(self) -> int:
        """Lstseq of the dark; 0 without one."""
        return 0 if self.dark is None else int(self.dark.lstseq)

    def facts(self, slot: int) -> dict[str, Any] | None:
        """The dark for the journal: file, lstseq, age at a slot and temperature."""
        if self.dark is None:
            return None
        age_h = (slot - self.dark_slot) * SOLAR_SLOT_S / 3600.0
        return {
            "file": self.name,
            "lstseq": self.dark_slot,
            "age_h": round(age_h, 3),
            "temperature_c": round(float(self.dark.ccdtemp_c), 3),
        }

    def applied(self, raw: RawFrame) -> NDArray[np.float32]:
        """The active window of a raw frame with the dark taken off."""
        from ..raw.frame import reduce_frame

        return reduce_frame(raw, None if self.dark is None else self.dark.image, self.bad)
