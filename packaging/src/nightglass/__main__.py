"""The entry point of every way to start: console script, `python -m` and the frozen bundle."""

from __future__ import annotations

import multiprocessing
import sys
from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command, or open the window when the first word is not a command."""
    from .core import cli

    return cli.main(sys.argv[1:] if argv is None else list(argv))


if __name__ == "__main__":
    multiprocessing.freeze_support()
    sys.exit(main())
