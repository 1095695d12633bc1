"""A camera to try the program with: the simulator, live, in a process of its own."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from ..paths import cache_dir

if TYPE_CHECKING:
    from pathlib import Path

    from ..engine.engine import Engine
    from ..engine.jobs import Job, JobContext

SIMULATOR = "nightglass.core.simulate.lightspeed:run"
CAPTURE = {
    "object_name": "simulated",
    "frames": 60_000,
    "shape": [128, 128],
    "exposure_s": 0.002,
    "star_rate": 150_000.0,
}


def start_demonstration(engine: Engine) -> tuple[Path, Job[Any]]:
    """Let the simulated camera write two minutes of a pulsar field at its own pace.

    Earlier demonstrations are removed, so that they never fill the disk.

    Returns
    -------
    folder : Path
        Where the cubes appear.
    job : Job
        Ends with the capture; cancelling it stops the camera.
    """
    place = cache_dir() / "simulated"
    shutil.rmtree(place, ignore_errors=True)
    folder = place / f"{datetime.now(UTC):captures_%Y_%m_%d_%H%M%S}"

    def simulate(ctx: JobContext) -> Any:
        from ..engine.child import run_in_child

        arguments = {"settings": CAPTURE, "output": str(folder), "live": 1.0}
        return run_in_child(ctx, SIMULATOR, arguments)

    job = engine.submit(simulate, title="Simulated camera", lane="watch")
    return folder, job
