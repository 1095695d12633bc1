"""Pickles read without trust: arrays and plain types, nothing that could run a program."""

from __future__ import annotations

import pickle
from collections import OrderedDict
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from pathlib import Path

# Modules of numpy's own helpers in the pickles of its old and new versions.
_NUMPY_MODULES = frozenset(
    {"numpy", "numpy.core.multiarray", "numpy._core.multiarray", "numpy.core.numeric",
     "numpy._core.numeric", "numpy.core.records", "numpy._core.records", "numpy.rec"}
)  # fmt: skip
_PLAIN = {
    ("collections", "OrderedDict"): OrderedDict,
    **{
        (module, kind.__name__): kind
        for module in ("builtins", "__builtin__")
        for kind in (bytearray, complex, frozenset, set, slice)
    },
}


def read_pickle(path: Path) -> Any:
    """Read a pickle of arrays and plain types.

    Parameters
    ----------
    path : Path

    Raises
    ------
    OSError
        If the file cannot be read.
    pickle.UnpicklingError
        If it is damaged or holds anything else.
    """
    with path.open("rb") as file:
        try:
            # Pickles of Python 2 hold arrays as texts of this encoding.
            return _Careful(file, encoding="latin1").load()
        except (OSError, pickle.UnpicklingError):
            raise
        except Exception as error:  # a damaged pickle raises whatever it likes
            raise pickle.UnpicklingError(f"{type(error).__name__}: {error}") from error


class _Careful(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        """Give what plain data need and refuse the rest."""
        if (module, name) in _PLAIN:
            return _PLAIN[module, name]
        if module in _NUMPY_MODULES and name in _numpy_helpers():
            return _numpy_helpers()[name]
        if (module, name) == ("_codecs", "encode"):
            return _latin1
        raise pickle.UnpicklingError(f"{module}.{name} is not allowed in it")


@cache
def _numpy_helpers() -> dict[str, Any]:
    """What numpy's pickles call, as this version of it names them itself."""
    array = np.zeros(1)
    return {
        "ndarray": np.ndarray,
        "dtype": np.dtype,
        "record": np.record,
        "recarray": np.recarray,
        "_reconstruct": array.__reduce__()[0],
        "scalar": np.float64(0).__reduce__()[0],
        "_frombuffer": array.__reduce_ex__(5)[0],
    }


def _latin1(text: str, encoding: str) -> bytes:
    """Bytes in pickles of old protocols."""
    if encoding not in {"latin1", "latin-1"}:
        raise pickle.UnpicklingError(f"the encoding {encoding} is not allowed in it")
    return text.encode("latin1")
