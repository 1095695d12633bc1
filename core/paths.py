"""Where the program keeps its own files; everything under ``$NIGHTGLASS_HOME`` when set."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from platformdirs import PlatformDirs

HOME_VARIABLE = "NIGHTGLASS_HOME"
_USER = PlatformDirs("nightglass", appauthor=False)


def config_dir() -> Path:
    """Folder of the settings."""
    return _folder("config", _USER.user_config_path)


def state_dir() -> Path:
    """Folder of what the program remembers between runs."""
    return _folder("state", _USER.user_state_path)


def cache_dir() -> Path:
    """Folder of what can be made again."""
    return _folder("cache", _USER.user_cache_path)


def log_dir() -> Path:
    """Folder of the log files."""
    return _folder("log", _USER.user_log_path)


def _folder(kind: str, usual: Path) -> Path:
    home = os.environ.get(HOME_VARIABLE)
    folder = Path(home).expanduser() / kind if home else usual
    # Where a folder cannot be made, whoever writes into it gets the reason and tells it.
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
    return folder
