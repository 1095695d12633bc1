"""Par files loaded into PINT, tolerantly and offline, with a notice for each thing put right."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from ..errors import NightglassError
from .observatories import settle_tzr_site
from .offline import contained, prepare
from .par import ParLine, ParSummary, number, par_lines, par_summary, par_values, read_par_text
from .par_writing import joined, line_text
from .solar_system import choose_kernel

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable
    from pathlib import Path

_TITLE = "Could not use the par file"

# TT(BIPM2023) minus TT(TAI) has stayed between 27.60 and 27.71 microseconds since August 2011
# (github.com/ipta/pulsar-clock-corrections, tai2tt_bipm2023.clk).
_BIPM_MINUS_TAI_S = 27.7e-6

# Observatory clocks are kept this close to UTC: the largest correction in the IPTA's Parkes file
# since 1998 is 15.3 microseconds (github.com/ipta/pulsar-clock-corrections, pks2gps.clk).
_CLOCK_LIMIT_S = 20e-6

LEAST_HZ, MOST_HZ = 1e-6, 1e5
"""Frequencies that can be folded on: from orbits of days to far above any pulsar."""

# Years 1886 to 2132: far from its PEPOCH a phase has no digits left. A JD is a usual mistake.
_FIRST_MJD, _LAST_MJD = 10_000.0, 100_000.0

# Of these PINT complains although they hardly change a phase: EPHVER is TEMPO2's own file version;
# T2CMETHOD TEMPO moves the pole by 0.05 arc seconds, 5 ns; START and FINISH are never fitted here.
_HARMLESS = ("EPHVER", "T2CMETHOD", "cannot be unfrozen")
_UNKNOWN_LINE = "Unrecognized parfile line "
_MOST_NAMED = 10


@dataclass(frozen=True)
class Ephemeris:
    """A pulsar's timing model, ready to fold with.

    Parameters
    ----------
    model : pint.models.TimingModel
        Use it under `nightglass.core.timing.offline.PINT_LOCK`.
    summary : ParSummary
        What the file says of itself.
    text : str
        The lines PINT was given: the file without repeated lines.
    kernel : str
        JPL ephemeris used, lower case; `asked_kernel` is the one the file asks for.
    absolute : bool
        Whether phase zero is the file's TZR time of arrival; otherwise it is PEPOCH at the
        solar-system barycentre.
    notices : tuple of str
        What was put right or is uncertain, as plain sentences.
    """

    model: Any = field(repr=False, compare=False)
    summary: ParSummary
    text: str = field(repr=False)
    kernel: str
    asked_kernel: str
    absolute: bool
    notices: tuple[str, ...]
    path: Path | None = None

    @property
    def psr(self) -> str:
        """Name of the pulsar; that of the file where the file does not say."""
        return self.summary.psr or (self.path.stem if self.path else "unnamed")

    @property
    def f0_hz(self) -> float:
        """Spin frequency at PEPOCH, at the pulsar; TDB."""
        return float(self.model.F0.value)

    @property
    def range_mjd(self) -> tuple[float | None, float | None]:
        """START and FINISH: the days the solution was fitted over, None where not given."""
        return self.summary.start_mjd, self.summary.finish_mjd

    @property
    def key(self) -> str:
        """Hash of everything in the file that a phase depends on."""
        return hashlib.sha256(f"{self.text}\n{self.kernel}\n{self.absolute}".encode()).hexdigest()


def load_ephemeris(par: str | os.PathLike[str]) -> Ephemeris:
    """Load a par file into PINT, offline.

    Parameters
    ----------
    par : path-like or str
        A path, or the text of a par file (recognised by its line breaks).

    Returns
    -------
    Ephemeris
        With notices where the solar-system ephemeris was exchanged, a repeated line overruled
        an earlier one, TCB was converted to TDB, or the absolute phase is uncertain.

    Raises
    ------
    NightglassError
        If the file cannot be read, lacks F0, PEPOCH, EPHEM or a position, or
        PINT refuses it.
    """
    text, path = read_par_text(par)
    summary = par_summary(text + "\n")
    _require(par_values(text), path)
    kernel = choose_kernel(summary.ephem)
    prepare()
    with contained() as warnings:
        lines, notices = _last_of_repeated(list(par_lines(text)))
        kept = _joined(lines, summary)
        model = _build(kept, path)
        model.EPHEM.value = kernel.used.upper()
        tzr = settle_tzr_site(model)
        absolute = "AbsPhase" in model.components
    f0_hz = float(model.F0.value)
    notices += [
        kernel.notice(f0_hz),
        *_unit_notices(summary, par_values(text), f0_hz),
        _tzr_notice(tzr, summary.tzr_site, f0_hz),
        *_told_by_pint(warnings),
    ]
    told = tuple(notice for notice in dict.fromkeys(notices) if notice)
    return Ephemeris(model, summary, kept, kernel.used, kernel.asked, absolute, told, path)


def _require(values: dict[str, str], path: Path | None) -> None:
    """Refuse a file that lacks what PINT cannot do without, naming the line to add."""
    if "F0" not in values:
        raise _refused("it has no F0", "Add the spin frequency in Hz as a line 'F0 ...'.", path)
    if not (number(values["F0"]) or 0.0) > 0.0:
        raise _refused(
            f"its F0 is '{values['F0']}', not a frequency", "Write it in Hz, above zero.", path
        )
    if not LEAST_HZ <= (number(values["F0"]) or 0.0) <= MOST_HZ:
        raise _refused(
            f"its F0 is '{values['F0']}' Hz, which is no spin of a star",
            f"Write {LEAST_HZ:g} to {MOST_HZ:g} Hz.", path,
        )  # fmt: skip
    if "PEPOCH" not in values:
        raise _refused("it has no PEPOCH", "Add the epoch of F0 as an MJD.", path)
    for epoch in ("PEPOCH", "TZRMJD"):
        if epoch in values and number(values[epoch]) is None:
            raise _refused(f"its {epoch} is '{values[epoch]}', not a day", "Write an MJD.", path)
        if not _FIRST_MJD <= (number(values.get(epoch)) or _FIRST_MJD) <= _LAST_MJD:
            raise _refused(
                f"its {epoch} is '{values[epoch]}', which is no MJD of these centuries",
                "Write the Julian Date less 2400000.5.", path,
            )  # fmt: skip
    if "EPHEM" not in values:
        raise _refused(
            "it has no EPHEM",
            "Add the solar-system ephemeris its solution was made with, such as 'EPHEM DE421'.",
            path,
        )
    if not ({"RAJ", "DECJ"} <= values.keys() or {"ELONG", "ELAT"} <= values.keys()):
        raise _refused("it has no position", "Add RAJ and DECJ, or ELONG and ELAT.", path)


def _refused(why: str, hint: str, path: Path | None) -> NightglassError:
    name = str(path) if path is not None else "The par file"
    return NightglassError(_TITLE, f"{name} cannot be used: {why}.", hint, path)


def _last_of_repeated(lines: list[ParLine]) -> tuple[list[ParLine], list[str]]:
    """Keep the last of lines that set the same quantity, as TEMPO does; PINT refuses the file.

    JUMP, EFAC and others that may stand several times are left alone.
    """
    components = _components()
    may_repeat = components.repeatable_param
    last: dict[str, ParLine] = {}
    dropped: dict[str, ParLine] = {}
    for line in lines:
        name = _pint_name(components, line.key)
        if name in may_repeat or line.key in may_repeat:
            name = f"{name} {line.number}"
        elif name in last:
            dropped[name] = last[name]
        last[name] = line
    notices = [
        f"{last[name].key} stands more than once: line {last[name].number} "
        f"({' '.join(last[name].words[:1])}) is used, line {old.number} "
        f"({' '.join(old.words[:1])}) is not."
        for name, old in dropped.items()
    ]
    return sorted(last.values(), key=lambda line: line.number), notices


@cache
def _components() -> Any:
    """Every parameter PINT knows, which takes it a twentieth of a second to list."""
    from pint.models.timing_model import AllComponents

    return AllComponents()


def _pint_name(components: Any, key: str) -> str:
    """PINT's name of a key, or the key itself where PINT does not know it."""
    from pint.exceptions import UnknownParameter

    try:
        return str(components.alias_to_pint_param(key)[0])
    except UnknownParameter:
        return key


