"""One batch in words: for the pointer, for screen readers."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from ....core.timing.sidereal import BATCH_D
from ....core.wording import counted
from ..words import clock_of, fixed
from .measures import MEASURES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ....core.mascara.watching.snapshot import BatchCell

MOST_WARNINGS = 3


def batch_words(cell: BatchCell) -> str:
    """Name and state of a batch, its frames, its figures and its warnings, a line each."""
    return "\n".join((*_facts(cell), *_warnings(cell)))


def _facts(cell: BatchCell) -> Iterator[str]:
    when = ""
    if math.isfinite(cell.mid_jd):
        ends = (clock_of(cell.mid_jd + side * BATCH_D / 2.0) for side in (-1, 1))
        when = f", {' to '.join(ends)} UTC"
    yield f"{cell.unit}: {cell.state}{when}"
    yield _frames(cell)
    known = [
        f"{measure.name.lower()} {measure.written(measure.value(cell))}"
        for measure in MEASURES
        if math.isfinite(measure.value(cell))
    ]
    if known:
        figures = ", ".join(known)
        yield figures[0].upper() + figures[1:]
    if cell.stars_fast:
        yield f"{counted(cell.stars_fast, 'star')} measured, {cell.stars_used:,} for astrometry"
    if math.isfinite(cell.took_s):
        yield f"Took {fixed(cell.took_s, 1, 's')}"


def _frames(cell: BatchCell) -> str:
    parts = [f"{cell.reduced:,} of {counted(cell.received, 'frame')} reduced"]
    parts += [f"{cell.missing:,} missing"] if cell.missing else []
    parts += [f"{cell.failed:,} failed"] if cell.failed else []
    return ", ".join(parts)


def _warnings(cell: BatchCell) -> Iterator[str]:
    for text in cell.warnings[:MOST_WARNINGS]:
        yield f"▲ {text}"
    more = len(cell.warnings) - MOST_WARNINGS
    if more > 0:
        yield f"and {counted(more, 'more warning')}"
