"""The sign of life that a driver leaves every few seconds: what came, what waits, what runs."""

from __future__ import annotations

import shutil
import time
from typing import TYPE_CHECKING, Any

from ...timing.sidereal import datetime_from, jd_of
from .arrivals import newest_slot
from .ledger import WITH_PRODUCTS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from ...engine.journal import Record
    from .arrivals import Arrivals
    from .ledger import Ledger
    from .plan import Batch, CameraPlan, Plan


def beat(
    plan: Plan,
    ledger: Ledger,
    arrivals: Arrivals,
    running: Sequence[str],
    output: Path,
    unreadable: Mapping[str, str],
    *,
    is_paused: bool,
) -> Record:
    """One journal line about the whole night as it is now."""
    return {
        "kind": "beat",
        "at": round(time.time(), 3),
        "paused": is_paused,
        "cameras": {
            camera.camera: _camera(camera, ledger, arrivals, running) for camera in plan.cameras
        },
        "unreadable": dict(unreadable),
        "duplicates": list(plan.duplicates),
        "free_bytes": _free_bytes(output),
    }


def _camera(
    camera: CameraPlan, ledger: Ledger, arrivals: Arrivals, running: Sequence[str]
) -> dict[str, Any]:
    waiting = [batch for batch in camera.batches if _is_waiting(batch, ledger)]
    newest = newest_slot(camera)
    return {
        "newest_lstseq": newest,
        "received": sum(len(batch.files) for batch in camera.batches),
        "queued_frames": sum(len(batch.files) for batch in waiting),
        "queued_batches": len(waiting),
        "running": next((unit for unit in running if unit.startswith(camera.camera)), None),
        "silent_s": round(arrivals.silence_s(camera.camera), 1),
        "lag_s": _lag_s(camera, waiting, newest),
        "behind_clock_s": round(time.time() - _unix_s(newest), 1),
    }


def _is_waiting(batch: Batch, ledger: Ledger) -> bool:
    record = ledger.newest(batch.unit)
    return record is None or (
        record["state"] in WITH_PRODUCTS and record["received"] < len(batch.files)
    )


def _lag_s(camera: CameraPlan, waiting: list[Batch], newest: int) -> float:
    """Seconds from the last reduced exposure to the newest one, by their own times."""
    if not waiting:
        return 0.0
    index = camera.batches.index(waiting[0])
    first = waiting[0].files[0].lstseq
    reduced = camera.batches[index - 1].files[-1].lstseq if index else first
    return round(float(_unix_s(max(newest, first)) - _unix_s(reduced)), 1)


def _unix_s(slot: int) -> float:
    return datetime_from(float(jd_of(slot + 0.5))).timestamp()


def _free_bytes(folder: Path) -> int:
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return 0
