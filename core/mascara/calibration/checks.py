"""Whether a master frame is good enough to become the current one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...timing.sidereal import SOLAR_SLOT_S

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..settings import ReductionSettings
    from .master import MasterFrame

_EXPOSURE_S = 0.05
_DARK_LIGHT_ADU = 100.0
_FLAT_LIGHT_ADU = 1000.0
_LEVELS_ADU = (1.0, 60000.0)


def check_master(master: MasterFrame, rules: ReductionSettings) -> tuple[str, ...]:
    """Say what is wrong with a master frame.

    Looked at are the number of frames, the level, and for a dark also the temperature against
    the set point, the exposure time against a slot, and light on the chip: its active part may
    be little above the overscan, which no light reaches. What is not known (NaN) is not held
    against it. The age is looked at when it is used.

    Parameters
    ----------
    master : MasterFrame
    rules : ReductionSettings

    Returns
    -------
    tuple of str
        Sentences; empty when it is good.
    """
    return tuple(_faults(master, rules))


def _faults(master: MasterFrame, rules: ReductionSettings) -> Iterator[str]:
    if master.frames < rules.min_calibration_frames:
        yield f"Only {master.frames} frames are in it, {rules.min_calibration_frames} are needed."
    lowest, highest = _LEVELS_ADU
    if master.level_adu < lowest or master.level_adu > highest:
        yield f"Its level is {master.level_adu:.0f} ADU, outside {lowest:.0f} to {highest:.0f} ADU."
    if master.kind == "dark":
        yield from _faults_of_dark(master, rules)
    elif master.kind == "flat" and master.light_adu < _FLAT_LIGHT_ADU:
        yield f"It shows only {master.light_adu:.0f} ADU of light, less than {_FLAT_LIGHT_ADU:.0f}."


def _faults_of_dark(master: MasterFrame, rules: ReductionSettings) -> Iterator[str]:
    off_c = master.ccdtemp_c - rules.ccd_set_point_c
    if abs(off_c) > rules.dark_temperature_c:
        yield (
            f"It was taken at {master.ccdtemp_c:.1f} C, more than {rules.dark_temperature_c:g} C "
            f"from the set point of {rules.ccd_set_point_c:g} C."
        )
    if abs(master.exptime_s - SOLAR_SLOT_S) > _EXPOSURE_S:
        yield f"It was exposed {master.exptime_s:.3f} s instead of {SOLAR_SLOT_S:.3f} s."
    if master.light_adu > _DARK_LIGHT_ADU:
        yield (
            f"Light was on the chip: its active part is {master.light_adu:.0f} ADU above the "
            f"overscan, more than {_DARK_LIGHT_ADU:.0f}."
        )
