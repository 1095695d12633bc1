"""The numbers of a region as DS9 writes them, with a name for each."""

from __future__ import annotations

import re
from dataclasses import dataclass

_STATEMENT = re.compile(r"^(?P<before>[#\s]*)[+-]?(?P<kind>[a-z]+)\((?P<words>[^()]*)\)", re.I)

_PLACES = {
    "fk5": ("RA", "Dec"),
    "icrs": ("RA", "Dec"),
    "galactic": ("l", "b"),
}
_ENDS = {"line", "ruler"}
_RADII = {"circle": ("Radius",), "annulus": ("Inner radius", "Outer radius")}
_PAIRS = {"ellipse": ("Half axis a", "Half axis b"), "box": ("Width", "Height")}


@dataclass(frozen=True)
class LineWords:
    """A statement of a region file, taken apart.

    Attributes
    ----------
    before : str
        "# " for the kinds that DS9 writes as a comment.
    kind : str
    words : tuple of str
        What stands between the brackets.
    """

    before: str
    kind: str
    words: tuple[str, ...]

    def statement(self, words: tuple[str, ...]) -> str:
        """The statement with other words."""
        return f"{self.before}{self.kind}({','.join(words)})"

    def labels(self, system: str) -> tuple[str, ...]:
        """What each word is."""
        first, second = _PLACES.get(system, ("x", "y"))
        count = len(self.words)
        if self.kind == "polygon" or self.kind in _ENDS:
            return tuple(f"{(first, second)[i % 2]} {i // 2 + 1}" for i in range(count))
        return (first, second, *self._size_labels(count - 2))[:count]

    def _size_labels(self, count: int) -> tuple[str, ...]:
        if self.kind == "vector":
            return "Length", "Angle °"
        if self.kind in _RADII:
            known = _RADII[self.kind]
            return known if count <= len(known) else tuple(f"Radius {i + 1}" for i in range(count))
        axes = _PAIRS.get(self.kind, ("Size 1", "Size 2"))
        steps = (count - 1) // 2
        which: tuple[str, ...] = ("",) if steps == 1 else ("Inner ", "Outer ") if steps == 2 else ()
        which = which or tuple(f"Ring {step + 1}: " for step in range(steps))
        sizes = [f"{step}{axis.lower() if step else axis}" for step in which for axis in axes]
        return (*sizes, "Angle °")


def taken_apart(text: str) -> LineWords | None:
    """Find the last statement of a text of DS9; None where it has no numbers."""
    for line in reversed(text.splitlines()):
        match = _STATEMENT.match(line)
        if match is not None:
            words = tuple(word.strip() for word in match["words"].split(","))
            return LineWords(match["before"], match["kind"].lower(), words)
    return None
