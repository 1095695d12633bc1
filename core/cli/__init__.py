"""The command line: one small module per command, and the window for everything else.

A command module has `NAME`, `HELP`, `add_arguments(parser)` and `run(args) -> int`. Exit codes:
0 all well, 1 ran and found trouble, 2 could not run. With ``--json`` standard output carries JSON
alone; everything said to people goes to standard error.
"""

from __future__ import annotations

import argparse
import sys
from importlib import import_module
from typing import TYPE_CHECKING

from ..engine import child
from ..errors import Cancelled, translate
from . import window

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import ModuleType

    from .window import WindowOptions

COMMANDS = ("info", "simulate")
COULD_NOT_RUN = 2
INTERRUPTED = 130


def is_command(words: Sequence[str]) -> bool:
    """Whether the first word names a command rather than something to open in the window."""
    return bool(words) and words[0] in (*COMMANDS, child.CHILD_FLAG)


def parse_window_options(words: Sequence[str]) -> WindowOptions:
    """Read the words that open a window."""
    from ... import __version__

    return window.parse(words, COMMANDS, __version__)


def main(words: Sequence[str]) -> int:
    """Run the command named by the first word and give its exit code."""
    if words[0] == child.CHILD_FLAG:
        return child.main(words[1:])
    return _guarded(words)


def _guarded(words: Sequence[str]) -> int:
    """Run a command so that every failure is one sentence on standard error."""
    try:
        return run_command(words)
    except (KeyboardInterrupt, Cancelled):
        print("nightglass: stopped.", file=sys.stderr)
        return INTERRUPTED
    except Exception as error:  # noqa: BLE001 - the last line of defence before the shell
        print(f"nightglass: {translate(error)}", file=sys.stderr)
        return COULD_NOT_RUN


def run_command(words: Sequence[str]) -> int:
    """Parse `words` (command first) and run it; exceptions pass through."""
    module = _load(words[0])
    parser = argparse.ArgumentParser(prog=f"nightglass {module.NAME}", description=module.HELP)
    module.add_arguments(parser)
    return int(module.run(parser.parse_args(list(words[1:]))))


def _load(name: str) -> ModuleType:
    return import_module(f".{name}", __package__)
