"""One family of errors: what happened, to which file, what to do next."""

from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_OS_SENTENCES: dict[int, tuple[str, str]] = {
    errno.ENOENT: ("is not there", "Check the path; if the disk was unplugged, plug it in again."),
    errno.EACCES: ("may not be opened by this user", "Ask its owner for permission to read it."),
    errno.EPERM: ("may not be opened by this user", "Ask its owner for permission to read it."),
    errno.EISDIR: ("is a folder, not a file", "Choose a file inside it."),
    errno.ENOTDIR: ("has a file where a folder should be", "Check the path."),
    errno.ENOSPC: ("cannot be written: the disk is full", "Free some space, then try again."),
    errno.EDQUOT: ("cannot be written: your disk quota is used up", "Free some space, then retry."),
    errno.EROFS: ("cannot be written: the disk is read-only", "Choose another folder."),
    errno.EFBIG: ("cannot be written: it is too large for this disk", "Choose another disk."),
    errno.ENAMETOOLONG: ("has too long a name", "Choose a shorter one."),
    errno.EIO: ("cannot be read: the disk reports an error", "Check the disk and its cable."),
    errno.ENODEV: ("is gone: the disk was unplugged", "Plug the disk in again."),
    errno.ESTALE: ("is gone: the network disk was disconnected", "Mount the disk again."),
    errno.EMFILE: ("cannot be opened: too many files are open", "Close some captures."),
}


def in_words(title: str, text: str, hint: str) -> str:
    """Headline, sentence and hint as one line; each may be empty."""
    return " ".join(part for part in (": ".join(filter(None, (title, text))), hint) if part)


class NightglassError(Exception):
    """A failure told in plain words.

    Parameters
    ----------
    title : str
        What could not be done, as a short headline without a full stop.
    text : str
        What happened, as one sentence.
    hint : str
        What to do next, as one sentence.
    path : path-like or None
        The file or folder concerned.
    """

    def __init__(
        self,
        title: str,
        text: str = "",
        hint: str = "",
        path: str | os.PathLike[str] | None = None,
    ) -> None:
        super().__init__(title, text, hint, path)
        self.title = title
        self.text = text
        self.hint = hint
        self.path = None if path is None else os.fspath(path)

    def __str__(self) -> str:
        return in_words(self.title, self.text, self.hint)


class Cancelled(Exception):  # noqa: N818 - it ends a job, it is not a failure
    """Raised inside a job when it should stop; never shown to anybody."""


def _from_os_error(error: OSError, path: str | None) -> NightglassError:
    reason = error.strerror or str(error) or type(error).__name__
    # astropy measures the disk itself when a FITS file could not be written.
    is_full = reason.startswith("Not enough space on disk")
    what, hint = _OS_SENTENCES.get(
        errno.ENOSPC if is_full else error.errno or 0,
        (f"cannot be used ({reason})", "Check the file."),
    )
    name = path or (os.fspath(error.filename) if isinstance(error.filename, str) else None)
    return NightglassError("Could not use a file", f"{name or 'The file'} {what}.", hint, name)


def _from_memory_error(_: MemoryError, path: str | None) -> NightglassError:
    return NightglassError(
        "Out of memory",
        "The computer has no memory left for this step.",
        "Close other captures or choose fewer frames.",
        path,
    )


def _from_anything(error: BaseException, path: str | None) -> NightglassError:
    return NightglassError(
        "Unexpected trouble",
        f"{type(error).__name__}: {error}".rstrip(": .\n") + ".",
        "Details hold the full story; the rest of the program goes on.",
        path,
    )


def _behind_signal(error: BaseException) -> BaseException:
    """What a listener of a signal raised: the signal only wraps it."""
    from psygnal import EmitLoopError

    while isinstance(error, EmitLoopError) and error.__cause__ is not None:
        error = error.__cause__
    return error


def translate(error: BaseException, path: str | os.PathLike[str] | None = None) -> NightglassError:
    """Turn any exception into a `NightglassError`, keeping the original as its cause.

    Parameters
    ----------
    error : BaseException
        What was raised. A `NightglassError` comes back unchanged.
    path : path-like or None
        The file being worked on, where the exception does not say.
    """
    error = _behind_signal(error)
    if isinstance(error, NightglassError):
        return error
    name = None if path is None else os.fspath(path)
    makers: tuple[tuple[type[BaseException], Callable[..., NightglassError]], ...] = (
        (OSError, _from_os_error),
        (MemoryError, _from_memory_error),
    )
    make = next((maker for kind, maker in makers if isinstance(error, kind)), _from_anything)
    translated = make(error, name)
    translated.__cause__ = error
    return translated
