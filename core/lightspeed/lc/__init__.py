"""Light curves made of captures: folded, against time, power spectra and event lists.

`light_curve` gives a `Lightcurve` for each source of a region file; light curves of several
captures add up. `photometry` follows sources in time, `power_spectrum` shows their powers,
`period_search` and `blind_search` look for periods, and `event_table` lists every frame with its
times and phase.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .curve_files import load_light_curves, save_light_curves
    from .events import event_table
    from .folded import light_curve
    from .lightcurve import Lightcurve
    from .periods import blind_search, period_search
    from .power import power_spectrum
    from .tables import Table
    from .time_series import photometry

__all__ = [
    "Lightcurve",
    "Table",
    "blind_search",
    "event_table",
    "light_curve",
    "load_light_curves",
    "period_search",
    "photometry",
    "power_spectrum",
    "save_light_curves",
]

_HOMES = {
    "Lightcurve": ".lightcurve",
    "Table": ".tables",
    "blind_search": ".periods",
    "event_table": ".events",
    "light_curve": ".folded",
    "load_light_curves": ".curve_files",
    "period_search": ".periods",
    "photometry": ".time_series",
    "power_spectrum": ".power",
    "save_light_curves": ".curve_files",
}


def __getattr__(name: str) -> Any:
    """Load the public names when they are asked for: a window starts without them."""
    if name in _HOMES:
        return getattr(import_module(_HOMES[name], __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
