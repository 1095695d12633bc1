"""Sites made known to PINT without clock files, so that it never looks for any."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from .offline import PINT_LOCK, prepare

if TYPE_CHECKING:
    from .sites import Site


def register_site(site: Site) -> str:
    """Make a site known to PINT and return the name to use there.

    Frame times come from GPS receivers, so no observatory clock is corrected, nor the few
    nanoseconds between GPS and UTC. Sites at the same position share one name.
    """
    prepare()
    return _register(site.itrf_m)


def _register(itrf_m: tuple[float, float, float]) -> str:
    from pint.observatory import Observatory
    from pint.observatory.topo_obs import TopoObs

    position = ",".join(f"{value:.6f}" for value in itrf_m)
    name = f"nightglass-{hashlib.sha256(position.encode()).hexdigest()[:16]}"
    with PINT_LOCK:
        if name not in Observatory.names():
            TopoObs(name, itrf_xyz=list(itrf_m), apply_gps2utc=False)
    return name


def settle_tzr_site(model: Any) -> str:
    """Let the site of the par file's zero phase work without its clock file.

    A ground site is replaced by its position alone. A name PINT does not know, or a satellite,
    leaves the file without a usable zero phase, which then falls to PEPOCH.

    Parameters
    ----------
    model : pint.models.TimingModel
        Changed in place.

    Returns
    -------
    str
        What was done: ``"none"`` (nothing), ``"clock"`` (no clock corrections) or ``"dropped"``.
    """
    from pint.observatory.special_locations import BarycenterObs, GeocenterObs
    from pint.observatory.topo_obs import TopoObs

    if "AbsPhase" not in model.components:
        return "none"
    place = _known_to_pint(model.TZRSITE.value)
    if isinstance(place, BarycenterObs | GeocenterObs):
        return "none"
    if isinstance(place, TopoObs):
        x, y, z = (float(part.to_value("m")) for part in place.location.geocentric)
        model.TZRSITE.value = _register((x, y, z))
        return "clock"
    model.remove_component("AbsPhase")
    return "dropped"


def _known_to_pint(name: str) -> Any:
    """PINT's observatory of that name or alias, None if it has none (it would ask the network)."""
    from pint.observatory import Observatory, get_observatory

    wanted = name.lower()
    known = Observatory.names_and_aliases()
    labels = {*known, *(alias for aliases in known.values() for alias in aliases or ())}
    return get_observatory(wanted) if wanted in labels else None
