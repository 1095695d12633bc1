"""What to simulate: one frozen record, checked when it is made."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Literal

from . import defects, instant, limits
from .camera import MODES, SENSOR_COLUMNS, SENSOR_ROWS, STEP_PX, Mode, ScanMode
from .refusal import refusal
from .words import settings_of

if TYPE_CHECKING:
    from collections.abc import Mapping

Era = Literal["2025-09", "2025-12"]
Kind = Literal["bias", "dark", "flat"]

DEFAULT_START = "2025-12-10T03:15:00"


@dataclass(frozen=True)
class CaptureSettings:
    """One capture of the simulated camera.

    Zero `frames` or `exposure_s` and an empty `object_name` stand for what observers use for
    this kind of capture; they are replaced when the record is made, so that reading a field
    always gives the value in force.

    Parameters
    ----------
    object_name : str
        Goes into the file names and the header.
    par : str
        Path of the par file the pulse follows; empty for the built-in demonstration pulsar.
    start : str
        UTC start of the first exposure, ISO with T.
    frames : int
        Camera frames exposed, lost ones included; a multiple of `bundle`.
    shape : tuple of int
        Rows and columns of one frame, multiples of 4.
    position : tuple of int or None
        Detector row and column of the frame's first pixel (VPOS, HPOS); None for the middle.
    exposure_s, interval_s : float
        Seconds; zero interval means exposures back to back.
    bundle : int
        Camera frames stacked in one tall image.
    frames_per_cube : int
        Bundles in one file (NAXIS3), the acquisition program's "frames per datacube".
    star_rate : float
        Mean photo-electrons per second of the pulsar; the field stars scale with it.
    pulsed_fraction : float
        Fraction of the pulsar's photons that are pulsed.
    peaks : tuple of (phase, width, share)
        Pulse peaks: phase in turns, full width at half maximum in turns, share of the photons.
    stars : int
        Field stars besides the pulsar.
    sky_rate, dark_rate : float
        Electrons per pixel per second.
    flat_level_adu : float
        Mean level of a flat above the offset, counts.
    cosmic_ray_rate : float
        Hits per square centimetre of sensor per second.
    traps : int
        Charge traps per pixel, each catching a free photo-electron with `trap_chance`.
    rolling_shutter : bool
        Whether rows see the sky at their own time, or all at the time of the middle row.
    rotation_deg : float
        Sum of parallactic and rotator encoder angle, kept constant by the rotator.
    utc_offset_h : float
        Clock of the acquisition computer minus UTC, used in file names.
    defects : tuple of str
        Names of `nightglass.core.simulate.defects.DEFECTS`, each optionally with ``:CUBE``.
    truth_maps : bool
        Whether the properties of every pixel are written too, as truth_maps.npz.

    Raises
    ------
    NightglassError
        If the camera could not take such a capture.
    """

    object_name: str = ""
    par: str = ""
    start: str = DEFAULT_START
    frames: int = 0
    shape: tuple[int, int] = (256, 256)
    position: tuple[int, int] | None = None
    exposure_s: float = 0.0
    interval_s: float = 0.0
    bundle: int = 1
    frames_per_cube: int = 100
    mode: Mode = "standard"
    era: Era = "2025-12"
    seed: int = 1
    calibration: Kind | None = None
    star_rate: float = 20000.0
    pulsed_fraction: float = 0.9
    peaks: tuple[tuple[float, float, float], ...] = ((0.30, 0.045, 0.6), (0.70, 0.09, 0.4))
    stars: int = 6
    seeing_arcsec: float = 0.4
    moffat_beta: float = 3.0
    sky_rate: float = 2.0
    dark_rate: float = 0.006
    hot_fraction: float = 2e-4
    flat_level_adu: float = 40000.0
    response_spread: float = 0.005
    vignetting: float = 0.03
    gain: float = 8.5
    bias_spread_e: float = 0.065
    read_noise_e: float = 0.0
    telegraph_fraction: float = 0.03
    cosmic_ray_rate: float = 0.05
    full_well_e: float = 7000.0
    traps: int = 0
    trap_chance: float = 0.11
    rolling_shutter: bool = False
    filter_name: str = "g'"
    temperature_c: float = -34.9
    rotation_deg: float = 15.0
    utc_offset_h: float = -3.0
    defects: tuple[str, ...] = ()
    truth_maps: bool = False

    def __post_init__(self) -> None:
        rows, columns = self.shape
        usual = _usual(self)
        self._fill("object_name", usual["object_name"])
        self._fill("frames", usual["frames"])
        self._fill("exposure_s", usual["exposure_s"])
        # Biases are always shorter than the readout; anything else asked so short is refused.
        shortest = self.readout_s if self.calibration == "bias" else 0.0
        self._fill("interval_s", max(self.exposure_s, shortest))
        self._fill("read_noise_e", self.scan.read_noise_e)
        if self.position is None:
            middle = tuple(
                (size - wanted) // 2 // STEP_PX * STEP_PX
                for size, wanted in ((SENSOR_ROWS, rows), (SENSOR_COLUMNS, columns))
            )
            object.__setattr__(self, "position", middle)
        _check(self)

    def _fill(self, name: str, value: object) -> None:
        """Replace a zero or empty field: the only writing this frozen record ever sees."""
        if not getattr(self, name):
            object.__setattr__(self, name, value)

    @property
    def scan(self) -> ScanMode:
        """The scan mode's numbers."""
        try:
            return MODES[self.mode]
        except KeyError:
            raise refusal(
                f"the camera has no mode {self.mode!r}", f"Choose one of {', '.join(MODES)}."
            ) from None

    @property
    def readout_s(self) -> float:
        """Readout time of one frame, seconds."""
        return self.scan.readout_s(self.shape[0])

    @property
    def corner(self) -> tuple[int, int]:
        """Detector row and column of the frame's first pixel."""
        assert self.position is not None  # __post_init__ fills it
        return self.position

    @property
    def bundles(self) -> int:
        """Bundles exposed, lost ones included."""
        return self.frames // self.bundle

    def as_json(self) -> dict[str, Any]:
        """Every field, in types JSON knows."""
        return asdict(self)


