"""Journals with the lines that a list of nights looks at."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

START_S = 1_780_000_000.0


def header(**fields: Any) -> dict[str, Any]:
    return {
        "kind": "night", "at": START_S, "request": {"raw": ["/raw"]}, "site": "LaPalma",
        "night": "20160130", "cameras": ["LPC"], "config": {}, **fields,
    }  # fmt: skip


def unit(number: int = 21, **fields: Any) -> dict[str, Any]:
    return {
        "kind": "unit", "unit": f"LPC-{number:08d}", "camera": "LPC", "bin": number,
        "state": "done", "key": "k", "night": "20160130", "at": START_S + number,
        "files": [f"{number}a.fits", f"{number}b.fits"], "failed": {}, "warnings": [], **fields,
    }  # fmt: skip


def beat(at_s: float = START_S + 100, *, paused: bool = False) -> dict[str, Any]:
    return {"kind": "beat", "at": at_s, "paused": paused, "cameras": {}}


def control(what: str, subject: str = "") -> dict[str, Any]:
    return {"kind": "control", "what": what, "subject": subject, "at": START_S + 150}


def end(state: str = "finished") -> dict[str, Any]:
    return {"kind": "end", "at": START_S + 200, "state": state}


def write(output: Path, *records: dict[str, Any], torn: str = "") -> Path:
    """Write a journal into a folder that is made."""
    output.mkdir(parents=True, exist_ok=True)
    lines = "".join(json.dumps(record) + "\n" for record in records)
    (output / "journal.jsonl").write_text(lines + torn, encoding="utf-8")
    return output
