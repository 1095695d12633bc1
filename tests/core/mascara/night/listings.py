"""Listings of raw files that tests plan with; no file is on the disk."""

from __future__ import annotations

from pathlib import Path

from nightglass.core.mascara.raw.names import RawFile

FIRST = 10_600_000
"""A slot that begins a batch."""


def frames(
    first: int, count: int, camera: str = "LPC", kind: str = "science", size: int = 100
) -> list[RawFile]:
    return [raw(slot, camera, kind, size) for slot in range(first, first + count)]


def raw(slot: int, camera: str = "LPC", kind: str = "science", size: int = 100) -> RawFile:
    tag = "" if kind == "science" else kind
    path = Path(f"/raw/{slot:08d}{camera}{tag}.fits")
    return RawFile(camera, slot, kind, path, size, 0)
