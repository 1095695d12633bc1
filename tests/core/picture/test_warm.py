"""Compiled loops are loaded on demand, and kept where they can be kept."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

HEAVY = ("numba", "scipy", "astropy", "PIL", "av", "matplotlib", "PyQt6")


def run(code: str, **environment: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_nothing_heavy_is_imported_before_the_first_picture() -> None:
    modules = "colour counts histogram limits movie profile render stack stretch viewport warm"
    imports = "; ".join(f"import nightglass.core.picture.{name}" for name in modules.split())
    code = f"import sys; {imports}; print([m for m in {HEAVY} if m in sys.modules])"
    assert run(code) == "[]"


def test_machine_code_goes_to_the_user_where_the_program_is_read_only(
    tmp_path, monkeypatch
) -> None:
    from nightglass.core import compiled
    from numba.core import config

    monkeypatch.setenv("NIGHTGLASS_HOME", str(tmp_path))
    monkeypatch.setenv("NUMBA_CACHE_DIR", "")
    monkeypatch.setattr(config, "CACHE_DIR", "")
    monkeypatch.setattr(compiled, "_own_folder_is_writable", lambda: True)
    compiled.choose_cache()
    assert config.CACHE_DIR == ""
    monkeypatch.setattr(compiled, "_own_folder_is_writable", lambda: False)
    compiled.choose_cache()
    assert config.CACHE_DIR.startswith(str(tmp_path))
    assert os.environ["NUMBA_CACHE_DIR"] == config.CACHE_DIR


@pytest.mark.slow
def test_kernels_are_compiled_once_and_found_again(tmp_path) -> None:
    code = "from nightglass.core.picture.warm import warm; print(warm())"
    first = float(run(code, NUMBA_CACHE_DIR=str(tmp_path)))
    kept = {entry: entry.stat().st_mtime_ns for entry in tmp_path.rglob("*.nbc")}
    second = float(run(code, NUMBA_CACHE_DIR=str(tmp_path)))
    assert kept
    assert kept == {entry: entry.stat().st_mtime_ns for entry in tmp_path.rglob("*.nbc")}
    assert second < first
