"""Which stars left the chip, and their light curves on the disk while the night goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .batch_store import BatchReader
from .star_fits import write_stars

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray


def stars_that_left(earlier: Path, later: Path) -> NDArray[np.int64]:
    """Stars that were measured in one batch and are not in a later one, by number."""
    with BatchReader(earlier) as before, BatchReader(later) as after:
        return np.setdiff1d(before.stars["ascc"], after.stars["ascc"])


def save_left(batch_paths: Sequence[Path], number: int, folder: Path, minobs: int = 51) -> int:
    """Write the light curves of stars that were on the chip before a batch and left by then.

    Parameters
    ----------
    batch_paths : sequence of Path
        Fast batches of a camera and night so far, in order of time; names end with the number of
        the batch, eight digits.
    number : int
        Of the batch; the one before is the nearest earlier one.
    folder : Path
        ``<ascc>.fits`` go here.
    minobs : int
        Stars with fewer points are left out.

    Returns
    -------
    int
        Files written.
    """
    known = {int(path.stem[-8:]): path for path in batch_paths}
    earlier = [other for other in known if other < number]
    if number not in known or not earlier:
        return 0
    left = stars_that_left(known[max(earlier)], known[number])
    until = [path for other, path in sorted(known.items()) if other <= number]
    return len(write_stars(until, folder, "fast", minobs, left.tolist())) if len(left) else 0
