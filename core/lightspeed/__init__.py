"""LightSpeed: captures of the high-speed camera, and all that is measured on them.

The documented interface is here under its own names: `DataSet`, `Frame`, `PixelProperties`,
`Ephemeris`, `Region`, `add_dataset_args`, `get_dataset` and the packages `lc` and `image`. A script
written against the document runs unchanged after ``import nightglass.core.lightspeed as
lightspeedpy``.

Where the document, or the published implementation of it, is not right, we do what is right.
``compat="v1"`` (March 2026) or ``compat="v3"`` (August 2026), a keyword of `DataSet` and an option
``--compat`` of every command, brings back the published numbers.

==================  ==========================================  ====================================
subject             published                                   here
==================  ==========================================  ====================================
time zero           GPSSTART missing or N/A counts as MJD 0,    first readable GPSSTART of the
                    silently                                    capture, else telescope, else file
                                                                name; always told
first cube absent   stamps of the first cube read are taken     the zero of cube 1 is kept or
                    off: times early by what was skipped        estimated; --min-index is safe
frames of a bundle  follow each other by EXPOSURE TIME          by the interval of the stamps
rolling shutter     every row has the time of the middle one    --row-delay times each row
lost frames         FRAMESTAMP is not read                      gaps are counted and told
frame phases        the whole frame falls into one bin; onoff   smeared exactly over the phases
                    uses its start                              covered; onoff uses its middle
phase 1.0           index error in the last bin                 phases lie in [0, 1)
Ephemeris           PINT at every frame, pickled cache, site    Chebyshev nodes, no pickle, offline,
                    from the network                            within 0.5 ns of PINT
timestamp           float64 seconds since MJD 0, good to 1 us   seconds after the camera's start;
                                                                `Frame.time` is exact
cubes               ordered as text, 1000 before 101; a bare    ordered by number; any cube, a
                    file name fails; strays stop the program    folder or a list; strays named
header equality     any other card stops the program            what matters is compared, a stranger
                                                                is left out and named
gain                a constant; the header's is not read        header's conversion factor, else
                                                                8.5; recorded in every product
bias                from a saved file not trimmed; negative     trimmed by header, or refused with
                    offsets wrap                                both places
dark, flat          not trimmed, not checked; flat over its     trimmed, mismatches named; flat over
                    maximum                                     its median
skewness            third moment lacks + 2 m1**3                central moment
self-bias           moments swapped                             unfolded the right way round
Pearson IV          NaN for large skewness                      kept inside the family
get_prob            flat floor of 0.01; fails without a mask    normalised density, both ways
cosmic rays         3 x 3 median alone cuts cores of bright     confirmed against neighbouring
                    stars; flux of cut pixels is lost; one-     frames; flux re-scaled; both sides
                    sided
saturation          65535 only, and not used                    full well too, counted and told
quantum efficiency  applied to the sum of all frames, or not    per frame: image, weight, --qe;
                    at all; QECORR always 'T'                   QECORR tells the truth
clip                documented as 0 or 1                        rounded to whole electrons
light curve         no sky, errors 0 or from resampled cubes;   sky region; Poisson or Hessian
                    EXPTIME a span                              errors always, blocks on --errors
Lightcurve +        weights applied twice                       once
weight mode         per frame, per pixel or per source by       photo-electrons a second of the
                    version; no sky, no guard, no errors;       source; sky; guarded; Hessian
                    samples on disk
PSF weights         half as wide as drawn, ellipse turned by    width and angle as drawn
                    90 degrees
photometry          first edge missing, rates per one exposure  every frame in its bin
bootstrap           whatever is resampled again scatters too    refused a second time, seeded
                    much
regions             first line of the file, one shape,          DS9 and CIAO files, many shapes,
                    0-based: one pixel to the upper right       1-based as in DS9
polygon             pixels lost on aligned edges                exact point-in-polygon
bbox                region and box not in the same frame        regions stay in the whole frame
WCS of images       CRPIX swapped and off by half, picture      CRPIX right, CD matrix, pixels
                    turned and resampled                        untouched
declination         sign lost between -1 and 0 degrees          sign read from the text
missing pixels      painted over in images                      NaN, unless --fill
cube                needs a flat and twice the memory;          streamed; TIMESTAMPS kept
                    TIMESTAMPS lost
output              written in place, float32                   temporary name and rename, float64
==================  ==========================================  ====================================
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from . import image, lc
    from .arguments import add_dataset_args, get_dataset
    from .data_set import DataSet
    from .ephemeris import Ephemeris
    from .frame import Frame
    from .noise.pixel_properties import PixelProperties
    from .region import Region

__all__ = [
    "DataSet",
    "Ephemeris",
    "Frame",
    "PixelProperties",
    "Region",
    "add_dataset_args",
    "get_dataset",
    "image",
    "lc",
]

_HOMES = {
    "DataSet": ".data_set",
    "Ephemeris": ".ephemeris",
    "Frame": ".frame",
    "PixelProperties": ".noise.pixel_properties",
    "Region": ".region",
    "add_dataset_args": ".arguments",
    "get_dataset": ".arguments",
}


def __getattr__(name: str) -> Any:
    """Load the documented names when they are asked for: a window starts without them."""
    if name in ("image", "lc"):
        return import_module(f".{name}", __name__)
    if name in _HOMES:
        return getattr(import_module(_HOMES[name], __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
