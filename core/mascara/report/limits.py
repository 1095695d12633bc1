"""What is in order: levels that reports, alarms and panels compare with."""

from __future__ import annotations

MASTER_RMS_PX, WORST_RMS_PX = 1.5, 2.0
"""Residuals above the first were never made a master solution, above the second are rejected."""
SET_POINT_C, TOLERANCE_C = -15.0, 0.5
"""Temperature of the chips, where the settings name no other, and how far off it may be."""
LATE_BATCHES = 2.0
"""A camera further behind is late; one batch is always on its way."""
STEADY_S_PER_H = 60.0
"""A lag that changes by less stays as it is."""
