"""Work in a process of its own: for native code that may crash or cannot be interrupted.

The parent writes one line of JSON (which function, which arguments) to the child and leaves the
pipe open: when it closes, the parent is gone and the child ends too. The child answers with
lines of JSON: progress, parts, log records, and at last a result or an error.
"""

from __future__ import annotations

import faulthandler
import importlib
import json
import logging
import os
import queue
import signal
import subprocess
import sys
import tempfile
import threading
import traceback
from functools import partial
from typing import IO, TYPE_CHECKING, Any

from ..errors import Cancelled, NightglassError, translate
from .jobs import CancelToken, JobContext, Progress

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

CHILD_FLAG = "--nightglass-child"
GRACE_S = 1.0
_TAIL_CHARACTERS = 4000
_CANCEL = "cancel"

_log = logging.getLogger(__name__)


class ChildCrashError(NightglassError):
    """The process died instead of answering.

    Attributes
    ----------
    how : str
        What became of the process, as the end of a sentence.
    """

    how = "ended"


def run_in_child(
    ctx: JobContext,
    target: str,
    arguments: dict[str, Any],
    environment: Mapping[str, str] | None = None,
) -> Any:
    """Call a function in a new process and wait for its result.

    Parameters
    ----------
    ctx : JobContext
        Passes progress and parts on; its cancel ends the process (kindly, after 1 s by force).
    target : str
        ``"package.module:function"``; called as ``function(ctx, **arguments)`` with a
        context of its own.
    arguments : dict
        Values that JSON can carry: paths and numbers, no arrays.
    environment : mapping, optional
        Variables of the process besides our own.

    Returns
    -------
    object
        What the function returned, through JSON.

    Raises
    ------
    Cancelled
        When the job was cancelled.
    NightglassError
        If the function raised.
    ChildCrashError
        If the process ended without a result; its last words are in the error's notes.
    """
    ctx.check()
    level = logging.getLogger().getEffectiveLevel()
    request = {"target": target, "arguments": arguments, "level": level}
    with tempfile.TemporaryFile() as words, _start(words, environment) as process:
        answer = _converse(ctx, process, request)
        ctx.check()
        return _read_answer(answer, target, process.returncode, _last_words(words))


def child_command() -> list[str]:
    """The command line of a child, from a source tree and from a frozen application."""
    if getattr(sys, "frozen", False):
        return [sys.executable, CHILD_FLAG]
    return [sys.executable, "-P", "-m", __name__]


def _start(words: IO[bytes], environment: Mapping[str, str] | None) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        child_command(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=words,
        env={**os.environ, **(environment or {})},
    )


def _converse(
    ctx: JobContext, process: subprocess.Popen[bytes], request: dict[str, Any]
) -> dict[str, Any] | None:
    """Pass everything on until the last line; None if the process ended without an answer."""
    lines: queue.SimpleQueue[bytes | str | None] = queue.SimpleQueue()
    reader = threading.Thread(
        target=_read_lines, args=(process, lines), name=f"nightglass-child-{process.pid}"
    )
    reader.start()
    forget = ctx.on_cancel(partial(lines.put, _CANCEL))
    answer = None
    try:
        _ask(process, request)
        while answer is None and isinstance(line := lines.get(), bytes):
            answer = _pass_on(ctx, line)
    finally:
        forget()
        _end(process)
        reader.join()
    return answer


def _read_lines(
    process: subprocess.Popen[bytes], lines: queue.SimpleQueue[bytes | str | None]
) -> None:
    assert process.stdout is not None
    for line in process.stdout:
        lines.put(line)
    lines.put(None)


def _ask(process: subprocess.Popen[bytes], request: dict[str, Any]) -> None:
    assert process.stdin is not None
    try:
        process.stdin.write(json.dumps(request).encode() + b"\n")
        process.stdin.flush()
    except BrokenPipeError:
        _log.debug("child %d was gone before it could be asked", process.pid)


