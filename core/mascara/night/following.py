"""Whether the camera still looks where the solution of its batch has it, frame by frame.

A camera that is bumped moves by many pixels from one frame to the next, and a solution holds
for one side of that moment only. The brightest stars of a frame tell the side at once; a frame
that agrees with no known solution is solved by itself.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from .solving import astrometry_settings

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..astrometry.solution import Solution
    from .batch_request import BatchRequest
    from .exposures import Exposure
    from .sky_of_batch import BatchSky

    Numbers = NDArray[np.float64]

_STARS = 120
"""So many of the brightest give the shift of a frame to a hundredth of a pixel."""
_MOVED_PX = 0.15
_AGREEING_PX = 2.0
_LEAST_STARS = 12


class Following:
    """Solutions of the frames of a batch.

    Parameters
    ----------
    job : BatchRequest
    sky : BatchSky
        Stars on the chip.
    solution : Solution
        Of the batch.
    """

    def __init__(self, job: BatchRequest, sky: BatchSky, solution: Solution) -> None:
        from ..photometry.flags import AFlag

        self._settings = astrometry_settings(job, (solution.model.ny, solution.model.nx))
        self._all = sky.select(sky.astrometric())
        self._few = self._all.select(_brightest(self._all.stars.vmag, self._settings.bright_vmag))
        # A frame that agrees with the solution before is as good as solved by it.
        self._latest = replace(solution, aflag=int(solution.aflag & ~AFlag.TOO_FEW))
        self._known = [self._latest]
        self.moved: list[int] = []
        self.lost: list[int] = []

    def solution_of(self, exposure: Exposure) -> Solution:
        """The solution that holds for a frame.

        Where its stars are not recognised, that of the frame before, with the bit of `aflag`
        that tells so.
        """
        if not self._known[0].is_solved:  # too bright
            return self._known[0]
        vectors = self._few.vectors(exposure.header.jd)
        shifts = [self._shift_px(exposure, vectors, known) for known in self._known]
        place = int(np.argmin(shifts))
        if shifts[place] > _MOVED_PX:
            return self._solved(exposure, self._known[place], is_seen=np.isfinite(shifts[place]))
        self._latest = self._known[place]
        return self._latest

    def _solved(self, exposure: Exposure, nearest: Solution, *, is_seen: bool) -> Solution:
        """Solve a frame by itself, and remember its solution for those after it."""
        from ..astrometry.solve import verify
        from ..photometry.flags import AFlag

        if is_seen:
            vectors, vmag = self._all.vectors(exposure.header.jd), self._all.stars.vmag
            found = verify(exposure.image, vectors, vmag, nearest.model, self._settings)
            if found.is_solved:
                self.moved.append(exposure.header.lstseq)
                self._known.append(found)
                self._latest = found
                return found
        self.lost.append(exposure.header.lstseq)
        return replace(self._latest, aflag=int(self._latest.aflag | AFlag.TOO_FEW))

    def _shift_px(self, exposure: Exposure, vectors: Numbers, known: Solution) -> float:
        """How far the brightest stars are from where a solution has them; infinite without any."""
        from ..astrometry.centroids import measure

        x, y, in_front = known.model.pixels(vectors)
        x, y = x[in_front], y[in_front]
        stars = measure(exposure.image, x, y, self._settings.search_px, self._settings)
        off = np.stack([stars.x - x, stars.y - y])[:, stars.is_good]
        if off.shape[1] < _LEAST_STARS:
            return np.inf
        middle = np.median(off, axis=1)
        agreeing = np.hypot(*(off - middle[:, np.newaxis])) < _AGREEING_PX
        # What is found by chance near places where no star is, does not agree.
        return float(np.hypot(*middle)) if 2 * agreeing.sum() >= agreeing.size else np.inf


def _brightest(vmag: Numbers, bright_vmag: float) -> NDArray[np.bool_]:
    """The brightest stars that are not too bright."""
    order = np.argsort(np.where(vmag > bright_vmag, vmag, np.inf), kind="stable")
    chosen = np.zeros(vmag.size, bool)
    chosen[order[:_STARS]] = True
    return chosen
