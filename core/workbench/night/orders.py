"""Orders of the window to a reduction, as `nightglass night` gives them."""

from __future__ import annotations

from pathlib import Path

from ...errors import NightglassError

CONFIRMED = {
    "stop": "Stopping the night",
    "pause": "Pausing the night",
    "resume": "The night goes on",
    "retry": "Made again",
    "mark": "Left out",
    "unmark": "Used again",
}
"""What the window says once an order is given, by its name."""


def give(output: Path, what: str, subject: str = "") -> str:
    """Hand an order to the night in a folder.

    Parameters
    ----------
    output : Path
    what : str
        A key of `CONFIRMED`.
    subject : str
        Name of a unit (retry) or of a file (mark, unmark).

    Returns
    -------
    str
        What was done, as a sentence.

    Raises
    ------
    NightglassError
        If nothing runs there (stop, pause, resume), or there is no such unit.
    """
    from ...mascara.night import verbs

    if what == "retry":
        said = verbs.retry(output, subject)
    elif what in {"mark", "unmark"}:
        said = verbs.mark(output, Path(subject).name, is_bad=what == "mark")
    else:
        said = verbs.order(output, what)
    return f"{said[0].upper()}{said[1:]}."


def not_watched() -> NightglassError:
    """The refusal of everything that needs a night."""
    return NightglassError(
        "No night is watched",
        "This needs a night.",
        "Start one, or watch the folder of one, in the menu Night.",
    )
