"""UTC moments as a day number and whole nanoseconds of that day."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import NamedTuple

from .refusal import refusal

_MJD_ZERO = date(1858, 11, 17)
DAY_S = 86400
_NS = 1_000_000_000
_FORM = re.compile(
    r"(\d{4}-\d\d-\d\d)T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(?:Z|\+00:?00)?", re.ASCII
)


class Instant(NamedTuple):
    """A UTC moment: MJD day and whole nanoseconds of that day (no leap seconds)."""

    day: int
    nanoseconds: int

    @property
    def seconds(self) -> float:
        """Seconds of the day."""
        return self.nanoseconds / _NS

    def later(self, seconds: float) -> Instant:
        """Return the moment `seconds` later, to the nanosecond."""
        days, rest = divmod(self.nanoseconds + round(seconds * _NS), DAY_S * _NS)
        return Instant(self.day + days, rest)

    def date(self) -> date:
        """Return the calendar date."""
        return _MJD_ZERO + timedelta(days=self.day)

    def time_text(self, decimals: int = 9) -> str:
        """Return hours, minutes and seconds, cut (not rounded) to `decimals`."""
        whole, rest = divmod(self.nanoseconds, _NS)
        text = f"{whole // 3600:02d}:{whole // 60 % 60:02d}:{whole % 60:02d}"
        return f"{text}.{rest:09d}"[: 9 + decimals] if decimals else text

    def iso(self) -> str:
        """Return the ISO form with nine decimals, as the acquisition program writes it."""
        return f"{self.date().isoformat()}T{self.time_text()}"

    def stamp(self, offset_h: float) -> str:
        """Return the file-name stamp of a clock `offset_h` hours ahead of UTC."""
        local = self.later(offset_h * 3600)
        return f"{local.date():%Y%m%d}_{local.time_text(0).replace(':', '')}"


def parse(text: str) -> Instant:
    """Read an ISO UTC time.

    Raises
    ------
    NightglassError
        If `text` is no ISO date and time.
    """
    match = _FORM.fullmatch(text.strip())
    try:
        if match is None:
            raise ValueError
        day = (date.fromisoformat(match[1]) - _MJD_ZERO).days
        hours, minutes, seconds = (int(part or 0) for part in match.group(2, 3, 4))
        if hours > 23 or minutes > 59 or seconds > 59:
            raise ValueError
    except ValueError:
        raise refusal(
            f"the start {text!r} is not a UTC time", "Write it like 2025-12-10T03:15:00."
        ) from None
    fraction = int((match[5] or "0").ljust(9, "0"))
    return Instant(day, ((hours * 60 + minutes) * 60 + seconds) * _NS + fraction)
