"""Commands run behind the window: the words of a command line in, products and numbers out."""

from __future__ import annotations

import shlex
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from ..engine.engine import Engine
    from ..engine.jobs import Job, JobContext
    from ..errors import NightglassError
    from ..problems import ProblemList
    from .product_tables import ProductTable

Seen = Literal["file", "folder", "absent"]
PROGRAM = "nightglass"


class Outcome(Protocol):
    """What a command did."""

    @property
    def outputs(self) -> tuple[Path, ...]:
        """Files written."""

    @property
    def summary(self) -> dict[str, Any]:
        """Numbers by name; the unit is the end of the name."""

    @property
    def notices(self) -> tuple[str, ...]:
        """What was left out, assumed or did not match, as sentences."""


@dataclass(frozen=True, eq=False)
class Product:
    """What a command left behind.

    Attributes
    ----------
    words : tuple of str
        The command and its options.
    outputs : tuple of Path
        Files written.
    summary : mapping
        Numbers by name; the unit is the end of the name.
    notices : tuple of str
        What was left out, assumed or did not match, as sentences.
    table : ProductTable or None
        The first output where it is a table to plot.
    """

    words: tuple[str, ...]
    outputs: tuple[Path, ...] = ()
    summary: Mapping[str, Any] = field(default_factory=dict)
    notices: tuple[str, ...] = ()
    table: ProductTable | None = None

    @property
    def path(self) -> Path | None:
        """The first output."""
        return self.outputs[0] if self.outputs else None


class Products:
    """Runs commands as jobs; owner thread only.

    Parameters
    ----------
    engine : Engine
    problems : ProblemList
        Gets one entry for each run that fails.
    """

    def __init__(self, engine: Engine, problems: ProblemList) -> None:
        self._engine = engine
        self._problems = problems

    def run(
        self,
        words: Sequence[str],
        execute: Callable[[Sequence[str], JobContext], Outcome],
        *,
        title: str,
        on_done: Callable[[Product], object],
        on_failed: Callable[[NightglassError], object] | None = None,
    ) -> Job[Product]:
        """Run a command on a working thread.

        Parameters
        ----------
        words : sequence of str
            The command and its options as on the command line.
        execute : callable
            Runs them; the room of the commands lies above this one.
        title : str
            Of the job.
        on_done : callable
            Gets the product; nothing comes after a cancel.
        on_failed : callable or None
            Told of a failure, which is in the problem list by then.
        """
        asked = tuple(words)

        def work(ctx: JobContext) -> Product:
            outcome = execute(asked, ctx)
            return _product(asked, outcome)

        def tell(error: NightglassError) -> None:
            self._problems.report(error)
            if on_failed is not None:
                on_failed(error)

        return self._engine.submit(work, title=title, on_result=on_done, on_error=tell)

    def look(
        self, paths: Iterable[str], on_seen: Callable[[dict[str, Seen]], object], key: str = ""
    ) -> None:
        """Find out what there is of some paths, and tell; a disk may take its time to answer."""
        wanted = tuple(paths)
        self._engine.latest(
            ("look at files", key),
            lambda _: {path: _seen(Path(path)) for path in wanted},
            title="Look at files",
            lane="watch",
            on_result=on_seen,
        )


def command_line(words: Sequence[str]) -> str:
    """Write words as a line for a shell."""
    return shlex.join((PROGRAM, *words))


def _product(words: tuple[str, ...], outcome: Outcome) -> Product:
    from .product_tables import read_table

    outputs = tuple(Path(path) for path in outcome.outputs)
    table = read_table(outputs[0]) if outputs else None
    return Product(words, outputs, dict(outcome.summary), tuple(outcome.notices), table)


def _seen(path: Path) -> Seen:
    try:
        if path.is_dir():
            return "folder"
        return "file" if path.exists() else "absent"
    except OSError:
        return "absent"
