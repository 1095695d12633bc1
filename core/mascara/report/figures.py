"""Pictures that are the same bytes each time: one style, no user's settings, no dates inside."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from io import BytesIO
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import ArrayLike

# Okabe and Ito's colours: told apart by colour-blind eyes; a marker or label always helps.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#8a6d00", "#3a9bd9", "#000000", "#7f4fa3")
BLUE, RED, GREEN, DARK, GREY = "#0072B2", "#D55E00", "#009E73", "#222222", "#777777"
DPI = 120

_STYLE: Any = {
    "font.family": "DejaVu Sans",
    "font.size": 9.0,
    "axes.grid": True,
    "axes.axisbelow": True,
    "axes.titlesize": 10.0,
    "axes.titlelocation": "left",
    "axes.formatter.useoffset": False,
    "grid.color": "#dddddd",
    "grid.linewidth": 0.6,
    "legend.fontsize": 8.0,
    "legend.framealpha": 0.9,
    "xtick.direction": "in",
    "ytick.direction": "in",
}
_STEPS_H = (1 / 60, 2 / 60, 5 / 60, 10 / 60, 15 / 60, 0.5, 1.0, 2.0, 3.0)
_MOST_TICKS = 12
# Settings of matplotlib belong to the process, not to the thread.
_lock = threading.Lock()


@contextmanager
def drawing(width_in: float, height_in: float) -> Iterator[Figure]:
    """Give an empty figure in the style of the reports; to be finished inside the block."""
    import matplotlib
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    with _lock, matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(_STYLE)
        figure = Figure(figsize=(width_in, height_in), dpi=DPI, layout="constrained")
        FigureCanvasAgg(figure)
        yield figure


def as_png(figure: Figure) -> bytes:
    """The picture as a PNG file without a trace of program or time."""
    figure.align_ylabels()
    buffer = BytesIO()
    figure.savefig(buffer, format="png", metadata={"Software": None})
    return buffer.getvalue()


def time_axis(axes: Axes, times_h: ArrayLike) -> None:
    """Scale the x axis to hours of UTC, labelled as times of day."""
    from matplotlib.ticker import FuncFormatter, MultipleLocator

    times = np.asarray(times_h, np.float64)
    times = times[np.isfinite(times)]
    low, high = (times.min(), times.max()) if len(times) else (0.0, 1.0)
    margin = max(0.02 * (high - low), 1 / 60)
    low, high = low - margin, high + margin
    step = next((one for one in _STEPS_H if (high - low) / one <= _MOST_TICKS), _STEPS_H[-1])
    axes.set_xlim(low, high)
    axes.xaxis.set_major_locator(MultipleLocator(step))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda hours, _: clock(hours)))


def clock(hours: float) -> str:
    """Hours since midnight as a time of day: 25.5 is ``01:30``."""
    minutes = round(hours * 60.0) % 1440
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def explain(axes: Axes, columns: int) -> None:
    """Put the legend above the panel, beside its title, where it hides no point."""
    axes.legend(
        ncols=columns, loc="lower right", bbox_to_anchor=(1.005, 1.0), borderaxespad=0.0,
        frameon=False, columnspacing=1.2, handletextpad=0.4,
    )  # fmt: skip


def name_figure(figure: Figure, text: str) -> None:
    """Write the headline of a picture of several panels."""
    figure.suptitle(text, fontsize=11, x=0.01, ha="left", weight="bold")


def say_empty(axes: Axes, text: str) -> None:
    """Tell in an empty panel why it is empty."""
    axes.text(
        0.5, 0.5, text, transform=axes.transAxes, ha="center", va="center", color=DARK,
        bbox={"fc": "white", "ec": "none"},
    )  # fmt: skip


def finite_span(values: ArrayLike, least: float) -> tuple[float, float]:
    """Lowest and highest finite value, at least `least` apart, with a margin for the eye."""
    finite = np.asarray(values, np.float64)
    finite = finite[np.isfinite(finite)]
    if not len(finite):
        return 0.0, least
    middle, half = (finite.max() + finite.min()) / 2, (finite.max() - finite.min()) / 2
    half = max(half * 1.08, least / 2)
    return float(middle - half), float(middle + half)
