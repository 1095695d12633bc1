"""The entry point of every way to start: console script, `python -m` and the frozen bundle.

Imports are absolute here, because a bundle runs this file on its own, outside its package.
"""

from __future__ import annotations

import multiprocessing
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command, or open the window when the first word is not a command."""
    from nightglass.core import cli

    words = sys.argv[1:] if argv is None else list(argv)
    if cli.is_command(words):
        return cli.main(words)
    return cli.guarded(lambda: _open_window(words))


def _open_window(words: Sequence[str]) -> int:
    """Graphics libraries are imported here and not before, once a display is there for them."""
    from nightglass.core import cli

    options = cli.parse_window_options(words)
    cli.choose_platform(options)
    _load_graphics()
    from nightglass.gui import app

    return app.main(options)


def _load_graphics() -> None:
    try:
        import PyQt6.QtWidgets  # noqa: F401 - gui is about to use it
    except ImportError as error:
        from nightglass.core.errors import NightglassError

        raise NightglassError(
            "No window can be opened",
            f"Qt cannot be loaded ({error}).",
            "Install PyQt6 and the system libraries that it needs.",
        ) from error


if __name__ == "__main__":
    multiprocessing.freeze_support()
    sys.exit(main())
