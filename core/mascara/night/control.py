"""What users ask of a night: small files that the driver reads, takes away and journals.

They wait where no driver runs: a frame marked bad tonight is left out by tomorrow's run.
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import asdict, dataclass
from secrets import token_hex
from typing import TYPE_CHECKING, Literal

from ...atomic import write_text

if TYPE_CHECKING:
    from pathlib import Path

Verb = Literal["pause", "resume", "stop", "mark", "unmark", "retry"]
_VERBS = frozenset({"pause", "resume", "stop", "mark", "unmark", "retry"})
_OF_A_RUN = frozenset({"pause", "resume", "stop"})


@dataclass(frozen=True)
class Order:
    """One wish.

    Parameters
    ----------
    what : {"pause", "resume", "stop", "mark", "unmark", "retry"}
    subject : str
        The file name of a frame (mark, unmark) or the name of a unit (retry).
    """

    what: Verb
    subject: str = ""


def give(folder: Path, order: Order) -> None:
    """Leave an order for the driver."""
    folder.mkdir(parents=True, exist_ok=True)
    # The ending keeps orders apart that several give in the same moment.
    name = f"{_next_number(folder):06d}-{token_hex(4)}.json"
    write_text(folder / name, json.dumps(asdict(order)))


def _next_number(folder: Path) -> int:
    numbers = [path.stem.partition("-")[0] for path in folder.glob("[0-9]*.json")]
    return max((int(number) for number in numbers if number.isdigit()), default=0) + 1


def orders(folder: Path) -> list[tuple[Path, Order | None]]:
    """The waiting orders, oldest first; None for a file that is no order."""
    return [(path, _read(path)) for path in sorted(folder.glob("[0-9]*.json")) if path.is_file()]


def forget_earlier(folder: Path) -> None:
    """Take away what was asked of a run that ended before it obeyed."""
    for path, order in orders(folder):
        if order is not None and order.what in _OF_A_RUN:
            with suppress(OSError):
                path.unlink()


def _read(path: Path) -> Order | None:
    try:
        fields = json.loads(path.read_text(encoding="utf-8"))
        order = Order(fields["what"], str(fields.get("subject", "")))
        return order if order.what in _VERBS else None
    except (ValueError, KeyError, TypeError, OSError, RecursionError):
        return None
