"""Units of FITS files as people write them."""

from __future__ import annotations

_WORDS = {
    "electron/s": "e\u207b/s",
    "electron / s": "e\u207b/s",
    "electron": "e\u207b",
    "turn": "turns",
}


def unit_in_words(unit: str) -> str:
    """Write a unit of a FITS file as people do; one that is not known stays."""
    return _WORDS.get(unit.strip(), unit.strip())
