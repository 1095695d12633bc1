"""The settings of a reduction: defaults, units, limits; checked when they are made."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from ..errors import NightglassError, translate

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Self

Radius = Annotated[float, Field(gt=0, le=50)]


def _field(default: Any, text: str, unit: str = "", **limits: Any) -> Any:
    """A setting with its sentence and its unit, for forms and help."""
    extra: dict[str, Any] | None = {"unit": unit} if unit else None
    return Field(default, description=text, json_schema_extra=extra, **limits)


class ReductionSettings(BaseModel):
    """Everything that decides what a reduction writes, besides frames and catalogue.

    Raises
    ------
    pydantic.ValidationError
        If a value is outside its limits; `load_settings` tells it in a sentence.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    fast_limit_vmag: float = _field(
        8.4, "Faintest star of the fast light curves", "mag", ge=0, le=14
    )
    slow_limit_vmag: float = _field(
        10.0, "Faintest star of the slow light curves", "mag", ge=0, le=14
    )
    fast_radii_px: tuple[Radius, ...] = _field(
        (2.5, 4.5), "Aperture radii on single frames", "px", min_length=1, max_length=8
    )
    slow_radii_px: tuple[Radius, ...] = _field(
        (2.5, 3.5, 4.5, 5.5), "Aperture radii on binned images", "px", min_length=1, max_length=8
    )
    sky_radii_px: tuple[Radius, Radius] = _field((6.0, 21.0), "Sky annulus", "px")
    gain_e_adu: float = _field(0.62, "Electrons per count", "e-/ADU", gt=0, le=100)
    bad_level_adu: float = _field(63000.0, "Counts from which a pixel is saturated", "ADU", gt=0)
    edge_px: float = _field(50.0, "Stars nearer to the edge of the chip are left out", "px", ge=22)
    moon_radius_px: float = _field(30.0, "Stars nearer to the Moon are flagged", "px", ge=0)
    masks: dict[str, tuple[tuple[float, float, float, float], ...]] = _field(
        {"LSS": ((2850.0, 4008.0, 2275.0, 2672.0),), "LSW": ((0.0, 400.0, 2275.0, 2672.0),)},
        "What stands in the view, by camera: lowest and highest x, lowest and highest y",
        "px",
    )

    solutions: dict[str, str] = _field(
        {}, "Earlier solutions to start from, by camera: a binned image or a master solution"
    )
    astrometry_bright_vmag: float = _field(4.0, "Brightest star of the astrometry", "mag")
    astrometry_faint_vmag: float = _field(7.5, "Faintest star of the astrometry", "mag")
    astrometry_isolation_px: float = _field(
        10.0, "Least distance of its neighbours brighter than V 8", "px", ge=0
    )
    astrometry_limit_px: float = _field(2.0, "Worst residual that is accepted, rms", "px", gt=0)

    clear_zero_points_mag: dict[str, float] = _field(
        {"C": 17.08, "N": 17.09, "E": 17.01, "W": 17.00, "S": 16.86},
        "Star that gives one count an exposure under a clear sky, by the camera's letter",
        "mag",
    )
    extinction_mag: float = _field(0.15, "Light lost in one airmass of clear air", "mag", ge=0)
    vignetting_mag: float = _field(
        1.15, "Light lost between the middle and the corner of the full chip", "mag", ge=0
    )

    min_observations: int = _field(51, "Stars with fewer points are left out", ge=1)
    darks: int = _field(20, "Darks of one calibration sequence", "frames", ge=1)
    biases: int = _field(20, "Biases of one calibration sequence", "frames", ge=1)
    flats: int = _field(20, "Flats of one calibration sequence", "frames", ge=1)
    min_calibration_frames: int = _field(10, "Fewest readable frames of a master", "frames", ge=3)
    ccd_set_point_c: float = _field(-15.0, "Temperature the chip is cooled to", "C")
    dark_temperature_c: float = _field(
        2.0, "Largest difference of a dark from the set point", "C", gt=0
    )
    dark_age_days: float = _field(30.0, "Oldest master dark that is used", "days", gt=0)

    pressure_hpa: float | None = _field(
        None, "Air pressure for the refraction (none: standard for the altitude)", "hPa"
    )
    temperature_c: float = _field(10.0, "Air temperature for the refraction", "C")
    reject_bad_pixels: bool = _field(
        default=True, text="Replace hot and dead pixels by their neighbours"
    )
    targets: dict[str, tuple[int, ...]] = _field({}, "Thumbnails, by group: ASCC numbers", "")
    calibration_folder: str = _field(
        "", "Folder of master darks that are kept between nights (empty: in the output)"
    )

    @model_validator(mode="after")
    def _ranges_are_ordered(self) -> Self:
        if self.sky_radii_px[0] >= self.sky_radii_px[1]:
            raise ValueError("the inner radius of the sky annulus must be the smaller one")
        if self.astrometry_bright_vmag >= self.astrometry_faint_vmag:
            raise ValueError("the bright limit of the astrometry must be the smaller magnitude")
        if self.fast_limit_vmag > self.slow_limit_vmag:
            raise ValueError("the slow light curves must reach at least as faint as the fast ones")
        if set(self.clear_zero_points_mag) != set("CNESW"):
            raise ValueError("zero points are told for the cameras C, N, E, S and W")
        return self

    @property
    def digest(self) -> str:
        """Changes when any setting changes that decides what is written."""
        return sha256(self.model_dump_json().encode()).hexdigest()[:16]


def load_settings(path: Path | None) -> ReductionSettings:
    """Read settings from a JSON file; the defaults without one.

    Raises
    ------
    NightglassError
        If the file cannot be read or a value is not allowed; the setting is named.
    """
    if path is None:
        return ReductionSettings()
    try:
        return ReductionSettings.model_validate(json.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise translate(error, path) from error
    except ValidationError as error:
        raise _refusal(path, _first_fault(error)) from error
    except ValueError as error:
        raise _refusal(path, f"it is not JSON ({error})") from error


def _first_fault(error: ValidationError) -> str:
    fault = error.errors()[0]
    name = ".".join(str(part) for part in fault["loc"]) or "the settings together"
    return f"{name}: {fault['msg']}"


def _refusal(path: Path, reason: str) -> NightglassError:
    return NightglassError(
        "The settings of the reduction are not usable",
        f"In {path.name}, {reason}.",
        "'nightglass night config' prints all settings with their units and defaults.",
        path,
    )
