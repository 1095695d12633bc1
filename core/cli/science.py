"""What all commands that compute share: progress, a summary, and the way the window runs them."""

from __future__ import annotations

import json
import sys
import time
from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING, Any, NoReturn

from ..engine.jobs import JobContext
from ..engine.meter import Meter
from ..errors import NightglassError
from ..lightspeed.warm import warm
from .arguments import Parser
from .printing import printable

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Sequence
    from pathlib import Path

_MOST_NAMED = 5
COMMANDS = ("image", "lc", "onoff", "photo", "bias", "psf", "cube", "fft", "events", "search")


@dataclass(frozen=True)
class Outcome:
    """What a command did.

    Attributes
    ----------
    outputs : tuple of Path
        Files written.
    summary : dict
        Numbers worth telling, ready for JSON: NaN is None.
    lines : tuple of str
        The same for people, a sentence or a row each.
    notices : tuple of str
        What was left out, assumed or did not match, as sentences.
    """

    outputs: tuple[Path, ...] = ()
    summary: dict[str, Any] = field(default_factory=dict)
    lines: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()


def add_json(parser: argparse.ArgumentParser) -> None:
    """Add --json."""
    parser.add_argument("--json", action="store_true", help="print a JSON summary")


def finish(
    args: argparse.Namespace, work: Callable[[JobContext], Outcome], unit: str = "frames"
) -> int:
    """Do the work with a progress bar and tell the outcome; exit code 0."""
    started_s = time.monotonic()
    with Meter("loops") as meter:
        warm(JobContext(on_progress=meter))
    with Meter(unit) as meter:
        outcome = work(JobContext(on_progress=meter))
    for notice in outcome.notices:
        print(printable(f"nightglass: {notice}"), file=sys.stderr)
    spent_s = time.monotonic() - started_s
    if getattr(args, "json", False):
        told = {"outputs": [str(path) for path in outcome.outputs], **outcome.summary}
        print(json.dumps(told | {"seconds": round(spent_s, 3)}, allow_nan=False))
        return 0
    for line in outcome.lines:
        print(printable(line))
    for what in _told_files(outcome.outputs):
        print(printable(f"{what} written in {spent_s:.1f} s"))
    return 0


def _told_files(paths: Sequence[Path]) -> list[str]:
    """Name a few files each, many together."""
    if len(paths) <= _MOST_NAMED:
        return [str(path) for path in paths]
    return [f"{paths[0]} to {paths[-1].name}: {len(paths):,} files"]


def execute(words: Sequence[str], ctx: JobContext) -> Outcome:
    """Run a command for the window: same words, same code, same products.

    Parameters
    ----------
    words : sequence of str
        The command and its options as on the command line.
    ctx : JobContext
        Told of the progress, and asked whether to stop.

    Raises
    ------
    NightglassError
        If the words make no sense or the command could not do its work.
    Cancelled
        If the job was cancelled.
    """
    module = import_module(f".{words[0]}", __package__)
    parser = _Strict(prog=f"nightglass {module.NAME}", description=module.HELP)
    module.add_arguments(parser)
    args = parser.parse_args(list(words[1:]))
    warm(ctx)
    outcome: Outcome = module.execute(args, ctx)
    return outcome


class _Strict(Parser):
    """Raises its complaint instead of ending the program."""

    def error(self, message: str) -> NoReturn:
        raise NightglassError("An option was not understood", f"{self.prog}: {message}.", "")
