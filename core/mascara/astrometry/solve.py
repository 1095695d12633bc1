"""Astrometry of a frame: what other rooms use of it."""

from __future__ import annotations

from .blind import blind
from .detect import Detections, detect
from .drift import chip_sky, drift, pointing_of
from .settings import AstrometrySettings
from .solution import Residuals, Solution
from .verify import verify

__all__ = [
    "AstrometrySettings",
    "Detections",
    "Residuals",
    "Solution",
    "blind",
    "chip_sky",
    "detect",
    "drift",
    "pointing_of",
    "verify",
]
