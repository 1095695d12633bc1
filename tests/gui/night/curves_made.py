"""Stars and light curves for the page of light curves, made up in memory."""

from __future__ import annotations

import numpy as np
from nightglass.core.mascara.browsing.curve import Curve
from nightglass.core.mascara.browsing.search import StarSearch
from nightglass.core.mascara.browsing.stars import NightStars
from nightglass.core.mascara.products.rows import data_dtype
from nightglass.gui.night.curves.query import FoundStars

FIRST_JD, FIRST_SLOT, STEP_S = 2457418.35, 15230050, 6.38
SATURATED, MOON = 1, 8
CAMERAS = ("LPN", "LPE")


def made_stars(count: int, seed: int = 1) -> NightStars:
    """Stars 1000, 1010, ...; the first one is HD 5 and has no HIP, the second is the brightest."""
    rng = np.random.default_rng(seed)
    ranks = np.arange(count)
    vmag = rng.uniform(5.0, 8.0, count)
    vmag[1:2] = 2.0
    return NightStars(
        ascc=1000 + 10 * ranks, hd=(5 + ranks).astype(np.int32), hip=ranks.astype(np.int32),
        ra_deg=rng.uniform(0, 360, count), dec_deg=rng.uniform(-30, 90, count), vmag=vmag,
        bmag=vmag + 0.5, spectype=np.full(count, b"G2V", "S9"), variable=np.zeros(count, np.uint8),
        camera_names=CAMERAS, cameras=(1 + ranks % 3).astype(np.uint8),
        fast_points=np.full(count, 100, np.int32), slow_points=np.full(count, 2, np.int32),
        flagged=np.where(ranks % 5 == 4, -1, ranks % 5).astype(np.int32),
        flags=np.zeros(count, np.uint8), mean_flux=np.full(count, 1e4),
        scatter_mag=rng.uniform(0.001, 0.1, count),
    )  # fmt: skip


def found(stars: NightStars, query) -> FoundStars:
    """What the search gives."""
    search = StarSearch(stars)
    rows = search.find(query.text, query.filter)
    explanation = search.explanation
    if query.column:
        rows = search.order(rows, query.column, descending=query.is_descending)
    return FoundStars(query, stars, rows, explanation)


def made_curve(ascc: int = 1000, points: int = 60, cameras: int = 1, **facts) -> Curve:
    """A star of 10,000 and 20,000 ADU in its cameras; every tenth point is flagged."""
    slots = np.tile(np.arange(points), cameras)
    camera = np.repeat(np.arange(cameras, dtype=np.uint8), points)
    rows = np.zeros(points * cameras, data_dtype(2))
    rows["lstseq"], rows["jdmid"] = FIRST_SLOT + slots, FIRST_JD + slots * STEP_S / 86400.0
    rows["lst"] = 23.9 + slots * 6.4 / 3600.0
    rows["lst"] %= 24.0
    rows["flux1"] = 10_000.0 * (1 + camera) * (1.0 + 0.01 * np.sin(slots / 3.0))
    rows["flux0"], rows["eflux0"], rows["eflux1"] = 0.8 * rows["flux1"], 40.0, 50.0
    rows["flag"] = np.where(slots % 10 == 9, SATURATED | MOON, 0)
    known = {
        "ascc": ascc, "hd": 5, "hip": 0, "ra_deg": 300.18214, "dec_deg": -22.71085,
        "vmag": 7.67, "bmag": 8.6, "spectype": "K1.5V",
    }  # fmt: skip
    kind = facts.pop("kind", "fast")
    is_complete = facts.pop("is_complete", False)
    return Curve(
        ascc, kind, CAMERAS[:cameras], camera, rows, {**known, **facts}, (2.5, 4.5), is_complete
    )
