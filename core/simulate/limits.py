"""What the simulated camera refuses, each with a sentence saying why."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from . import clock, defects
from .camera import FILTERS, SENSOR_COLUMNS, SENSOR_ROWS, STEP_PX
from .refusal import refusal

if TYPE_CHECKING:
    from .settings import CaptureSettings

_NOT_NEGATIVE = (
    "star_rate", "stars", "sky_rate", "dark_rate", "flat_level_adu", "response_spread",
    "bias_spread_e", "read_noise_e", "cosmic_ray_rate", "traps", "seed",
)  # fmt: skip
_FRACTIONS = (
    "pulsed_fraction", "hot_fraction", "vignetting", "telegraph_fraction", "trap_chance",
)  # fmt: skip
_POSITIVE = ("frames", "bundle", "frames_per_cube", "gain", "seeing_arcsec", "full_well_e")
_TINY, _HUGE = 1e-9, 1e12
_CHOICES: dict[str, tuple[str | None, ...]] = {
    "era": ("2025-09", "2025-12"),
    "calibration": (None, "bias", "dark", "flat"),
    "filter_name": FILTERS,
}


def check(settings: CaptureSettings) -> None:
    """Raise `NightglassError` for the first thing the camera could not do."""
    for test in (_numbers, _choices, _geometry, _exposure, _bundles, _pulse, _names):
        test(settings)


def _numbers(settings: CaptureSettings) -> None:
    for names, least, most, what in (
        (_NOT_NEGATIVE, 0.0, _HUGE, "zero or more"),
        (_FRACTIONS, 0.0, 1.0, "between 0 and 1"),
        (_POSITIVE, _TINY, _HUGE, "more than zero"),
    ):
        for name in names:
            value = getattr(settings, name)
            if not least <= value <= most:
                raise refusal(f"{name} is {value}", f"Give a value that is {what}.")
    if settings.moffat_beta <= 1:
        raise refusal("moffat_beta is at most 1, so a star has no finite total", "Give 2 to 5.")


def _choices(settings: CaptureSettings) -> None:
    for name, words in _CHOICES.items():
        if getattr(settings, name) not in words:
            offered = ", ".join(word for word in words if word)
            raise refusal(f"{name} is {getattr(settings, name)!r}", f"Choose one of {offered}.")


def _geometry(settings: CaptureSettings) -> None:
    sensor = (SENSOR_ROWS, SENSOR_COLUMNS)
    for word, size, first, most in zip(
        ("rows", "columns"), settings.shape, settings.corner, sensor, strict=True
    ):
        if size % STEP_PX or first % STEP_PX or not STEP_PX <= size <= most:
            raise refusal(
                f"{size} {word} from detector pixel {first} is no subarray of the camera",
                f"Sizes and positions are multiples of {STEP_PX}, with at most {most} {word}.",
            )
        if not 0 <= first <= most - size:
            raise refusal(
                f"{size} {word} from detector pixel {first} reach beyond the sensor",
                f"The position can be 0 to {most - size}.",
            )


def _exposure(settings: CaptureSettings) -> None:
    """Refuse what the rolling shutter cannot follow.

    Rows are read in pairs, one line time each. Exposures shorter than the readout are possible
    only when frames wait for the readout, as biases always do.
    """
    exposure, readout, mode = settings.exposure_s, settings.readout_s, settings.mode
    if not (math.isfinite(exposure) and exposure >= settings.scan.line_s):
        raise refusal(
            f"an exposure of {exposure:g} s is below the {settings.scan.line_s:g} s the "
            f"{mode} mode can do",
            f"Give at least {settings.scan.line_s:g} s.",
        )
    if settings.interval_s >= max(exposure, readout) - 1e-12:
        return
    rows = f"the {mode} mode needs {readout:.6g} s to read {settings.shape[0]} rows"
    if settings.interval_s == exposure:
        raise refusal(
            f"an exposure of {exposure:g} s cannot be done: {rows}",
            f"Give an exposure or an interval of at least {readout:.6g} s, or fewer rows.",
        )
    raise refusal(
        f"frames of {exposure:g} s cannot follow every {settings.interval_s:g} s: {rows}",
        f"Give an interval of at least {max(exposure, readout):.6g} s.",
    )


def _bundles(settings: CaptureSettings) -> None:
    if settings.frames % settings.bundle:
        raise refusal(
            f"{settings.frames} frames do not fill bundles of {settings.bundle}",
            "The camera delivers whole bundles: give a multiple.",
        )


def _pulse(settings: CaptureSettings) -> None:
    shares = sum(share for _, _, share in settings.peaks)
    if abs(shares - 1) > 1e-9 or any(not 0 < width < 0.5 for _, width, _ in settings.peaks):
        raise refusal(
            "the pulse peaks' shares do not sum to 1, or a width is not between 0 and 0.5 turns",
            "Correct the peaks.",
        )


def _names(settings: CaptureSettings) -> None:
    name = settings.object_name
    if "/" in name or not name.isprintable() or not name.isascii() or len(name) > 60:
        raise refusal(
            f"{name!r} cannot be part of a file name and a FITS header",
            "Use up to 60 plain letters, digits, blanks, dots, dashes and underscores.",
        )
    clock.parse(settings.start)
    defects.parse(settings.defects)
