"""Views of the whole sky for the tests of its page."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from nightglass.core.mascara.browsing.curve import Curve
from nightglass.core.mascara.field.sky_view import NightSky
from nightglass.core.mascara.field.whole_sky import SkyStars
from nightglass.core.mascara.products.rows import data_dtype

FIRST = 304594


def some_stars():
    """Four stars: two measured, one of them faint; a spoilt one; one that nobody measured."""
    return SkyStars(
        ascc=np.array([11, 22, 33, 44]),
        hd=np.array([0, 189733, 0, 5], np.int32),
        hip=np.array([0, 98505, 77, 0], np.int32),
        vmag=np.array([1.5, 3.2, 5.0, 5.9]),
        alt_deg=np.array([80.0, 45.0, 50.0, 10.0]),
        az_deg=np.array([90.0, 180.0, 300.0, 45.0]),
        transparency=np.array([np.nan, 0.62, 0.97, np.nan]),
        is_measured=np.array([True, True, True, False]),
    )


def made_view(snapshot, batch=FIRST, **changes):
    """The sky of a batch with four stars."""
    view = NightSky(snapshot.output).view(snapshot, batch)
    return replace(view, stars=some_stars(), **changes)


def made_curve(ascc, points=120, jd=2457418.3):
    """A curve of two cameras whose levels differ, with some flagged points far off."""
    rows = np.zeros(points, data_dtype(2))
    rows["jdmid"] = jd + np.arange(points) / 1000.0
    camera = (np.arange(points) >= points // 2).astype(np.uint8)
    wave = 1.0 + 0.05 * np.sin(np.arange(points) / 9.0)
    rows["flux1"] = np.where(camera, 4000.0, 5000.0) * wave
    rows["flag"][::10] = 8
    rows["flux1"][::10] *= 20.0
    return Curve(ascc, "fast", ("LPC", "LPE"), camera, rows, {})
