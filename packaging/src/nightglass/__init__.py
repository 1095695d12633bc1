"""Nightglass: quick look for LightSpeed and MASCARA."""

__version__ = "0.1.0"
