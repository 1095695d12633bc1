"""Compiled loops of the measurements made ready, once for each machine and version."""

from __future__ import annotations

import platform
from contextlib import suppress
from importlib import import_module
from typing import TYPE_CHECKING

from ... import __version__
from ..atomic import write_text
from ..paths import cache_dir

if TYPE_CHECKING:
    from pathlib import Path

    from ..engine.jobs import JobContext

_KERNELS = (
    "lightspeed.reduce.pixel_kernels",
    "lightspeed.reduce.rule_kernels",
    "lightspeed.reduce.scan_kernels",
    "lightspeed.reduce.ray_kernels",
    "lightspeed.reduce.sum_kernels",
    "lightspeed.reduce.count_kernels",
    "lightspeed.reduce.aperture_kernels",
    "lightspeed.reduce.block_kernels",
    "lightspeed.reduce.region_kernels",
    "timing.fold_kernels",
    "timing.pulse.moments_kernels",
    "timing.pulse.pieces_kernels",
    "timing.pulse.shift_kernels",
    "timing.search.search_kernels",
    "lightspeed.fold.movie.movie_kernels",
    "lightspeed.fold.running_kernels",
    "lightspeed.weight.weight_kernels",
    "lightspeed.noise.telegraph_kernels",
)
_TEXT = "Compiling for this computer, once"


def warm(ctx: JobContext) -> None:
    """Compile, or load, every loop that measures.

    The first time on a machine takes up to a minute, which the progress tells; later it is the
    question whether a file is there, and each loop is loaded when it is needed.

    Raises
    ------
    Cancelled
        If the job was cancelled between two loops.
    """
    mark = _mark()
    if mark.exists():
        return
    root = __package__.rpartition(".")[0]
    for number, name in enumerate(_KERNELS):
        ctx.check()
        ctx.progress(number, len(_KERNELS), _TEXT)
        import_module(f"{root}.{name}")
    ctx.progress(len(_KERNELS), len(_KERNELS), _TEXT)
    # Where it cannot be written, the loops are loaded again next time, no more.
    with suppress(OSError):
        write_text(mark, "\n".join(_KERNELS) + "\n")


def _mark() -> Path:
    """Says that it was done by this version on this kind of machine."""
    return cache_dir() / f"compiled-{__version__}-{platform.python_version()}-{platform.node()}"
