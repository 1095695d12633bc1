"""The driver's look at the raw files: how often, and what if their disk is away."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING

from ...errors import NightglassError
from .arrivals import Arrivals
from .journalling import PATIENCE_S
from .plan import Plan, plan

if TYPE_CHECKING:
    from ..raw.names import RawFile
    from .ledger import Ledger
    from .plan import Batch, Sequence
    from .source import Source

SCAN_S = 1.0
REST = 10.0
"""A look at many thousand files takes its time: never more than a tenth of it."""

_log = logging.getLogger(__name__)


class Watch:
    """What there is to reduce, as it was when it was last looked at.

    Parameters
    ----------
    source : Source
    ledger : Ledger
        Knows which files are left out.
    """

    def __init__(self, source: Source, ledger: Ledger) -> None:
        self._source = source
        self._ledger = ledger
        self._planned: tuple[list[RawFile], frozenset[str]] | None = None
        self._next_look = float("-inf")
        self._lost: tuple[float, NightglassError] | None = None
        self.is_over = False
        """Whether no file can come any more."""
        self.looks = 0
        """How often it was looked."""
        self.plan = Plan()
        self.arrivals = Arrivals()

    def look(self) -> None:
        """Look again when it is time to."""
        start = time.monotonic()
        if start < self._next_look:
            return
        self.looks += 1
        try:
            files = self._source.files()
        except NightglassError as error:
            self._miss(error)
        else:
            self._lost = None
            self._make_plan(files)
            self.arrivals.look(self.plan)
        # The end of the night counts from the listing that was made before it, and for it alone.
        self.is_over = self._source.is_over
        took_s = time.monotonic() - start
        self._next_look = start + max(SCAN_S, REST * took_s)

    def _make_plan(self, files: list[RawFile]) -> None:
        """Plan anew where something is different: to compare costs next to nothing."""
        inputs = files, frozenset(self._ledger.marked)
        if inputs != self._planned:
            self._planned = inputs
            self.plan = plan(*inputs)

    def look_soon(self) -> None:
        """Something changed: look in the next turn."""
        self._next_look = float("-inf")

    def _miss(self, error: NightglassError) -> None:
        if self._lost is None:
            self._lost = time.monotonic(), error
            _log.warning("%s", error)

    @property
    def is_lost(self) -> bool:
        """Whether the raw files cannot be read for now: an unplugged disk comes back."""
        return self._lost is not None

    def check_patience(self) -> None:
        """Give up when files that are needed were away for too long and no camera writes.

        Raises
        ------
        NightglassError
        """
        if self._lost is not None and self.is_over:
            since, error = self._lost
            if time.monotonic() - since > PATIENCE_S:
                raise error

    def is_closed(self, unit: Batch | Sequence) -> bool:
        """Whether no more frames of a unit are expected."""
        return self.is_over or self.arrivals.is_closed(unit)

    def troubles(self) -> dict[str, str]:
        """Files that are no raw frames, and folders that are away: name to reason."""
        if self._lost is None:
            return self._source.unreadable()
        return {"raw folder": str(self._lost[1])} | self._source.unreadable()
