"""How far a long piece of work is, on standard error: a bar on a terminal, a line now and then."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from .jobs import Progress

_BAR_CELLS = 24
_BAR_EVERY_S = 0.2
_LINE_EVERY_S = 10.0


class Meter:
    """A listener for the progress of a `JobContext`; use it in a ``with`` block.

    Parameters
    ----------
    unit : str
        What is counted, in the plural.
    stream : text stream or None
        Where to write; standard error if None.
    clock : callable
        Seconds that never go back.
    is_silent : bool
        Whether nothing is written.
    """

    def __init__(
        self,
        unit: str = "frames",
        stream: TextIO | None = None,
        clock: Callable[[], float] = time.monotonic,
        *,
        is_silent: bool = False,
    ) -> None:
        self._unit = unit
        self._stream = stream or sys.stderr
        self._clock = clock
        self._is_silent = is_silent
        self._has_bar = self._stream.isatty()
        self._every_s = _BAR_EVERY_S if self._has_bar else _LINE_EVERY_S
        self._start_s = self._next_s = clock()
        self._text = ""
        self._width = 0

    @classmethod
    def silent(cls) -> Meter:
        """Give a meter that says nothing."""
        return cls(is_silent=True)

    def __enter__(self) -> Meter:
        self._start_s = self._clock()
        self._next_s = self._start_s + (0.0 if self._has_bar else self._every_s)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._width:
            self._stream.write("\r" + " " * self._width + "\r")
            self._stream.flush()

    def __call__(self, progress: Progress) -> None:
        """Show a progress, if it is time again."""
        now_s = self._clock()
        if progress.text != self._text:
            # Another stage: its pace is its own.
            self._text, self._start_s = progress.text, now_s
        if self._is_silent or now_s < self._next_s or not progress.done:
            return
        self._next_s = now_s + self._every_s
        self._write(_line(progress, self._unit, now_s - self._start_s, has_bar=self._has_bar))

    def _write(self, line: str) -> None:
        if self._has_bar:
            self._stream.write("\r" + line.ljust(self._width))
            self._width = max(self._width, len(line))
        else:
            self._stream.write(f"nightglass: {line}\n")
        self._stream.flush()


def _line(progress: Progress, unit: str, spent_s: float, *, has_bar: bool) -> str:
    done, fraction = progress.done, progress.fraction
    words = [progress.text] if progress.text else []
    if has_bar and fraction is not None:
        cells = round(fraction * _BAR_CELLS)
        words.append("[" + "#" * cells + "." * (_BAR_CELLS - cells) + "]")
    of = f" of {progress.total:,}" if progress.total else ""
    words.append(f"{done:,}{of} {unit}")
    if spent_s > 0 and done:
        words.append(f"{done / spent_s:,.0f} a second")
    if fraction and spent_s > 0:
        words.append(f"{_duration(spent_s * (1 - fraction) / fraction)} left")
    return ", ".join(words)


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    if minutes >= 60:
        return f"{minutes // 60} h {minutes % 60:02d} min"
    return f"{minutes} min {rest:02d} s" if minutes else f"{rest} s"
