"""The numbers a picture is made of: steps of the colour scale, then special cases."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

# DS9 spreads its colours over the same number of steps.
SCALE_CODES: Final = 16384
BLANK_CODE: Final = SCALE_CODES
NAN_CODE: Final = SCALE_CODES + 1
SATURATED_CODE: Final = SCALE_CODES + 2
TABLE_SIZE: Final = SCALE_CODES + 3

Codes = NDArray[np.uint16]
Colours = NDArray[np.uint32]
Plane = NDArray[np.float32]
Values = NDArray[np.floating]
