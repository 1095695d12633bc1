"""What the tests of commands that make images share: tiny captures, and running the words."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from nightglass.core import cli

from ..lightspeed.writer import CubeSpec, write_capture

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

SPEC = CubeSpec(rows=8, columns=12, bundles=10, per_bundle=2)


def capture(folder: Path, spec: CubeSpec = SPEC, numbers: tuple[int, ...] = (1, 2)) -> Path:
    """Write a capture; gives its first cube."""
    folder.mkdir()
    return write_capture(folder, spec, numbers)[0]


def summary(capsys: pytest.CaptureFixture[str], *words: object) -> dict[str, Any]:
    """Run words that succeed, with --json, and give what they print."""
    capsys.readouterr()
    assert cli.main([*map(str, words), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert isinstance(told, dict)
    return told


def refusal(capsys: pytest.CaptureFixture[str], *words: object) -> str:
    """Run words that can not be done; gives the one line that says why."""
    capsys.readouterr()
    try:
        code: Any = cli.main([str(word) for word in words])
    except SystemExit as end:
        code = end.code
    said = capsys.readouterr()
    assert code == 2
    assert said.out == ""
    lines = [line for line in said.err.splitlines() if "Unexpected trouble" in line]
    assert not lines, said.err
    return said.err.strip().splitlines()[-1]


def files(folder: Path) -> list[Path]:
    """Give all that is in a folder but for the program's own home."""
    return [path for path in sorted(folder.rglob("*")) if "nightglass-home" not in path.parts]
