"""A running DS9, spoken to through the programs of XPA (``xpaset``, ``xpaget``, ``xpaaccess``).

A name matches every DS9 that bears it, and ``xpaset`` speaks to all of them: so one address is
looked up first.
"""

from __future__ import annotations

import re
import shutil
import subprocess

from ..errors import Cancelled, NightglassError
from .ds9_words import Ds9Words

ANY = "*"
TIMEOUT_S = 5.0
_PIPE = subprocess.PIPE
_CLASS = "DS9"
_LOOKER = "xpaaccess"
_NO_SERVER = "access points match template"
_ERROR = re.compile(r"XPA\$ERROR:?\s*(.*?)(?:\s*\(DS9:.*\))?\s*$", re.MULTILINE)


class Ds9(Ds9Words):
    """One running DS9; safe from any thread, blocks until DS9 has answered.

    The variables ``XPA_METHOD`` and ``XPA_TMPDIR`` of the environment hold as for every XPA
    program. Every method but `names` and `is_there` raises `NightglassError` if the XPA programs
    are missing, no DS9 runs, DS9 does not answer in time, or DS9 refuses.

    Parameters
    ----------
    target : str
        Title of the DS9 meant (its option ``-title``); ``*`` takes the first that runs.
    timeout_s : float
        Longest wait for one answer.
    """

    def __init__(self, target: str = ANY, timeout_s: float = TIMEOUT_S) -> None:
        self.target = target
        self.timeout_s = timeout_s
        self._process: subprocess.Popen[bytes] | None = None
        self._is_stopped = False

    def stop(self) -> None:
        """Wait for no answer any more, from any thread; this object is of no use afterwards."""
        self._is_stopped = True
        process = self._process
        if process is not None:
            process.kill()

    # Who is there

    def is_there(self) -> bool:
        """Whether the XPA programs are installed and a DS9 can be spoken to."""
        return bool(self.names())

    def names(self) -> tuple[str, ...]:
        """Titles of every DS9 that runs and is meant; empty without the XPA programs."""
        try:
            return tuple(title for title, _ in self._running())
        except NightglassError:
            return ()

    def version(self) -> str:
        """Version of DS9, as "8.4.1"."""
        return self.get("version").rpartition(" ")[2]

    def _running(self) -> list[tuple[str, str]]:
        """Title and address of every DS9 meant, as the name server of XPA lists them.

        The name server is asked only when somebody has registered: asking starts one.
        """
        if not self._run(_LOOKER, ["-v", f"{_CLASS}:{self.target}"]).strip():
            return []
        rows = [line.split() for line in self._run("xpaget", ["xpans"]).splitlines()]
        return [
            (row[1], row[3])
            for row in rows
            if len(row) >= 4 and row[0] == _CLASS and self.target in (ANY, row[1])
        ]

    def _address(self) -> str:
        running = self._running()
        if not running:
            raise _no_ds9()
        return running[0][1]

    # Words to DS9

    def get(self, *words: str) -> str:  # noqa: D102
        return self._run("xpaget", [self._address(), *words]).strip()

    def set(  # noqa: D102
        self, *words: str, data: bytes | None = None, timeout_s: float | None = None
    ) -> None:
        quiet = [] if data is not None else ["-p"]
        self._run("xpaset", [*quiet, self._address(), *words], data, timeout_s)

    def _run(
        self,
        program: str,
        words: list[str],
        data: bytes | None = None,
        timeout_s: float | None = None,
    ) -> str:
        path = shutil.which(program)
        if path is None:
            raise _no_programs(program)
        wait_s = timeout_s or self.timeout_s
        try:
            with subprocess.Popen(
                [path, *words], stdin=_PIPE, stdout=_PIPE, stderr=_PIPE
            ) as process:
                answer, said = self._converse(process, data or b"", wait_s)
        except subprocess.TimeoutExpired as error:
            raise _no_answer(wait_s) from error
        except OSError as error:
            raise _not_started(path, error) from error
        trouble = said.decode(errors="replace")
        if "XPA$ERROR" in trouble:
            raise _refusal(trouble)
        if self._is_stopped:
            raise Cancelled
        # `xpaaccess` ends with the number of those who are there.
        if process.returncode and program != _LOOKER:
            raise _broken(path, process.returncode)
        return answer.decode(errors="replace")

    def _converse(
        self, process: subprocess.Popen[bytes], data: bytes, wait_s: float
    ) -> tuple[bytes, bytes]:
        self._process = process
        try:
            if self._is_stopped:
                process.kill()
            return process.communicate(data, wait_s)
        except subprocess.TimeoutExpired:
            process.kill()
            raise
        finally:
            self._process = None


def _no_programs(program: str) -> NightglassError:
    return NightglassError(
        "DS9 cannot be reached",
        f"The program {program} is not installed.",
        "Install the XPA programs (xpa-tools), then try again.",
    )


def _no_ds9() -> NightglassError:
    return NightglassError(
        "DS9 is not running", "No DS9 answers by XPA.", "Start DS9, then try again."
    )


def _no_answer(wait_s: float) -> NightglassError:
    return NightglassError(
        "DS9 does not answer",
        f"DS9 did not answer within {wait_s:g} s.",
        "Close any question that DS9 asks; if it hangs, start it anew.",
    )


def _not_started(path: str, error: OSError) -> NightglassError:
    return NightglassError(
        "DS9 cannot be reached",
        f"{path} cannot be run ({error.strerror or error}).",
        "Install the XPA programs (xpa-tools) anew.",
        path,
    )


def _broken(path: str, code: int) -> NightglassError:
    how = f"was killed by signal {-code}" if code < 0 else f"ended with code {code}"
    return NightglassError(
        "DS9 cannot be reached",
        f"{path} {how} and said no reason.",
        "Look whether DS9 still runs, then try again.",
        path,
    )


def _refusal(said: str) -> NightglassError:
    if _NO_SERVER in said:
        return _no_ds9()
    match = _ERROR.search(said)
    reason = " ".join(match[1].split()) if match else ""
    if "no response" in reason or "timeout" in reason:
        return NightglassError(
            "DS9 does not answer",
            f"XPA says: {reason}.",
            "Close any question that DS9 asks; if it hangs, start it anew.",
        )
    return NightglassError(
        "DS9 refused", f"DS9 says: {reason or 'no reason'}.", "Look at what DS9 shows."
    )
