"""The library needs no graphics, and the slow libraries wait until they are needed."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

WALK = """
import importlib, json, pkgutil, sys

class Blocked:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"PyQt6", "pyqtgraph"}:
            raise ImportError(f"{name} is blocked: core must not need it")

sys.meta_path.insert(0, Blocked())
skip = sys.argv[1:]
import nightglass.core
def fail(name):
    raise
names = [
    module.name
    for module in pkgutil.walk_packages(nightglass.core.__path__, "nightglass.core.", fail)
    if not any(word in module.name.rpartition(".")[2] for word in skip)
]
for name in names:
    importlib.import_module(name)
print(json.dumps({"names": names, "loaded": sorted(sys.modules)}))
"""
SLOW = {
    "PIL", "astropy", "av", "matplotlib", "numba", "pandas", "photutils", "pint", "pyvo", "regions",
    "scipy",
}  # fmt: skip


def walk(*skip: str) -> tuple[list[str], set[str]]:
    """Import all of the library in a fresh process; gives its modules and all that got loaded."""
    done = subprocess.run(
        [sys.executable, "-P", "-c", WALK, *skip],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout.splitlines()[-1])
    return answer["names"], {name.partition(".")[0] for name in answer["loaded"]}


def test_all_of_core_can_be_imported_without_qt() -> None:
    names, loaded = walk()
    assert {"nightglass.core.engine.child", "nightglass.core.settings"} <= set(names)
    assert loaded & {"PyQt6", "pyqtgraph"} == set()


def test_nothing_but_the_kernels_loads_the_slow_libraries() -> None:
    # `compiled` is the door to its kernels, opened inside functions only.
    _, loaded = walk("kernels", "compiled")
    assert loaded & SLOW == set()


@pytest.mark.parametrize(
    "module", ["engine", "engine.child", "errors", "log", "paths", "problems", "settings"]
)
def test_the_ground_floor_needs_no_numpy(module: str) -> None:
    script = f"import nightglass.core.{module}, sys; sys.exit('numpy' in sys.modules)"
    subprocess.run([sys.executable, "-P", "-c", script], check=True, timeout=60)
