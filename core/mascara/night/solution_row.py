"""A solution as a row of the products' astrometry table, complete and in the older terms."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ...timing.sidereal import local_h

if TYPE_CHECKING:
    from ..astrometry.solution import Solution
    from .batch_request import BatchRequest


def solution_row(job: BatchRequest, solution: Solution) -> Any:
    """One row of `products.records.astrometry_dtype`."""
    from ..astrometry.drift import pointing_of
    from ..products.records import astrometry_rows

    columns = {
        "lstseq": job.middle_slot, "jd": job.middle_jd,
        "lst": float(local_h(job.middle_jd, job.station.longitude_deg)),
        "fstars": solution.stars_expected, "ustars": solution.stars_used,
        "dx": solution.dx, "dy": solution.dy, "dr": solution.dr,
        "aflag": solution.aflag, "order": solution.order,
        "nx": solution.model.nx, "ny": solution.model.ny,
        **pointing_of(solution.model),
    }  # fmt: skip
    return astrometry_rows(columns, json.dumps(solution.model.as_json(), sort_keys=True))