def _joined(lines: list[ParLine], summary: ParSummary) -> str:
    text = joined(line_text(line) for line in lines)
    return text if summary.units else f"{text}UNITS TDB\n"


@cache
def _builder_type() -> Any:
    """PINT's maker of models, without the check of PINT's own components at every use."""
    from pint.models.model_builder import ModelBuilder

    class Builder(ModelBuilder):  # type: ignore[misc]
        def _validate_components(self) -> None:
            """Take it as done: it finds fault with PINT, never with a par file."""

    return Builder


def _build(text: str, path: Path | None) -> Any:
    try:
        return _builder_type()()(io.StringIO(text), allow_tcb=True, allow_T2=True)
    except Exception as error:
        why = " ".join(str(error).split()).rstrip(".") or type(error).__name__
        raise _refused(
            f"PINT says '{why}'", "Correct the line it names, or ask for another file.", path
        ) from error


def _unit_notices(summary: ParSummary, values: dict[str, str], f0_hz: float) -> Iterable[str]:
    if not summary.psr:
        yield "The file does not name the pulsar (PSR); its own name is used."
    if summary.is_tcb:
        yield (
            "The file is in TCB; PINT converted it to TDB, which is approximate: refit the "
            "solution before trusting the phase to better than a few per cent of a turn."
        )
    if not summary.units:
        yield "The file does not say its UNITS; TDB is taken."
    clock = values.get("CLOCK", "")
    if "BIPM" in clock.upper():
        yield (
            f"{clock} is not available offline; TT(TAI) is used, which puts all arrival times "
            f"{_BIPM_MINUS_TAI_S * 1e6:.1f} microseconds "
            f"({_BIPM_MINUS_TAI_S * f0_hz:.2g} of a turn) early."
        )
    if summary.binary.upper() == "T2":
        yield "The binary model T2 is TEMPO2's own; PINT's closest model is used."


