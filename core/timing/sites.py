"""Where telescopes stand: positions in the International Terrestrial Reference Frame."""

from __future__ import annotations

import json
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Protocol

from ..errors import NightglassError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

DEFAULT_SITE = "Magellan Clay"


class SiteEntry(Protocol):
    """What a site added by the user must carry: its ITRF position in metres."""

    @property
    def itrf_x_m(self) -> float:
        """Towards the Greenwich meridian."""
        ...

    @property
    def itrf_y_m(self) -> float:
        """Towards 90 degrees east."""
        ...

    @property
    def itrf_z_m(self) -> float:
        """Towards the north pole."""
        ...


@dataclass(frozen=True)
class Site:
    """A place on the rotating Earth.

    Parameters
    ----------
    name : str
        The name shown to people and written into products.
    itrf_x_m, itrf_y_m, itrf_z_m : float
        Geocentric position in the International Terrestrial Reference Frame, in metres.
    source : str
        Where the position comes from.
    """

    name: str
    itrf_x_m: float
    itrf_y_m: float
    itrf_z_m: float
    source: str = ""

    @property
    def itrf_m(self) -> tuple[float, float, float]:
        """The position as one (x, y, z) tuple in metres."""
        return self.itrf_x_m, self.itrf_y_m, self.itrf_z_m


def _plain(name: str) -> str:
    """Fold what people type differently: case, blanks, hyphens and underscores."""
    return "".join(letter for letter in name.casefold() if letter.isalnum())


@cache
def _builtin() -> tuple[tuple[Site, tuple[str, ...]], ...]:
    text = files("nightglass.resources.data").joinpath("sites.json").read_text(encoding="utf-8")
    return tuple(
        (
            Site(
                entry["name"],
                entry["itrf_x_m"],
                entry["itrf_y_m"],
                entry["itrf_z_m"],
                entry["source"],
            ),
            tuple(entry["aliases"]),
        )
        for entry in json.loads(text)["sites"]
    )


def _named(extra: Mapping[str, SiteEntry] | None) -> Iterator[tuple[str, Site]]:
    """Every (name or alias, site), the user's own first so that they win."""
    for name, entry in (extra or {}).items():
        yield (
            name,
            Site(name, entry.itrf_x_m, entry.itrf_y_m, entry.itrf_z_m, "entered in the settings"),
        )
    for place, aliases in _builtin():
        for name in (place.name, *aliases):
            yield name, place


def site_names(extra: Mapping[str, SiteEntry] | None = None) -> tuple[str, ...]:
    """Names for a list to choose from: the user's sites first, then the built-in ones."""
    return tuple(dict.fromkeys(place.name for _, place in _named(extra)))


def find_site(name: str = DEFAULT_SITE, extra: Mapping[str, SiteEntry] | None = None) -> Site:
    """Look a site up by name or alias.

    Parameters
    ----------
    name : str
        Name or alias; case, blanks, hyphens and underscores do not matter.
    extra : mapping of str to SiteEntry, optional
        Sites from the settings. One with the name of a built-in site replaces it.

    Returns
    -------
    Site

    Raises
    ------
    NightglassError
        If no site has that name; close names are suggested.
    """
    wanted = _plain(name)
    known = list(_named(extra))
    for label, place in known:
        if _plain(label) == wanted:
            return place
    raise _unknown(name, [label for label, _ in known])


def _unknown(name: str, labels: list[str]) -> NightglassError:
    by_plain = {_plain(label): label for label in reversed(labels)}
    close = [by_plain[key] for key in get_close_matches(_plain(name), by_plain, n=3, cutoff=0.6)]
    hint = (
        f"Did you mean {' or '.join(close)}?"
        if close
        else f"Known sites are {', '.join(dict.fromkeys(labels))}; others can be added in Settings."
    )
    return NightglassError("Unknown observatory", f"There is no site called '{name}'.", hint)
