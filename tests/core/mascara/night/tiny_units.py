"""Units that take no time: they stand for the reduction where tests look at the driver."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nightglass.core.engine import JobContext


def reduce_batch(ctx: JobContext, **request: Any) -> dict[str, Any]:
    """Write the names of the frames and how often the chain was solved."""
    killers = Path(request["settings"]["calibration_folder"])
    names = []
    for name in request["files"]:
        file = Path(name).name
        if file in request["suspects"]:
            continue
        ctx.publish(file)
        _suffer(ctx, killers, file)
        names.append(file)
    solved = (request["model"] or {"solved": 0})["solved"] + 1
    folder = Path(request["folder"])
    (folder / "tmp").mkdir(parents=True, exist_ok=True)
    text = f"{solved} {request['dark']} {names}\n"
    for kind in ("fast", "slow"):
        (folder / "tmp" / f"tmp_{kind}{request['number']:08d}.hdf5").write_text(text)
    return {
        "state": "done", "bin": request["number"], "night": request["night"],
        "files": [Path(name).name for name in request["files"]], "received": len(request["files"]),
        "reduced": len(names), "failed": request["suspects"],
        "astrometry": {"model": {"solved": solved}},
    }  # fmt: skip


def _suffer(ctx: JobContext, killers: Path, file: str) -> None:
    """Die or refuse where the test left a note for this frame; a note may be used up."""
    note = killers / file
    if not note.exists():
        return
    how, times = note.read_text().split()
    if int(times) == 0:
        return
    note.write_text(f"{how} {int(times) - 1}")
    if how == "refuse":
        raise ValueError("the frame is odd")
    die = getattr(ctx, "die", _kill_this_process)
    die(how)


def _kill_this_process(how: str) -> None:
    os.kill(os.getpid(), getattr(signal, how))


def make_master(ctx: JobContext, **request: Any) -> dict[str, Any]:
    first = Path(request["files"][0]).name
    Path(request["folder"]).mkdir(parents=True, exist_ok=True)
    Path(request["folder"], f"master-{first}").write_text("")
    return {
        "state": "done", "file": f"master-{first}", "problems": [], "calibration": "dark",
        "lstseq": int(first[:8]), "files": [Path(name).name for name in request["files"]],
    }  # fmt: skip


def merge_night(ctx: JobContext, **request: Any) -> dict[str, Any]:
    folder = Path(request["folder"])
    (folder / "tmp").mkdir(parents=True, exist_ok=True)
    units = [folder / "tmp" / f"tmp_fast{number:08d}.hdf5" for number in request["batches"]]
    (folder / "merged").write_text("".join(path.read_text() for path in units))
    return {"state": "done", "night": request["night"], "batches": request["batches"]}
