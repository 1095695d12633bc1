"""The log of a camera's night, rendered from its journal: exposure times, no wall clock.

Each line is ``time thread: logger.LEVEL: message``, as the station's log has it; the thread is the
camera, the time the mid-exposure (UTC) of the last frame that a unit is about. So the log of a
night is the same however often, and however interrupted, the night was reduced.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...timing.sidereal import BATCH
from .messages import messages_of
from .moments import iso, mid_slot_jd
from .records import count, listed, night_records, number

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ...engine.journal import Record
    from .records import CameraRecords

_LINE = re.compile(
    r"(?P<time>\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?) (?P<thread>\S.*?): "
    r"(?P<logger>[\w.]*?)\.?(?P<level>DEBUG|INFO|WARNING|ERROR|CRITICAL): (?P<message>.*)"
)


@dataclass(frozen=True)
class LogLine:
    """One entry of a log.

    Parameters
    ----------
    time : str
        ISO 8601, UTC.
    thread : str
        Who said it: the camera.
    logger : str
        Dotted name of the part of the reduction.
    level : str
        DEBUG, INFO, WARNING, ERROR or CRITICAL.
    message : str
        May have several lines when it was read from another program's log.
    """

    time: str
    thread: str
    logger: str
    level: str
    message: str

    def __str__(self) -> str:
        message = self.message.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r")
        return f"{self.time} {self.thread}: {self.logger}.{self.level}: {message}"


def parse_log(text: str) -> list[LogLine]:
    """Read a log; a line without a time belongs to the message before it.

    Times with a blank or a ``T``, and with a comma before the milliseconds, are understood.
    """
    lines: list[LogLine] = []
    for raw in text.replace("\r\n", "\n").split("\n"):
        found = _LINE.fullmatch(raw)
        if found is not None:
            lines.append(LogLine(**{**found.groupdict(), "message": _unfolded(found["message"])}))
        elif lines and raw.strip():
            last = lines[-1]
            message = f"{last.message}\n{raw}"
            lines[-1] = LogLine(last.time, last.thread, last.logger, last.level, message)
    return lines


def _unfolded(message: str) -> str:
    letters = {"\\\\": "\\", "\\n": "\n", "\\r": "\r"}
    return re.sub(r"\\[\\nr]", lambda found: letters[found[0]], message)


def log_lines(camera: CameraRecords) -> list[LogLine]:
    """What a camera's night has to say, in order of time."""
    records = [*camera.calibrations, *camera.batches]
    timed = sorted(((_jd(record), str(record["unit"]), record) for record in records), key=_order)
    return [line for jd, _, record in timed for line in _lines(record, camera.camera, jd)]


def log_text(records: Sequence[Record]) -> str:
    """The log of what a journal, or a part of it, tells about calibration and batches.

    Parameters
    ----------
    records : sequence of dict
        Lines of the journal, oldest first. The end of the night is not told: the log is made
        before that is done.
    """
    cameras = night_records(records).cameras
    return "".join(f"{line}\n" for camera in cameras for line in log_lines(camera))


def _order(entry: tuple[float, str, Record]) -> tuple[float, str]:
    return entry[0], entry[1]


def _jd(record: Record) -> float:
    """Mid-exposure of the last frame of a unit."""
    jds = [number(frame, "jd") for frame in listed(record, "frames")]
    slot = number(record, "last_lstseq")
    return max(jds) if jds else mid_slot_jd(_slot_in_name(record) if math.isnan(slot) else slot)


def _slot_in_name(record: Record) -> float:
    """Slot by the name of the unit: ``LPC-00212021`` (a batch) or ``LPC-dark-10061072``."""
    digits = int(str(record["unit"]).rpartition("-")[2])
    return float(digits * BATCH + BATCH - 1 if record["kind"] == "unit" else digits)


def _lines(record: Record, camera: str, jd: float) -> Iterator[LogLine]:
    time, part = iso(jd), "batch" if record["kind"] == "unit" else "calibration"
    facts = _batch_facts(record) if part == "batch" else _calibration_facts(record)
    for own_part, text in facts:
        yield LogLine(time, camera, f"reduction.{own_part}", "INFO", text)
    for message in messages_of(record):
        text = f"{message.where}: {message.text}"
        yield LogLine(time, camera, f"reduction.{part}", message.level, text)


def _calibration_facts(record: Record) -> Iterator[tuple[str, str]]:
    frames = f"{count(record, 'frames')} frames, {_value(record, 'ccdtemp')} C"
    yield "calibration", f"{record['unit']} {record.get('state')}: {frames}"


def _batch_facts(record: Record) -> Iterator[tuple[str, str]]:
    unit = record["unit"]
    yield "batch", f"{unit} {record.get('state')}: {frame_counts(record)}"
    if record.get("astrometry"):
        yield "astrometry", f"{unit}: {_solution(record)}"
    if record.get("zero_point") is not None or record.get("stars_fast"):
        yield "photometry", f"{unit}: {_light(record)}"


def _light(record: Record) -> str:
    levels = f"zero point {_value(record, 'zero_point')} mag, sky {_value(record, 'sky')} ADU"
    fast, slow = (count(record, f"stars_{name}") for name in ("fast", "slow"))
    return f"{levels}, {fast} fast stars, {slow} slow stars"


def frame_counts(record: Record) -> str:
    """Frames of a batch: received, reduced, missing and failed."""
    missing, failed = (len(record.get(name) or ()) for name in ("missing", "failed"))
    received, reduced = count(record, "received"), count(record, "reduced")
    return f"received {received}, reduced {reduced}, missing {missing}, failed {failed}"


def _solution(record: Record) -> str:
    used, expected = (count(record, "astrometry", f"stars_{name}") for name in ("used", "expected"))
    rms, aflag = number(record, "astrometry", "dr"), count(record, "astrometry", "aflag")
    return f"{used} of {expected} stars, rms {rms:.3f} px, aflag {aflag}"


def _value(record: Record, name: str) -> str:
    return f"{number(record, name):.2f}"
