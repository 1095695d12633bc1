"""The command line: one small module per command, and the window for everything else.

A command module has `NAME`, `HELP`, `add_arguments(parser)` and `run(args) -> int`. Exit codes:
0 all well, 1 ran and found trouble, 2 could not run. With ``--json`` standard output carries JSON
alone; everything said to people goes to standard error.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module
from typing import TYPE_CHECKING

from ..engine import child
from ..errors import Cancelled, NightglassError, translate
from . import science, window
from .arguments import COULD_NOT_RUN, Parser
from .display import choose_platform

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import ModuleType

    from .window import WindowOptions

COMMANDS = ("info", "simulate", "regions", "fold", "night", "catalogue", *science.COMMANDS)
FOUND_TROUBLE = 1

__all__ = ["choose_platform", "guarded", "is_command", "main", "parse_window_options"]


def is_command(words: Sequence[str]) -> bool:
    """Whether the first word names a command rather than something to open in the window."""
    return bool(words) and words[0] in (*COMMANDS, child.CHILD_FLAG)


def parse_window_options(words: Sequence[str]) -> WindowOptions:
    """Read the words that open a window."""
    from ... import __version__

    return window.parse(words, {name: _load(name).HELP for name in COMMANDS}, __version__)


def main(words: Sequence[str]) -> int:
    """Run the command named by the first word and give its exit code."""
    if words[0] == child.CHILD_FLAG:
        return child.main(words[1:])
    return guarded(lambda: run_command(words))


def guarded(action: Callable[[], int]) -> int:
    """Run the program, or a part of it, so that every failure is one sentence on standard error."""
    if sys.stdout is None:  # closed by whoever started it (``>&-``)
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 - to the end
    try:
        code = action()
        sys.stdout.flush()
    except BrokenPipeError:
        _give_up_standard_output()
        return FOUND_TROUBLE
    except (KeyboardInterrupt, Cancelled):
        print("nightglass: stopped.", file=sys.stderr)
        return FOUND_TROUBLE
    except Exception as error:  # noqa: BLE001 - the last line of defence before the shell
        print(f"nightglass: {_sentence(error)}", file=sys.stderr)
        if sys.flags.dev_mode:
            _print_traceback(error)
        _give_up_standard_output()
        return COULD_NOT_RUN
    return code


def run_command(words: Sequence[str]) -> int:
    """Parse `words` (command first) and run it; exceptions pass through."""
    module = _load(words[0])
    parser = Parser(prog=f"nightglass {module.NAME}", description=module.HELP)
    module.add_arguments(parser)
    return int(module.run(parser.parse_args(list(words[1:]))))


def _load(name: str) -> ModuleType:
    return import_module(f".{name}", __package__)


def _give_up_standard_output() -> None:
    """Let go of output that nobody takes (``| head``, a full disk): Python flushes at the end."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _sentence(error: Exception) -> str:
    if isinstance(error, NightglassError | OSError | MemoryError):
        return str(translate(error))
    words = " ".join(f"{type(error).__name__}: {error}".split()).rstrip(".")
    return f"Unexpected trouble: {words}. 'python -X dev -m nightglass ...' shows where it arose."


def _print_traceback(error: Exception) -> None:
    import traceback

    traceback.print_exception(error)
