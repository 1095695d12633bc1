"""Which exposures are taken, when, and what becomes of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from ...timing.sidereal import BATCH, SOLAR_SLOT_S, datetime_from, jd_of
from ..hashing import Stream
from .chip import SET_POINT_C
from .defects import Faults

if TYPE_CHECKING:
    from .settings import NightSettings

Kind = Literal["science", "dark", "bias", "flat"]

EXPOSURE_S = 6.3829
_LATE_SLOTS = 0.016
"""Exposures begin 0.1 s after their slot."""
_CODES = {"LaPalma": "LP", "LaSilla": "LS"}
_FILE_FAULTS = ("missing", "truncated", "empty", "garbage", "no-card", "wrong-size", "wrong-site")
_FEW_DARKS = 5
_JITTER_C, _STEP_C, _STEP_FRAMES, _WARM_C = 0.05, 2.0, 100, 8.0


@dataclass(frozen=True)
class Exposure:
    """One exposure of one camera.

    Attributes
    ----------
    camera : str
        Camera id, such as LPC.
    kind : str
        science, dark, bias or flat.
    lstseq : int
    jd : float
        Middle of the exposure, UTC.
    frame : int
        From 1; 0 for calibration frames.
    name : str
        Of the file.
    exposure_s, ccd_c : float
    fault : str
        What befalls the file; empty for a good one.
    """

    camera: str
    kind: Kind
    lstseq: int
    jd: float
    frame: int
    name: str
    exposure_s: float
    ccd_c: float
    fault: str

    @property
    def is_written(self) -> bool:
        """Whether a file comes of it."""
        return self.fault != "missing"

    @property
    def end_jd(self) -> float:
        """When it is read out."""
        return self.jd + 0.5 * self.exposure_s / 86400.0


class NightPlan:
    """All exposures of a night.

    Parameters
    ----------
    settings : NightSettings
    """

    def __init__(self, settings: NightSettings) -> None:
        self.settings = settings
        self.faults = Faults(settings.defects, settings.frames)
        self.cameras = tuple(_CODES[settings.site] + letter for letter in settings.cameras)

    def of(self, camera: str) -> list[Exposure]:
        """Exposures of a camera in order of time: biases, flats, darks, frames."""
        settings, first = self.settings, self.settings.first_lstseq
        counts = {"bias": settings.biases, "flat": settings.flats, "dark": self._darks()}
        slot = first - sum(counts.values())
        found = []
        kinds: tuple[Kind, ...] = ("bias", "flat", "dark")
        for kind in kinds:
            for _ in range(counts[kind]):
                found.append(self._exposure(camera, kind, slot, 0))
                slot += 1
        for frame in range(1, settings.frames + 1):
            found.append(self._exposure(camera, "science", first + frame - 1, frame))
        return found

    def _darks(self) -> int:
        if self.faults.night("no-darks"):
            return 0
        return _FEW_DARKS if self.faults.night("few-darks") else self.settings.darks

    def _exposure(self, camera: str, kind: Kind, lstseq: int, frame: int) -> Exposure:
        exposure_s = {"bias": 0.0}.get(kind, EXPOSURE_S)
        if kind == "dark" and self.faults.night("short-darks"):
            exposure_s /= 2
        jd = float(jd_of(lstseq + 0.5 + _LATE_SLOTS))
        return Exposure(
            camera, kind, lstseq, jd, frame, self._name(camera, kind, lstseq, jd), exposure_s,
            self._temperature_c(camera, kind, lstseq, frame), self._fault(lstseq, frame),
        )  # fmt: skip

    def _name(self, camera: str, kind: Kind, lstseq: int, jd: float) -> str:
        stamp = f"{lstseq:08d}"
        if self.settings.site == "LaPalma":
            stamp = datetime_from(jd).strftime("%Y%m%dT%H%M%S")
        word = "" if kind == "science" else kind
        packed = ".gz" if self.faults.night("gzip") else ""
        return f"{stamp}{camera}{word}.fits{packed}"

    def _temperature_c(self, camera: str, kind: Kind, lstseq: int, frame: int) -> float:
        stream = Stream(self.settings.seed, f"temperature of {camera} {lstseq}")
        degrees = SET_POINT_C + stream.between(-_JITTER_C, _JITTER_C)
        since = self.faults.since("temperature-step", frame)
        if since is not None and since < _STEP_FRAMES:
            degrees += _STEP_C
        if kind == "dark" and self.faults.night("warm-darks"):
            degrees += _WARM_C
        return degrees

    def _fault(self, lstseq: int, frame: int) -> str:
        if not frame:
            return ""
        if self.faults.night("short-batches") and lstseq % BATCH == BATCH - 1:
            return "missing"
        return next((name for name in _FILE_FAULTS if self.faults.at(name, frame)), "")


def sample_jds(settings: NightSettings, step_s: float) -> list[float]:
    """Moments from the first to the last exposure, at most `step_s` apart."""
    first, frames = settings.first_lstseq, settings.frames
    steps = max(1, -int(-frames * SOLAR_SLOT_S // step_s))
    return [float(jd_of(first + frames * k / steps)) for k in range(steps + 1)]
