"""The README promises only what is there."""

from __future__ import annotations

import re
import shlex
import struct
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from nightglass.core import cli
from nightglass.gui.specs import SPECS

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
QUOTED = re.findall(r"`([^`\n]+)`", README)
KEY = re.compile(r"Ctrl\+.|[A-Z]|[-+?,.]|Space|F\d+")


def commands() -> Iterator[list[str]]:
    """Every call of the program that is shown whole, without the metavariables' brackets."""
    for line in re.sub(r" \\\n\s+", " ", README).splitlines():
        shown = re.match(r"    (?:\.venv/bin/)?nightglass (.+)", line)
        if shown:
            yield shlex.split(shown[1])


def test_the_picture_is_a_small_png_of_the_window() -> None:
    (name,) = re.findall(r"!\[[^]]+\]\(([^)]+)\)", README)
    picture = (ROOT / name).read_bytes()
    assert struct.unpack(">II", picture[16:24]) == (1600, 900)
    assert len(picture) < 400_000


def test_every_file_and_folder_that_is_named_is_there() -> None:
    named = {word for word in QUOTED if re.fullmatch(r"[\w.-]+/[\w./-]*", word)}
    linked = set(re.findall(r"\]\(((?!https:)[^)]+)\)", README))
    scripts = set(re.findall(r"packaging/[\w.-]+\.(?:sh|lock)", README))
    made = {"demo-output/", "dist/nightglass", "nightglass/nightglass"}
    promised = (named | linked | scripts) - made
    assert [name for name in promised if not (ROOT / name).exists()] == []


def test_every_key_that_is_named_does_something() -> None:
    known = {key for spec in SPECS for key in spec.shortcuts}
    named = {word for word in QUOTED if KEY.fullmatch(word)}
    assert len(named) > 10
    assert named <= known


def test_every_menu_entry_that_is_named_is_there() -> None:
    def plain(text: str) -> str:
        return text.replace("&", "").rstrip("…")

    known = {f"{spec.menu.replace('/', ' > ')} > {plain(spec.text)}" for spec in SPECS}
    named = set(re.findall(r"\*((?:\w+ > )[^*]+)\*", README))
    assert named
    assert all(any(entry.startswith(name) for entry in known) for name in named), named - known


def test_every_command_is_in_the_table() -> None:
    for name in cli.COMMANDS:
        assert f"| `nightglass {name} " in README


@pytest.mark.parametrize("words", [*commands()], ids=" ".join)
def test_the_calls_shown_are_understood(words: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    if not cli.is_command(words):
        cli.parse_window_options(words)
        return
    import argparse
    from importlib import import_module

    parser = argparse.ArgumentParser()
    import_module(f"nightglass.core.cli.{words[0]}").add_arguments(parser)
    parser.parse_args(words[1:])
