"""Decorators for compiled loops, typed, with their machine code kept on the disk.

This module imports numba; import it, like every kernel, only inside functions.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

from numba import njit, types
from numba.core import config

from .paths import cache_dir

_Function = TypeVar("_Function", bound=Callable[..., Any])
_VARIABLE = "NUMBA_CACHE_DIR"


def choose_cache() -> None:
    """Keep machine code in the user's folder where the program's own cannot be written.

    A folder that somebody chose by ``NUMBA_CACHE_DIR`` stays; child processes inherit ours.
    """
    if config.CACHE_DIR or (not getattr(sys, "frozen", False) and _own_folder_is_writable()):
        return
    config.CACHE_DIR = os.environ[_VARIABLE] = str(cache_dir() / "kernels")


def _own_folder_is_writable() -> bool:
    here = Path(__file__).parent
    beside = here / "__pycache__"
    return os.access(beside if beside.exists() else here, os.W_OK)


def part(function: _Function) -> _Function:
    """Compile a piece of a kernel."""
    return cast("_Function", njit(nogil=True, error_model="numpy")(function))


def kernel(*signatures: Any) -> Callable[[_Function], _Function]:
    """Compile a kernel for these signatures, or load it from the disk."""
    choose_cache()

    def compile_now(function: _Function) -> _Function:
        compiled = njit(list(signatures), nogil=True, cache=True, error_model="numpy")
        return cast("_Function", compiled(function))

    return compile_now


def read_only(dtype: Any, dimensions: int = 1) -> Any:
    """Type of a C-contiguous array that is only read; a writable one fits as well."""
    return types.Array(dtype, dimensions, "C", readonly=True)
