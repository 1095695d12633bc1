"""Par files with another F0 and F1, loaded anew."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from .ephemeris import load_ephemeris
from .par import par_values
from .par_writing import decimal, long_double, with_value

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np

    from .ephemeris import Ephemeris


def edited(
    ephemeris: Ephemeris, f0_hz: float | None = None, f1_hz_s: float | None = None
) -> Ephemeris:
    """Give the ephemeris with another F0 and F1 at the same PEPOCH.

    Parameters
    ----------
    ephemeris : Ephemeris
    f0_hz, f1_hz_s : float or None
        In Hz and Hz/s, TDB, also where the file is in TCB; None leaves the file's.

    Returns
    -------
    Ephemeris
        Loaded anew; `ephemeris` itself where nothing differs. A number that is the file's own
        keeps the digits of the file.

    Raises
    ------
    NightglassError
        If PINT refuses the file with these numbers.
    """
    text = _edited_text(ephemeris, f0_hz, f1_hz_s)
    if text == ephemeris.text:
        return ephemeris
    new = load_ephemeris(text)
    summary = replace(ephemeris.summary, f0_hz=new.summary.f0_hz)
    return replace(new, summary=summary, notices=ephemeris.notices, path=ephemeris.path)


def _edited_text(ephemeris: Ephemeris, f0_hz: float | None, f1_hz_s: float | None) -> str:
    text = ephemeris.text
    # A file in TCB counts other seconds than its model: its F0 is 1.55e-8 smaller.
    scale = long_double(par_values(text)["F0"]) / ephemeris.model.F0.value
    if f0_hz is not None and f0_hz != ephemeris.f0_hz:
        text = with_value(text, "F0", _scaled(f0_hz, scale))
    if f1_hz_s is not None and f1_hz_s != f1_of(ephemeris):
        text = with_value(text, "F1", _scaled(f1_hz_s, scale**2))
    return text


def _scaled(value: float, scale: np.longdouble) -> str:
    return decimal(value if scale == 1.0 else value * scale)


def f1_of(ephemeris: Ephemeris) -> float:
    """F1 in Hz/s at PEPOCH, at the pulsar, TDB; 0 where the file has none."""
    model = ephemeris.model
    return float(model.F1.value or 0.0) if "F1" in model.params else 0.0


def tdb_text(ephemeris: Ephemeris) -> str:
    """The lines of a par file; those of PINT's model where the file is in TCB."""
    if ephemeris.summary.is_tcb:
        return str(ephemeris.model.as_parfile())
    return ephemeris.text


def remarks(old: Ephemeris, new: Ephemeris) -> Iterator[str]:
    """What was done to a par file, as sentences.

    Parameters
    ----------
    old, new : Ephemeris
        Before and after its edits.
    """
    yield f"{new.psr} as folded with Nightglass; TZRMJD is set so that its phases are the same."
    for key, before, after in (
        ("F0", old.f0_hz, new.f0_hz),
        ("F1", f1_of(old), f1_of(new)),
    ):
        if before != after:
            yield f"{key} was {before!r}."
    if not old.absolute:
        yield "The file had no TZR: its phase zero was PEPOCH at the barycentre."
    if new.kernel != new.asked_kernel:
        yield f"Folded with {new.kernel.upper()} in place of {new.asked_kernel.upper()}."
