"""What the simulated camera refuses, each with a sentence saying why.

Every function raises `NightglassError` for the first thing the camera could not do.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from .camera import FILTERS, MODES, SENSOR_COLUMNS, SENSOR_ROWS, STEP_PX
from .refusal import refusal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

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


def check_numbers(values: Mapping[str, Any]) -> None:
    """Refuse numbers outside the range that has a meaning; `values` holds all by name."""
    for names, least, most, what in (
        (_NOT_NEGATIVE, 0.0, _HUGE, "zero or more"),
        (_FRACTIONS, 0.0, 1.0, "between 0 and 1"),
        (_POSITIVE, _TINY, _HUGE, "more than zero"),
    ):
        for name in names:
            if not least <= values[name] <= most:
                raise refusal(f"{name} is {values[name]}", f"Give a value that is {what}.")
    if values["moffat_beta"] <= 1:
        raise refusal("moffat_beta is at most 1, so a star has no finite total", "Give 2 to 5.")


def check_choices(values: Mapping[str, Any]) -> None:
    """Refuse words that are no choice; `values` holds all by name."""
    for name, words in _CHOICES.items():
        if values[name] not in words:
            offered = ", ".join(word for word in words if word)
            raise refusal(f"{name} is {values[name]!r}", f"Choose one of {offered}.")


def check_geometry(shape: tuple[int, int], corner: tuple[int, int]) -> None:
    """Refuse rows and columns, from a detector row and column, that are no subarray."""
    sensor = (SENSOR_ROWS, SENSOR_COLUMNS)
    for word, size, first, most in zip(("rows", "columns"), shape, corner, sensor, strict=True):
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


def check_exposure(exposure_s: float, interval_s: float, mode: str, rows: int) -> None:
    """Refuse what the rolling shutter cannot follow.

    Rows are read in pairs, one line time each. Exposures shorter than the readout are possible
    only when frames wait for the readout, as biases always do.
    """
    scan = MODES[mode]
    if not (math.isfinite(exposure_s) and exposure_s >= scan.line_s):
        raise refusal(
            f"an exposure of {exposure_s:g} s is below the {scan.line_s:g} s the {mode} mode "
            "can do",
            f"Give at least {scan.line_s:g} s.",
        )
    readout_s = scan.readout_s(rows)
    if interval_s >= max(exposure_s, readout_s) - 1e-12:
        return
    needs = f"the {mode} mode needs {readout_s:.6g} s to read {rows} rows"
    if interval_s == exposure_s:
        raise refusal(
            f"an exposure of {exposure_s:g} s cannot be done: {needs}",
            f"Give an exposure or an interval of at least {readout_s:.6g} s, or fewer rows.",
        )
    raise refusal(
        f"frames of {exposure_s:g} s cannot follow every {interval_s:g} s: {needs}",
        f"Give an interval of at least {max(exposure_s, readout_s):.6g} s.",
    )


def check_bundles(frames: int, bundle: int) -> None:
    """Refuse a number of frames that leaves a bundle unfilled."""
    if frames % bundle:
        raise refusal(
            f"{frames} frames do not fill bundles of {bundle}",
            "The camera delivers whole bundles: give a multiple.",
        )


def check_pulse(peaks: Sequence[tuple[float, float, float]]) -> None:
    """Refuse peaks, of phase, width and share, that make no profile."""
    shares = sum(share for _, _, share in peaks)
    if abs(shares - 1) > 1e-9 or any(not 0 < width < 0.5 for _, width, _ in peaks):
        raise refusal(
            "the pulse peaks' shares do not sum to 1, or a width is not between 0 and 0.5 turns",
            "Correct the peaks.",
        )


def check_name(name: str) -> None:
    """Refuse an object name that no file name or header can carry."""
    if "/" in name or not name.isprintable() or not name.isascii() or len(name) > 60:
        raise refusal(
            f"{name!r} cannot be part of a file name and a FITS header",
            "Use up to 60 plain letters, digits, blanks, dots, dashes and underscores.",
        )
