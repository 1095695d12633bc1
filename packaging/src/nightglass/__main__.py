"""The entry point of every way to start: console script, `python -m` and the frozen bundle."""

from __future__ import annotations

import multiprocessing
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command, or open the window when the first word is not a command."""
    from .core import cli

    words = sys.argv[1:] if argv is None else list(argv)
    if cli.is_command(words):
        return cli.main(words)
    options = cli.parse_window_options(words)
    from .gui import app

    return app.main(options)


if __name__ == "__main__":
    multiprocessing.freeze_support()
    sys.exit(main())
