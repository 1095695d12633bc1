"""Regions written as text: in their file with all else left as it is, or anew."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from ...errors import NightglassError
from ..systems import SYSTEMS
from .ciao import write_ciao
from .edits import Changes, edited, line_end_of
from .phrasing import COMMENTED, kind_written, numbers_of, sign_of, system_for, text_turned
from .pieces import Cutter
from .properties import STANDARD, standard_header, write_properties
from .words import BadWord

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ..entries import RegionEntry
    from ..systems import Surroundings
    from .document import RegionDocument


def write_regions(
    entries: Sequence[RegionEntry],
    surroundings: Surroundings,
    *,
    document: RegionDocument | None = None,
    system: str | None = None,
    style: Literal["ds9", "ciao"] = "ds9",
) -> str:
    """Write regions as the text of a file.

    Parameters
    ----------
    entries : sequence of RegionEntry
    surroundings : Surroundings
        What is known about the frame.
    document : RegionDocument or None
        The file they come from. What was not changed stays as it is, to the byte: comments,
        unknown lines and regions equal to those of the document. Changed regions are written in
        their place, in the system and units they had there; regions that are missing are taken
        out; others go to the end, under their `RegionEntry.system`.
    system : str or None
        Write all regions in this system. Those whose place is not known on this frame stay in
        theirs.
    style : {"ds9", "ciao"}
        CIAO files hold plain shapes alone; see `write_ciao`.

    Raises
    ------
    NightglassError
        If a region cannot be written in its system, or in `system`, on this frame.
    """
    if system is not None and system not in SYSTEMS:
        raise NightglassError(
            "Unknown coordinate system",
            f"Regions cannot be written in '{system}'.",
            f"Choose one of {', '.join(sorted(SYSTEMS))}.",
        )
    try:
        if style == "ciao":
            return write_ciao(entries, surroundings, system)
        if document is None:
            return standard_header() + _appended(
                entries, surroundings, Ending("", STANDARD), system, "\n"
            )
        return _in_document(entries, surroundings, document, system)
    except BadWord as bad:
        raise NightglassError(
            "Could not write the regions",
            f"'{bad.word}' {bad.why}.",
            "Open a frame that tells it, or choose another coordinate system.",
        ) from None


class Ending(NamedTuple):
    """Coordinate system and global properties that hold where something is added."""

    system: str
    base: Mapping[str, str]


def _in_document(
    entries: Sequence[RegionEntry],
    surroundings: Surroundings,
    document: RegionDocument,
    system: str | None,
) -> str:
    cutter = Cutter()
    pieces = list(cutter.cut(document.text))
    held, new = _sorted_out(entries, len(document.entries))
    changes = Changes(document, held, surroundings, system)
    text = edited(document.text, changes.of(pieces))
    line_end = line_end_of(document.text)
    ending = Ending(cutter.system if system is None else changes.system, cutter.base)
    if not text.strip("\ufeff\r\n\t "):
        text += standard_header(line_end) if new else ""
        ending = Ending("", STANDARD) if new else ending
    elif new and not text.endswith(("\n", "\r")):
        text += line_end
    return text + _appended(new, surroundings, ending, system, line_end)


def _sorted_out(
    entries: Sequence[RegionEntry], count: int
) -> tuple[dict[int, RegionEntry], list[RegionEntry]]:
    """Part entries into those with a place in the document, and new ones; copies are new."""
    held: dict[int, RegionEntry] = {}
    new = []
    for entry in entries:
        if entry.piece is None or not 0 <= entry.piece < count or entry.piece in held:
            new.append(entry)
        else:
            held[entry.piece] = entry
    return held, new


def _appended(
    entries: Sequence[RegionEntry],
    surroundings: Surroundings,
    ending: Ending,
    system: str | None,
    line_end: str,
) -> str:
    """Write regions under each other, with a line for every change of the system."""
    lines, holds = [], ending.system
    for entry in entries:
        target = system_for(entry, system or entry.system)
        if target != holds:
            lines.append(target)
            holds = target
        lines.append(_fresh(entry, target, surroundings, ending.base))
    return "".join(line + line_end for line in lines)


def _fresh(
    entry: RegionEntry, system: str, surroundings: Surroundings, base: Mapping[str, str]
) -> str:
    entry = text_turned(entry, system, surroundings)
    words = sign_of(entry, base) + numbers_of(entry, system, surroundings)
    joint = " ||" if entry.kind == "composite" or "||" in entry.raw.partition("#")[0] else ""
    told = write_properties(entry, base)
    if kind_written(entry) in COMMENTED:
        return f"# {words}{joint}{' ' if told else ''}{told}"
    return f"{words}{joint} # {told}" if told else words + joint
