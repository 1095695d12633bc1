"""What the panel shows of a result: curves, names, badges."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .profile_plot import MOST_CURVES, ProfileCurve
from .wording import amount

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...core.lightspeed.fold.result import FoldResult, SourceFold

RATE = "e⁻/s"
PREVIEW_TIP = "Some frames spread over the capture, while a hand moves"
LINEAR_TIP = "Phases are shifted by the change of F0 and F1; PINT is asked once the hand lets go"


def curves_of(
    folds: Sequence[SourceFold], topic: str, is_normalised: bool
) -> tuple[list[ProfileCurve], str, str]:
    """Curves, and name and unit of their axis.

    Parameters
    ----------
    folds : sequence of SourceFold
    topic : {"profile", "difference", "ratio"}
        The last two are of the first two folds.
    is_normalised : bool
        Whether rates are over their mean.
    """
    profiles = [fold.profile.normalised() if is_normalised else fold.profile for fold in folds]
    unit = "" if is_normalised else RATE
    if topic == "profile" or len(folds) < 2:
        shown = zip(folds[:MOST_CURVES], profiles, strict=False)
        curves = [ProfileCurve(fold.name, one.rate, one.error) for fold, one in shown]
        return curves, "Light / mean" if is_normalised else "Light", unit
    first, second = profiles[:2]
    names = folds[0].name, folds[1].name
    if topic == "difference":
        curve = ProfileCurve(" − ".join(names), *first.difference(second))
        return [curve], "Difference", unit
    with np.errstate(divide="ignore", invalid="ignore"):
        return [ProfileCurve(" / ".join(names), *first.ratio(second))], "Ratio", ""


def fold_name(fold: SourceFold, result: FoldResult) -> str:
    """What one profile is of; the pulsar is named where there are several."""
    pulsars = {one.psr for one in result.folds}
    return f"{fold.name} · {fold.psr}" if len(pulsars) > 1 else fold.name


def fold_note(fold: SourceFold, is_crowded: bool) -> str:
    """Mean light of one profile, and of its sky where there is room."""
    note = f"{amount(fold.profile.mean_rate)} {RATE}"
    return note if is_crowded or not fold.sky_rate else f"{note}, sky {amount(fold.sky_rate)}"


def badge_of(result: FoldResult) -> tuple[str, str]:
    """Word and tool tip that say how sure the numbers are; empty where PINT has seen all frames."""
    if result.is_preview:
        return "preview", PREVIEW_TIP
    return ("linear", LINEAR_TIP) if result.is_linear else ("", "")
