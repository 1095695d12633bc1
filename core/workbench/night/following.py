"""The job that looks at a night four times a second."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...errors import NightglassError

if TYPE_CHECKING:
    from pathlib import Path

    from ...engine.jobs import JobContext
    from .launch import Launched

LOOK_S = 0.25


def follow_night(output: Path, launched: Launched | None, ctx: JobContext) -> None:
    """Publish each `NightSnapshot` that is another, and once why a launched reduction failed.

    Parameters
    ----------
    output : Path
        Folder of the night.
    launched : Launched or None
        The reduction, where this window started it.
    ctx : JobContext
        Ends it by a cancel.
    """
    from ...mascara.watching.watcher import NightWatcher

    watcher = NightWatcher(output)
    revision = -1
    try:
        while True:
            snapshot = watcher.look()
            if snapshot.revision != revision:
                revision = snapshot.revision
                ctx.publish(snapshot)
            failure = None if launched is None else launched.failure()
            if isinstance(failure, NightglassError):
                launched = None
                ctx.publish(failure)
            ctx.rest(LOOK_S)
    finally:
        watcher.close()
