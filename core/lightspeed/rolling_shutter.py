"""When the rolling shutter reads a row."""

from __future__ import annotations


def row_delay_s(row: float, rows: int, readout_s: float | None) -> float:
    """Time of a row less that of the frame's middle row, seconds.

    The rolling shutter reads row r of H at ``R ((r + 1/2) / H - 1/2)``, R the readout time.

    Parameters
    ----------
    row : float
        From 0; the mean row of a region.
    rows : int
        Of the frame.
    readout_s : float or None
        None where it is not known: no row is later than another.
    """
    return (readout_s or 0.0) * ((row + 0.5) / rows - 0.5)
