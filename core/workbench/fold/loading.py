"""Par files loaded for the fold, one by one, each with what it gave or why it did not."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ...errors import NightglassError, translate

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Mapping

    from ...engine.jobs import JobContext
    from ...timing.ephemeris import Ephemeris


@dataclass(frozen=True, eq=False)
class Chosen:
    """A par file that is folded on.

    Attributes
    ----------
    path : Path or None
        None for a text without a file.
    name : str
        Of the file, or as the text was called.
    text : str
        As it was in the file.
    ephemeris : Ephemeris
    """

    path: Path | None
    name: str
    text: str = field(repr=False)
    ephemeris: Ephemeris


class Want(NamedTuple):
    """A par file that is asked for: one on the disk, or a text under some name."""

    path: Path | None
    name: str
    text: str | None = None


def wants_of(paths: Iterable[str | os.PathLike[str]]) -> list[Want]:
    """Ask for files; paths are taken from the working folder."""
    absolute = [Path(path).absolute() for path in paths]
    return [Want(path, path.name) for path in absolute]


def want_of(chosen: Chosen) -> Want:
    """What gives this again."""
    return Want(chosen.path, chosen.name, chosen.text if chosen.path is None else None)


def loaded(
    wants: Iterable[Want], known: Mapping[Want, Chosen], ctx: JobContext
) -> list[Chosen | NightglassError]:
    """Load par files, those left out that are loaded and have not changed; for a working thread.

    Parameters
    ----------
    wants : iterable of Want
    known : mapping of Want to Chosen
        What is loaded.
    ctx : JobContext
        Asked whether to stop.

    Returns
    -------
    list of Chosen or NightglassError
        In the order of `wants`.

    Raises
    ------
    Cancelled
        If the job was cancelled.
    """
    results = []
    for want in wants:
        ctx.check()
        results.append(_loaded(want, known.get(want)))
    return results


def _loaded(want: Want, before: Chosen | None) -> Chosen | NightglassError:
    from ...timing.ephemeris import load_ephemeris
    from ...timing.par import read_par_text

    try:
        text = want.text if want.text is not None else read_par_text(want.path or want.name)[0]
        if before is not None and before.text == text:
            return before
        return Chosen(want.path, want.name, text, load_ephemeris(want.path or text))
    except (NightglassError, OSError) as error:
        return translate(error, want.path)


def import_pint() -> None:
    """Import PINT, for a working thread; a failure is told by the first par file that needs it."""
    from ...timing.offline import prepare

    try:
        prepare()
    except NightglassError:
        return


def text_or_trouble(path: Path) -> str:
    """The text of a par file, or why there is none."""
    from ...timing.par import read_par_text

    try:
        return read_par_text(path)[0]
    except NightglassError as error:
        return str(error)
