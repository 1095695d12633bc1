"""What may be said on the command line when the window is opened."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from .arguments import Parser, seconds

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


PAGES = ("plots", "frames", "sky", "curves", "report")
"""Pages of the workspace of a night."""


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
    night : Path or None
        Output folder of a reduction to watch; it need not exist yet.
    page : str
        Page of the night's workspace to bring forward; empty for the usual one.
    star : int or None
        ASCC number of a star whose light curve is shown.
    until_finished : bool
        Close once the night is reduced.
    """

    paths: tuple[Path, ...] = ()
    follow: Path | None = None
    screenshot: Path | None = None
    exit_after_s: float | None = None
    timings: Path | None = None
    theme: str | None = None
    night: Path | None = None
    page: str = ""
    star: int | None = None
    until_finished: bool = False

    @property
    def is_headless(self) -> bool:
        """Whether the window closes by itself and leaves files."""
        wishes = (self.screenshot, self.exit_after_s, self.timings)
        return self.until_finished or any(wish is not None for wish in wishes)


def parse(words: Sequence[str], commands: Mapping[str, str], version: str) -> WindowOptions:
    """Read the window's options; ends the program as argparse does when they are wrong.

    Parameters
    ----------
    words : sequence of str
        The command line without the program's name.
    commands : mapping of str to str
        Names of the commands and what they do, for the help.
    version : str
        Told by ``--version``.
    """
    parser = _parser(commands, version)
    fields = vars(parser.parse_args(list(words)))
    options = WindowOptions(**{**fields, "paths": tuple(fields["paths"])})
    if options.night is None and (options.page or options.star or options.until_finished):
        parser.error("--page, --star and --until-finished need --night")
    for product in (options.screenshot, options.timings):
        if product is not None and not product.absolute().parent.is_dir():
            parser.error(f"the folder for {product} is not there")
    return options


def _parser(commands: Mapping[str, str], version: str) -> Parser:
    parser = Parser(
        prog="nightglass",
        usage="nightglass [PATH ...] [options]\n       nightglass COMMAND ...",
        description="Browse and follow captures in a window, or run one of the commands.",
        epilog=_list_of(commands),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("paths", nargs="*", type=Path, metavar="PATH", help="cube, folder or image")
    parser.add_argument("--follow", type=Path, metavar="FOLDER", help="watch for new cubes")
    parser.add_argument("--theme", choices=("dark", "light", "red"), help="colours of the window")
    parser.add_argument("--version", action="version", version=f"Nightglass {version}")
    _add_night(parser)
    _add_headless_check(parser)
    return parser


def _add_night(parser: Parser) -> None:
    group = parser.add_argument_group("a night of MASCARA")
    group.add_argument("--night", type=Path, metavar="DIR", help="watch the reduction in a folder")
    group.add_argument("--page", choices=PAGES, default="", help="page of the night to show")
    group.add_argument("--star", type=int, metavar="ASCC", help="show the light curve of a star")


def _add_headless_check(parser: Parser) -> None:
    group = parser.add_argument_group(
        "headless check", "needs no display; the window closes itself"
    )
    group.add_argument(
        "--screenshot", type=Path, metavar="FILE", help="save the window, 1600x900, as PNG"
    )
    group.add_argument(
        "--exit-after", type=seconds, metavar="SECONDS", dest="exit_after_s",
        help="how long it stays open",
    )  # fmt: skip
    group.add_argument(
        "--timings", type=Path, metavar="FILE", help="save start-up and painting figures as JSON"
    )
    group.add_argument(
        "--until-finished", action="store_true", help="close once the night watched is reduced"
    )


def _list_of(commands: Mapping[str, str]) -> str:
    """The commands, one a line, as the end of the help."""
    width = max(map(len, commands))
    lines = [f"  {name:{width}}  {purpose}" for name, purpose in commands.items()]
    note = "'nightglass COMMAND --help' tells more. A file called like a command: ./NAME."
    return "\n".join(["commands:", *lines, "", note])
