"""A small simulated night and its reduction, shared by tests."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from nightglass.core.mascara.night.request import NightRequest, start
from nightglass.core.simulate.mascara.night import simulate_night
from nightglass.core.simulate.mascara.settings import NightSettings

if TYPE_CHECKING:
    from pathlib import Path

FIRST = 10_548_730
"""Slot of the first frame: 20 frames are in a first batch."""


def simulated(
    folder: Path,
    frames: int,
    cameras: str = "C",
    defects: tuple[str, ...] = (),
    scale: float = 0.25,
) -> Path:
    """Write raw frames of a part of the chip."""
    settings = NightSettings(
        cameras=tuple(cameras), start=str(FIRST), frames=frames, scale=scale, darks=12, biases=0,
        flats=0, defects=defects, faintest_vmag=9.0,
    )  # fmt: skip
    simulate_night(settings, folder)
    return folder


def reduced(raw: Path, output: Path, *, workers: int = 2) -> Path:
    """Reduce without a window, a shell or a network."""
    request = NightRequest((raw,), output, config=raw / "settings.json", workers=workers)
    assert start(request).reduce() == "finished"
    return output


def digests(output: Path) -> dict[str, str]:
    """Content of every product: what is not about the run itself."""
    own = ("journal.jsonl", "driver.lock", "report.html")
    return {
        str(path.relative_to(output)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(output.rglob("*"))
        if path.is_file() and path.name not in own and "control" not in path.parts
    }
