"""The one sentence that says why a capture cannot be simulated."""

from __future__ import annotations

from ..errors import NightglassError


def refusal(text: str, hint: str) -> NightglassError:
    """Return the error for a capture the camera could not take."""
    return NightglassError("Cannot simulate this capture", f"{text}.", hint)
