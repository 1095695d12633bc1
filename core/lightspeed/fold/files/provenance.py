"""Where a product of a fold comes from: every setting, the par files, the site, the program."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ..... import __version__
from ....errors import NightglassError
from ....frames.times import DAY_S
from .tables import Column, Fact, Sheet

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ....timing.pulse.ranges import PhaseRange
    from ....timing.sites import Site
    from ..result import FoldResult, SourceFold

_NANOSECONDS = 9


@dataclass(frozen=True)
class Origin:
    """What a result does not know of itself.

    Attributes
    ----------
    site : Site
        Where the camera was.
    command : str
        The `nightglass` line that gives the same numbers; "" where it is not known.
    regions : str
        The regions as DS9 text.
    """

    site: Site
    command: str = ""
    regions: str = ""


def require_finished(result: FoldResult) -> None:
    """Check that a result may be written.

    Raises
    ------
    NightglassError
        If nothing was folded, or only a preview while a hand moves.
    """
    if not result.folds:
        raise NightglassError(
            "Nothing is folded",
            f"{result.capture} has no fold to write: a par file or a region is missing.",
            "Choose a par file and draw a region around the pulsar.",
            result.path,
        )
    if result.is_preview or result.is_linear:
        raise NightglassError(
            "The fold is not exact yet",
            f"{result.capture} shows a preview while something is moved.",
            "Let go, wait until the exact fold is shown, then write it.",
            result.path,
        )


def facts_of(result: FoldResult, origin: Origin) -> tuple[Fact, ...]:
    """What is true of all folds of a result; the same each time it is asked."""
    return (*_program(result, origin), *_times(result), *_settings(result), *_texts(result, origin))


def facts_of_fold(fold: SourceFold) -> tuple[Fact, ...]:
    """What is true of one region and par file."""
    chi, h_test = fold.profile.chi_square(), fold.moments.h_test()
    return (
        Fact("REGION", fold.name, "region"),
        Fact("REGIONID", fold.ident, "its number"),
        Fact("PSR", fold.psr, "pulsar"),
        Fact("PARFILE", None if fold.par_path is None else str(fold.par_path), "par file"),
        Fact("F0", fold.f0_hz, "[Hz] spin frequency at PEPOCH"),
        Fact("F1", fold.f1_hz_s, "[Hz/s] its derivative"),
        Fact("PEPOCH", fold.pepoch_mjd, "[d] MJD, TDB"),
        Fact("FREQ", fold.frequency_hz, "[Hz] spin seen at the telescope at DATE-OBS"),
        Fact("SKYRATE", fold.sky_rate, "[electron/s] sky taken off"),
        Fact("NFRAMES", fold.frames_counted, "frames folded"),
        Fact("EXPTIME", float(fold.profile.exposure_s.sum()), "[s] exposure of all bins"),
        Fact("CHI2", chi.chi2, "chi-square against a constant"),
        Fact("CHI2DOF", chi.dof, "its degrees of freedom"),
        Fact("CHI2PROB", chi.probability, "probability that noise gives more"),
        Fact("HTEST", h_test.h, "H of de Jager et al. 1989"),
        Fact("HHARM", h_test.harmonics, "harmonics that gave it"),
        Fact("HPROB", h_test.probability, "probability that noise gives more"),
    )


def par_sheets(result: FoldResult) -> tuple[Sheet, ...]:
    """The lines of each par file that PINT was given, as a table."""
    return tuple(
        Sheet(
            "PARFILE",
            (Column("LINE", np.array(text.splitlines() or [""]), about="as PINT was given it"),),
            (Fact("PSR", psr, "pulsar"),),
            number,
        )
        for number, (psr, text) in enumerate(par_texts(result), start=1)
    )


def par_texts(result: FoldResult) -> tuple[tuple[str, str], ...]:
    """Name and text of each par file, each once."""
    return tuple(dict.fromkeys((fold.psr, fold.par_text) for fold in result.folds))


def text_facts(result: FoldResult, origin: Origin) -> tuple[Fact, ...]:
    """All facts for a file that has one header: those of the folds are told apart by numbers."""
    made = list(facts_of(result, origin))
    several = len(result.folds) > 1
    for number, fold in enumerate(result.folds, start=1):
        made += [
            fact._replace(card=f"{fact.card}_{number}") if several else fact
            for fact in facts_of_fold(fold)
        ]
    made += [Fact(f"PAR {psr}", text, "par file") for psr, text in par_texts(result)]
    return tuple(made)


def _program(result: FoldResult, origin: Origin) -> Iterator[Fact]:
    yield Fact("CREATOR", f"nightglass {__version__}", "program")
    yield Fact("CAPTURE", result.capture, "capture")
    yield Fact("FILE", str(result.path), "its first file")
    yield Fact("SITE", origin.site.name, "where the camera was")
    for letter, metres in zip("XYZ", origin.site.itrf_m, strict=True):
        yield Fact(f"OBSGEO-{letter}", metres, "[m] ITRF position of the site")
    yield Fact("SITESRC", origin.site.source or None, "where its position comes from")


def _times(result: FoldResult) -> Iterator[Fact]:
    day, seconds = result.start
    yield Fact("TIMESYS", "UTC", "time scale")
    yield Fact("TREFPOS", "TOPOCENTER", "times are those at the telescope")
    yield Fact("TIMENOTE", result.time_note, "what the phases are of")
    yield Fact("DATE-OBS", result.start.iso(_NANOSECONDS), "UTC, start of the first exposure")
    yield Fact("MJD-OBS", day + seconds / DAY_S, "[d] DATE-OBS as MJD")
    yield Fact("TELAPSE", result.span_s, "[s] first exposure begun to last ended")
    yield Fact("FRAMETIM", result.frame_s, "[s] exposure of a frame")
    yield Fact("INTERVAL", result.interval_s, "[s] frame to frame")
    yield Fact("NCOUNTED", result.frames_counted, "frames folded")
    yield Fact("NTOTAL", result.frames_total, "frames in complete cubes")
    yield Fact("NMISSING", result.frames_missing, "frames taken that are not there")


def _settings(result: FoldResult) -> Iterator[Fact]:
    settings = result.settings
    yield Fact("NBINS", settings.n_bins, "bins of a turn")
    yield Fact("F0EDIT", settings.f0_hz, "[Hz] in place of F0 of the par file")
    yield Fact("F1EDIT", settings.f1_hz_s, "[Hz/s] in place of F1 of the par file")
    yield Fact("PHASEOFF", settings.phase_offset, "[turn] added to every phase")
    yield Fact("TIMEOFF", settings.timing_offset_s, "[s] taken off every time")
    yield Fact("STAMP", settings.stamp, "part of an exposure that has its phase")
    yield Fact("ROWDELAY", settings.row_delay, "whether rows are timed by the shutter")
    yield Fact("ONPULSE", _range(settings.on), "[turn] phases of the pulse")
    yield Fact("OFFPULSE", _range(settings.off), "[turn] phases without")


def _range(chosen: PhaseRange | None) -> str | None:
    return None if chosen is None else chosen.text


def _texts(result: FoldResult, origin: Origin) -> Iterator[Fact]:
    """What may have many lines: in FITS these are cards with numbers."""
    for card, lines in (
        ("NOTE", "\n".join(result.notices)), ("CMD", origin.command), ("REG", origin.regions),
    ):  # fmt: skip
        yield Fact(card, lines or None, "")