def _tzr_notice(done: str, site: str, f0_hz: float) -> str:
    if done == "clock":
        return (
            f"No clock file of {site} is on this machine, so the absolute phase is uncertain by "
            f"up to {_CLOCK_LIMIT_S * 1e6:.0f} microseconds ({_CLOCK_LIMIT_S * f0_hz:.2g} of a "
            "turn); it is the same for all frames."
        )
    if done == "dropped":
        return (
            f"The zero phase of the file is tied to '{site}', which is not a known place; phase "
            "zero is PEPOCH at the barycentre instead, so the absolute phase is arbitrary."
        )
    return ""


def _told_by_pint(warnings: list[str]) -> Iterable[str]:
    told = [" ".join(warning.split()).rstrip(".") for warning in warnings]
    told = [words for words in told if not any(harmless in words for harmless in _HARMLESS)]
    unknown = [words for words in told if words.startswith(_UNKNOWN_LINE)]
    if unknown:
        words_of = (words[len(_UNKNOWN_LINE) :].split()[0].strip("'") for words in unknown)
        keys = list(dict.fromkeys(words_of))
        more = f" and {len(keys) - _MOST_NAMED} more" if len(keys) > _MOST_NAMED else ""
        named = ", ".join(keys[:_MOST_NAMED])
        yield f"PINT does not know {named}{more}; these lines have no effect."
    for words in told:
        if words not in unknown:
            yield f"PINT says: {words}."
