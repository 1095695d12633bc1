"""Every failure says what happened, to which file, and what to do next."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest
from nightglass.core.errors import Cancelled, NightglassError, translate
from psygnal import EmitLoopError, SignalInstance


@pytest.mark.parametrize(
    ("title", "text", "hint", "sentence"),
    [
        ("No", "It is gone.", "Look.", "No: It is gone. Look."),
        ("No", "It is gone.", "", "No: It is gone."),
        ("No", "", "Look.", "No Look."),
        ("No", "", "", "No"),
    ],
)
def test_an_error_reads_as_one_line(title: str, text: str, hint: str, sentence: str) -> None:
    assert str(NightglassError(title, text, hint, Path("/a"))) == sentence


def test_the_path_is_kept_as_text() -> None:
    assert NightglassError("No", path=Path("/a/b")).path == str(Path("/a/b"))
    assert NightglassError("No").path is None


def test_our_own_errors_pass_unchanged() -> None:
    error = NightglassError("No")
    assert translate(error, "/other") is error


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOENT, "is not there"),
        (errno.EACCES, "may not be opened"),
        (errno.EPERM, "may not be opened"),
        (errno.EISDIR, "is a folder"),
        (errno.ENOTDIR, "has a file where a folder should be"),
        (errno.ENOSPC, "the disk is full"),
        (errno.EDQUOT, "quota"),
        (errno.EROFS, "read-only"),
        (errno.EIO, "the disk reports an error"),
        (errno.ENODEV, "unplugged"),
        (errno.ESTALE, "network disk"),
        (errno.EMFILE, "too many files"),
        (errno.EXDEV, "cannot be used (Told by the system)"),
    ],
)
def test_an_error_of_the_system_names_the_file_and_a_way_on(number: int, words: str) -> None:
    original = OSError(number, "Told by the system", "/data/cube001.fits")
    error = translate(original)
    assert error.text.startswith("/data/cube001.fits ")
    assert words in error.text
    assert error.hint
    assert error.path == "/data/cube001.fits"
    assert error.__cause__ is original


def test_the_path_of_the_caller_wins_over_that_of_the_system() -> None:
    error = translate(OSError(errno.ENOENT, "x", "/tmp/part"), Path("/data/a.fits"))
    assert error.path == str(Path("/data/a.fits"))


@pytest.mark.parametrize(
    "original", [OSError("Empty or corrupt FITS file"), OSError(errno.EIO, "x", 7), OSError()]
)
def test_an_error_of_the_system_without_a_name_is_still_a_sentence(original: OSError) -> None:
    error = translate(original)
    assert error.text.startswith("The file ")
    assert error.text.endswith(".")
    assert error.path is None


def test_a_reason_without_a_number_is_passed_on() -> None:
    assert "Empty or corrupt FITS file" in translate(OSError("Empty or corrupt FITS file")).text


def test_lack_of_memory_has_its_own_words() -> None:
    error = translate(MemoryError(), "/data/a.fits")
    assert (error.title, error.path) == ("Out of memory", "/data/a.fits")


@pytest.mark.parametrize(
    ("original", "text"),
    [
        (ValueError("too short."), "ValueError: too short."),
        (ValueError("too short"), "ValueError: too short."),
        (ValueError(), "ValueError."),
        (KeyError("a"), "KeyError: 'a'."),
        (Cancelled(), "Cancelled."),
    ],
)
def test_anything_else_keeps_its_own_words(original: BaseException, text: str) -> None:
    error = translate(original)
    assert error.text == text
    assert error.__cause__ is original


def test_an_error_behind_a_signal_is_told_as_itself() -> None:
    signal = SignalInstance((int,))
    cause = NightglassError("Could not go on", "No disk.")

    def listener(_: int) -> None:
        raise cause

    signal.connect(listener)
    with pytest.raises(EmitLoopError) as caught:
        signal.emit(1)
    assert translate(caught.value) is cause
