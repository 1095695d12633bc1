"""The `nightglass fold` line that gives the same numbers without a window."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from ....errors import NightglassError
from ....timing.sites import DEFAULT_SITE
from ..settings import FoldSettings
from .provenance import require_finished

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ..result import FoldResult, SourceFold

PROGRAM = "nightglass"
COMMAND = "fold"
_DEFAULTS = FoldSettings()


def command_of(
    result: FoldResult,
    roi: str | Path,
    background: str | Path | None = None,
    *,
    capture: str | Path | None = None,
    observatory: str = DEFAULT_SITE,
) -> str:
    """Write the command that folds the same frames the same way, ready for a shell.

    Parameters
    ----------
    result : FoldResult
        Tells par files and settings.
    roi : str or Path
        The region file, or the regions as DS9 text.
    background : str or Path or None
        The same of sky that is not among them.
    capture : path-like or None
        What to read; None for the first file of the result.
    observatory : str
        Name of the site.

    Raises
    ------
    NightglassError
        If nothing is folded, or a par file is not on the disk.
    """
    require_finished(result)
    return shlex.join(words_of(result, roi, background, capture=capture, observatory=observatory))


def words_of(
    result: FoldResult,
    roi: str | Path,
    background: str | Path | None = None,
    *,
    capture: str | Path | None = None,
    observatory: str = DEFAULT_SITE,
) -> tuple[str, ...]:
    """Give the words of `command_of`, not quoted."""
    words = [PROGRAM, COMMAND, str(capture if capture is not None else result.path)]
    for par in _par_files(result):
        words += _option("--eph", par)
    words += _option("--roi", str(roi))
    if background is not None:
        words += _option("--background", str(background))
    words += _of_settings(result.settings)
    if observatory != DEFAULT_SITE:
        words += _option("--observatory", observatory)
    return tuple(words)


def _par_files(result: FoldResult) -> tuple[str, ...]:
    """Par files in their order, each once."""
    return tuple(dict.fromkeys(_par_file(fold) for fold in result.folds))


def _par_file(fold: SourceFold) -> str:
    if fold.par_path is None:
        raise NightglassError(
            "No command for this fold",
            f"The ephemeris of {fold.psr} is not in a file.",
            "Save it as a par file and choose that.",
        )
    return str(fold.par_path)


def _of_settings(settings: FoldSettings) -> Iterator[str]:
    """Options of what was chosen; what is as it always is needs no word, but bins do."""
    yield from _option("--bins", str(settings.n_bins))
    for name, value, usual in (
        ("--f0", settings.f0_hz, None),
        ("--f1", settings.f1_hz_s, None),
        ("--phase-offset", settings.phase_offset, _DEFAULTS.phase_offset),
        ("--timing-offset", settings.timing_offset_s, _DEFAULTS.timing_offset_s),
    ):
        if value is not None and value != usual:
            # repr of a float is read back as the same float.
            yield from _option(name, repr(float(value)))
    if settings.stamp != _DEFAULTS.stamp:
        yield from _option("--stamp", settings.stamp)
    if settings.row_delay:
        yield "--row-delay"
    for name, chosen in (("--on", settings.on), ("--off", settings.off)):
        if chosen is not None:
            yield from _option(name, chosen.text)


def _option(name: str, value: str) -> tuple[str, ...]:
    """Join what begins with a hyphen to its option: it would be taken for another one."""
    return (f"{name}={value}",) if value.startswith("-") else (name, value)
