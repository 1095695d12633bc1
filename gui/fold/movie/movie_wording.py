"""How the phase movie stands, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ....core.workbench.fold.movie.state import MovieState

OLD = "Images of the fold before"


def told(state: MovieState) -> tuple[str, str]:
    """Say how the images stand, with the role that colours it."""
    if state.is_old:
        building = "" if state.progress is None else f"; new ones {_percent(state.progress)}"
        return f"{OLD}{building}", "warn"
    if state.is_stopped:
        return f"Stopped at {_frames(state)}", "warn"
    if state.sheet in ("difference", "ratio") and (state.on is None or state.off is None):
        return "No phases are chosen on the pulse, or none is left off it", "warn"
    if state.progress is not None:
        return f"{_frames(state)} added, {_percent(state.progress)}", "muted"
    coarse = "; pixels added up" if state.note else ""
    in_bin = f", {state.bin_frames:,} in this bin" if state.sheet == "movie" else ""
    return f"{state.frames:,} frames{in_bin}{coarse}", "muted"


def _frames(state: MovieState) -> str:
    return f"{state.frames:,} of {state.frames_total:,} frames"


def _percent(fraction: float) -> str:
    return f"{100.0 * fraction:.0f} %"
