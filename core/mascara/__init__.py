"""The MASCARA station: five fixed cameras, one exposure every 6.4 sidereal seconds.

The documented names of the station's reduction are here and in `masc`, `reduction`, `config` and
`credentials`; in the code beside them names are those of this library. Where we differ, and why:

=====================  ======================================  ====================================
of                     published                               here
=====================  ======================================  ====================================
slots                  LST of the header                       computed from the mid-exposure time,
                                                               UT1 taken as UTC: no table needed
quick                  right in 95 % of cases                  off by one in 10 % of arbitrary
                                                               instants, never at mid-exposure
lstseq2date            not told which part of the slot         the middle, in UTC with its zone
slowbinning            a parameter                             fixed at 50: the units of a night
batches                open at 0, closed by 49                 any frames of a batch, also late ones
one camera             a computer each                         all cameras, any number of workers
state                  text file; rows lost or doubled after   a journal of finished units; a unit
                       a crash                                 is made again or not at all
temporary files        a pickle per star and batch             one HDF5 file per batch
pickles                any                                     arrays and plain types, read only
darks                  mean, valid by their number             clipped mean; number, temperature,
                                                               exposure, level and age are checked
no dark                an older one                            the overscan is taken off, and told
flats and biases       made, not used                          flats give the dead pixels
bad pixels             in user scripts                         from dark and flat, replaced
overscan               recorded                                recorded, used without a dark
astrometry             one frame per batch, no rejection,      robust fit, verified on the binned
                       failure keeps old parameters silently   image too; failure is flagged (16)
solution               stored in part                          stored whole, with its model
first solution         by hand                                 blind, from the nominal pointing
flag                   bits not documented in full             one table (`photometry.flags`)
esky, errors           as published                            as published; on binned images
                                                               with the noise that pixels share
negative flux          error is NaN                            as published, and flagged
binned image           uint16, tiles shifted by whole pixels   float32, interpolated, fluxes kept,
                                                               with its coverage
units                  not stated                              ADU per exposure, stated
frames of another      reduced                                 refused, named
site or clock
minobs of slow files   not told                                51 exposures are 2 binned points
night files            attributes of either case               lower case; `station` and
                                                               `astrometry` beside them
blendvalue             formula not published                   ours (`stars.table.with_blending`)
tmpdbSave              arguments in a list                     by position or name
buildTransmissionMap   index of a cell not told                ``i + nulx * j`` or ``(i, j)``
summary                parsed from the log                     the same; from the journal if there
mail                   lost when it cannot go, password in     kept as ``.eml``, password from
                       the source                              environment or keyring
reject                 documented, not in the signature        keyword of indexArray
=====================  ======================================  ====================================
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from . import config, credentials, masc, reduction
    from .masc import (
        LSTSEQ,
        CombineH5,
        CombinePkl,
        IndexArray,
        LCtable,
        SiteReference,
        buildTransmissionMap,
        getDarkFilename,
        indexArray,
        light_curve_overview,
        lstseq2date,
        reduction_summary,
        send_summary,
        tmpdbSave,
        updateDarkFilename,
    )
    from .reduction import Reduction, SaveItAll
    from .site import Site

__all__ = [
    "LSTSEQ",
    "CombineH5",
    "CombinePkl",
    "IndexArray",
    "LCtable",
    "Reduction",
    "SaveItAll",
    "Site",
    "SiteReference",
    "buildTransmissionMap",
    "config",
    "credentials",
    "getDarkFilename",
    "indexArray",
    "light_curve_overview",
    "lstseq2date",
    "masc",
    "reduction",
    "reduction_summary",
    "send_summary",
    "tmpdbSave",
    "updateDarkFilename",
]

_MODULES = ("config", "credentials", "masc", "reduction")
_HOMES = {"Reduction": ".reduction", "SaveItAll": ".reduction", "Site": ".site"}


def __getattr__(name: str) -> Any:
    """Load the documented names when they are asked for: a window starts without them."""
    if name in _MODULES:
        return import_module(f".{name}", __name__)
    if name in __all__:
        return getattr(import_module(_HOMES.get(name, ".masc"), __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
