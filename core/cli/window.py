"""What may be said on the command line when the window is opened."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True)
class WindowOptions:
    """How the window starts and, for a headless check, how it ends.

    Attributes
    ----------
    paths : tuple of Path
        Cubes, folders or FITS images to open.
    follow : Path or None
        Folder to follow for new cubes; it need not exist yet.
    screenshot : Path or None
        Where to save a picture of the window before it closes.
    exit_after_s : float or None
        Close after so many seconds.
    timings : Path or None
        Where to save start-up and painting figures as JSON.
    theme : str or None
        Overrides the theme of the settings.
    """

    paths: tuple[Path, ...] = ()
    follow: Path | None = None
    screenshot: Path | None = None
    exit_after_s: float | None = None
    timings: Path | None = None
    theme: str | None = None

    @property
    def is_headless(self) -> bool:
        """Whether the window closes by itself and leaves files."""
        wishes = (self.screenshot, self.exit_after_s, self.timings)
        return any(wish is not None for wish in wishes)


def _parser(commands: Sequence[str], version: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="nightglass",
        description="Browse and follow captures in a window.",
        epilog=f"Commands: {', '.join(commands)}. 'nightglass COMMAND --help' tells more.",
    )
    parser.add_argument("paths", nargs="*", type=Path, metavar="PATH", help="cube, folder or image")
    parser.add_argument("--follow", type=Path, metavar="FOLDER", help="watch for new cubes")
    parser.add_argument("--screenshot", type=Path, metavar="FILE", help="save the window as PNG")
    parser.add_argument("--exit-after", type=float, metavar="SECONDS", dest="exit_after_s")
    parser.add_argument("--timings", type=Path, metavar="FILE", help="save figures as JSON")
    parser.add_argument("--theme", choices=("dark", "light", "red"))
    parser.add_argument("--version", action="version", version=f"Nightglass {version}")
    return parser


def parse(words: Sequence[str], commands: Sequence[str], version: str) -> WindowOptions:
    """Read the window's options; ends the program as argparse does when they are wrong."""
    fields = vars(_parser(commands, version).parse_args(list(words)))
    return WindowOptions(**{**fields, "paths": tuple(fields["paths"])})
