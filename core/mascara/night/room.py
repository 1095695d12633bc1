"""How much room products take."""

from __future__ import annotations

STARS = 6500
"""Fast light curves of one camera, where nothing better is known."""
_FAST_ROW_BYTES = 113 * 3
"""A point on the disk: in the night file, the star's own file, and until the merge in its batch."""
_BINNED_BYTES = 20_000_000


def products_bytes(frames: float, batches: float, stars: int = STARS) -> float:
    """Most that the products of so many frames and batches take on the disk."""
    return frames * stars * _FAST_ROW_BYTES + batches * _BINNED_BYTES
