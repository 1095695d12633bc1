"""The astrometric solution of a batch: from its middle frame, else from its neighbours."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..astrometry.settings import AstrometrySettings
    from ..astrometry.solution import Solution
    from ..camera.model import CameraModel
    from .batch_request import BatchRequest
    from .exposures import Exposure, Exposures
    from .sky_of_batch import BatchSky

_TRIES = 3


def astrometry_settings(job: BatchRequest, shape: tuple[int, ...]) -> AstrometrySettings:
    """The part of the settings that the solver needs, for frames of (ny, nx) pixels."""
    from ..astrometry.settings import AstrometrySettings

    rules = job.rules
    return AstrometrySettings(
        masks=job.masks(shape),
        bright_vmag=rules.astrometry_bright_vmag,
        faint_vmag=rules.astrometry_faint_vmag,
        isolation_px=rules.astrometry_isolation_px,
        max_rms_px=rules.astrometry_limit_px,
    )


def axis_of(job: BatchRequest) -> NDArray[np.float64]:
    """Where the camera looks, nearly: its nominal pointing."""
    from ..camera.model import nominal

    pointing = nominal(job.camera).pointing
    return np.asarray(pointing.directions(np.array([pointing.x0]), np.array([pointing.y0]))[0])


def solve(job: BatchRequest, sky: BatchSky, exposures: Exposures) -> Solution | None:
    """Verify the model of the batch before on this one, or find the first one of the night.

    Returns
    -------
    Solution or None
        None when no frame could be solved and no earlier model is known.
    """
    best: Solution | None = None
    middle: Exposure | None = None
    for tried, exposure in enumerate(exposures.from_the_middle()):
        middle = middle or exposure
        found = _solve_one(job, sky, exposure)
        if found is not None and found.is_solved:
            return found
        best = best or found
        if tried + 1 == _TRIES:
            break
    return _found_again(job, sky, middle) or best


def _found_again(job: BatchRequest, sky: BatchSky, exposure: Exposure | None) -> Solution | None:
    """A camera that moved too far to be followed is looked for like a new one."""
    if exposure is None or _start(job) is None:
        return None
    return _blind(job, exposure, *_directions(sky, exposure))


def _directions(
    sky: BatchSky, exposure: Exposure
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Directions and magnitudes of the stars that the astrometry uses."""
    stars = sky.select(sky.astrometric())
    return stars.vectors(exposure.header.jd), stars.stars.vmag


def _solve_one(job: BatchRequest, sky: BatchSky, exposure: Exposure) -> Solution | None:
    from ..astrometry.solve import verify

    vectors, vmag = _directions(sky, exposure)
    start = _start(job)
    if start is not None:
        settings = astrometry_settings(job, exposure.image.shape)
        return verify(exposure.image, vectors, vmag, start, settings)
    return _blind(job, exposure, vectors, vmag)


def _start(job: BatchRequest) -> CameraModel | None:
    from ..camera.generations import read_model
    from ..camera.model import CameraModel

    if job.model is not None:
        return CameraModel.from_json(job.model)
    earlier = job.rules.solutions.get(job.camera)
    return read_model(earlier, job.station.latitude_deg) if earlier else None


def _blind(
    job: BatchRequest,
    exposure: Exposure,
    vectors: NDArray[np.float64],
    vmag: NDArray[np.float64],
) -> Solution | None:
    from ..astrometry.blind import blind
    from ..camera.model import nominal

    ny, nx = exposure.image.shape
    settings = astrometry_settings(job, (ny, nx))
    return blind(exposure.image, vectors, vmag, nominal(job.camera, nx, ny), settings)
