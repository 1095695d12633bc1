"""The documented parameters of the station's reduction, as they are without a settings file.

A changed value here reaches nothing; `ReductionSettings` (or ``--config FILE``) is where settings
are changed.
"""

from __future__ import annotations

from typing import Final

from ..timing.sidereal import BATCH
from .settings import ReductionSettings

_defaults = ReductionSettings()

maglim_fast: Final = _defaults.fast_limit_vmag
"""Faintest star of the fast light curves, mag."""
maglim_slow: Final = _defaults.slow_limit_vmag
"""Faintest star of the slow light curves, mag."""
slowbinning: Final = BATCH
"""Images binned together; fixed, because the sidereal day has 270 batches of 50 slots."""

path_binned: Final = "binned"
"""Folder of the binned images, in the folder of a camera's night."""
path_fastlc: Final = "fLC"
"""Folder of the fast light curves."""
path_slowlc: Final = "sLC"
"""Folder of the slow light curves."""
path_thumbnails: Final = "thumbs"
"""Folder of the image thumbnails."""

aper_fast: Final = _defaults.fast_radii_px
"""Aperture radii on single images, px."""
aper_slow: Final = _defaults.slow_radii_px
"""Aperture radii on binned images, px."""
skyrad: Final = _defaults.sky_radii_px
"""Inner and outer radius of the sky annulus, px."""

ndark: Final = _defaults.darks
"""Darks of one calibration sequence."""
nbias: Final = _defaults.biases
"""Biases of one calibration sequence."""
nflat: Final = _defaults.flats
"""Flats of one calibration sequence."""
