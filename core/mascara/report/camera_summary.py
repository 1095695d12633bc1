"""The summary of a camera's night: counts, lag, residuals, warnings and errors."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ...errors import translate
from ...timing.sidereal import BATCH_S
from ..night.reading import read_night
from .astrometry_picture import astrometry_picture
from .camera_status import lags_s
from .log_file import LogLine, parse_log
from .messages import UNSOLVED, Message, MessageGroup, camera_messages, grouped
from .moments import in_words
from .records import CameraRecords, NightRecords, column, count, night_records
from .status_text import figure

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

_JOURNAL = "journal.jsonl"
_COUNTS = re.compile(r"(\S+) (done|partial|failed): received (\d+), reduced (\d+), "
                     r"missing (\d+), failed (\d+)")  # fmt: skip
_SOLUTION = re.compile(r"(\d+) of (\d+) stars, rms (\S+) px, aflag (\d+)")


@dataclass(frozen=True)
class Summary:
    """What a camera's night came to.

    Attributes
    ----------
    site, camera, night : str
    batches : dict of str to int
        done, partial, failed.
    received, reduced, missing, failed : int
        Frames.
    solved, unsolved : int
        Batches with and without an astrometric solution of their own.
    rms_px : tuple of float
        Residual of each solution.
    lag_s : tuple of float
        Lag at each sign of life; empty where only a log is left.
    flags : dict of str to int
        Points with each photometric flag.
    stars_fast, stars_slow : int
        In the night files; 0 before they are written.
    messages : tuple of MessageGroup
    """

    site: str
    camera: str
    night: str
    batches: dict[str, int]
    received: int
    reduced: int
    missing: int
    failed: int
    solved: int
    unsolved: int
    rms_px: tuple[float, ...]
    lag_s: tuple[float, ...]
    flags: dict[str, int]
    stars_fast: int
    stars_slow: int
    messages: tuple[MessageGroup, ...]

    def facts(self) -> list[tuple[str, str]]:
        """Names and values, in words, for a table."""
        told = [
            ("Frames", self._frames()),
            ("Batches", ", ".join(f"{n} {name}" for name, n in self.batches.items())),
            ("Lag", self._lag()),
            ("Astrometry", self._astrometry()),
        ]
        if self.stars_fast or self.stars_slow:
            text = f"{self.stars_fast} stars fast, {self.stars_slow} stars slow"
            told.append(("Light curves", text))
        if any(self.flags.values()):
            flags = [f"{n} {name}" for name, n in self.flags.items() if n]
            told.append(("Flagged points", ", ".join(flags)))
        return told

    def _frames(self) -> str:
        lost = f"{self.missing} missing, {self.failed} failed"
        return f"{self.received} received, {self.reduced} reduced, {lost}"

    def _lag(self) -> str:
        if not self.lag_s:
            return "not recorded"
        worst, last = max(self.lag_s), self.lag_s[-1]
        return (
            f"at most {in_words(worst)} ({worst / BATCH_S:.1f} batches), "
            f"{in_words(last)} at the end"
        )

    def _astrometry(self) -> str:
        text = f"{self.solved} of {self.solved + self.unsolved} batches solved"
        if not self.rms_px:
            return text
        median = figure(float(np.median(self.rms_px)), 2)
        return f"{text}, rms {median} px in the median, {figure(max(self.rms_px), 2)} px at worst"


def summarize(camera: CameraRecords, night: NightRecords) -> Summary:
    """Sum up a camera's night from the journal."""
    solutions = [batch for batch in camera.batches if batch.get("astrometry")]
    solved = [one for one in solutions if not count(one, "astrometry", "aflag") & UNSOLVED]
    states = [str(batch.get("state")) for batch in camera.batches]
    return Summary(
        site=night.site,
        camera=camera.camera,
        night=camera.night,
        batches={name: states.count(name) for name in ("done", "partial", "failed")},
        received=camera.total("received"),
        reduced=camera.total("reduced"),
        missing=camera.total("missing"),
        failed=camera.total("failed"),
        solved=len(solved),
        unsolved=len(solutions) - len(solved),
        rms_px=_finite(column(solved, "astrometry", "dr")),
        lag_s=tuple(lag for _, lag in lags_s(night.beats, camera.camera)),
        flags=camera.flags,
        stars_fast=count(camera.merge, "stars_fast"),
        stars_slow=count(camera.merge, "stars_slow"),
        messages=grouped(camera_messages(camera)),
    )


def summarize_log(lines: Sequence[LogLine], site: str, camera: str, night: str) -> Summary:
    """Sum up a camera's night from its log, ours or another program's of that form."""
    counts = [found for line in lines if (found := _COUNTS.match(line.message))]
    solutions = [found for line in lines if (found := _SOLUTION.search(line.message))]
    received, reduced, missing, failed = (sum(int(one[k]) for one in counts) for k in range(3, 7))
    solved = [found for found in solutions if not int(found[4]) & UNSOLVED]
    states = [found[2] for found in counts]
    return Summary(
        site=site,
        camera=camera,
        night=night,
        batches={name: states.count(name) for name in ("done", "partial", "failed")},
        received=received,
        reduced=reduced,
        missing=missing,
        failed=failed,
        solved=len(solved),
        unsolved=len(solutions) - len(solved),
        rms_px=_finite(float(found[3]) for found in solved),
        lag_s=(),
        flags={},
        stars_fast=0,
        stars_slow=0,
        messages=grouped(_messages(lines)),
    )


def _messages(lines: Iterable[LogLine]) -> list[Message]:
    serious = {"ERROR": "ERROR", "CRITICAL": "ERROR", "WARNING": "WARNING"}
    found = []
    for line in lines:
        if line.level in serious:
            where, colon, text = line.message.partition(": ")
            is_unit = bool(colon) and " " not in where
            place, text = (where, text) if is_unit else (line.thread, line.message)
            found.append(Message(serious[line.level], place, text))
    return found


def _finite(values: Iterable[float]) -> tuple[float, ...]:
    return tuple(float(value) for value in values if math.isfinite(value))


def find_summary(logpath: Path, site: str, camera: str, night: str) -> tuple[Summary, bytes | None]:
    """Sum up a night that left a log, and find the picture of its astrometry.

    Parameters
    ----------
    logpath : Path
        The log or a folder with one; a journal there or in one of the three folders above
        tells more and is preferred.
    site, camera, night : str
        Names; the camera by its id or its letter.

    Returns
    -------
    Summary
    bytes or None
        A PNG.

    Raises
    ------
    NightglassError
        If there is neither a journal of that camera's night nor a log.
    """
    folder = logpath if logpath.is_dir() else logpath.parent
    for place in (folder, *folder.absolute().parents[:3]):
        records = night_records(read_night(place / _JOURNAL))
        for one in records.of_night(night):
            if one.camera.endswith(camera):
                return summarize(one, records), astrometry_picture(one)
    lines = parse_log(_log_text(logpath, night))
    return summarize_log(lines, site, camera, night), _picture_beside(folder, night)


def _log_text(logpath: Path, night: str) -> str:
    """The log itself, or of those in a folder the one named after the night, else any."""
    file = logpath
    if logpath.is_dir():
        logs = sorted(logpath.glob("*.log"), key=lambda path: (night not in path.name, path.name))
        file = logs[0] if logs else logpath / "reduction.log"
    try:
        return file.read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        raise translate(error, file) from error


def _picture_beside(folder: Path, night: str) -> bytes | None:
    found = sorted(folder.glob(f"*{night}*astro.png"))
    return found[0].read_bytes() if found else None
