"""A light curve and its points in words."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from ....core.mascara.browsing.values import flag_words, is_flagged
from ....core.timing.sidereal import datetime_from
from ....core.wording import counted
from ...frame.readout_text import declination, right_ascension
from ..words import NOTHING, fixed

if TYPE_CHECKING:
    from ....core.mascara.browsing.curve import Curve
    from .points import CurveContent, PointSet

SIGNIFICANT = 6


def star_name(curve: Curve) -> str:
    """All numbers of a star."""
    parts = [f"ASCC {curve.ascc}"]
    for key, name in (("hd", "HD"), ("hip", "HIP")):
        number = curve.facts.get(key, 0)
        parts += [f"{name} {int(number)}"] * bool(number)
    return "  ".join(parts)


def star_facts(curve: Curve) -> str:
    """Brightness, type and place of a star."""
    facts = curve.facts
    vmag, ra_deg, dec_deg = (
        float(facts.get(key, math.nan)) for key in ("vmag", "ra_deg", "dec_deg")
    )
    parts = [f"V {vmag:.2f}"] * math.isfinite(vmag)
    parts += [str(facts.get("spectype", "")).strip()]
    if math.isfinite(ra_deg + dec_deg):
        parts.append(f"{right_ascension(ra_deg, 1)} {declination(dec_deg, 0)}")
    return "  ".join(filter(None, parts))


def points_text(curve: Curve) -> str:
    """How many points there are, how many of them are flagged, and whether more will come."""
    count = len(curve)
    if not count:
        return "no points"
    flagged = 100.0 * float(is_flagged(curve).mean())
    kind = "" if curve.kind == "fast" else " slow"
    growth = "" if curve.is_complete else ", growing"
    return f"{counted(count, 'point').replace(' ', kind + ' ')}, {flagged:.1f} % flagged{growth}"


def point_text(curve: Curve, content: CurveContent, pointed: tuple[PointSet, int]) -> str:
    """A point of the plot in one line."""
    one, row = pointed
    value = number_text(float(one.y[row]))
    error = float(one.error[row])
    value += f" ± {number_text(error, 2)}" if math.isfinite(error) else ""
    value += f" {content.y_axis.unit}" if content.y_axis.unit else ""
    place = int(one.place[row])
    if place < 0:
        return f"{one.name}: {value}"
    point = curve.points[place]
    moment = f"{datetime_from(float(point['jdmid'])):%Y-%m-%d %H:%M:%S.%f}"[:-5]
    parts = [f"{one.name}: {value}"]
    parts += [f"flagged: {flag_words(int(point['flag']))}"] * bool(point["flag"])
    return "; ".join([*parts, f"{moment} UTC", f"slot {int(point['lstseq'])}"])


def number_text(value: float, significant: int = SIGNIFICANT) -> str:
    """A number with as many digits as mean something."""
    if value == 0.0 or not math.isfinite(value):
        return "0" if value == 0.0 else NOTHING
    digits = significant - 1 - math.floor(math.log10(abs(value)))
    return fixed(value, min(max(digits, 0), 9))
