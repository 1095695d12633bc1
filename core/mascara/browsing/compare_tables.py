"""Nights side by side as tables of words, for a terminal and for the window."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..report.moments import in_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .compare import CameraFigures, NightComparison
    from .star_differences import StarsOfMagnitude

NO_STARS = "One of the nights has no light curves yet."


@dataclass(frozen=True)
class ComparisonTable:
    """One table.

    Attributes
    ----------
    title : str
    headings : tuple of str
    rows : tuple of tuple of str
        First the name of what is compared; then numbers.
    note : str
        Said below; or in the place of a table without rows.
    """

    title: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""


_FIGURES = (
    ("Frames received", "received", 0), ("Frames reduced", "reduced", 0),
    ("Frames missing", "missing", 0), ("Frames failed", "failed", 0),
    ("Batches reduced", "batches", 0), ("Batches failed", "failed_batches", 0),
    ("Batches solved", "solved", 0), ("Residual (px)", "rms_px", 2),
    ("Zero point (mag)", "zero_point_mag", 3), ("Sky (ADU)", "sky_adu", 0),
    ("Chip (°C)", "ccdtemp_c", 1), ("Worst lag", "worst_lag_s", -1),
    ("Computing a frame (s)", "frame_s", 2), ("Fast stars", "stars_fast", 0),
    ("Slow stars", "stars_slow", 0), ("Warnings", "warnings", 0), ("Errors", "errors", 0),
)  # fmt: skip
_STAR_HEADINGS = (
    "V", "Stars", "Fainter (mag)", "± (mag)", "Scatter (mag)", "other (mag)", "Ratio", "Points",
)  # fmt: skip
_STAR_NOTE = (
    "Fainter: how much fainter the other night is in the median, and the spread of that from star "
    "to star. Scatter: within a light curve, in the first and in the other night. Ratio and "
    "points: other over first."
)


def tables_of(comparison: NightComparison) -> tuple[ComparisonTable, ...]:
    """A table for each camera, then one of the stars for each other night."""
    return (*_of_cameras(comparison), *_of_stars(comparison))


def to_text(comparison: NightComparison) -> str:
    """All tables for a terminal."""
    lines: list[str] = []
    for one in tables_of(comparison):
        lines += [one.title, *_aligned((one.headings, *one.rows) if one.rows else ())]
        lines += [one.note] if one.note else []
        lines.append("")
    return "\n".join(lines)


def _aligned(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Names at the left, numbers at the right."""
    widths = [max(len(entry) for entry in column) for column in zip(*rows, strict=True)]
    for name, *numbers in rows:
        words = [entry.rjust(width) for entry, width in zip(numbers, widths[1:], strict=True)]
        yield "  ".join((name.ljust(widths[0]), *words))


def _of_cameras(comparison: NightComparison) -> Iterator[ComparisonTable]:
    names = comparison.names
    changes = ("Difference",) if len(names) == 2 else tuple(f"{n} − first" for n in names[1:])
    for letter in comparison.letters:
        figures = [night.cameras.get(letter) for night in comparison.nights]
        ids = dict.fromkeys(one.camera for one in figures if one is not None)
        rows = tuple(_row(text, field, digits, figures) for text, field, digits in _FIGURES)
        yield ComparisonTable(f"Camera {', '.join(ids)}", ("", *names, *changes), rows)


def _row(
    text: str, field: str, digits: int, figures: list[CameraFigures | None]
) -> tuple[str, ...]:
    values = [math.nan if one is None else float(getattr(one, field)) for one in figures]
    changes = [value - values[0] for value in values[1:]]
    return (
        text,
        *(_written(value, digits) for value in values),
        *(_signed(value, digits) for value in changes),
    )


def _of_stars(comparison: NightComparison) -> Iterator[ComparisonTable]:
    first, *others = comparison.names
    for name, stars in zip(others, comparison.stars, strict=True):
        title = f"Stars of {name} against {first}"
        if stars is None:
            yield ComparisonTable(title, (), (), NO_STARS)
            continue
        note = (
            f"{stars.common_stars:,} stars are in both nights, of {stars.first_stars:,} in the "
            f"first and {stars.other_stars:,} in the other. {_STAR_NOTE}"
        )
        rows = tuple(_star_row(one) for one in (*stars.by_vmag, stars.every))
        yield ComparisonTable(title, _STAR_HEADINGS, rows, note)


def _star_row(one: StarsOfMagnitude) -> tuple[str, ...]:
    is_range = math.isfinite(one.bright_vmag)
    return (
        f"{one.bright_vmag:g} to {one.faint_vmag:g}".replace("-", "−") if is_range else "all",
        f"{one.stars:,}",
        _signed(one.shift_mag, 4),
        _written(one.spread_mag, 4),
        _written(one.first_scatter_mag, 4),
        _written(one.other_scatter_mag, 4),
        _written(one.scatter_ratio, 2),
        _written(one.points_ratio, 2),
    )


def _written(value: float, digits: int) -> str:
    if not math.isfinite(value):
        return "-"
    if digits < 0:
        return in_words(value)
    return f"{value:,.{digits}f}".replace("-", "−")


def _signed(value: float, digits: int) -> str:
    if not math.isfinite(value):
        return "-"
    words = _written(abs(value), digits)
    return words if value == 0 else f"{'+' if value > 0 else '−'}{words}"
