"""What night to simulate: one frozen record, checked when it is made."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from ..words import settings_of
from . import defects
from .refusal import refusal
from .start import first_slot

if TYPE_CHECKING:
    from collections.abc import Mapping

SITES = ("LaPalma", "LaSilla")
LETTERS = "NESWC"
FULL_SHAPE = (2672, 4008)
_NOT_NEGATIVE = (
    "darks", "biases", "flats", "seed", "sky_adu", "read_noise_e", "dark_e", "hot_fraction",
    "dead_fraction", "response_spread", "intrapixel_mag", "extinction_mag", "vignetting_mag",
    "satellites_per_hour", "drift_arcmin",
)  # fmt: skip
_FRACTIONS = ("hot_fraction", "dead_fraction", "variable_fraction")


@dataclass(frozen=True)
class NightSettings:
    """One night, or a part of it, of the simulated station.

    Parameters
    ----------
    site : str
        LaPalma or LaSilla.
    cameras : tuple of str
        Letters of N, E, S, W and C.
    start : str
        LST sequence number of the first slot, or a UTC time (ISO with T) in it; empty for a
        moonless midnight, from the start of a batch on.
    frames : int
        Slots of each camera, missing ones included.
    catalogue : str
        Path of a catalogue of stars; empty for a made-up sky.
    scale : float
        Size of the chip over the real one, with the real plate scale; 0.1 to 1.
    seed : int
        Same seed and settings, same bytes.
    defects : tuple of str
        Names of `nightglass.core.simulate.mascara.defects.DEFECTS`, some with ``:FRAME``.
    darks, biases, flats : int
        Frames of the calibration sequences exposed before the first frame.
    faintest_vmag, density : float
        Faintest star of a made-up sky, and how many times more stars it has than the real one.
    truth_vmag : float
        Faintest star whose place and flux in every frame are told.
    gain : float
        Electrons per count.
    sky_adu : float
        Moonless sky at the zenith, counts per pixel and exposure.
    read_noise_e, dark_e : float
        Electrons; the dark current is that of one exposure at -15 C.
    hot_fraction, dead_fraction : float
        Parts of the pixels.
    response_spread : float
        Pixel-to-pixel scatter of the response.
    intrapixel_mag : float
        Half range of the response to where in a pixel a star's centre is.
    extinction_mag : float
        Of one airmass.
    vignetting_mag : float
        In the far corner of the real chip.
    satellites_per_hour : float
        Trails through the view of a full-size chip.
    drift_arcmin : float
        Amplitude of the slow motion of the pointing in a night.
    variable_fraction : float
        Part of the stars that vary, half of them by transits.

    Raises
    ------
    NightglassError
        If the station could not have such a night.
    """

    site: str = "LaPalma"
    cameras: tuple[str, ...] = ("C",)
    start: str = ""
    frames: int = 50
    catalogue: str = ""
    scale: float = 1.0
    seed: int = 1
    defects: tuple[str, ...] = ()
    darks: int = 20
    biases: int = 20
    flats: int = 20
    faintest_vmag: float = 10.0
    density: float = 1.0
    truth_vmag: float = 8.4
    gain: float = 0.62
    sky_adu: float = 150.0
    read_noise_e: float = 12.0
    dark_e: float = 0.1
    hot_fraction: float = 1e-3
    dead_fraction: float = 2e-5
    response_spread: float = 0.003
    intrapixel_mag: float = 0.01
    extinction_mag: float = 0.15
    vignetting_mag: float = 1.0
    satellites_per_hour: float = 4.0
    drift_arcmin: float = 1.0
    variable_fraction: float = 0.02

    def __post_init__(self) -> None:
        _check_numbers(vars(self))
        _check_station(self.site, self.cameras)
        defects.parse(self.defects)
        first_slot(self.start, self.site)

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns of the active window."""
        return round(FULL_SHAPE[0] * self.scale), round(FULL_SHAPE[1] * self.scale)

    @property
    def first_lstseq(self) -> int:
        """Slot of the first frame."""
        return first_slot(self.start, self.site)

    def as_json(self) -> dict[str, Any]:
        """Every field, in types JSON knows."""
        return asdict(self)


def from_json(values: Mapping[str, Any]) -> NightSettings:
    """Make settings from JSON values, lists standing for tuples.

    Raises
    ------
    NightglassError
        For a name that is no field, and for whatever `NightSettings` refuses.
    """
    return settings_of(NightSettings, values, refusal)


def _check_numbers(values: Mapping[str, Any]) -> None:
    for name in _NOT_NEGATIVE:
        if not (math.isfinite(values[name]) and values[name] >= 0):
            raise refusal(f"{name} is {values[name]}", "Give a value that is zero or more.")
    for name in _FRACTIONS:
        if not 0 <= values[name] <= 0.5:
            raise refusal(f"{name} is {values[name]}", "Give a value between 0 and 0.5.")
    if values["frames"] < 1:
        raise refusal(f"there are {values['frames']} frames", "Give at least one.")
    if not 0.1 <= values["scale"] <= 1.0:
        raise refusal(f"the scale is {values['scale']}", "Give a value between 0.1 and 1.")
    if not 0.01 <= values["gain"] <= 100:
        raise refusal(f"the gain is {values['gain']}", "Give electrons per count, such as 0.62.")
    if not 0.1 <= values["density"] <= 10.0:
        raise refusal(f"the density is {values['density']}", "Give a value between 0.1 and 10.")
    if not 4.0 <= values["faintest_vmag"] <= 12.0:
        raise refusal("the faintest star is out of range", "Give a magnitude from 4 to 12.")


def _check_station(site: str, cameras: tuple[str, ...]) -> None:
    if site not in SITES:
        raise refusal(f"{site!r} has no such cameras", f"Choose one of {', '.join(SITES)}.")
    if not cameras or len(set(cameras)) < len(cameras) or set(cameras) - set(LETTERS):
        raise refusal(
            f"{','.join(cameras)!r} are no cameras", "Give different letters of N, E, S, W and C."
        )
