"""The numbers of a fold as people write them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from ...core.timing.pulse.probability import h_log_probability, sigma_of_log
from .spans import duration

if TYPE_CHECKING:
    from ...core.lightspeed.fold.result import FoldResult, SourceFold

NO_TRIALS = "That noise alone gives as much in one try"
WHOLE_FROM, WHOLE_TO = 1e3, 1e8
"""Between these numbers have no decimals."""


class Written(NamedTuple):
    """A number as written, and what it means; None where there is none."""

    text: str | None
    tip: str


def figures_of(result: FoldResult) -> dict[str, Written]:
    """Write the numbers of the first fold of a result."""
    if not result.folds:
        return {}
    first = result.folds[0]
    return {
        "frames": _frames(result),
        "covered": _covered(result),
        **_chi_square(first),
        **_h(first),
        **_pulse(result, first),
    }


def _frames(result: FoldResult) -> Written:
    missing = (
        f"; {result.frames_missing:,} more were never written" if result.frames_missing else ""
    )
    return Written(
        f"{result.frames_counted:,}",
        f"Frames folded, of {result.frames_total:,} in complete cubes{missing}",
    )


def _covered(result: FoldResult) -> Written:
    exposed_s = result.frames_counted * result.frame_s
    return Written(
        duration(result.span_s),
        f"From the start of the first exposure to the end of the last; {duration(exposed_s)} of it "
        "were exposed and folded",
    )


def _chi_square(fold: SourceFold) -> dict[str, Written]:
    chi = fold.profile.chi_square()
    tip = (
        f"Chi-square {number(chi.chi2, 6)} against constant light, over {number(chi.dof, 5)} "
        f"degrees of freedom; probability {probability_text(chi.probability)}"
    )
    return {"chi2": Written(fixed(chi.reduced, 2), tip)}


def _h(fold: SourceFold) -> dict[str, Written]:
    test = fold.moments.h_test()
    if not math.isfinite(test.h):
        return {key: Written(None, "") for key in ("h", "chance")}
    log_p = h_log_probability(test.h)
    tip = f"H-test over {test.harmonics} harmonic{'s' * (test.harmonics != 1)}"
    return {
        "h": Written(fixed(test.h, 1), tip),
        "chance": Written(chance_text(log_p), f"{NO_TRIALS}, from H"),
    }


def _pulse(result: FoldResult, fold: SourceFold) -> dict[str, Written]:
    on, off = result.settings.on, result.settings.off
    fraction = fold.pulsed_fraction
    snr = fold.profile.signal_to_noise(on, off)
    return {
        "fraction": Written(percent(fraction.value, fraction.error), fraction.text),
        "snr": Written(fixed(snr.value, 1), snr.text),
    }


def fixed(value: float, decimals: int) -> str | None:
    """Number with so many decimals, none from a thousand on; None where there is none."""
    if not math.isfinite(value):
        return None
    return f"{value:,.{decimals}f}" if abs(value) < WHOLE_FROM else f"{value:,.0f}"


def amount(value: float) -> str:
    """Number in four digits, or in whole ones where there are more; a dash for none."""
    if WHOLE_FROM <= abs(value) < WHOLE_TO:
        return f"{value:,.0f}"
    return number(value, 4)


def number(value: float, digits: int) -> str:
    """Number with so many digits, or a dash."""
    return f"{value:,.{digits}g}" if math.isfinite(value) else "–"


def percent(value: float, error: float) -> str | None:
    """Fraction and its error in per cent, with the digits that the error leaves."""
    if not math.isfinite(value):
        return None
    if not (math.isfinite(error) and error > 0.0):
        return f"{100 * value:.1f} %"
    decimals = min(max(1 - math.floor(math.log10(100 * error)), 0), 2)
    return f"{100 * value:.{decimals}f} ± {100 * error:.{decimals}f} %"


def probability_text(p: float) -> str:
    """Probability in two digits; what is too small for a float is told as such."""
    if not math.isfinite(p):
        return "–"
    return f"{p:.1e}" if p > 0.0 else "below 1e-300"


def chance_text(log_p: float) -> str:
    """Probability of this natural logarithm, however small, and as sigmas."""
    if log_p >= math.log(0.5):
        return f"{math.exp(log_p):.2f}"
    if log_p >= math.log(0.001):
        return f"{math.exp(log_p):.3f} ({sigma_of_log(log_p):.1f} σ)"
    power = log_p / math.log(10.0)
    whole = math.floor(power)
    mantissa = 10.0 ** (power - whole)
    if mantissa >= 9.95:
        mantissa, whole = 1.0, whole + 1
    return f"{mantissa:.1f}e{whole} ({sigma_of_log(log_p):.1f} σ)"
