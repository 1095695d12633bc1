"""Options that several commands have."""

from __future__ import annotations

import argparse
import math
from typing import TYPE_CHECKING, Any

from ..timing.sites import DEFAULT_SITE, find_site

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..timing.sites import Site

_MODES = ("sum", "clip", "weight")


def add_mode(group: Any, modes: Sequence[str] = _MODES) -> None:
    """Add --mode with the ways of adding up light that a command knows."""
    group.add_argument(
        "--mode", nargs="?", const="sum", default="sum", choices=tuple(modes),
        help="add electrons (sum), whole electrons (clip), or find the most likely flux (weight)"
        if "weight" in modes
        else "add electrons (sum) or whole electrons (clip)",
    )  # fmt: skip


def add_weight_limits(group: Any) -> None:
    """Add the limits of the likelihood in weight mode."""
    group.add_argument(
        "--n-electrons", type=int, metavar="N",
        help="weight: electrons the likelihood goes up to (default: as many as needed)",
    )  # fmt: skip
    group.add_argument(
        "--n-iterations", type=int, default=25, metavar="N",
        help="weight: most iterations (default: 25)",
    )  # fmt: skip


def add_psf(group: Any) -> None:
    """Add --psf."""
    group.add_argument(
        "--psf", action="store_true",
        help="weight: the region is a star's half maximum; weight pixels by its light",
    )  # fmt: skip


def add_observatory(group: Any) -> None:
    """Add --observatory."""
    group.add_argument(
        "--observatory", default=DEFAULT_SITE, metavar="NAME",
        help=f"a known site or one of your own (default: {DEFAULT_SITE})",
    )  # fmt: skip


def add_background(group: Any, name: str) -> None:
    """Add the option for a region file of sky."""
    group.add_argument(
        name, dest="background", metavar="FILE",
        help="region file of sky, in addition to regions marked as background",
    )  # fmt: skip


def positive(text: str) -> float:
    """Read a number above zero."""
    value = float(text)
    if not (math.isfinite(value) and value > 0.0):
        raise argparse.ArgumentTypeError(f"{text} is not a number above zero")
    return value


def site_named(name: str) -> Site:
    """Find a site among the known ones and those of the settings.

    Raises
    ------
    NightglassError
        If there is none of that name.
    """
    from ..problems import ProblemList
    from ..settings import load_settings

    return find_site(name, load_settings(ProblemList()).sites)


class NotRequired:
    """Takes options for a parser and requires none of them: another word may replace them all."""

    def __init__(self, holder: Any) -> None:
        self._holder = holder

    def add_argument_group(self, *words: Any) -> NotRequired:
        """Make a group that requires nothing either."""
        return NotRequired(self._holder.add_argument_group(*words))

    def add_argument(self, *names: str, **options: Any) -> None:
        """Pass an option on."""
        options.pop("required", None)
        self._holder.add_argument(*names, **options)
