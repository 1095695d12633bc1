"""Lists of stars to cut thumbnails of, in the forms the station keeps them in."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ...errors import NightglassError, translate

if TYPE_CHECKING:
    from pathlib import Path

_GROUP = re.compile(r"(?P<name>[\w.+-]+)\s*:\s*(?P<rest>.*)")
_COMMENT = re.compile(r"#.*")


def read_targets(path: Path) -> dict[str, tuple[int, ...]]:
    """Read groups of stars.

    A group is ``name: number, number, ...``, and may go on in the next lines; the numbers may
    stand in brackets, or one in a line after a dash. What follows a # is left out.

    Parameters
    ----------
    path : Path
        Text file.

    Returns
    -------
    dict of str to tuple of int
        ASCC numbers by group, as they are given, each once.

    Raises
    ------
    NightglassError
        If it cannot be read, a line is none of these, or a group comes twice.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise translate(error, path) from error
    except UnicodeDecodeError as error:
        raise _refusal(path, "it is not a text") from error
    groups: dict[str, list[int]] = {}
    for number, line in enumerate(lines, 1):
        rest = _COMMENT.sub("", line).strip()
        if match := _GROUP.fullmatch(rest):
            name, rest = match["name"], match["rest"]
            if name in groups:
                raise _refusal(path, f"line {number} begins the group {name} again")
            groups[name] = []
        stars = _numbers(rest)
        if stars is None or (stars and not groups):
            raise _refusal(path, f"line {number} is neither a group nor numbers of stars")
        if stars:
            groups[next(reversed(groups))] += stars
    return {name: tuple(dict.fromkeys(stars)) for name, stars in groups.items()}


def _numbers(text: str) -> list[int] | None:
    """Numbers between commas, brackets, dashes or blanks; None if there is anything else."""
    words = re.sub(r"^-\s|[\[\],'\"]", " ", text).split()
    return [int(word) for word in words] if all(map(str.isdecimal, words)) else None


def _refusal(path: Path, reason: str) -> NightglassError:
    return NightglassError(
        "The list of targets is not usable",
        f"In {path.name}, {reason}.",
        "A group is written 'name: number, number', with the ASCC numbers of its stars.",
        path,
    )
