"""Functions that tests run in worker slots."""

from __future__ import annotations

import os
import signal
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nightglass.core.engine import JobContext


def double(ctx: JobContext, number: int) -> int:
    return 2 * number


def refuse(ctx: JobContext) -> None:
    raise ValueError("not tonight")


def die(ctx: JobContext, at: str, signal_name: str) -> None:
    ctx.publish(at)
    os.kill(os.getpid(), getattr(signal, signal_name))


def hang(ctx: JobContext, flag: str) -> None:
    ctx.publish("hanging")
    Path(flag).write_text(str(os.getpid()))
    threading.Event().wait()


def variables(ctx: JobContext) -> dict[str, Any]:
    return {"threads": os.environ["OMP_NUM_THREADS"]}
