"""The folder of a reduction at La Palma as if it had run: journal, raw folder, faults."""

from __future__ import annotations

import json
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from nightglass.core.mascara.night.layout import NightLayout
from nightglass.core.mascara.night.lock import DriverLock
from nightglass.core.mascara.settings import ReductionSettings
from nightglass.core.mascara.watching.watcher import NightWatcher
from nightglass.core.timing.sidereal import BATCH, SOLAR_SLOT_S

from .made_batch import batch_record
from .made_plan import (
    BATCH_S,
    BEAT_S,
    FIRST_BATCH,
    LETTERS,
    NIGHT,
    SITE,
    TOOK_S,
    MadeNight,
    dark_names,
    frame_names,
    unit_name,
    unix_s,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from nightglass.core.mascara.watching.snapshot import NightSnapshot

Record = dict[str, Any]


def write_journal(
    output: Path,
    cameras: str = "NESWC",
    batches: int = 20,
    frames: int = 50,
    *,
    is_over: bool = True,
    seed: int = 1,
    **faults: Any,
) -> Path:
    """Write the journal of a night and its folders; gives the journal.

    Parameters
    ----------
    output : Path
        Made; the (empty) raw folder is beside it.
    cameras : str
        Letters.
    batches, frames : int
        Batches of each camera, exposures of each.
    is_over : bool
        Merged and ended. Else the last batch of each camera is being reduced, and without `held`
        its driver is dead.
    seed : int
    **faults
        Fields of `MadeNight`: is_live, is_whole (no failed and no partial batch), is_torn,
        is_paused, is_stopped, has_raw, silent (letters), free_bytes, clock_step_s (of the last
        beats), lag_s_per_h, unreadable, duplicates.
    """
    night = MadeNight(output, cameras, batches, frames, is_over, seed, **faults)
    (output / "control").mkdir(parents=True, exist_ok=True)
    if night.has_raw:
        night.raw.mkdir(exist_ok=True)
    for camera in night.names:
        NightLayout(output).camera_night(NIGHT, camera).make()
    text = "".join(json.dumps(record, separators=(",", ":")) + "\n" for record in records(night))
    if night.is_torn:
        middle = text.index("\n", len(text) // 2)
        text = text[: middle - 40] + text[middle:]
    journal = NightLayout(output).journal
    journal.write_text(text, encoding="utf-8")
    return journal


def made_snapshot(tmp_path: Path, **same: Any) -> NightSnapshot:
    """Look once at such a night; with `is_over=False` a driver is at work."""
    output = tmp_path / "night"
    write_journal(output, **same)
    is_over = same.get("is_over", True)
    if is_over:
        return _looked(output)
    with held(output):
        return _looked(output)


def _looked(output: Path) -> NightSnapshot:
    watcher = NightWatcher(output)
    try:
        return watcher.look()
    finally:
        watcher.close()


@contextmanager
def held(output: Path) -> Iterator[None]:
    """Hold the folder as a driver does."""
    lock = DriverLock(NightLayout(output).lock)
    try:
        yield
    finally:
        lock.close()


def append(output: Path, *records: Record) -> None:
    """Add lines to a journal as its driver does."""
    with open(NightLayout(output).journal, "ab") as file:
        for record in records:
            file.write(json.dumps(record, separators=(",", ":")).encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())


def records(night: MadeNight) -> list[Record]:
    """Every line of the journal, in order of time."""
    lines = [header_record(night)]
    for camera in night.names:
        lines += dark_records(night, camera)
        for step in range(night.batches):
            lines += batch_records(night, camera, step)
    end_s = max(record["at"] for record in lines) + 1.0
    lines += [beat_record(night, night.start_s + BEAT_S * k) for k in range(_beats(night, end_s))]
    lines.sort(key=lambda record: float(record["at"]))
    return lines + _last_records(night, end_s)


def _beats(night: MadeNight, end_s: float) -> int:
    return int((end_s - night.start_s) / BEAT_S) + 1


def _last_records(night: MadeNight, end_s: float) -> list[Record]:
    step_s = night.clock_step_s
    moved = [beat_record(night, end_s + BEAT_S, at=end_s + BEAT_S + step_s)] if step_s else []
    if night.is_stopped:
        return [*moved, {"kind": "end", "at": end_s + step_s, "state": "stopped"}]
    if night.is_paused:
        return [*moved, {"kind": "control", "what": "pause", "subject": "", "at": end_s}]
    if not night.is_over:
        return moved
    merges = [merge_record(night, camera, end_s + k) for k, camera in enumerate(night.names)]
    return [
        *moved, *merges,
        {"kind": "mail", "camera": night.names[0], "night": NIGHT, "sent": False, "where": "log",
         "reason": "The mail server does not answer.", "at": end_s + 9.0},
        {"kind": "end", "at": end_s + 10.0, "state": "finished"},
    ]  # fmt: skip


def header_record(night: MadeNight) -> Record:
    return {
        "kind": "night", "version": 1, "at": night.start_s - 1800.0, "cameras": night.names,
        "site": SITE, "night": NIGHT, "program": "0.1",
        "request": {
            "raw": [str(night.raw)], "output": str(night.output), "cameras": [], "catalogue": None,
            "config": None, "workers": 2, "is_live": night.is_live, "idle_s": 1200.0,
            "station": "",
        },
        "config": ReductionSettings().model_dump(mode="json"),
    }  # fmt: skip


def dark_records(night: MadeNight, camera: str) -> list[Record]:
    slot = FIRST_BATCH * BATCH - 200
    unit, at = f"{camera}-dark-{slot:08d}", night.start_s - 600.0 + LETTERS[camera[-1]]
    return [
        {"kind": "start", "unit": unit, "camera": camera, "at": at},
        {
            "kind": "dark", "unit": unit, "camera": camera, "key": "d", "at": at + 9.0,
            "took_s": 9.0, "calibration": "dark", "files": dark_names(camera), "frames": 20,
            "rejected": 105, "lstseq": slot, "ccdtemp": -14.96, "exptime": 6.3826, "level": 1004.2,
            "light": 4.1, "problems": [], "failed": {}, "state": "done",
            "file": f"{slot:08d}{camera}masterdark.fits",
        },
    ]  # fmt: skip


def batch_records(night: MadeNight, camera: str, step: int) -> list[Record]:
    """Start and end of a batch; of the last one of a night that is not over, the start alone."""
    if night.is_silent(camera, step):
        return []
    late_s = night.lag_s_per_h * (step * BATCH_S / 3600.0)
    at = unix_s((FIRST_BATCH + step + 1) * BATCH) + 8.0 * LETTERS[camera[-1]] + 2.0 + late_s
    start = {"kind": "start", "unit": unit_name(camera, step), "camera": camera, "at": at}
    if _is_unfinished(night, step):
        return [start]
    return [start, _ended(night, camera, step, at + TOOK_S)]


def _is_unfinished(night: MadeNight, step: int) -> bool:
    return not night.is_over and step == night.batches - 1


def _ended(night: MadeNight, camera: str, step: int, at: float) -> Record:
    common = {
        "kind": "unit", "unit": unit_name(camera, step), "camera": camera, "key": f"k{step}",
        "at": round(at, 3), "took_s": TOOK_S, "bin": FIRST_BATCH + step, "night": NIGHT,
        "files": frame_names(camera, step, night.frames), "received": night.frames,
    }  # fmt: skip
    if night.has_failed(camera, step):
        reason = "The process ended unexpectedly. It was killed by SIGSEGV."
        return common | {"state": "failed", "warnings": [reason], "reduced": 0}
    return common | batch_record(night, camera, step)


def merge_record(night: MadeNight, camera: str, at: float) -> Record:
    name = f"{NIGHT}{camera}"
    return {
        "kind": "merge", "unit": f"{camera}-merge-{NIGHT}", "camera": camera, "key": "m",
        "at": at, "took_s": 8.0, "night": NIGHT, "state": "done", "stars_fast": 7011,
        "stars_slow": 25120, "rows": 6500 * night.batches * night.frames,
        "files": [f"fLC_{name}.hdf5", f"sLC_{name}.hdf5"],
        "seconds": {"light curves": 6.0, "all": 8.0},
    }  # fmt: skip


def beat_record(night: MadeNight, at_s: float, **fields: Any) -> Record:
    """A sign of life; what came and what waits follows from the time."""
    cameras = {camera: _beaten(night, camera, at_s) for camera in night.names}
    return {
        "kind": "beat", "at": round(at_s, 3), "paused": night.is_paused, "cameras": cameras,
        "unreadable": dict(night.unreadable), "duplicates": list(night.duplicates),
        "free_bytes": night.free_bytes, **fields,
    }  # fmt: skip


def _beaten(night: MadeNight, camera: str, at_s: float) -> Record:
    """As if each frame came in its time and each batch was reduced in `TOOK_S`."""
    steps = night.batches // 2 if camera[-1] in night.silent else night.batches
    past_s = at_s - night.start_s
    step, rest_s = divmod(min(past_s, steps * BATCH_S - 1.0), BATCH_S)
    in_batch = min(int(rest_s / SOLAR_SLOT_S), night.frames - 1)
    newest = (FIRST_BATCH + int(step)) * BATCH + in_batch
    late_s = 8.0 * LETTERS[camera[-1]] + 2.0 + night.lag_s_per_h * past_s / 3600.0
    done = _within((past_s - late_s - TOOK_S) // BATCH_S, steps)
    done = min(done, steps - 1) if not night.is_over else done
    started = _within((past_s - late_s) // BATCH_S, steps)
    came = int(step) * night.frames + in_batch + 1
    return {
        "newest_lstseq": newest, "received": came, "queued_frames": came - done * night.frames,
        "queued_batches": int(step) + 1 - done,
        "running": unit_name(camera, started - 1) if started > done else None,
        "silent_s": round(max(0.0, past_s - steps * BATCH_S) + rest_s % SOLAR_SLOT_S, 1),
        "lag_s": round(max(0.0, (newest - (FIRST_BATCH + done) * BATCH) * SOLAR_SLOT_S), 1),
        "behind_clock_s": 6.5,
    }  # fmt: skip


def _within(steps: float, most: int) -> int:
    return min(max(int(steps), 0), most)
