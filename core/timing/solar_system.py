"""Which solar-system ephemeris to use when the one asked for is not installed."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..errors import NightglassError
from .offline import installed_kernels


@dataclass(frozen=True)
class KernelChoice:
    """The ephemeris asked for and the one used instead, lower case.

    `shift_s` is the largest change of an arrival time by the exchange in seconds (0 when there
    is none, None when nobody has published it) and `cause` says why it is that large.
    """

    asked: str
    used: str
    shift_s: float | None
    cause: str = ""

    def notice(self, f0_hz: float) -> str:
        """The exchange in one plain sentence; empty when the ephemeris is the one asked for."""
        if self.shift_s == 0.0:
            return ""
        start = f"{self.asked.upper()} is not installed, so {self.used.upper()} is used instead"
        if self.shift_s is None:
            return f"{start}; how far the two differ is not known."
        turns = self.shift_s * f0_hz
        return (
            f"{start}: arrival times can differ by up to {self.shift_s * 1e3:.2g} ms "
            f"({turns:.2g} of a turn), nearly constant over a night ({self.cause})."
        )


_SAME = "both are fits to the same data"
_MASSES = (
    "its masses of Neptune and Uranus are older than Voyager's visits, which moves the barycentre "
    "by 1400 km; IAU 1976 mass ratios as in SOFA's plan94, against those of DE421"
)
_FRAME = (
    "the barycentric Earth of ERFA's epv00, fitted to DE405 within 13.4 km, stays within 11.4 km "
    "of DE421 from 1995 to 2039"
)
_MODERN = (
    "errors of the planets over their mass ratios, from the accuracies JPL gives at "
    "ssd.jpl.nasa.gov/doc/de430_de431.html"
)
_KUIPER = (
    "DE440 counts the Kuiper belt, which moves the barycentre by 114 to 120 km; computed from "
    "both ephemerides for 1990 to 2047, see Park et al. 2021, AJ 161, 105"
)

# Numbers of the JPL ephemerides asked for -> largest change of an arrival time with DE421 in
# seconds, and its cause.
# DE200: Neptune's mass ratio was 19314 and is 19412.2, Uranus's was 22869 and is 22903: 4.5e9 km
#   and 2.9e9 km over them move the barycentre by 1175 + 187 km, 4.5 ms of light.
# DE405: 13.4 km and 11.4 km added, 83 us.
# DE430 and its like: the Earth 1 km, Jupiter and Saturn 50 km / 1047 and / 3498, Uranus and Neptune
#   5000 km / 22903 and / 19412 make 1.6 km, 5 us; doubled.
# DE440: measured on the two files; the Earth's orbit itself differs by 0.2 km only.
_DIFFERENCE_TO_DE421: tuple[tuple[range, float, str], ...] = (
    (range(96, 300), 5.0e-3, _MASSES),
    (range(400, 412), 83e-6, _FRAME),
    (range(412, 421), 10e-6, _MODERN),
    (range(421, 422), 0.0, _SAME),
    (range(422, 440), 10e-6, _MODERN),
    (range(440, 442), 0.4e-3, _KUIPER),
)


def choose_kernel(asked: str) -> KernelChoice:
    """Pick the installed ephemeris that serves best for the one a par file asks for.

    The same one when it is installed; DE440 for DE441 (they agree within a metre in DE440's
    years, says JPL's export information of 2020-12-21); otherwise DE421. DE440 does not stand in
    for older ones, because its barycentre moved (see the table in this module).

    Parameters
    ----------
    asked : str
        As in the par file, for example ``DE430``.

    Raises
    ------
    NightglassError
        If no ephemeris is installed.
    """
    name = asked.strip().lower()
    installed = installed_kernels()
    if name in installed:
        return KernelChoice(name, name, 0.0)
    if name == "de441" and "de440" in installed:
        return KernelChoice(name, "de440", 3.4e-9, _SAME)
    if "de421" not in installed:
        raise NightglassError(
            "Solar-system ephemeris missing",
            "No JPL ephemeris is installed.",
            "Install the package skyfield-data.",
        )
    shift_s, cause = _difference_to_de421(name)
    return KernelChoice(name, "de421", shift_s, cause)


def _difference_to_de421(name: str) -> tuple[float | None, str]:
    match = re.fullmatch(r"de(\d+)[a-z]?", name)
    number = int(match[1]) if match else -1
    for numbers, shift_s, cause in _DIFFERENCE_TO_DE421:
        if number in numbers:
            return shift_s, cause
    return None, ""
