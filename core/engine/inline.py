"""The engine without threads: everything happens at once in the caller."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .engine import Engine

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..problems import ProblemList


class InlineEngine(Engine):
    """Same interface and same rules as `Engine`, for tests and scripts.

    A job has run and its callbacks were called when `submit` or `latest` returns.
    """

    def __init__(self, problems: ProblemList) -> None:
        super().__init__(problems, compute_threads=1)
        self.mailbox.wake = self._drain

    def _drain(self) -> None:
        self.mailbox.drain()

    def _dispatch(self, lane: str, work: Callable[[], object]) -> None:  # noqa: ARG002
        work()
