"""User and password of the mail server, from the environment or the system's keyring.

There is no secret in any file of this program, and none is ever written: ``NIGHTGLASS_SMTP_USER``
and ``NIGHTGLASS_SMTP_PASSWORD`` are asked first, then the keyring, where one is installed, under
the service "nightglass".
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field

SERVICE = "nightglass"
USER_VARIABLE = "NIGHTGLASS_SMTP_USER"
PASSWORD_VARIABLE = "NIGHTGLASS_SMTP_PASSWORD"  # noqa: S105 - the name of a variable


@dataclass(frozen=True)
class Credentials:
    """Who logs in at the mail server; both empty where nobody has to.

    Parameters
    ----------
    user : str
    password : str
        Never shown.
    """

    user: str = ""
    password: str = field(default="", repr=False)


def find_credentials() -> Credentials:
    """Ask the environment, then the keyring; never fails, and remembers nothing."""
    user, password = os.environ.get(USER_VARIABLE, ""), os.environ.get(PASSWORD_VARIABLE, "")
    return Credentials(user, password) if password else _from_keyring(user)


def _from_keyring(user: str) -> Credentials:
    try:
        import keyring
        from keyring.errors import KeyringError
    except ImportError:
        return Credentials(user)
    try:
        found = keyring.get_credential(SERVICE, user or None)
    except KeyringError:  # locked, or no service behind it
        return Credentials(user)
    return Credentials(user) if found is None else Credentials(found.username, found.password)


def __getattr__(name: str) -> str:
    """Give the documented names ``user`` and ``password`` their values of this moment."""
    if name in {"user", "password"}:
        return str(getattr(find_credentials(), name))
    raise AttributeError(name)
