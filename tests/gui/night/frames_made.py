"""A night with real frames on a small chip, for tests of its page."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from nightglass.core.mascara.field.overlay import overlay_of
from nightglass.core.mascara.field.thumbnails import Thumbnail

from ...core.mascara.field.made_field import SLOT, record_of, stars_of, write_night
from ...core.mascara.watching.made_night import made_snapshot

if TYPE_CHECKING:
    from pathlib import Path

    from nightglass.core.mascara.field.overlay import FieldOverlay
    from nightglass.core.mascara.watching.snapshot import NightSnapshot

RULES = {"targets": {"planets": [100_003]}}


def made_overlay(**rules: object) -> FieldOverlay:
    return overlay_of(record_of(), stars_of(), RULES | rules, SLOT)


def made_thumbnails(*stars: int) -> tuple[Thumbnail, ...]:
    rng = np.random.default_rng(2)
    return tuple(
        Thumbnail(star, "planets", SLOT, rng.normal(100, 5, (51, 51)).astype(np.float32))
        for star in stars
    )


def night_with_frames(folder: Path, slots: tuple[int, ...]) -> NightSnapshot:
    """The snapshot of a night of one camera, its raw frames and its star table on the disk."""
    output = write_night(folder, slots)
    known = made_snapshot(folder / "made", cameras="C", batches=1, frames=3)
    record = record_of()
    return replace(
        known,
        output=output,
        request={**known.request, "raw": [str(folder / "raw")]},
        settings={**known.settings, **RULES},
        records={record["unit"]: record},
        last={"LPC": record},
    )
