"""Slots without processes: a unit is called where it is waited for. A death is an exception."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from nightglass.core.engine.slots import Outcome, Task
from nightglass.core.errors import NightglassError, translate

if TYPE_CHECKING:
    from collections.abc import Callable


class InlineSlots:
    """What the driver needs of `Slots`."""

    meanwhile: Callable[[Task], object] | None = None
    """Called before each unit: what happens to the world while it runs."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._waiting: list[Task] = []

    @property
    def free(self) -> int:
        return self._count - len(self._waiting)

    def start(self, task: Task) -> None:
        assert self.free > 0
        self._waiting.append(task)

    def wait(self, timeout_s: float) -> list[Outcome]:
        tasks, self._waiting = self._waiting, []
        return [self._outcome(task) for task in tasks]

    def close(self) -> None:
        self._waiting = []

    def _outcome(self, task: Task) -> Outcome:
        if InlineSlots.meanwhile is not None:
            InlineSlots.meanwhile(task)
        module, _, name = task.target.partition(":")
        ctx = _Context()
        try:
            result = getattr(importlib.import_module(module), name)(ctx, **task.arguments)
        except _Died as death:
            text = f"The process was ended by {death}."
            return Outcome(task, None, NightglassError("It ended", text), True, ctx.part)
        except Exception as error:  # noqa: BLE001 - told as a process would
            return Outcome(task, None, translate(error), False, ctx.part)
        return Outcome(task, result, last_part=ctx.part)


class _Died(BaseException):
    pass


class _Context:
    def __init__(self) -> None:
        self.part: Any = None

    def publish(self, part: Any) -> None:
        self.part = part

    def check(self) -> None: ...

    def die(self, how: str) -> None:
        raise _Died(how)
