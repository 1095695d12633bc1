"""Two readers of one file in one process: HDF5 refuses that when only one of them locks it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import h5py
import numpy as np
from nightglass.core.mascara.browsing.merged import read_stars
from nightglass.core.mascara.field.bright_stars import BrightStars

from ..browsing.made_stars import write_night

if TYPE_CHECKING:
    from pathlib import Path
