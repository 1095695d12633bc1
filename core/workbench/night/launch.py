"""A reduction as a process of its own, which neither ends with the window nor hurts it."""

from __future__ import annotations

import errno
import os
import sys
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ...atomic import write_text
from ...errors import NightglassError, translate

if TYPE_CHECKING:
    from pathlib import Path

    from ...mascara.night.request import NightRequest
    from ...mascara.settings import ReductionSettings

LOG = "driver.log"
"""What the process says, in the folder of the products."""
SETTINGS = "settings.json"
"""Settings of the window, in the folder of the products."""

_COULD_NOT_RUN = 2
_SPEAKER = "nightglass: "
_TAIL_BYTES = 8000


@dataclass
class Launched:
    """A reduction that this window started; may be asked from every thread.

    Parameters
    ----------
    pid : int
        Its process, which leads a session of its own.
    log : Path
        What it says.
    log_start : int
        Bytes of the log that earlier ones have left.
    journal : Path
        What it writes once it is under way.
    journal_start : int
        Bytes of that when it was started.
    """

    pid: int
    log: Path
    log_start: int
    journal: Path
    journal_start: int
    _code: int | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def failure(self) -> NightglassError | None:
        """Tell why the reduction could not begin or go on; None while nothing is known.

        A reduction that was killed under way, or found trouble in its frames, is no failure:
        its journal tells. Never waits.
        """
        code = self._ended_with()
        if code in {None, 0}:
            return None
        if code == _COULD_NOT_RUN or _size(self.journal) <= self.journal_start:
            return self._told(code or 0)
        return None

    def _ended_with(self) -> int | None:
        """Exit code, or minus the signal that ended it; None while it runs."""
        with self._lock:
            if self._code is None:
                try:
                    pid, status = os.waitpid(self.pid, os.WNOHANG)
                except ChildProcessError:  # taken by somebody else: nothing is known of its end
                    pid, status = self.pid, 0
                if pid:
                    self._code = os.waitstatus_to_exitcode(status)
            return self._code

    def _told(self, code: int) -> NightglassError:
        said = [line for line in self._last_lines() if line.strip()]
        words = next((line for line in reversed(said) if line.startswith(_SPEAKER)), "")
        title, _, text = words.removeprefix(_SPEAKER).partition(": ")
        if text:
            return NightglassError(title, text, path=self.log)
        last = f" It said last: {said[-1].strip()}" if said else ""
        how = f"signal {-code}" if code < 0 else f"exit code {code}"
        if not self.log.exists():
            return NightglassError(
                "The reduction ended",
                f"Its process ended with {how}: {self.log.parent} is not there any more.",
                "Bring the folder back, then resume; or start the night again.",
                self.log.parent,
            )
        return NightglassError(
            "The reduction ended at once",
            f"Its process ended with {how}.{last}",
            f"{self.log} holds everything that it said.",
            self.log,
        )

    def _last_lines(self) -> list[str]:
        try:
            with open(self.log, "rb") as file:
                start = max(self.log_start, _size(self.log) - _TAIL_BYTES)
                file.seek(start)
                return file.read().decode(errors="replace").splitlines()
        except OSError:
            return []


def launch(request: NightRequest, settings: ReductionSettings) -> Launched:
    """Start the reduction of a night and do not wait for it.

    Parameters
    ----------
    request : NightRequest
    settings : ReductionSettings
        Handed over as a file in the output where they are not what the request names.

    Returns
    -------
    Launched

    Raises
    ------
    NightglassError
        If a raw folder is not there, the output holds another night or cannot be written, or a
        reduction works in it already.
    """
    from ...mascara.night.layout import NightLayout
    from ...mascara.night.request import check_folders
    from ...mascara.night.verbs import is_running

    check_folders(request)
    journal = NightLayout(request.output).journal
    try:
        if is_running(request.output):
            raise _at_work_already(request.output)
        request.output.mkdir(parents=True, exist_ok=True)
        config = _config_file(request, settings)
        log = request.output.absolute() / LOG
        log_start, journal_start = _size(log), _size(journal)
        pid = _spawn([*program(), *words_of(request, config)], log)
    except FileExistsError as error:
        raise translate(NotADirectoryError(errno.ENOTDIR, "", str(request.output))) from error
    except OSError as error:
        raise translate(error, error.filename or request.output) from error
    return Launched(pid, log, log_start, journal, journal_start)


def _at_work_already(output: Path) -> NightglassError:
    return NightglassError(
        "This night is being reduced already",
        f"A reduction works in {output}.",
        "Watch it, or stop it first.",
        output,
    )


def program() -> list[str]:
    """How this program is started, from a source tree and as a frozen application."""
    if getattr(sys, "frozen", False):
        return [sys.executable]
    return [sys.executable, "-P", "-m", "nightglass"]


def words_of(request: NightRequest, config: Path | None) -> list[str]:
    """The command that reduces a night.

    Parameters
    ----------
    request : NightRequest
    config : Path or None
        Settings file in place of the one that the request names.
    """
    words = ["night", "reduce", *(str(folder.absolute()) for folder in request.raw)]
    words += ["--output", str(request.output.absolute()), "--workers", str(request.workers)]
    if cameras := _cameras(request):
        words += ["--camera", ",".join(cameras)]
    if request.catalogue is not None:
        words += ["--catalogue", str(request.catalogue.absolute())]
    if config is not None:
        words += ["--config", str(config.absolute())]
    if request.is_live:
        words += ["--live", "--idle", f"{request.idle_s:g}"]
    return [*words, "--resume"] if request.resume else words


def _cameras(request: NightRequest) -> tuple[str, ...]:
    """Cameras as the command takes them, which knows a station by the ids of its cameras only."""
    from ...mascara.letters import LETTERS

    letters = request.cameras or (tuple(LETTERS) if request.station else ())
    return tuple(
        one if len(one) > 1 or not request.station else f"{request.station}{one}" for one in letters
    )


def _config_file(request: NightRequest, settings: ReductionSettings) -> Path | None:
    """The file named where it says the same, none for the defaults, else one in the output."""
    from ...mascara.settings import ReductionSettings, load_settings

    if load_settings(request.config) == settings:
        return request.config
    if settings == ReductionSettings():
        return None
    path = request.output / SETTINGS
    write_text(path, settings.model_dump_json(indent=2, exclude_defaults=True) + "\n")
    return path


def _spawn(command: list[str], log: Path) -> int:
    """Start a process that leads a session of its own: no hang-up of the window reaches it.

    Not `subprocess`, whose objects complain when they are let go before the process ended.
    """
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
    actions = [
        (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
        (os.POSIX_SPAWN_OPEN, 1, str(log), flags, 0o666),
        (os.POSIX_SPAWN_DUP2, 1, 2),
    ]
    return os.posix_spawn(command[0], command, os.environ, file_actions=actions, setsid=True)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
