"""The one sentence that says why a night cannot be simulated."""

from __future__ import annotations

from ...errors import NightglassError


def refusal(text: str, hint: str) -> NightglassError:
    """Return the error for a night the station could not have."""
    return NightglassError("Cannot simulate this night", f"{text}.", hint)