def _end(process: subprocess.Popen[bytes]) -> None:
    """Leave no process behind: hang up, which asks it to end, then end it by force."""
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        process.stdin.close()
    except BrokenPipeError:
        _log.debug("child %d was gone before the end of the talk", process.pid)
    try:
        process.wait(GRACE_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _pass_on(ctx: JobContext, line: bytes) -> dict[str, Any] | None:
    """Hand one line of the child over; returns it if it is the answer."""
    try:
        message: dict[str, Any] = json.loads(line)
    except ValueError:
        _log.debug("half a line from a child: %r", line[:200])
        return None
    if "progress" in message:
        ctx.progress(*message["progress"])
    elif "part" in message:
        ctx.publish(message["part"])
    elif "log" in message:
        name, level, text = message["log"]
        logging.getLogger(name).log(level, "%s", text)
    else:
        return message
    return None


def _read_answer(answer: dict[str, Any] | None, target: str, code: int, words: str) -> Any:
    if answer is None:
        how = _how_it_ended(code)
        crash = ChildCrashError(
            "A background process ended unexpectedly",
            f"The process for {target} {how}.",
            "The rest of the program goes on; try again.",
        )
        crash.how = how
        crash.add_note(words)
        raise crash
    if "error" in answer:
        error = NightglassError(**answer["error"])
        error.add_note(answer["details"])
        raise error
    return answer["result"]


def _how_it_ended(code: int) -> str:
    if code >= 0:
        return f"ended with exit code {code}"
    return f"was ended by {signal.Signals(-code).name}"


def _last_words(words: IO[bytes]) -> str:
    words.seek(0, os.SEEK_END)
    words.seek(max(0, words.tell() - _TAIL_CHARACTERS))
    return words.read().decode(errors="replace")


class _Line:
    """The child's end of the talk; safe from every thread of the child."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._lock = threading.Lock()

    def send(self, **message: object) -> None:
        line = json.dumps(message).encode() + b"\n"
        with self._lock:
            self._file.write(line)
            self._file.flush()


class _LogSender(logging.Handler):
    def __init__(self, line: _Line) -> None:
        super().__init__()
        self._line = line

    def emit(self, record: logging.LogRecord) -> None:
        text = self.format(record)
        self._line.send(log=[record.name, record.levelno, text])


def main(argv: Sequence[str] = ()) -> int:
    """Be the child: read one request from standard input, answer on standard output."""
    if [word for word in argv if word != CHILD_FLAG]:
        print("nightglass: a child process takes no arguments", file=sys.stderr)  # noqa: T201
        return 2
    faulthandler.enable()
    line = _Line(_take_standard_output())
    request = json.loads(sys.stdin.buffer.readline())
    logging.getLogger().addHandler(_LogSender(line))
    logging.getLogger().setLevel(request["level"])
    token = CancelToken()
    finished = threading.Event()
    try:
        _listen_for_the_end(token, finished)
        answer = _call(request, JobContext(token, _progress_to(line), _parts_to(line)))
        finished.set()
        line.send(**answer)
    except Cancelled:
        return 128 + signal.SIGTERM
    return 0


def _call(request: dict[str, Any], ctx: JobContext) -> dict[str, Any]:
    module, _, function = request["target"].partition(":")
    try:
        target = getattr(importlib.import_module(module), function)
        result = target(ctx, **request["arguments"])
        json.dumps(result)
    except Cancelled:
        raise
    except Exception as error:  # noqa: BLE001 - the parent tells it
        told = translate(error)
        words = {"title": told.title, "text": told.text, "hint": told.hint, "path": told.path}
        return {"error": words, "details": "".join(traceback.format_exception(told))}
    return {"result": result}


def _progress_to(line: _Line) -> Callable[[Progress], None]:
    return lambda moved: line.send(progress=[moved.done, moved.total, moved.text])


def _parts_to(line: _Line) -> Callable[[object], None]:
    return lambda part: line.send(part=part)


def _take_standard_output() -> IO[bytes]:
    """Keep standard output for the answers; what others print goes to standard error."""
    ours = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return ours


def _listen_for_the_end(token: CancelToken, finished: threading.Event) -> None:
    """Raise `Cancelled` in the main thread on SIGTERM or when the parent hangs up."""

    def stop(*_: object) -> None:
        if token.cancel() and not finished.is_set():
            raise Cancelled

    def listen() -> None:
        while os.read(0, 1):
            pass
        if not finished.is_set():
            _interrupt_main_thread()

    signal.signal(signal.SIGTERM, stop)
    # A daemon: nothing can wake a thread that reads, and the process must be able to end.
    threading.Thread(target=listen, name="parent-watch", daemon=True).start()


def _interrupt_main_thread() -> None:
    if hasattr(signal, "pthread_kill") and (ident := threading.main_thread().ident):
        signal.pthread_kill(ident, signal.SIGTERM)
    else:
        os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
