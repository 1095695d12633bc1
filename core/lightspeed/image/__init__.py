"""Pictures made of captures: mean images, on-pulse minus off-pulse, point-spread functions, cubes.

`mean_image` and `on_off` give an `Image` that is saved as FITS: the rate in the primary unit, as
the published tools read it, then ERROR, EXPOSURE and, where something was saturated, SATURATED.
`fit_star` measures a star in one, `split_cube`, `calibrated_cube` and `shifted_cubes` rewrite
cubes.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .cubes import calibrated_cube, split_cube
    from .image import Image, mean_image
    from .onoff import on_off
    from .psf import StarFit, fit_star
    from .ranges import PhaseRanges
    from .shift import shifted_cubes

__all__ = [
    "Image",
    "PhaseRanges",
    "StarFit",
    "calibrated_cube",
    "fit_star",
    "mean_image",
    "on_off",
    "shifted_cubes",
    "split_cube",
]

_HOMES = {
    "Image": ".image",
    "PhaseRanges": ".ranges",
    "StarFit": ".psf",
    "calibrated_cube": ".cubes",
    "fit_star": ".psf",
    "mean_image": ".image",
    "on_off": ".onoff",
    "shifted_cubes": ".shift",
    "split_cube": ".cubes",
}


def __getattr__(name: str) -> Any:
    """Load the public names when they are asked for: a window starts without them."""
    if name in _HOMES:
        return getattr(import_module(_HOMES[name], __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
