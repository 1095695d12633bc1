"""Small nights for the tests of the simulated station: few stars, a chip of a tenth."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
from nightglass.core.simulate.mascara.night import simulate_night
from nightglass.core.simulate.mascara.settings import NightSettings
from nightglass.core.stars.table import StarTable, with_isolation, write_catalogue

if TYPE_CHECKING:
    from pathlib import Path

    from nightglass.core.simulate.mascara.night import NightReport

QUICK: dict[str, Any] = {
    "scale": 0.1, "frames": 3, "darks": 2, "biases": 1, "flats": 1, "satellites_per_hour": 0.0,
}  # fmt: skip
LPC_SKY = (139.0, 28.8)
"""Right ascension and declination over the central camera when the usual night begins."""


def made_catalogue(folder: Path, count: int = 400) -> Path:
    """Stars around where the central camera looks, V 5 to 8, at least 12 px apart mostly."""
    rng = np.random.default_rng(5)
    table = StarTable.of(
        ascc=np.arange(count) + 1000,
        ra_deg=LPC_SKY[0] + rng.uniform(-6.0, 6.0, count),
        dec_deg=LPC_SKY[1] + rng.uniform(-4.0, 4.0, count),
        vmag=rng.uniform(5.0, 8.0, count),
        bmag=rng.uniform(6.0, 9.0, count),
    )
    path = folder / "given.csv"
    write_catalogue(path, with_isolation(table))
    return path


def settings(catalogue: Path, **changes: Any) -> NightSettings:
    """A quick night under given stars."""
    return NightSettings(**{**QUICK, "catalogue": str(catalogue), **changes})


def write(folder: Path, catalogue: Path, **changes: Any) -> NightReport:
    """Write a quick night."""
    return simulate_night(settings(catalogue, **changes), folder)


def truth_of(folder: Path) -> dict[str, Any]:
    """Read truth.json."""
    return json.loads((folder / "truth.json").read_text())
