"""A process may die any way it likes: the parent tells one sentence and goes on."""

from __future__ import annotations

import io
import logging
import os
import signal
import socket
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from nightglass.core.engine import Engine, JobContext, JobState, Progress, child
from nightglass.core.engine.child import run_in_child
from nightglass.core.errors import Cancelled, NightglassError

if TYPE_CHECKING:
    from pathlib import Path

    from nightglass.core.problems import ProblemList

WAIT_S = 30.0
WORK = """
import ctypes, logging, os, signal, socket, sys, threading, time, warnings
from pathlib import Path
from nightglass.core.errors import NightglassError

def double(ctx, values):
    return [2 * value for value in values]

def talk(ctx):
    print("to standard output")
    print("to standard error", file=sys.stderr)
    os.write(1, b"straight to the descriptor")
    ctx.progress(1, 2, "half")
    for number in range(3):
        ctx.publish(number)
    logging.getLogger("science").info("measured %d", 7)
    logging.getLogger("science").debug("not wanted")
    return {"text": "\\u00b5"}

def told(ctx):
    raise NightglassError("Could not fold", "There is no ephemeris.", "Choose one.", "/a/b.par")

def untold(ctx):
    return 1 / 0

def crash(ctx):
    ctypes.string_at(0)

def leave(ctx):
    sys.exit(3)

def vanish(ctx):
    print("last words", file=sys.stderr, flush=True)
    os._exit(9)

def array(ctx):
    return {1, 2}

def half_a_line(ctx):
    os.write(int(ctx._on_progress.__closure__[0].cell_contents._file.fileno()), b'{"res')
    os._exit(0)

def wait_kindly(ctx, folder):
    try:
        Path(folder, "running").touch()
        ctx.publish("running")
        threading.Event().wait()
    finally:
        Path(folder, "cleaned").touch()

def wait_connected(ctx, port):
    with socket.create_connection(("127.0.0.1", port)) as line:
        try:
            line.sendall(b"running ")
            threading.Event().wait()
        finally:
            line.sendall(b"cleaned")

def wait_stubbornly(ctx):
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
    ctx.publish(os.getpid())
    while True:
        time.sleep(60)

def linger(ctx):
    threading.Thread(target=threading.Event().wait).start()
    return "done"
"""


@pytest.fixture(autouse=True)
def _work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "childs_work.py").write_text(WORK, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))


def test_arguments_go_and_the_result_comes_back() -> None:
    assert run_in_child(JobContext(), "childs_work:double", {"values": [1, 2.5]}) == [2, 5.0]


