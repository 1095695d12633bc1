"""The numbers of a summary as rows for people."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

from ...core.workbench.units import unit_in_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

UNITS = {
    "_e_per_s": "e\u207b/s",
    "_photons_per_s": "photons/s",
    "_per_s": "/s",
    "_arcsec": "arcsec",
    "_turns": "turns",
    "_deg": "°",
    "_mjd": "MJD",
    "_adu": "ADU",
    "_px": "px",
    "_hz_s": "Hz/s",
    "_hz": "Hz",
    "_ms": "ms",
    "_e": "e\u207b",
    "_s": "s",
}
"""Unit at the end of a name, the longest ends first."""
CAPITALS = frozenset({"qe", "utc", "tdb", "psf", "fwhm", "mjd", "roi"})
LABELS = {
    "adu_per_electron": ("Gain", "ADU/e\u207b"),
    "chi2": ("Chi-square", ""),
    "chi2_per_dof": ("Chi-square per degree", ""),
    "dof": ("Degrees of freedom", ""),
    "pulsed_fraction_rms": ("Pulsed fraction (rms)", ""),
    "mean_electrons": ("Mean of a frame", "e\u207b"),
}
MEASURED = frozenset({"median", "total", "brightest", "mean_flux", "mean_sky"})
"""Numbers in the unit that the summary tells."""
UNCERTAIN = ("error_hz", "step_hz", "offset_hz")
"""Frequencies that are small differences."""
DIGITS = 6
DIGITS_HZ = 11
MOST_ROWS = 60


class Number(NamedTuple):
    """One row: what it is, the number as written, its unit."""

    label: str
    text: str
    unit: str = ""


def numbers_of(summary: Mapping[str, Any]) -> tuple[Number, ...]:
    """Write every number of a summary; those of parts inside it behind the part's name."""
    return tuple(_rows(summary))[:MOST_ROWS]


def _rows(summary: Mapping[str, Any], before: str = "", unit: str = "") -> Iterator[Number]:
    unit = unit_in_words(str(summary.get("unit", unit)))
    for name, value in summary.items():
        if name == "unit" or (name == "columns" and isinstance(value, list)):
            continue
        if isinstance(value, dict):
            yield from _rows(value, f"{before}{_words(name)[0]}: ", unit)
        elif isinstance(value, list | tuple) and value and isinstance(value[0], dict):
            for place, part in enumerate(value, start=1):
                told = str(part.get("name") or part.get("region") or f"{_words(name)[0]} {place}")
                rest = {key: one for key, one in part.items() if key not in ("name", "region")}
                yield from _rows(rest, f"{before}{told}: ", unit)
        else:
            label, own = _words(name)
            measured = unit if name in MEASURED else ""
            digits = DIGITS_HZ if own == "Hz" and not name.endswith(UNCERTAIN) else DIGITS
            yield Number(before + label, _written(value, digits), own or measured)


def _words(name: str) -> tuple[str, str]:
    """Label and unit of a name such as ``exposure_s``."""
    plain = name.lower()
    if plain in LABELS:
        return LABELS[plain]
    for ending, unit in UNITS.items():
        if plain.endswith(ending):
            plain = plain.removesuffix(ending)
            return _label(plain), unit
    return _label(plain), ""


def _label(text: str) -> str:
    words = text.replace("_", " ").split()
    made = " ".join(word.upper() if word in CAPITALS else word for word in words)
    return made[:1].upper() + made[1:]


def _written(value: Any, digits: int = DIGITS) -> str:
    if value is None:
        return "unknown"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        return _rounded(value, digits)
    if isinstance(value, list | tuple):
        return ", ".join(_written(one) for one in value)
    return str(value)


def _rounded(value: float, digits: int) -> str:
    """So many digits that count, with thousands parted; powers of ten only where they must be."""
    if not math.isfinite(value):
        return "unknown"
    size = math.floor(math.log10(abs(value))) if value else 0
    if not -4 <= size < 3 + DIGITS:
        return f"{value:.{DIGITS - 1}e}"
    text = f"{value:,.{max(0, digits - 1 - size)}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
