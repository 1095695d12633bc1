"""How positions, values and times are written in the readout."""

from __future__ import annotations

import math

ONE_BASED_TIP = (
    "Counted from 1 as in DS9: the centre of the first pixel is (1, 1).\n"
    "Copy offers the same place counted from 0 for Python."
)

TIME_TIP = "The middle of the exposure."

PHASE_TIP = "The middle of the bin; frames count by the middle of their exposure."


def one_based(coordinate: float) -> str:
    """Write a 0-based coordinate as DS9 shows it."""
    return f"{coordinate + 1.0:.2f}"


def python_index(x: float, y: float) -> str:
    """Write the pixel under a 0-based place as an array index, row first."""
    return f"[{_pixel(y)}, {_pixel(x)}]"


def _pixel(coordinate: float) -> int:
    return int((coordinate + 0.5) // 1.0)


def right_ascension(degrees: float, decimals: int = 3) -> str:
    """Write a right ascension in hours, minutes and seconds."""
    return _sexagesimal(degrees % 360.0 / 15.0, decimals, wrap=24)


def declination(degrees: float, decimals: int = 2) -> str:
    """Write a declination in degrees, minutes and seconds, always signed."""
    return ("−" if degrees < 0 else "+") + _sexagesimal(abs(degrees), decimals)


def _sexagesimal(value: float, decimals: int, wrap: int | None = None) -> str:
    """Write base-sixty digits from one whole number, so that no part ever reads 60."""
    unit = 10**decimals
    total = round(value * 3600 * unit)
    seconds, fraction = divmod(total, unit)
    minutes, seconds = divmod(seconds, 60)
    whole, minutes = divmod(minutes, 60)
    whole = whole if wrap is None else whole % wrap
    parts = f".{fraction:0{decimals}d}" if decimals else ""
    return f"{whole:02d}:{minutes:02d}:{seconds:02d}{parts}"


def grouped(number: int) -> str:
    """Write a count with commas between thousands."""
    return f"{number:,}"


def value_text(value: float, decimals: int) -> str:
    """Write a pixel value; counts without decimals, very large and small ones in powers."""
    if not math.isfinite(value):
        return "NaN" if math.isnan(value) else ("∞" if value > 0 else "−∞")
    if value == int(value) and abs(value) < 1e9:
        return f"{int(value)}"
    if 1e-3 <= abs(value) < 1e9:
        return f"{round(value, decimals) + 0.0:.{decimals}f}"  # no "-0.00"
    return f"{value:.4g}"