def test_progress_parts_and_log_records_come_back_and_prints_do_no_harm(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    moves: list[Progress] = []
    parts: list[object] = []
    ctx = JobContext(on_progress=moves.append, on_partial=parts.append)
    assert run_in_child(ctx, "childs_work:talk", {}) == {"text": "µ"}
    assert moves == [Progress(1, 2, "half")]
    assert parts == [0, 1, 2]
    assert ("science", logging.INFO, "measured 7") in caplog.record_tuples
    assert "not wanted" not in caplog.text


def test_an_error_told_by_the_child_comes_back_word_for_word() -> None:
    with pytest.raises(NightglassError, match="There is no ephemeris") as raised:
        run_in_child(JobContext(), "childs_work:told", {})
    error = raised.value
    assert (error.title, error.hint, error.path) == ("Could not fold", "Choose one.", "/a/b.par")
    assert "in told" in error.__notes__[0]


@pytest.mark.parametrize(
    ("function", "sentence", "last_words"),
    [
        ("untold", "ZeroDivisionError", "in untold"),
        ("crash", "was ended by SIGSEGV", "Segmentation fault"),
        ("leave", "ended with exit code 3", ""),
        ("vanish", "ended with exit code 9", "last words"),
        ("half_a_line", "ended with exit code 0", ""),
        ("array", "not JSON serializable", "TypeError"),
        ("not_there", "has no attribute", "AttributeError"),
    ],
)
def test_every_end_of_a_child_is_one_problem(
    function: str,
    sentence: str,
    last_words: str,
    engine: Engine,
    problems: ProblemList,
    expected_log: object,
) -> None:
    job = engine.submit(
        lambda ctx: run_in_child(ctx, f"childs_work:{function}", {}), title="in a child"
    )
    with pytest.raises(NightglassError, match=sentence):
        job.result(WAIT_S)
    engine.mailbox.drain()
    (problem,) = problems.entries()
    assert sentence in problem.text
    assert last_words in problem.details
    assert problem.count == 1


def test_a_module_that_is_not_there_is_an_error_in_words() -> None:
    with pytest.raises(NightglassError, match="No module named"):
        run_in_child(JobContext(), "no_such_module:function", {})


def test_cancel_ends_the_child_which_may_clean_up(engine: Engine, tmp_path: Path) -> None:
    got: list[object] = []
    job = engine.submit(
        lambda ctx: run_in_child(ctx, "childs_work:wait_kindly", {"folder": str(tmp_path)}),
        title="in a child",
        on_partial=got.append,
        on_error=got.append,
    )
    assert engine.mailbox.drain_until(lambda: got == ["running"], WAIT_S)
    job.cancel()
    with pytest.raises(Cancelled):
        job.result(WAIT_S)
    assert job.state is JobState.CANCELLED
    assert (tmp_path / "cleaned").exists()
    engine.mailbox.drain()
    assert got == ["running"]


@pytest.mark.skipif(not hasattr(signal, "pthread_sigmask"), reason="signals of POSIX")
def test_cancel_ends_a_child_that_does_not_listen(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(child, "GRACE_S", 0.05)
    got: list[int] = []
    job = engine.submit(
        lambda ctx: run_in_child(ctx, "childs_work:wait_stubbornly", {}),
        title="in a child",
        on_partial=got.append,
    )
    assert engine.mailbox.drain_until(lambda: bool(got), WAIT_S)
    job.cancel()
    with pytest.raises(Cancelled):
        job.result(WAIT_S)
    with pytest.raises(ProcessLookupError):
        os.kill(got[0], 0)


def test_a_job_cancelled_before_starts_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child.subprocess, "Popen", None)
    ctx = JobContext()
    ctx.token.cancel()
    with pytest.raises(Cancelled):
        run_in_child(ctx, "childs_work:double", {"values": []})


def test_threads_left_by_the_function_do_not_hold_the_answer_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(child, "GRACE_S", 0.05)
    assert run_in_child(JobContext(), "childs_work:linger", {}) == "done"


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_a_child_ends_when_its_parent_is_gone() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(WAIT_S)
        port = server.getsockname()[1]
        script = (
            "from nightglass.core.engine import JobContext\n"
            "from nightglass.core.engine.child import run_in_child\n"
            f"run_in_child(JobContext(), 'childs_work:wait_connected', {{'port': {port}}})\n"
        )
        with subprocess.Popen([sys.executable, "-c", script]) as parent:
            line, _ = server.accept()
            line.settimeout(WAIT_S)
            assert line.recv(100) == b"running "
            parent.kill()
        with line:
            assert line.recv(100) == b"cleaned"
            assert line.recv(100) == b""


def test_a_frozen_application_is_its_own_interpreter(monkeypatch: pytest.MonkeyPatch) -> None:
    assert child.child_command() == [sys.executable, "-P", "-m", "nightglass.core.engine.child"]
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert child.child_command() == [sys.executable, child.CHILD_FLAG]


def test_a_child_with_other_words_on_its_command_line_says_so(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert child.main([child.CHILD_FLAG, "more"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err == "nightglass: a child process takes no arguments\n"


def test_the_child_flag_alone_starts_a_child() -> None:
    request = b'{"target": "childs_work:double", "arguments": {"values": [4]}, "level": 30}\n'
    command = [sys.executable, "-m", "nightglass.core.engine.child", child.CHILD_FLAG]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(request)
        process.stdin.flush()
        assert process.stdout.read().strip() == b'{"result": [8]}'
    assert process.returncode == 0


def test_only_the_end_of_long_last_words_is_kept() -> None:
    assert child._last_words(io.BytesIO(b"x" * 10_000 + b"end")) == "x" * 3997 + "end"