def _check(settings: CaptureSettings) -> None:
    """Raise `NightglassError` for the first thing the camera could not do."""
    values = vars(settings)
    limits.check_numbers(values)
    limits.check_choices(values)
    limits.check_geometry(settings.shape, settings.corner)
    limits.check_exposure(
        settings.exposure_s, settings.interval_s, settings.mode, settings.shape[0]
    )
    limits.check_bundles(settings.frames, settings.bundle)
    limits.check_pulse(settings.peaks)
    limits.check_name(settings.object_name)
    instant.parse(settings.start)
    defects.parse(settings.defects)


def _usual(settings: CaptureSettings) -> dict[str, Any]:
    """Return name, frames and exposure observers use for this kind of capture."""
    bundle = max(settings.bundle, 1)
    if settings.calibration == "bias":
        return {"object_name": "bias", "frames": 50 * bundle, "exposure_s": settings.scan.line_s}
    if settings.calibration == "dark":
        name = f"dark_{(settings.exposure_s or 10.0) * 1000:.0f}_ms"
        return {"object_name": name, "frames": 5 * bundle, "exposure_s": 10.0}
    if settings.calibration == "flat":
        name = f"flat_{settings.filter_name}_{(settings.exposure_s or 0.1) * 1000:.0f}ms"
        return {"object_name": name, "frames": 6 * bundle, "exposure_s": 0.1}
    frames = max(1000 // bundle, 1) * bundle
    return {"object_name": "crab", "frames": frames, "exposure_s": 0.005}


def from_json(values: Mapping[str, Any]) -> CaptureSettings:
    """Make settings from JSON values, lists standing for tuples.

    Raises
    ------
    NightglassError
        For a name that is no field, and for whatever `CaptureSettings` refuses.
    """
    return settings_of(CaptureSettings, values, refusal)
